// /avaa/: opens a sealed request with the association's passphrase. Keeps nothing: no storage, the code leaves the address at
// once, and the request is gone when the page is left. What was sealed is a stranger's text, and stays text.
"use strict";
(() => {
  const page = document.querySelector("[data-open]");
  const { sealing } = window;
  const { words, paths, fields } = JSON.parse(document.querySelector("[data-words]").textContent);
  const one = (name) => page.querySelector(`[data-${name}]`);
  const [pasting, asking, shown] = [one("pasting"), one("asking"), one("request")];
  const input = asking.querySelector("input");
  const say = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  let code = null;
  let association = null;

  const tell = (problem) => {
    one("problem").textContent = problem ? say(words.problems[problem], { ...code, name: association?.name ?? code?.organisation }) : "";
    one("problem").hidden = !problem;
    one("unopened").hidden = !code?.token || !["altered", "old_key", "passphrase"].includes(problem);
    if (code?.token) one("unopened").querySelector("a").href = `${paths.answer}#${code.token}.unopened`;
  };

  const keysOf = async (slug) => {
    const answer = await fetch(paths.keys.replace("{slug}", slug), { cache: "no-store" });
    if (answer.status === 404) throw new Error("association");
    if (!answer.ok) throw new Error("offline");
    return answer.json();
  };

  // What can be said before anybody types: whose request it is, and whether its key is still there.
  const take = async (text) => {
    code = sealing.code.read(text);
    association = null;
    shown.hidden = true;
    asking.hidden = true;
    pasting.hidden = !code.problem;
    if (code.problem) return tell(code.problem === "none" && !text ? "" : code.problem);
    try {
      association = await keysOf(code.organisation);
      code.kept = association.keys.find((key) => key.id === code.key);
      asking.hidden = !code.kept;
      one("whose").textContent = say(words.whose, { name: association.name, reference: code.reference });
      tell(code.kept ? "" : "old_key");
      if (code.kept) input.focus();
    } catch (error) {
      tell(error.message === "association" ? "association" : "offline");
      pasting.hidden = error.message === "association";
    }
    return undefined;
  };

  const open = async (typed) => {
    const recipient = sealing.toBytes(code.kept.public);
    const key = await sealing.wrapping.unwrap(sealing.toBytes(code.kept.wrapped), recipient, typed).catch(() => null);
    if (!key) throw new Error("passphrase");
    try {
      const info = sealing.infoOf(code.organisation, code.key, code.reference, code.time);
      const raw = await sealing.open(key, recipient, info, sealing.toBytes(code.sealed));
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
    } catch {
      throw new Error("altered");
    }
  };

  // Only what a request may hold, at most as long as it may be, in the order of a mail.
  const text = (request, name) => {
    const value = typeof request[name] === "string" ? request[name] : "";
    const { choices, max = 100 } = fields[name] ?? {};
    return choices && !choices.includes(value) ? "" : value.replace(/\p{C}/gu, " ").slice(0, max);
  };
  const rowsOf = (request) => {
    const value = (name) => text(request, name);
    const yes = (name) => request[name] === true;
    const way = value("contact_by");
    const spoken = (name) => words.mail[`${name}.${yes(name) ? "yes" : "no"}`];
    const row = (name, told, link = "") => told && [words.mail[`row.${name}`], told, link];
    const number = value("phone").replace(/[^+\d]/g, "");
    return [
      row("sender", say(words.mail[`sender.${value("sender")}`] ?? "", { name: value("sender_name"), unit: value("sender_unit") })),
      row("client", value("client_name") || words.mail["client.unnamed"]),
      row("age", yes("under_15") && words.mail.under_15),
      row("phone", value("phone"), /^\+?\d{6,15}$/.test(number) && !/^(\+358|0)(600|700)/.test(number) && `tel:${number}`),
      row("email", value("email"), /^[\w.+-]+@[\w.-]+$/.test(value("email")) && `mailto:${value("email")}`),
      row("whose", words.mail[`whose.${value("whose")}`]),
      row("contact_by", words.mail[`contact_by.${way}`]),
      row("safe_time", value("safe_time") || words.mail["safe_time.any"]),
      row("voicemail", value("phone") && spoken("voicemail")),
      row("may_name", yes("may_name") ? words.mail["may_name.yes"] : words.mail[`may_name.no.${way}`]),
      row("language", words.mail[`language.${value("language")}`] ?? value("language")),
      row("interpreter", spoken("interpreter")),
      row("activity", value("activity")),
      row("municipality", value("municipality")),
      row("note", value("note")),
      row("consent", say(words.mail[`consent.${value("sender")}`] ?? "", { version: value("consent_version") })),
    ].filter(Boolean);
  };

  const element = (tag, given = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...children);
    return made;
  };
  const { lang } = document.documentElement;
  const dayOf = (iso) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : `${lang}-FI`, { weekday: "long", day: "numeric", month: "numeric", year: "numeric" })
    .format(new Date(`${iso}T12:00`));

  const show = (rows) => {
    one("about").textContent = say(words.about, { name: association.name, reference: code.reference });
    one("due").textContent = say(words.due, { day: dayOf(code.due) });
    one("rows").replaceChildren(...rows.map(([label, told, link]) => element("div", {}, element("dt", { textContent: label }),
      element("dd", {}, link ? element("a", { href: link, textContent: told }) : told))));
    for (const answer of shown.querySelectorAll("[data-answer]")) answer.href = `${paths.answer}#${code.token}.${answer.dataset.answer}`;
    asking.hidden = true;
    shown.hidden = false;
    shown.querySelector("h2").focus();
  };

  pasting.addEventListener("submit", (event) => {
    event.preventDefault();
    take(pasting.querySelector("textarea").value);
  });
  asking.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (page.dataset.busy) return;
    page.dataset.busy = "yes";
    tell("");
    one("status").textContent = words.opening;
    try {
      show(rowsOf(await open(input.value)));
      input.value = "";
    } catch (error) {
      tell(error.message === "passphrase" ? "passphrase" : "altered");
      input.focus();
    }
    one("status").textContent = "";
    delete page.dataset.busy;
  });
  one("print").addEventListener("click", () => print());
  one("copy").addEventListener("click", async ({ target }) => {
    const lines = [...one("rows").children].map((row) => `${row.firstChild.textContent}: ${row.lastChild.textContent}`);
    await navigator.clipboard.writeText([one("about").textContent, one("due").textContent, ...lines].join("\n"));
    target.textContent = words.copied;
  });
  one("close").addEventListener("click", () => location.replace(location.pathname));
  // Left behind, it must not come back with the browser's arrow or stand on a shared screen.
  addEventListener("pagehide", () => { one("rows").replaceChildren(); input.value = ""; });
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  const readable = (written) => {
    try {
      return decodeURIComponent(written);
    } catch {
      return written;  // a stray %
    }
  };
  const begin = () => {
    const given = location.hash.slice(1);
    if (given) history.replaceState(null, "", location.pathname);
    take(readable(given));
  };
  addEventListener("hashchange", () => location.hash.startsWith("#HT1.") && begin());  // not for #main
  page.hidden = false;
  begin();
})();
