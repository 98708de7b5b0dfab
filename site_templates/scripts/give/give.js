// "Anna asiakkaalle": prints, shares, mails and copies, and draws the paper's code. No need is named where the topic is hidden:
// link and code then lead to the tray with the first associations of the list, which the fragment names and no server sees.
"use strict";
(() => {
  const one = (selector, inside = document) => inside.querySelector(selector);
  const part = one("[data-give]");
  const ways = one("[data-ways]", part);
  const told = one("[data-given]", part);
  const { subject, greeting } = ways.dataset;
  const canonical = one("[rel=canonical]").href;
  const isTray = Boolean(one("[data-tray-list]"));

  const listed = () => [...document.querySelectorAll(".card:not([hidden], [data-out]), [data-tray-list] > li")];
  const entries = () => (listed().length ? listed() : [one("main")]).map((card) =>
    [one("h1, h2, h3", isTray || listed().length ? card : document), one(".contact-phone, .contact-email", card)]
      .map((found) => found?.textContent.replaceAll("\u00ad", "").trim()).filter(Boolean).join("\n"));
  const slugs = () => isTray ? window.tray.read() : listed().map((card) => one("[data-tray]", card).dataset.tray);
  const link = () => {
    if (!isTray && !one(".hide-topic:checked")) return canonical;
    const tray = new URL(one("[data-tray-link]").pathname, canonical);
    tray.hash = `jarjestot=${slugs().slice(0, 5).join(".")}`;
    return tray.href;
  };
  const message = () => [greeting, ...entries().slice(0, 12), one("[data-doubt]").textContent].join("\n\n");

  const draw = () => {
    const place = one("[data-qr]");
    const rows = qrCode(link());
    place.hidden = !rows;
    one("svg", place)?.remove();
    if (!rows) return;
    const make = (name, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      return made;
    };
    const picture = make("svg", { viewBox: `-4 -4 ${rows.length + 8} ${rows.length + 8}`, "shape-rendering": "crispEdges" });
    picture.append(make("path", { d: rows.flatMap((row, y) => row.map((cell, x) => cell ? `M${x} ${y}h1v1h-1z` : "")).join("") }));
    place.prepend(picture);
  };

  const acts = {
    print: () => print(),
    share: () => navigator.share({ title: subject, text: message(), url: link() }).catch(() => {}),
    copy: async ({ copy }) => {
      try {
        await navigator.clipboard.writeText(link());
        told.textContent = copy;
      } catch {
        told.textContent = link();
      }
    },
  };
  ways.addEventListener("click", ({ target }) => {
    told.textContent = "";
    for (const [name, act] of Object.entries(acts)) if (name in target.dataset) act(target.dataset);
  });
  const mail = Object.assign(document.createElement("a"), { className: "button button-quiet", textContent: ways.dataset.mail });
  one("[data-copy]", ways).before(mail, " ");
  const prepare = () => {
    mail.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${message()}\n\n${link()}`)}`;
  };
  for (const kind of ["focusin", "pointerdown", "change"]) part.addEventListener(kind, prepare);
  addEventListener("beforeprint", draw);
  one("[data-share]", ways).hidden = !navigator.share;
  told.textContent = "";
  ways.hidden = false;
  prepare();
})();
