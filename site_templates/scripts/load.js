// Brings a script when the part of the page that it serves is first touched: the part names it in data-load. A part that has
// something to do at once, because of the address's fragment, names the fragment's beginning in data-load-for.
"use strict";
(() => {
  const load = (part) => {
    const { load: src } = part.dataset;
    for (const same of document.querySelectorAll(`[data-load="${src}"]`)) delete same.dataset.load;
    document.head.append(Object.assign(document.createElement("script"), { src }));
  };
  const touched = ({ target }) => {
    const part = target.closest?.("[data-load]");
    if (part) load(part);
  };
  for (const kind of ["focusin", "pointerdown", "toggle"]) addEventListener(kind, touched, true);
  const called = () => {
    for (const part of document.querySelectorAll("[data-load-for]")) {
      if (part.dataset.load && location.hash.startsWith(part.dataset.loadFor)) load(part);
    }
  };
  addEventListener("hashchange", called);
  called();
})();
