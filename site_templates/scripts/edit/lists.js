// A list to tick in: closed it tells what is chosen, open it can be searched.
"use strict";
window.edit ??= {};
window.edit.lists = (() => {
  const WHOLE = "koko-alue";
  const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f\u00ad]/g, "");
  const labelOf = (box) => box.nextElementSibling.textContent;

  const tell = (field) => {
    const told = field.querySelector("[data-chosen]");
    told.dataset.none ??= told.textContent;
    const chosen = window.edit.values.boxes(field).filter((box) => box.checked).map(labelOf);
    told.textContent = chosen.join(", ") || told.dataset.none;
  };

  // The whole region and single municipalities exclude each other.
  const choose = (field, box) => {
    for (const other of window.edit.values.boxes(field)) {
      if (box.checked && other !== box && (box.value === WHOLE || other.value === WHOLE)) other.checked = false;
    }
    tell(field);
  };

  const find = (field, wanted, words) => {
    const rows = [...field.querySelectorAll("li")];
    for (const row of rows) row.hidden = !folded(row.textContent).includes(folded(wanted.trim()));
    const found = rows.filter((row) => !row.hidden).length;
    field.querySelector("[data-found]").textContent = wanted.trim() ? window.sending.say(words.checks.found, { n: found }) : "";
  };

  const listen = (root, words) => {
    root.addEventListener("change", ({ target }) => {
      const field = target.closest("[data-widget=checks]");
      if (field && target.type === "checkbox") choose(field, target);
    });
    root.addEventListener("input", ({ target }) => {
      if (target.matches("[data-find]")) find(target.closest("[data-widget=checks]"), target.value, words);
    });
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault(); // it would send the form
    });
  };

  return { tell, listen };
})();
