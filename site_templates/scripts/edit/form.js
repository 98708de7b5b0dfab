// The form itself: filled, kept telling of itself while it is changed, and checked before the summary.
"use strict";
window.edit ??= {};
window.edit.form = (desk) => {
  const { edit } = window;
  const { root, words, telling, one, all } = desk;
  const element = one("[data-form]");
  const preview = edit.preview(root, telling, words);
  let isOpen = false;
  let current = null; // the activity that was last touched

  const read = () => edit.document.read(root, desk.original);

  const tellItems = (name) => {
    const items = edit.items.all(root, name);
    for (const item of items) {
      const title = telling.titleOf(name, edit.items.read(item));
      if (title) edit.items.setTitle(item, title);
    }
    const { most } = one(`[data-part=${name}] [data-items]`).dataset;
    one(`[data-add=${name}]`).hidden = Boolean(most) && items.length >= +most;
  };

  // What the answers so far make needless is not asked.
  const tellFields = () => {
    const takesRequests = edit.document.switchOf(root).checked;
    for (const field of all("[data-stands-for]")) field.hidden = !takesRequests;
    one("[data-kind=optional] [data-fields]").hidden = !takesRequests;
    for (const field of all('[data-key="activities.municipalities"]')) field.hidden = edit.document.isNational(root);
    for (const tick of all("[data-show-tongue]")) for (const part of all(`[data-tongue=${tick.value}]`)) part.hidden = !tick.checked;
  };

  const tell = () => {
    Object.keys(telling.lists).forEach(tellItems);
    tellFields();
    preview.show(one("[data-preview]"), read(), edit.items.all(root, "activities").indexOf(current));
  };
  const changed = () => {
    tell();
    desk.draft.keep();
  };

  const tellLeft = (input) => {
    const place = input.closest("[data-longest]")?.querySelector("[data-left]");
    if (!place) return;
    const left = place.closest("[data-longest]").dataset.longest - edit.rules.length(input.value.trim());
    const near = left < 30 ? window.sending.say(words.left, { n: left }) : "";
    place.textContent = left < 0 ? window.sending.say(words.over, { n: -left }) : near;
  };

  const open = (written) => {
    edit.document.fill(root, written);
    isOpen = true;
    const own = one(`[data-show-tongue][value="${document.documentElement.lang}"]`);
    if (own) own.checked = true;
    tell();
    desk.show("form");
  };

  const add = (name) => {
    const item = edit.items.add(root, name);
    if (name === "activities") edit.values.write(edit.document.requestsOf(item), "true");
    edit.items.open(item);
  };
  const use = (tool, item) => {
    const name = item.dataset.key;
    if (tool === "remove") edit.items.remove(item, words, telling.titleOf(name, edit.items.read(item)), changed);
    else if (tool === "duplicate") edit.values.write(edit.document.requestsOf(edit.items.duplicate(root, name, item)), "true");
    else edit.items.move(item, tool);
  };

  // Shows what is wrong; also the function's problems, each { field: dotted path, message in Finnish }.
  const refuse = (faults) => window.faults.show(element, faults, words.error_title);
  const refuseProblems = (problems) => {
    const faults = problems.map(({ field, message }) => ({ field: edit.fields.find(root, field), text: message, language: "fi" }));
    for (const { field } of faults) edit.fields.showTongues(root, field);
    tellFields();
    desk.show("form");
    refuse(faults);
  };

  element.addEventListener("input", ({ target }) => { tellLeft(target); changed(); });
  element.addEventListener("click", ({ target }) => {
    const added = target.closest("[data-add]");
    const tool = target.closest("[data-tool]");
    if (added) add(added.dataset.add);
    if (tool) use(tool.dataset.tool, tool.closest(".item"));
    if (added || tool) changed();
  });
  element.addEventListener("focusin", ({ target }) => {
    const item = target.closest("[data-part=activities] .item");
    if (!item || item === current) return;
    current = item;
    tell();
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = read();
    const faults = edit.rules.all(root, written, words, desk.isJoining);
    refuse(faults);
    if (!faults.length) desk.summary.show(written);
  });
  edit.lists.listen(root, words);

  return { open, read, refuseProblems, isOpen: () => isOpen, close: () => { isOpen = false; } };
};
