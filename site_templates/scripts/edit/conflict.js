// Somebody else changed the same: both values of each field, and the person chooses. Everything else that was changed is put upon
// what has been published since.
"use strict";
window.edit ??= {};
window.edit.conflict = (desk, answer, mine) => {
  const { edit } = window;
  const { words, telling, one } = desk;
  const view = one("[data-view=conflict]");
  const { conflicts, written: theirs } = answer;

  const choice = (at, side, shown) => {
    const row = telling.element("li", "", "choice");
    const box = Object.assign(document.createElement("input"), { type: "radio", name: `conflict-${at}`, id: `conflict-${at}-${side}`, value: side, checked: side === "yours" });
    const label = Object.assign(document.createElement("label"), { htmlFor: box.id });
    label.append(telling.element("span", words.conflict[side], "change-word"), " ", telling.element("span", shown));
    row.append(box, label);
    return row;
  };
  const question = ({ field, yours, theirs: published }, at) => {
    const { key, about, label } = telling.place(field, [mine, theirs, desk.original]);
    const set = telling.element("fieldset", "", "field");
    const list = telling.element("ul", "", "choices");
    list.append(choice(at, "yours", telling.text(key, yours)), choice(at, "theirs", telling.text(key, published)));
    set.append(telling.element("legend", [about, label].filter(Boolean).join(": ")), list);
    return set;
  };

  // Mine upon theirs: all of my changes but those in conflict, and of these what was chosen.
  const merged = (chosen) => {
    const isInConflict = ({ field }) => conflicts.some((one) => `${field}.`.startsWith(`${one.field}.`) || `${one.field}.`.startsWith(`${field}.`));
    const result = structuredClone(theirs);
    for (const change of telling.changes(desk.original, mine)) if (!isInConflict(change)) apply(result, change);
    conflicts.forEach(({ field, yours }, at) => {
      if (chosen[at] === "yours") apply(result, { field, after: yours ?? undefined, kind: yours ? undefined : "removed" });
    });
    return result;
  };

  const apply = (result, change) => {
    const [name, which, ...rest] = change.field.split(".");
    if (!(name in telling.lists) || which === undefined) {
      if (change.kind === "moved") reorder(result[name] ?? [], mine[name]);
      else put(result, change.field.split("."), change.after);
      return;
    }
    const list = (result[name] ??= []);
    const before = desk.original[name]?.[change.at];
    const item = list.find((one) => one.id === which || (before && JSON.stringify(one) === JSON.stringify(before))) ?? (name === "activities" ? undefined : list[change.at ?? which]);
    if (rest.length && item) put(item, rest, change.after);
    else if (change.kind === "added") list.push(change.after);
    else if (change.kind === "removed" && item) list.splice(list.indexOf(item), 1);
    else if (item) Object.assign(item, change.after);
  };
  // A text that was Finnish alone becomes one in many languages.
  const put = (mapping, path, value) => {
    const around = path.slice(0, -1);
    const text = around.length ? edit.values.at(mapping, around) : mapping;
    if (typeof text === "string") edit.values.put(mapping, around, { fi: text });
    edit.values.put(mapping, path, value);
  };
  const reorder = (list, wanted) => {
    const place = ({ id }) => (wanted.findIndex((one) => one.id === id) + wanted.length + 1) % (wanted.length + 1);
    list.sort((a, b) => place(a) - place(b));
  };

  one("[data-conflicts]").replaceChildren(...conflicts.map(question));
  view.onsubmit = (event) => {
    event.preventDefault();
    const chosen = conflicts.map((_, at) => view.querySelector(`[name=conflict-${at}]:checked`).value);
    const result = merged(chosen);
    Object.assign(desk, { base: answer.base, original: theirs });
    desk.form.open(result);
    desk.draft.keep();
    desk.summary.show(desk.form.read());
  };
  desk.goTo("conflict");
};
