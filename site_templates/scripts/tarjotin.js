// Keeps a page true after the day it was built: what holds only in a period is shown or hidden as of today, associations are
// put in the order of design, and the count is told anew. The build has written every day on the page, so that no rule is here twice.
"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  const keepTrue = (today) => {
    for (const element of all("[data-from], [data-to]")) {
      const { from = "", to = "9999" } = element.dataset;
      element.hidden = today < from || today > to;
    }
    for (const list of all(".cards")) {
      putInOrder(list, today);
      list.closest("[data-remote]")?.toggleAttribute("hidden", all(".card", list).every((card) => card.hidden));
    }
    all("[data-count]").forEach(tellCount);
  };

  // The day in Finland, by the rule of the European Union's summer time (2000/84/EC). Intl knows it too, but waking it up takes
  // ten times as long as all the rest here.
  const dayInFinland = (now) => {
    const changes = (month) => {
      const last = new Date(Date.UTC(now.getUTCFullYear(), month + 1, 0, 1));
      return last.setUTCDate(last.getUTCDate() - last.getUTCDay());  // the last Sunday at 01 UTC
    };
    const hours = now >= changes(2) && now < changes(9) ? 3 : 2;
    return new Date(+now + hours * 3600e3).toISOString().slice(0, 10);
  };

  // "0 2027-02-01:2": the rank at first, then from a day on.
  const rankOf = (activity, today) =>
    activity.dataset.rank.split(" ").reduce((rank, step) => {
      const [from, value] = step.split(":");
      return value === undefined ? +from : from <= today ? +value : rank;
    }, 0);

  const putInOrder = (list, today) => {
    const keyed = all(":scope > .card", list).map((card) => ({
      card,
      rank: Math.min(...all(".activity:not([data-out])", card).map((activity) => rankOf(activity, today)))
        + (card.dataset.old && card.dataset.old <= today ? 10 : 0),
      place: +card.dataset.place,
      confirmed: card.dataset.confirmed,
      name: nameKey(card.querySelector(".card-name").textContent),
    }));
    const sorted = [...keyed].sort((a, b) =>
      a.rank - b.rank || a.place - b.place || compare(b.confirmed, a.confirmed) || compare(a.name, b.name));
    if (sorted.some((entry, at) => entry !== keyed[at])) list.append(...sorted.map((entry) => entry.card));
  };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const nameKey = (name) => name.replaceAll("\u00ad", "").toLowerCase().replace(/[åäö]/g, (c) => ({ å: "{", ä: "|", ö: "}" })[c]);

  const tellCount = (heading) => {
    const { count, one, other, none } = heading.dataset;
    const gone = all(".card", heading.parentElement).filter((card) => card.hidden).length;
    if (!gone) return;
    const shown = count - gone;  // a part of a long list tells of the whole list
    heading.textContent = shown === 0 ? none : (shown === 1 ? one : other).replace("{n}", shown);
  };

  // Leaving at once: the page gives its place in the history to the one that follows.
  const leave = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(event.currentTarget.href);
  };

  // Sample content is judged as of the day that it names.
  const today = window.today = document.documentElement.dataset.today || dayInFinland(new Date());
  keepTrue(today);
  addEventListener("filtered", () => keepTrue(today));
  all("[data-exit]").forEach((link) => link.addEventListener("click", leave));
})();
