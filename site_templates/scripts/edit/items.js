// What may be many: activities, contacts, pauses. Each is a row that opens; it can be copied, moved, and removed with a way back.
"use strict";
window.edit ??= {};
window.edit.items = (() => {
  const { edit } = window; // its other parts may load after this one
  const raws = new WeakMap(); // item → as it was written
  let number = 0;

  const fieldsIn = (element) => [...element.querySelectorAll("[data-path]")];
  const rawOf = (item) => raws.get(item);

  const make = (root, part, raw) => {
    number += 1;
    const item = root.querySelector(`template[data-item=${part}]`).content.firstElementChild.cloneNode(true);
    for (const element of item.querySelectorAll("[id], [for], [name], [aria-describedby]")) {
      for (const name of ["id", "for", "name", "aria-describedby"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replaceAll("#", number));
      }
    }
    raws.set(item, raw);
    for (const field of fieldsIn(item)) edit.values.write(field, edit.values.at(raw, field.dataset.path.split(".")));
    for (const rare of item.querySelectorAll("[data-rare]")) rare.open = fieldsIn(rare).some(edit.values.read);
    return item;
  };

  const add = (root, part, raw = {}) => {
    const item = make(root, part, raw);
    root.querySelector(`[data-part=${part}] [data-items]`).append(item);
    return item;
  };

  const all = (root, part) => [...root.querySelectorAll(`[data-part=${part}] [data-items] > .item`)];

  // `skipped` tells which fields are not asked now.
  const read = (item, skipped = () => false) => {
    const written = structuredClone(rawOf(item));
    for (const field of fieldsIn(item)) {
      if (field.dataset.standsFor) continue;
      edit.values.put(written, field.dataset.path.split("."), skipped(field) ? undefined : edit.values.read(field));
    }
    return written;
  };

  const setTitle = (item, title) => { for (const told of item.querySelectorAll("[data-title]")) told.textContent = title; };

  const open = (item) => {
    item.open = true;
    item.querySelector("summary").focus();
  };

  // The item waits in the row that tells of its removal.
  const remove = (item, words, title, changed) => {
    const row = Object.assign(document.createElement("p"), { className: "notice removed" });
    const back = window.sending.button(words.undo, () => { row.replaceWith(item); open(item); changed(); });
    row.append(`${window.sending.say(words.removed, { title })} `, back);
    item.replaceWith(row);
    back.focus();
  };

  const duplicate = (root, part, item) => {
    const { id, ...rest } = read(item);
    const copy = make(root, part, {});
    for (const field of fieldsIn(copy)) if (!field.dataset.standsFor) edit.values.write(field, edit.values.at(rest, field.dataset.path.split(".")));
    item.after(copy);
    open(copy);
    return copy;
  };

  const move = (item, direction) => {
    const side = direction === "up" ? "previousElementSibling" : "nextElementSibling";
    let next = item[side];
    while (next && !next.matches(".item")) next = next[side];
    next?.[direction === "up" ? "before" : "after"](item);
    item.querySelector(`[data-tool=${direction}]`).focus();
  };

  return { add, all, read, rawOf, fieldsIn, setTitle, open, remove, duplicate, move };
})();
