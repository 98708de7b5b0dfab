// What a person answers where a mailed link leads: opening the link does nothing, a person chooses and sends.
"use strict";
(() => {
  const form = document.querySelector("form[data-answer]");
  if (!form) return;
  const { words, paths } = JSON.parse(form.querySelector("[data-words]").textContent);
  const [token, suggested] = location.hash.slice(1).split(/\.(?=[a-z_]+$)/);
  const outcome = form.querySelector("[data-outcome]");
  const chosen = form.querySelector(`[name=answer][value="${CSS.escape(suggested ?? "")}"]`);
  if (chosen) chosen.checked = true;
  form.hidden = false;
  // The link of another request.
  addEventListener("hashchange", () => /^#(main|haku)$/.test(location.hash) || location.reload());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    const answer = pressed?.value || new FormData(form).get("answer");
    if (!answer) return form.querySelector("input").focus();
    const [status, told] = await window.sending.post(paths.answer, { token: token ?? "", answer });
    outcome.textContent = { 202: words[answer] ?? words.sent, 410: words.expired, 403: words.broken, 400: words.broken }[status] ?? words.not_sent;
    if (told.activity) {
      const link = Object.assign(document.createElement("a"), { textContent: words.mark_full });
      link.href = `${paths.edit.replace("{slug}", told.organisation)}#taynna=${told.activity}`;
      const offer = window.sending.line("");
      offer.append(link);
      outcome.append(offer);
    }
    if (status !== 202) return undefined;
    // A button that is an answer by itself can be followed by the other one: who changes their mind presses that.
    for (const input of form.querySelectorAll("input, button")) input.disabled = pressed?.value ? input === pressed : true;
    return undefined;
  });
})();
