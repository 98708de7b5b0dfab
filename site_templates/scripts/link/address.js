// A mailbox says that it is the right one: by one press, never by opening the page.
"use strict";
window.edit ??= {};
addEventListener("DOMContentLoaded", () => {
  const { edit, sending } = window;
  const form = document.querySelector("[data-address]");
  if (!form) return;
  const { words, paths } = JSON.parse(document.querySelector("[data-words]").textContent);
  const codeForm = document.querySelector("[data-code-form]");
  const outcome = form.querySelector("[data-outcome]");
  let token = edit.token.take();

  const arrange = () => {
    form.hidden = !token;
    codeForm.hidden = Boolean(token);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    outcome.textContent = words.sending;
    const [status, { code }] = await sending.post(paths.address, { token });
    outcome.className = status === 202 ? "outcome outcome-good" : "outcome outcome-bad";
    outcome.textContent = status === 202 ? words.confirmed : code === "link" ? words.link : words.not_saved;
    button.disabled = status === 202;
    codeForm.hidden = code !== "link";
  });
  edit.token.listen(codeForm, words, (code) => {
    token = code;
    arrange();
    form.querySelector("button").focus();
  });

  arrange();
});
