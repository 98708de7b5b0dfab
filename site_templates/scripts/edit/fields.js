// The field that a dotted path of the function is about: "activities.1.capacity.until", "pitch.sv", or the nearest that there is.
"use strict";
window.edit ??= {};
window.edit.fields = (() => {
  const { edit } = window;

  const within = (element, path) => {
    const fields = edit.items.fieldsIn(element);
    for (let length = path.length; length > 0; length -= 1) {
      const wanted = path.slice(0, length).join(".");
      const found = fields.find(({ dataset }) => dataset.path === wanted) ?? fields.find(({ dataset }) => dataset.path.startsWith(`${wanted}.`));
      if (found) return found;
    }
    return fields[0] ?? element;
  };

  const find = (root, field) => {
    const [first, ...rest] = field.split(".");
    const part = root.querySelector(`[data-part="${CSS.escape(first)}"]`);
    if (!part) return within(root.querySelector("[data-part=basics]"), [first, ...rest]);
    if (part.dataset.kind !== "items") return within(part, rest);
    const items = edit.items.all(root, first);
    const item = items[rest[0]] ?? items.find((one) => edit.items.rawOf(one).id === rest[0]);
    return item ? within(item, rest.slice(1)) : part;
  };

  // A fault may be in a language that is not shown.
  const showTongues = (root, field) => {
    for (const tick of root.querySelectorAll("[data-show-tongue]")) {
      if (field.querySelector(`[data-tongue=${tick.value}] :is(input, textarea)`)?.value) tick.checked = true;
    }
  };

  return { find, showTongues };
})();
