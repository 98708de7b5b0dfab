// What will change, in plain words, before anything is sent.
"use strict";
window.edit ??= {};
window.edit.summary = (desk) => {
  const { edit } = window;
  const { words, telling, one } = desk;
  const line = (term, ...definitions) => {
    const row = document.createElement("div");
    row.append(telling.element("dt", term), ...definitions);
    return row;
  };

  // A Finnish text that changes beside a translation that does not.
  const isLeftBehind = (tongue, { field, before, after }, changes, written) => {
    const other = field.replace(/fi$/, tongue);
    return before && after && field.endsWith(".fi") && !changes.some((change) => change.field === other) && telling.valueAt(written, other);
  };
  const stale = (changes, written) => ["sv", "en"]
    .filter((tongue) => changes.some((change) => isLeftBehind(tongue, change, changes, written)))
    .map((tongue) => telling.element("p", words.review.stale[tongue], "notice notice-warning"));

  const addresses = () => (one("[data-kind=private]").hidden ? {} : edit.document.addresses(desk.root));
  const privateRows = () => Object.entries(addresses()).map(([name, value]) =>
    line(telling.place(`addresses.${name}`, []).label, telling.element("dd", [value].flat().join(", "))));

  const show = (written) => {
    const changes = telling.changes(desk.original, written);
    const rows = [...changes.map((change) => telling.row(change, [written, desk.original], desk.isJoining)), ...privateRows()];
    one("[data-changes]").replaceChildren(...rows);
    one("[data-stale]").replaceChildren(...stale(changes, written));
    one("[data-unchanged]").hidden = rows.length > 0;
    for (const part of ["[data-changes]", "[data-sending]", "[data-send]"]) one(part).hidden = rows.length === 0;
    desk.submission.prepare();
    desk.goTo("review");
  };

  one("[data-back]").addEventListener("click", () => desk.goTo("form"));
  return { show, addresses };
};
