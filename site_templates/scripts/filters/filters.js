// Narrows a results page by what the address says, #suodata=kieli.sv,maksuton. An activity fits when it is all of that, an association
// when one of its activities fits. What the dates hide is `hidden`; what is narrowed out is data-out.
"use strict";
(async () => {
  const START = "#suodata=";
  const SHOWN = ":not([hidden])";
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const part = document.querySelector("[data-filters]");
  const words = await (await fetch(part.dataset.filters)).json();
  const [summary, panel] = part.firstElementChild.children;
  panel.innerHTML = words.panel;  // components/filters.html
  part.insertAdjacentHTML("beforeend", words.chosen);
  const [, chips, status] = part.children;

  for (const open of all(`.capacity-open${SHOWN}`)) {
    if (!open.closest(".card").querySelector(`[data-pause]${SHOWN}`)) open.closest(".activity").dataset.is += " vapaa";
  }
  const cards = all(`.card${SHOWN}`);
  const lists = all(".results").filter((section) => section.querySelector(`.card${SHOWN}`)).map((section) => {
    const heading = section.querySelector("h2");
    return { section, heading, text: heading.textContent, isRemote: "remote" in section.dataset };
  });
  const isPart = document.querySelector(".pagination");

  const chosen = new Set();
  const fitting = (...more) => [".activity", ...chosen, ...more].reduce((selector, mark) => `${selector}[data-is~="${mark}"]`);
  const fit = (...more) => cards.filter((card) => card.querySelector(fitting(...more)));

  const address = () => chosen.size ? START + [...chosen] : "";

  const choices = all("button", panel);
  for (const choice of choices) {
    const { length } = fit(choice.dataset.mark);
    choice.hidden = !length || length === cards.length;
  }
  for (const group of all("fieldset", panel)) group.hidden = !group.querySelector(`button${SHOWN}`);

  const show = () => {
    const left = fit();
    for (const card of cards) card.toggleAttribute("data-out", !left.includes(card));
    for (const activity of all(".activity")) activity.toggleAttribute("data-out", !activity.matches(fitting()));
    dispatchEvent(new Event("filtered"));  // the order is of what is left
    for (const { section, heading, text, isRemote } of lists) {
      const n = all(`.card${SHOWN}:not([data-out])`, section).length;
      const told = words[isRemote ? "section" : isPart ? "here" : "found"];
      heading.textContent = chosen.size ? told.replace("{n}", n).replace("{all}", text) : text;
      section.toggleAttribute("data-out", isRemote && !n);
    }
    for (const choice of choices) {
      const { mark } = choice.dataset;
      const n = new Set(fit(mark).map((card) => card.querySelector(".card-name a").href)).size;
      choice.lastChild.textContent = `(${n})`;
      choice.setAttribute("aria-pressed", chosen.has(mark));
      choice.disabled = !n && !chosen.has(mark);
    }
    for (const chip of all(".chip", chips)) chip.hidden = !chosen.has(chip.dataset.mark);
    chips.hidden = !chosen.size;
    status.textContent = left.length ? lists.map(({ heading }) => heading.textContent).join(". ") : words.none;
    status.className = left.length ? "visually-hidden" : "notice";
    for (const link of all(".pagination a, .languages a")) link.hash = address();
  };

  part.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-mark]");
    if (!button) return;
    const { mark } = button.dataset;
    if (!mark) chosen.clear();
    else if (!chosen.delete(mark)) chosen.add(mark);
    history.replaceState(null, "", address() || location.pathname);
    show();
    if (button.closest("[hidden]")) (chips.querySelector(`.chip${SHOWN}`) ?? summary).focus();
  });
  const read = () => {
    chosen.clear();
    const marks = location.hash.slice(START.length).split(/,|%2c/i);
    for (const { dataset } of choices) if (marks.includes(dataset.mark)) chosen.add(dataset.mark);
    show();
  };
  addEventListener("hashchange", () => {
    if (!location.hash || location.hash.startsWith(START)) read();  // not for #main
  });
  read();
})();
