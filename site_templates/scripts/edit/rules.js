// What can be told before sending. Everything is checked again by the function, with the same rules as the build's.
"use strict";
window.edit ??= {};
window.edit.rules = (() => {
  const { edit } = window;
  const { say } = window.sending;
  const labelOf = (field) => (field.querySelector("legend") ?? field.querySelector("label")).firstChild.textContent.trim().replace(/[?.]$/, "");
  const fault = (field, words, code, facts = {}) => ({ field, text: say(words.problems[code], { label: labelOf(field), ...facts }) });
  const length = (text) => [...text].length;
  const isAsked = (field) => !field.closest("[hidden]");

  // `written` is the item or the file around the field, as it would be sent.
  const ofField = (field, written, words) => {
    if (!isAsked(field) || field.dataset.standsFor) return [];
    const { path, widget, longest } = field.dataset;
    const value = edit.values.read(field);
    const around = path.includes(".") ? edit.values.at(written, path.split(".").slice(0, -1)) : written;
    if (value === undefined) return "required" in field.dataset && around ? [fault(field, words, "required")] : [];
    if (widget === "checks") return value.length > longest ? [fault(field, words, "too_many", { n: longest })] : [];
    if (widget === "text" && edit.values.isMapping(value) && !value.fi) return [fault(field, words, "finnish")];
    const texts = edit.values.isMapping(value) ? Object.values(value) : [value];
    return longest && texts.some((one) => length(String(one)) > longest) ? [fault(field, words, "too_long", { n: longest })] : [];
  };

  const field = (element, path) => element.querySelector(`[data-path="${path}"]`);
  const ofContact = (element, contact, words, prefix = "") => [
    ...(contact.phone || contact.email ? [] : [fault(field(element, `${prefix}phone`), words, "reach")]),
    ...(contact.name && contact.name_public !== "true" ? [fault(field(element, `${prefix}name_public`), words, "contact_name")] : []),
  ];

  const ofActivity = (item, it, words, isNational) => [
    ...(["waitlist", "full"].includes(it.capacity?.status) && !it.capacity.until ? [fault(field(item, "capacity.until"), words, "until")] : []),
    ...(isNational || it.municipalities || it.remote ? [] : [fault(field(item, "municipalities"), words, "place")]),
    ...(it.contact ? ofContact(item, it.contact, words, "contact.") : []),
  ];

  const ofItem = (root, name, item, words) => {
    const written = edit.items.read(item);
    const own = edit.items.fieldsIn(item).flatMap((one) => ofField(one, written, words));
    if (name === "contacts") return [...own, ...ofContact(item, written, words)];
    return name === "activities" ? [...own, ...ofActivity(item, written, words, edit.document.isNational(root))] : own;
  };

  const ofPart = (root, part, written, words) => {
    const { part: name, kind } = part.dataset;
    if (kind === "items") {
      const items = edit.items.all(root, name);
      if (!items.length && name !== "pauses") return [{ field: part, text: say(words.problems.no_item, { label: part.querySelector("h3").textContent }) }];
      return items.flatMap((item) => ofItem(root, name, item, words));
    }
    if (kind === "optional" && !written[name]) return [];
    const inside = kind === "optional" ? written[name] : written;
    return edit.items.fieldsIn(part).flatMap((one) => ofField(one, inside, words));
  };

  const ofRequests = (root, written, words) => {
    const none = written.referral?.activities?.length === 0;
    return none ? [fault(edit.document.switchOf(root).closest(".field"), words, "requests")] : [];
  };

  // A changed association need not give its private addresses again; one that joins must.
  const ofAddresses = (part, words, isJoining) => edit.items.fieldsIn(part).flatMap((one) => {
    const value = edit.values.read(one);
    if (value === undefined) return isJoining && "required" in one.dataset ? [fault(one, words, "required")] : [];
    return [value].flat().every(window.sending.isEmail) ? [] : [fault(one, words, "email")];
  });

  const all = (root, written, words, isJoining) => [...root.querySelectorAll("[data-part]")].filter(isAsked).flatMap((part) =>
    part.dataset.kind === "private" ? ofAddresses(part, words, isJoining) : ofPart(root, part, written, words))
    .concat(ofRequests(root, written, words));

  return { all, fault, length };
})();
