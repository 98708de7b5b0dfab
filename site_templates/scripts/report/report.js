// "Kerro virheestä": a note to the coordinator by mail.
"use strict";
(() => {
  const { sending } = window;
  const place = document.querySelector("[data-report]");
  if (!place) return;
  const { words, paths } = JSON.parse(place.querySelector("[data-words]").textContent);
  const form = place.querySelector("form");
  const outcome = place.querySelector("[data-outcome]");
  const value = (id) => form.querySelector(id).value.trim();

  const faultsNow = () => {
    const field = form.querySelector("[data-longest]");
    const { longest } = field.dataset;
    const note = value("#report-note");
    const email = value("#report-email");
    return [
      ...(note ? [] : [{ field, text: words.problems.required }]),
      ...([...note].length > longest ? [{ field, text: sending.say(words.problems.too_long, { n: longest }) }] : []),
      ...(email && !sending.isEmail(email) ? [{ field: form.querySelector("#report-email").closest(".field"), text: words.problems.email }] : []),
    ];
  };

  const send = async () => {
    const slug = place.dataset.report;
    const key = crypto.randomUUID();
    const proof = await sending.prove(paths, slug, key).catch(() => "");
    const email = value("#report-email");
    const body = { slug, note: value("#report-note"), key, proof, website: value("#report-website"), ...(email ? { email } : {}) };
    const [status, { code }] = await sending.post(paths.report, body);
    if (status === 202) form.remove();
    return [status === 202, status === 202 ? words.sent : words[code] ?? words.not_sent];
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
    const [isSent, text] = await send();
    outcome.className = isSent ? "outcome outcome-good" : "outcome outcome-bad";
    outcome.textContent = text;
    delete form.dataset.busy;
  });
  form.hidden = false;
})();
