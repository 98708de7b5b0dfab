// The whole form as the file that it will be, and back. What the form does not ask stays as it was written.
"use strict";
window.edit ??= {};
window.edit.document = (() => {
  const { edit } = window;
  const RESERVED = ["uusi", "kaikki", "koko-alue"];
  const finnish = (text) => (edit.values.isMapping(text) ? text.fi : text) ?? "";
  const slugify = (text) =>
    (text.toLowerCase().replace(/[äå]/g, "a").replace(/ö/g, "o").match(/[a-z0-9]+/g) ?? []).join("-").slice(0, 60).replace(/-+$/, "");

  const parts = (root) => [...root.querySelectorAll("[data-part]")].map((element) => ({ element, name: element.dataset.part, kind: element.dataset.kind }));
  const isNational = (root) => root.querySelector("[data-key=scope] input:checked")?.value === "national";
  const skipped = (root) => (field) => field.dataset.key === "activities.municipalities" && isNational(root);
  const switchOf = (root) => root.querySelector("[data-switch]");

  const fill = (root, written) => {
    for (const { element, name, kind } of parts(root)) {
      if (kind === "items") {
        element.querySelector("[data-items]").replaceChildren();
        for (const raw of written[name] ?? []) edit.items.add(root, name, raw);
        continue;
      }
      const inside = kind === "single" ? written : kind === "optional" ? written[name] : {};
      for (const field of edit.items.fieldsIn(element)) edit.values.write(field, edit.values.at(inside, field.dataset.path.split(".")));
    }
    switchOf(root).checked = written.referral !== undefined;
    const takers = written.referral?.activities;
    for (const item of edit.items.all(root, "activities")) {
      edit.values.write(requestsOf(item), takers && !takers.includes(edit.items.rawOf(item).id) ? "false" : "true");
    }
  };

  const requestsOf = (item) => item.querySelector("[data-stands-for]");

  const read = (root, original) => {
    const written = structuredClone(original);
    for (const { element, name, kind } of parts(root)) {
      if (kind === "items") edit.values.put(written, [name], listed(root, name, original[name]));
      if (kind === "single") takeFields(element, written);
      if (kind === "optional") {
        if (switchOf(root).checked) written[name] = takeFields(element, written[name] ?? {});
        else delete written[name];
      }
    }
    setIds(written.activities ?? []);
    setTakers(root, written, original);
    return written;
  };

  const listed = (root, name, before) => {
    const items = edit.items.all(root, name).map((item) => edit.items.read(item, skipped(root)));
    return items.length || before?.length === 0 ? items : undefined;
  };

  const takeFields = (element, mapping) => {
    for (const field of edit.items.fieldsIn(element)) edit.values.put(mapping, field.dataset.path.split("."), edit.values.read(field));
    return mapping;
  };

  // An activity's id never changes once it has been published; a new one gets it from its name.
  const setIds = (activities) => {
    const taken = new Set(activities.map(({ id }) => id));
    for (const activity of activities) {
      if (activity.id) continue;
      const stem = slugify(finnish(activity.name)) || "toiminta";
      const wanted = RESERVED.includes(stem) ? "toiminta" : stem;
      let id = wanted;
      for (let next = 2; taken.has(id); next += 1) id = `${wanted.slice(0, 56)}-${next}`;
      taken.add(activity.id = id);
    }
  };

  // Requests for every activity are written as no list at all; a list that still says the same stays as it was.
  const setTakers = (root, written, original) => {
    if (!written.referral) return;
    const ticked = edit.items.all(root, "activities").map((item) => edit.values.control(requestsOf(item)).checked);
    const takers = (written.activities ?? []).map(({ id }) => id).filter((_, at) => ticked[at]);
    const before = original.referral?.activities;
    const isSame = before && before.length === takers.length && takers.every((id) => before.includes(id));
    if (isSame) written.referral.activities = before;
    else if (ticked.every(Boolean)) delete written.referral.activities;
    else written.referral.activities = takers;
  };

  // The addresses that are never published: only what was given.
  const addresses = (root) => takeFields(root.querySelector("[data-kind=private]"), {});

  return { fill, read, addresses, finnish, isNational, switchOf, requestsOf };
})();
