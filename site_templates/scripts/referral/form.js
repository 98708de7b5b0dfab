// The contact request: what is typed stays in this page's memory alone. Never in storage, never in an address, gone when the
// page is left. Every association gets a request of its own, with its own key and proof, and its own truthful outcome.
"use strict";
(() => {
  const form = document.querySelector("form[data-referral]");
  if (!form) return;
  const { fields, words, domains, version, paths } = JSON.parse(form.querySelector("[data-words]").textContent);
  const all = (selector, inside = form) => [...inside.querySelectorAll(selector)];
  const value = (name) => new FormData(form).get(name)?.trim() ?? "";
  const { say, day, isEmail, button, line } = window.sending;
  // A script's address → its promise.
  const sealers = new Map();
  // Element of an association → { key, proof, state }.
  const requests = new Map();

  // Which questions belong to whom

  const arrange = () => {
    const sender = value("sender");
    for (const part of all("[data-for]", document)) part.hidden = !part.dataset.for.split(" ").includes(sender);
    const byMail = value("contact_by") === "email";
    for (const part of all("[data-if-contact]")) part.hidden = !byMail;
    for (const part of all("[data-unless-contact]")) part.hidden = byMail;
  };
  const asked = (element) => !element.closest("[hidden]");

  // A key and a proof of work for each association, begun when the form is first touched

  const requestOf = (association) => {
    if (!requests.has(association)) requests.set(association, { key: crypto.randomUUID(), proof: null, sent: false });
    return requests.get(association);
  };
  const prove = (association) => {
    const request = requestOf(association);
    request.proof ??= window.sending.prove(paths, association.dataset.association, request.key).catch(() => {
      request.proof = null;
      return null;
    });
    return request.proof;
  };

  // Checking: the same limits as the function's, told next to the field and in a summary

  const labelOf = (field) => field.querySelector("legend, label, strong").textContent.trim();
  const fault = (field, code, facts = {}) => ({ field, text: say(words.problems[code] ?? words.problems.form, { label: labelOf(field), ...facts }) });

  const checkField = (field) => {
    const name = field.dataset.field;
    const rule = fields[name];
    const text = value(name);
    const input = field.querySelector("input, select");
    if (name === "sender_token") return text ? null : fault(field, name);
    if (rule?.max && text.length > rule.max) return fault(field, "too_long", { max: rule.max });
    if (input.type === "radio" && !field.querySelector("input:checked")) return fault(field, "choice");
    if (name === "knows" && !input.checked) return fault(field, "knows");
    if (name === "consent" && !input.checked) return fault(field, "consent");
    if (["sender_name", "sender_unit", "sender_email", "phone", "email"].includes(name) && !text) return fault(field, "required");
    if (name === "phone" && !/^[0-9+()\- ]{5,20}$/.test(text)) return fault(field, "phone_form");
    if (/email$/.test(name) && text && !isEmail(text)) return fault(field, "email_form");
    if (name === "sender_email" && !domains.includes(text.split("@").pop().toLowerCase())) return fault(field, "email_domain", { domains: domains.join(", ") });
    if (name === "whose" && form.elements.under_15?.checked && text !== "guardian") return fault(field, "guardian");
    if (/\d{6}\s*[-+A-FU-Y–]?\s*\d{3}[0-9A-Y]\b/i.test(text) && !/phone|email/.test(name)) return fault(field, "identity_code");
    return null;
  };

  const showFaults = (faults) => window.faults.show(form, faults, words.error_title);

  // Sending

  const common = () => {
    const sender = value("sender");
    const body = { sender, consent_version: version };
    for (const field of all("[data-field]").filter((one) => asked(one) && !one.closest("[data-association]"))) {
      const name = field.dataset.field;
      const input = field.querySelector("input, select");
      const given = input.type === "checkbox" ? input.checked : value(name);
      if (given !== "") body[name] = given;
    }
    if (sender === "self") body.whose = "client";
    body.website = value("website");
    return body;
  };

  const send = async (association) => {
    association.querySelector("[data-outcome]").textContent = words.sending;
    // Sealing failed: nothing may go in the open.
    const body = await bodyFor(association).catch(() => ({ faults: {} }));
    if (body.faults) return tell(association, 422, Object.keys(body.faults).length ? { code: "invalid", fields: body.faults } : { code: "not_sent" });
    let [status, answer] = await post(paths.send, body);
    // It had become too old while the form was filled in.
    if (answer.code === "proof") {
      requestOf(association).proof = null;
      [status, answer] = await post(paths.send, await bodyFor(association));
    }
    if (answer.code === "facts_changed") await refresh(association);
    return tell(association, status, answer);
  };

  // To an association that has a key, everything about the client goes sealed; its script is brought when first needed.
  const sealer = (association) => {
    const { seal: src } = association.dataset;
    if (src && !sealers.has(src)) sealers.set(src, new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement("script"), { src, onload: () => resolve(window.sealing), onerror: reject }));
    }).catch(() => sealers.delete(src)));
    return sealers.get(src);
  };
  const sealed = async (association, body) => {
    if (!association.dataset.sealKey) return body;
    const place = form.elements.municipality.selectedOptions[0];
    const activity = association.querySelector("[data-field=activity] input:checked + label").textContent;
    const { proof, ...said } = body;
    return { ...await (await sealer(association)).request(association, said, { activity, municipality: place.value && place.text }), proof };
  };

  const bodyFor = async (association) => sealed(association, {
    ...common(),
    key: requestOf(association).key,
    organisation: association.dataset.association,
    facts: association.dataset.facts,
    activity: association.querySelector("[data-field=activity] input:checked").value,
    consent: association.querySelector("[name=consent]").checked,
    proof: await prove(association) ?? "",
  });

  // Only the function can say "not sent". No answer, or one of something on the way to it, may mean that the mail went.
  const post = async (path, body) => {
    if (!navigator.onLine) return [0, { code: "not_sent" }];
    const [status, answer] = await window.sending.post(path, body);
    if (answer.code || status === 202) return [status, answer];
    return [status, { code: status === 429 ? "too_many" : status === 0 || status > 499 ? "uncertain" : "" }];
  };

  // The association's data has changed since this page was opened: what it promises now is shown, and consent is asked anew.
  const refresh = async (association) => {
    const page = paths.referral.replace("{slug}", association.dataset.association);
    const now = await partOf(page, "[data-association]").catch(() => null);
    if (!now) return;
    const chosen = association.querySelector("[data-field=activity] input:checked")?.value;
    Object.assign(association.dataset, now.dataset);
    association.replaceChildren(...now.childNodes);
    const again = association.querySelector(`[data-field=activity] input[value="${chosen}"]`);
    if (again) again.checked = true;
    for (const told of all("[data-told]", document)) {
      const fresh = await partOf(page, `[data-told="${told.dataset.told}"]`).catch(() => null);
      if (fresh) told.replaceWith(fresh);
    }
    arrange();
  };

  const tell = (association, status, answer) => {
    const request = requestOf(association);
    const { phone, name } = association.dataset;
    const outcome = association.querySelector("[data-outcome]");
    if (status === 422 && answer.code === "invalid") {
      outcome.textContent = "";
      const faults = Object.entries(answer.fields).map(([field, code]) => fault(
        association.querySelector(`[data-field="${field}"]`) ?? form.querySelector(`[data-field="${field}"]`) ?? association, code));
      return showFaults(faults);
    }
    const unproven = answer.code === "sender" && form.querySelector("[data-sender]");
    if (unproven) {
      outcome.textContent = "";
      dispatchEvent(new Event("sender:refused"));
      return showFaults([fault(unproven, "sender_token")]);
    }
    if (status !== 202) {
      outcome.className = "outcome outcome-bad";
      outcome.textContent = say(words.outcome[answer.code] ?? words.outcome.other, { phone });
      return undefined;
    }
    request.sent = true;
    for (const input of all("input", association)) input.disabled = true;
    outcome.className = "outcome outcome-good";
    outcome.replaceChildren(
      line(say(words.outcome.sent, answer)), line(say(words.outcome.due, { day: day(`${answer.due}T12:00`), phone })),
      button(words.copy, (event) => copyRecord(event.target, name, answer)),
      button(words.cancel, (event) => cancel(event.target, request, association, answer)));
    return undefined;
  };

  const copyRecord = async (pressed, name, { reference }) => {
    const today = day(Date.now());
    await navigator.clipboard.writeText(say(words.record[value("sender")], { day: today, name, reference, version }));
    pressed.textContent = words.copied;
  };
  const cancel = async (pressed, { key }, association, answer) => {
    pressed.disabled = true;
    pressed.nextElementSibling?.remove();
    const [status] = await post(paths.cancel, { key, organisation: association.dataset.association });
    if (status === 202) return pressed.replaceWith(line(say(words.outcome.cancelled, answer)));
    pressed.disabled = false;
    pressed.after(line(say(words.outcome.cancel_failed, { ...answer, phone: association.dataset.phone })));
    return undefined;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const waiting = all("[data-association]").filter((one) => asked(one) && !requestOf(one).sent);
    const faults = all("[data-field]").filter((field) => asked(field) && !requests.get(field.closest("[data-association]"))?.sent)
      .map((field) => field.dataset.field === "activity" ? checkActivity(field) : checkField(field)).filter(Boolean);
    showFaults(faults);
    if (faults.length || !waiting.length) return;
    form.dataset.busy = "yes";
    for (const association of waiting) await send(association);
    delete form.dataset.busy;
    if (!all("[data-association]").every((one) => requestOf(one).sent)) return;
    form.querySelector("[type=submit]").hidden = true;
    dispatchEvent(new Event("referral:sent"));
  });
  const checkActivity = (field) => field.querySelector("input:checked") ? null : fault(field, "choice");

  const begin = () => {
    all("[data-association]").filter(asked).forEach(prove);
    all("[data-seal]").forEach(sealer);
  };
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("change", arrange);
  addEventListener("referral:arranged", arrange);

  // A page that comes back from the browser's memory must not show the previous client.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      form.reset();
      // And with it the keys of what was already sent.
      location.reload();
    }
    arrange();
  });

  // A unit's bookmark may carry the unit and its mailbox in the fragment, and a code opened by a client the word "itse".
  const fragment = new URLSearchParams(location.hash.slice(1));
  const kept = (() => {
    try {
      return sessionStorage;
    } catch {
      // The workstation lets nothing be stored: the name is written each time.
      return null;
    }
  })();
  form.elements.sender_unit.value = fragment.get("yksikko") ?? "";
  form.elements.sender_email.value = fragment.get("posti") ?? "";
  const { sender_name: name, sender_unit: unit } = form.elements;
  name.value = kept?.getItem("nimi") ?? "";
  name.addEventListener("change", () => kept?.setItem("nimi", name.value));
  // Whose address is forgotten, their name is too: the next one must not send under it.
  addEventListener("sender:forgotten", () => {
    name.value = unit.value = "";
    kept?.removeItem("nimi");
  });
  if (fragment.has("itse")) form.querySelector("[name=sender][value=self]").checked = true;
  form.hidden = false;
  arrange();

  // A site that has not been built for long is nobody's any more, and takes no requests; the function would refuse them too.
  const closeWhenOld = async () => {
    const answer = await fetch(paths.build, { cache: "no-cache" });
    const { requests_until } = answer.ok ? await answer.json() : {};
    if (!(window.today > requests_until)) return;
    form.remove();
    document.querySelector("[data-own-phone]")?.remove();
    document.querySelector("[data-site-old]").hidden = false;
  };
  // No network: sending will tell.
  closeWhenOld().catch(() => {});
})();
