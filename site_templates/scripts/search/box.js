// The search box: fetches the index when it is first touched, shows links while one types, and opens the first of them at Enter.
"use strict";
(() => {
  const form = document.querySelector("[data-search]");
  const input = form.querySelector("input");
  const { search: base, failed } = form.dataset;
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const status = make("p", { className: "search-status", role: "status" });
  const list = make("ul", { className: "rows panel", hidden: true });
  const help = make("p", { className: "search-help", hidden: true });
  form.append(status, help, list);

  const fetched = new Map();
  const get = (name) => {
    if (!fetched.has(name)) {
      fetched.set(name, fetch(base + name).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))));
      fetched.get(name).catch(() => fetched.delete(name)); // the next letter tries again
    }
    return fetched.get(name);
  };
  let opened;

  const own = () => {
    try {
      return localStorage.getItem("kunta");
    } catch {
      return null;
    }
  };

  const find = async (text) => {
    const index = await get(".json");
    opened ??= globalThis.search.open(index);
    const files = await Promise.all(opened.shards(text).map((letters) => get(`/${letters}.json`)));
    const organisations = index.organisations ?? [...new Map(files.flat().map((one) => [one[0], one])).values()];
    return { index, links: opened.find(text, organisations, own()) };
  };

  const show = ({ index, links }) => {
    const { words, guidance, prefix } = index;
    list.replaceChildren(...links.map(({ kind, path, label }) => make("li", { className: "row" }, make("a", { href: prefix + path },
      make("span", { className: "row-label", textContent: label }), " ", make("span", { className: "row-count", textContent: words.kinds[kind] })))));
    status.textContent = links.length ? `${(links.length === 1 ? words.count.one : words.count.other).replace("{n}", links.length)}. ${words.first}` : words.none;
    help.replaceChildren(words.none_help, " ", make("a", { href: form.action, textContent: words.directory }), ` · ${guidance.name} `,
      make("a", { href: `tel:${guidance.phone}`, textContent: guidance.shown }), `, ${guidance.hours}`);
  };

  // The links for what stands in the field now; nothing when it has been changed meanwhile.
  const answer = async () => {
    const text = input.value;
    const isAsked = text.trim().length > 1;
    try {
      const found = await find(text);
      if (text !== input.value) return [];
      if (isAsked) show(found);
      list.hidden = !isAsked || !found.links.length;
      help.hidden = !isAsked || found.links.length > 0;
      if (!isAsked) status.textContent = "";
      return isAsked ? [...list.querySelectorAll("a")] : [];
    } catch {
      status.textContent = failed;
      list.hidden = true;
      return [];
    }
  };

  // A link from a record system: /#koodi=F32&kunta=kuopio. What leads to one page goes there, without a step in the history.
  const called = async () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!asked.get("koodi")) return;
    input.value = [asked.get("koodi"), asked.get("kunta")].filter(Boolean).join(" ");
    const needs = (await answer()).filter((link) => link.pathname.includes("/tarve/"));
    if (needs.length === 1) location.replace(needs[0].href);
    else input.focus();
  };

  input.addEventListener("input", answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    (await answer())[0]?.click();
  });
  addEventListener("hashchange", called);
  if (location.hash.startsWith("#koodi=")) called();
  else answer();
})();
