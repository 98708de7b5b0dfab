// The worker's own municipality: kept on this device only, and shown first where a municipality is chosen.
"use strict";
(() => {
  const KEY = "kunta";
  const read = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return null;  // no storage: nothing is offered
    }
  };
  const write = (municipality) => {
    try {
      if (municipality) localStorage.setItem(KEY, municipality);
      else localStorage.removeItem(KEY);
    } catch {}  // full: the page tells what is stored
  };

  const show = () => {
    const parts = document.querySelectorAll("[data-keep]");
    const place = document.querySelector("[data-remembered]");
    if (!place && !parts.length) return;
    const own = read();
    for (const part of parts) {
      const [button, told] = part.children;
      const { remember, keep, forget } = part.dataset;
      part.hidden = own === null;
      button.textContent = own === remember ? forget : keep;
      told.textContent = own === remember ? told.dataset.told : "";
    }
    if (!place) return;
    const row = /^[a-z0-9-]+$/.test(own) && document.querySelector(`main > .rows [href$="/${own}/"]`);
    place.hidden = !row;
    if (row) place.querySelector("ul").replaceChildren(row.parentElement.cloneNode(true));
  };

  document.addEventListener("click", ({ target }) => {
    const part = target.closest("[data-remember] > button")?.parentElement;
    if (!part) return;
    const { remember } = part.dataset;
    write(remember === read() ? "" : remember);
    show();
    if (part.closest("[hidden]")) document.querySelector("main > .rows a").focus();
  });
  addEventListener("pageshow", show);
  show();
})();
