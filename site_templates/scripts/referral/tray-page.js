// The tray's page: each association's card and its part of the form are taken from the association's own pages.
"use strict";
(() => {
  const list = document.querySelector("[data-tray-list]");
  if (!list) return;
  const base = location.pathname.replace(/tarjotin\/$/, "");
  const places = document.querySelector("[data-associations]");

  const add = async (slug) => {
    const card = await partOf(`${base}jarjesto/${slug}/`, "[data-handout]");
    if (!card) return window.tray.write(window.tray.read().filter((one) => one !== slug));
    const item = document.createElement("li");
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: list.dataset.remove });
    remove.setAttribute("aria-label", `${list.dataset.remove}: ${card.dataset.handout}`);
    remove.addEventListener("click", () => {
      item.remove();
      places?.querySelector(`[data-association="${slug}"]`)?.remove();
      window.tray.write(window.tray.read().filter((one) => one !== slug));
      arrange();
    });
    const name = Object.assign(document.createElement("h2"), { textContent: card.dataset.handout });
    const pitch = Object.assign(document.createElement("p"), { className: "pitch", textContent: card.dataset.pitch });
    card.querySelector("h2").remove();
    card.removeAttribute("aria-labelledby");
    item.append(name, pitch, card, remove);
    list.append(item);
    const association = places && await partOf(`${base}ohjaa/${slug}/`, "[data-association]");
    if (association) places.append(association);
    return undefined;
  };

  const arrange = () => {
    const isEmpty = window.tray.read().length === 0;
    document.querySelector("[data-tray-empty]").hidden = !isEmpty;
    document.querySelector("[data-tray-full]").hidden = isEmpty;
    // Brings its script (load.js).
    if (!isEmpty) document.querySelector("[data-give]").dispatchEvent(new Event("toggle"));
    dispatchEvent(new Event("referral:arranged"));
  };

  const empty = () => {
    window.tray.write([]);
    location.reload();
  };
  document.querySelector("[data-tray-clear]").addEventListener("click", empty);
  addEventListener("referral:sent", () => window.tray.write([]));

  // A shared tray: its link names the associations in the fragment.
  const shared = /^#jarjestot=([a-z0-9.-]+)$/.exec(location.hash);
  if (shared) {
    window.tray.write(shared[1].split("."));
    history.replaceState(null, "", location.pathname);
  }
  // Not for #main.
  addEventListener("hashchange", () => location.hash.startsWith("#jarjestot=") && location.reload());
  (async () => {
    // No network: it stays on the tray.
    for (const slug of window.tray.read()) await add(slug).catch(() => {});
    arrange();
  })();
})();
