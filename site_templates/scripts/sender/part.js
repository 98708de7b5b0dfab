// The sender's part of the form, where the region wants a proven mailbox: asks for the mail, takes its code or link, notices when
// the link was opened in another tab, and forgets the sender at one press. What was typed elsewhere in the form stays.
"use strict";
(() => {
  const part = document.querySelector("[data-sender]");
  if (!part) return;
  const { proof, sending, edit } = window;
  const form = part.closest("form");
  const { words: { proving: words, problems, error_title }, paths, domains } = JSON.parse(form.querySelector("[data-words]").textContent);
  const one = (name) => part.querySelector(`[data-sender-${name}]`);
  const [email, code] = part.querySelectorAll(".field > input");
  let asked = null; // the key and the address of the newest mail

  const arrange = () => {
    const now = proof.read();
    const holds = Boolean(now && !now.isOld);
    const hadFocus = part.contains(document.activeElement);
    form.elements.sender_token.value = holds ? now.token : "";
    one("proven").hidden = !holds;
    one("unproven").hidden = holds;
    one("code").hidden = holds || !asked;
    one("page-only").hidden = !holds || now.isKept;
    if (holds) {
      one("text").textContent = proof.shown(words, now);
      window.faults.settle(form, part);
    } else if (now) email.value ||= now.email;
    if (hadFocus) (holds ? one("text") : email).focus();
    return now;
  };
  const tell = (text) => { one("outcome").textContent = text; };
  const show = (input, text) => window.faults.show(part, text ? [{ field: input.closest(".field"), text }] : [], error_title);

  const faultIn = (address) => {
    if (!sending.isEmail(address)) return problems.email_form;
    const isWork = domains.includes(address.split("@").pop().toLowerCase());
    return isWork ? "" : sending.say(problems.email_domain, { domains: domains.join(", ") });
  };
  const ask = async () => {
    const address = email.value.trim();
    const fault = faultIn(address);
    show(email, fault);
    if (fault) return;
    tell(words.asking);
    const key = crypto.randomUUID();
    const work = await sending.prove(paths, "lahettaja", key).catch(() => "");
    const [status, told] = await sending.post(paths.ask, {
      key, email: address, language: document.documentElement.lang, proof: work, website: form.elements.website.value,
    });
    const isOut = status === 202 || told.code === "uncertain";
    if (isOut) asked = { key, email: address };
    one("code").hidden = !asked;
    tell(isOut ? sending.say(status === 202 ? words.asked : words.ask_uncertain, { email: address })
      : told.fields?.email ? "" : status === 429 ? words.ask_too_many : words.not_asked);
    if (told.fields?.email) show(email, sending.say(problems[told.fields.email], { domains: domains.join(", ") }));
  };

  // Eight characters are a code; anything longer is the mail's link, or its end.
  const use = async () => {
    const typed = code.value.toUpperCase().replace(/[^A-Z0-9]/g, "");
    const brought = typed.length > 8 ? { token: edit.token.tidied(code.value) } : { ...asked, code: typed };
    tell(words.checking);
    const refused = await proof.exchange(paths.prove, brought);
    tell(refused ? "" : words.confirmed);
    show(code, refused && (words.problems[refused] ?? words.problems.other));
    if (refused) return;
    code.value = "";
    asked = null;
    arrange();
  };

  // One thing at a time; Enter does what stands beside the field, and does not send the whole form.
  const press = (button, act) => button.addEventListener("click", async () => {
    if (part.dataset.busy) return;
    part.dataset.busy = "yes";
    await act();
    delete part.dataset.busy;
  });
  for (const [name, input, act] of [["ask", email, ask], ["use", code, use]]) {
    press(one(name), act);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      one(name).click();
    });
  }
  one("forget").addEventListener("click", () => {
    proof.forget();
    dispatchEvent(new Event("sender:forgotten"));
    email.value = "";
    arrange();
    tell(words.forgotten);
  });
  proof.listen(() => {
    if (proof.read()) asked = null;
    else dispatchEvent(new Event("sender:forgotten"));
    tell(arrange() ? words.confirmed : words.forgotten);
  });
  addEventListener("sender:refused", () => {
    proof.forget();
    arrange();
  });
  if (arrange()?.isOld) tell(words.expired);
})();
