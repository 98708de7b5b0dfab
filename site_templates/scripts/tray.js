// The tray: up to five associations chosen for a client. Only their slugs are kept, in this tab, until "Uusi asiakas" or sending.
"use strict";
(() => {
  const KEY = "tarjotin";
  const MOST = 5;
  let own = [];
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY) || "[]").filter((slug) => /^[a-z0-9-]{1,60}$/.test(slug)).slice(0, MOST);
    } catch {
      return own;
    }
  };
  const write = (slugs) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(slugs));
    } catch {
      own = slugs;  // nothing may be stored: the tray lasts as long as the page
    }
    show();
  };

  const show = () => {
    const slugs = read();
    for (const link of document.querySelectorAll("[data-tray-link]")) {
      link.textContent = link.dataset.trayLink.replace("{n}", slugs.length);
    }
    for (const button of document.querySelectorAll("[data-tray]")) {
      const chosen = slugs.includes(button.dataset.tray);
      button.setAttribute("aria-pressed", chosen);
      button.firstElementChild.textContent = chosen ? button.dataset.added : button.dataset.add;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tray]");
    if (!button) return;
    const slugs = read();
    const { tray } = button.dataset;
    if (slugs.includes(tray)) write(slugs.filter((slug) => slug !== tray));
    else if (slugs.length < MOST) write([...slugs, tray]);
    else button.firstElementChild.textContent = button.dataset.full;
  });
  // The buttons take their place before the page is first drawn; what the browser keeps is read after that, as it may take long.
  for (const button of document.querySelectorAll("[data-tray]")) button.hidden = false;
  addEventListener("pageshow", show);
  window.tray = { read, write };
})();
