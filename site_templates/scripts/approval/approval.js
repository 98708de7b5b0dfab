// The coordinator's page: what waits, field by field, and what can be done about it.
"use strict";
window.edit ??= {};
addEventListener("DOMContentLoaded", () => {
  const { edit, sending } = window;
  const list = document.querySelector("[data-proposals]");
  if (!list) return;
  const { words, paths } = JSON.parse(document.querySelector("[data-words]").textContent);
  const count = document.querySelector("[data-count]");
  const codeForm = document.querySelector("[data-code-form]");
  const pattern = document.querySelector("template[data-proposal]");
  let token = edit.token.take();
  let telling = null;
  let preview = null;
  let shared = null; // the words of the form

  const study = async () => {
    const root = await edit.page.formOf(list);
    shared = JSON.parse(root.querySelector("[data-words]").textContent).words;
    telling = edit.telling(root, shared);
    preview = edit.preview(root, telling, shared);
  };

  let elsewhere = 0; // that wait but are not on the page
  const tellCount = () => {
    const here = list.querySelectorAll(":scope > :not([data-gone])").length;
    const left = here + elsewhere;
    const told = left ? sending.say(left === 1 ? words.count.one : words.count.other, { n: left }) : words.none;
    count.textContent = elsewhere ? `${told} ${sending.say(words.oldest, { n: here })}` : told;
  };

  const load = async () => {
    count.textContent = words.loading;
    const [[status, answer]] = await Promise.all([sending.post(paths.approve, { token, action: "list" }), study()]);
    codeForm.hidden = answer.code !== "link";
    if (status !== 200) {
      count.textContent = answer.code === "link" ? words.link : words.not_loaded;
      return;
    }
    list.replaceChildren(...answer.proposals.map(draw));
    elsewhere = Math.max(0, (answer.total ?? 0) - answer.proposals.length);
    document.querySelector("[data-confirm-by-phone]").hidden = false;
    tellCount();
  };

  // One proposal

  const fillList = (place, texts) => {
    place.hidden = texts.length === 0;
    place.querySelector("ul").replaceChildren(...texts.map((one) => {
      const item = document.createElement("li");
      item.append(one);
      return item;
    }));
  };
  const problemText = ({ field, message, severity }, written) => {
    const { about, label } = telling.place(field, [written]);
    const place = [about, label].filter(Boolean).join(": ");
    return `${severity === "warning" ? words.warning : words.error}${place && `, ${place}`}: ${message}`;
  };
  const linkTo = ({ slug, name }) => Object.assign(document.createElement("a"), { href: `${list.dataset.associations}${encodeURIComponent(slug)}/`, textContent: name });

  let number = 0;
  const copyOf = () => {
    number += 1;
    const item = pattern.content.firstElementChild.cloneNode(true);
    for (const element of item.querySelectorAll("[id], [for], [aria-describedby]")) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replaceAll("#", number));
      }
    }
    return item;
  };

  const draw = (proposal) => {
    const item = copyOf();
    const part = (name) => item.querySelector(`[data-${name}]`);
    const { written = {}, problems = [] } = proposal;
    part("name").textContent = proposal.name;
    part("facts").textContent = [proposal.is_new && words.new, proposal.title, sending.say(words.opened, { day: telling.day(proposal.opened_on) })]
      .filter(Boolean).join(" · ");
    part("unverified").hidden = proposal.is_verified;
    part("addresses").hidden = !proposal.changes_addresses;
    part("changes").replaceChildren(...proposal.changes.map((change) => telling.row(change, [written], proposal.is_new)));
    part("changes").hidden = proposal.changes.length === 0;
    fillList(part("problems"), problems.map((problem) => problemText(problem, written)));
    fillList(part("duplicates"), (proposal.duplicates ?? []).map(linkTo));
    part("looks").hidden = !written.name;
    preview.show(part("preview"), written);
    arrange(proposal, part);
    listen(item, proposal, part);
    return item;
  };

  // What can be done depends on what is still waited for.
  const arrange = ({ problems = [], awaiting = [] }, part) => {
    fillList(part("awaiting"), awaiting.map((one) => words.awaiting_for[one] ?? one));
    const isBlocked = problems.some(({ severity }) => severity !== "warning") || awaiting.some((one) => one !== "test_request");
    part("blocked").hidden = !isBlocked;
    part("approve").hidden = isBlocked;
    part("register").hidden = !awaiting.includes("register_check");
    part("by-phone").hidden = !awaiting.includes("old_address");
  };

  // What the coordinator does

  // Posts, and tells how it went. Resolves to the answer when it was done.
  const act = async (item, body) => {
    const outcome = item.querySelector("[data-outcome]");
    if (item.dataset.busy) return null;
    item.dataset.busy = "yes";
    outcome.className = "outcome";
    outcome.textContent = words.outcome.sending;
    const [status, answer] = await sending.post(paths.approve, { token, ...body });
    delete item.dataset.busy;
    const isDone = status >= 200 && status < 300;
    const refused = answer.code === "invalid" ? answer.problems.map(({ message }) => message).join(" ") : words.outcome[answer.code];
    outcome.className = isDone ? "outcome outcome-good" : "outcome outcome-bad";
    outcome.textContent = isDone ? words.outcome[body.action] : refused ?? words.outcome.not_saved;
    return isDone ? answer : null;
  };
  const finish = (item) => {
    for (const part of item.querySelectorAll(".actions, details, [data-blocked]")) part.remove();
    item.dataset.gone = "";
    tellCount();
    item.querySelector("h2").focus();
  };

  const checked = (form, faults) => {
    window.faults.show(form, faults, shared.error_title);
    return faults.length === 0;
  };
  const required = (form) => [...form.querySelectorAll(".field:not(fieldset)")]
    .filter((field) => !field.querySelector(".optional") && !edit.values.control(field).value.trim())
    .map((field) => edit.rules.fault(field, shared, "required"));
  const tooLong = (form) => [...form.querySelectorAll("[data-longest]")]
    .filter((field) => edit.rules.length(edit.values.control(field).value) > field.dataset.longest)
    .map((field) => edit.rules.fault(field, shared, "too_long", { n: field.dataset.longest }));
  const valueOf = (form, id) => form.querySelector(`[id^="${id}-"]:is(input, textarea)`).value.trim();

  // `proposal` is kept as it is now: a confirmation gives it a new head.
  const listen = (item, proposal, part) => {
    const decide = async (body, isLast) => {
      const answer = await act(item, { ...body, id: proposal.id, head: proposal.head });
      if (!answer) return;
      Object.assign(proposal, { head: answer.head ?? proposal.head, awaiting: answer.awaiting ?? proposal.awaiting });
      if (isLast) finish(item);
      else arrange(proposal, part);
    };
    const on = (name, faults, body, isLast = false) => part(name).addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      if (checked(form, [...required(form), ...tooLong(form), ...faults(form)])) decide(body(form), isLast);
    });
    part("approve").addEventListener("click", () => decide({ action: "approve" }, true));
    part("register").addEventListener("click", () => decide({ action: "register_checked" }));
    on("return", () => [], (form) => ({ action: "return", reason: valueOf(form, "reason") }), true);
    const ticked = (form) => [...form.querySelectorAll("fieldset input:checked")].map((box) => box.value);
    on("ask", (form) => ticked(form).length ? [] : [edit.rules.fault(form.querySelector("fieldset"), shared, "required")],
      (form) => ({ action: "ask_more", fields: ticked(form), note: valueOf(form, "note") }));
    on("phone", () => [], (form) => ({
      action: "address_by_phone", number_called: valueOf(form, "number"), callers: [valueOf(form, "first"), valueOf(form, "second")],
    }));
  };

  // An association that confirmed its data on the phone: named by its page's address, or the end of it.
  const confirming = document.querySelector("[data-confirm-by-phone]");
  confirming.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const slug = valueOf(form, "page").replace(/[?#].*$/, "").split("/").filter(Boolean).pop() ?? "";
    if (checked(form, required(form))) act(confirming, { action: "confirm_by_phone", slug, role: valueOf(form, "role") });
  });

  edit.token.listen(codeForm, words, (code) => {
    token = code;
    load();
  });
  if (token) load();
  else codeForm.hidden = false;
});
