// The link's code: from the fragment into memory, and away from the address. Also as a person pastes it, whole link or code.
"use strict";
window.edit ??= {};
window.edit.token = (() => {
  const tidied = (text) => {
    const together = text.replace(/\s+/g, ""); // a mail program may have broken it into lines
    return (/[#&]t=([^&]+)/.exec(together)?.[1] ?? together).replace(/[^A-Za-z0-9_-]+$/, "");
  };
  const take = () => {
    const found = /^#t=/.test(location.hash) ? tidied(location.hash) : "";
    if (found) history.replaceState(null, "", location.pathname + location.search);
    return found;
  };

  // The form in which the code can be pasted; `use` is given a code that is not empty.
  const listen = (form, words, use) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector(".field");
    const code = tidied(field.querySelector("input").value);
    window.faults.show(form, code ? [] : [{ field, text: words.problems.code }], words.error_title);
    if (code) use(code);
  });

  return { take, listen, tidied };
})();
