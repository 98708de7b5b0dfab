// "All this is still true": each part is ticked and the button pressed by a person. Opening the page sends nothing.
"use strict";
window.edit ??= {};
addEventListener("DOMContentLoaded", () => {
  const { edit, sending } = window;
  const form = document.querySelector("[data-confirmation]");
  if (!form) return;
  const { words, paths } = JSON.parse(document.querySelector("[data-words]").textContent);
  const { base } = JSON.parse(document.querySelector("#association").textContent);
  const codeForm = document.querySelector("[data-code-form]");
  const outcome = form.querySelector("[data-outcome]");
  const ticks = [...form.querySelectorAll("[data-scripted] input[type=checkbox]")];
  const role = form.querySelector("#role");
  let token = edit.token.take();

  const faultsNow = () => [
    ...ticks.filter((tick) => !tick.checked).map((tick) => ({
      field: tick.closest(".field"), text: sending.say(words.problems.tick, { label: form.querySelector(`#part-${tick.value}`).textContent }),
    })),
    ...(role.value.trim() ? [] : [{ field: role.closest(".field"), text: words.problems.role }]),
  ];

  const tell = (status, { code, reference }) => {
    const isDone = status === 202;
    outcome.className = isDone ? "outcome outcome-good" : "outcome outcome-bad";
    outcome.textContent = sending.say(
      isDone ? words.confirmed : { changed: words.changed_meanwhile, link: words.link }[code] ?? words.not_saved, { reference });
    if (code === "link") codeForm.hidden = false;
    if (isDone) for (const input of form.querySelectorAll("input, button")) input.disabled = true;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const faults = faultsNow();
    window.faults.show(form, faults, words.error_title);
    if (faults.length) return;
    form.dataset.busy = "yes";
    outcome.className = "outcome";
    outcome.textContent = words.sending;
    tell(...await sending.post(paths.confirm, { token, blob: base, parts: ticks.map((tick) => tick.value), role: role.value.trim() }));
    delete form.dataset.busy;
  });
  edit.token.listen(codeForm, words, (code) => {
    token = code;
    codeForm.hidden = true;
    role.focus();
  });

  codeForm.hidden = Boolean(token);
  for (const part of form.querySelectorAll("[data-scripted]")) part.hidden = false;
});
