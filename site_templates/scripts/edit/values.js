// Between a field on the page and its value as written in the file. A field that nobody touched keeps its value exactly as it was.
"use strict";
window.edit ??= {};
window.edit.values = (() => {
  const known = new WeakMap(); // field → what was written, and what that looked like on the page
  const TONGUES = ["fi", "sv", "en"];
  const tidy = (text) => text.replace(/\r\n?/g, "\n").trim() || undefined;
  const control = (field) => field.querySelector("input:not([data-find]), select, textarea");
  const boxes = (field) => [...field.querySelectorAll("input:not([data-find])")];
  const isMapping = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const asList = (value) => (value === undefined ? [] : [value].flat()).map(String);
  const inputIn = (field, tongue) => tongue === "fi" ? control(field) : field.querySelector(`[data-tongue=${tongue}] :is(input, textarea)`);

  const plain = {
    read: (field) => tidy(control(field).value),
    write: (field, raw) => { control(field).value = raw ?? field.dataset.default ?? ""; },
  };
  const WIDGETS = {
    text: {
      read: (field, raw) => {
        const said = Object.fromEntries(TONGUES.map((one) => [one, tidy(inputIn(field, one).value)]).filter(([, text]) => text));
        const isFinnishAlone = Object.keys(said).join() === "fi" && !isMapping(raw);
        return isFinnishAlone ? said.fi : Object.keys(said).length ? said : undefined;
      },
      write: (field, raw) => {
        const said = isMapping(raw) ? raw : { fi: raw };
        for (const tongue of TONGUES) inputIn(field, tongue).value = (said[tongue] ?? "").trim();
      },
    },
    tick: {
      read: (field) => control(field).checked ? "true" : undefined,
      write: (field, raw) => { control(field).checked = /^(true|yes|on|t|y|1)$/i.test(raw ?? field.dataset.default ?? ""); },
    },
    choice: {
      read: (field) => boxes(field).find((box) => box.checked)?.value || undefined,
      write: (field, raw) => { for (const box of boxes(field)) box.checked = box.value === (raw ?? field.dataset.default ?? ""); },
    },
    checks: {
      read: (field, raw) => {
        const chosen = boxes(field).filter((box) => box.checked).map((box) => box.value);
        const before = asList(raw).filter((one) => chosen.includes(one)); // in the order of the file, what is new after them
        return chosen.length ? [...before, ...chosen.filter((one) => !before.includes(one))] : undefined;
      },
      write: (field, raw) => {
        const chosen = raw === undefined ? (field.dataset.default ?? "").split(" ") : asList(raw);
        for (const box of boxes(field)) box.checked = chosen.includes(box.value);
        window.edit.lists.tell(field);
      },
    },
    emails: {
      read: (field) => tidy(control(field).value)?.split(/[\s,;]+/).filter(Boolean),
      write: (field, raw) => { control(field).value = asList(raw).join("\n"); },
    },
  };

  const widgetOf = (field) => WIDGETS[field.dataset.widget] ?? plain;
  const write = (field, raw) => {
    const widget = widgetOf(field);
    widget.write(field, raw);
    known.set(field, { raw, shown: JSON.stringify(widget.read(field, raw)) });
  };
  const read = (field) => {
    const { raw, shown } = known.get(field) ?? {};
    const now = widgetOf(field).read(field, raw);
    return JSON.stringify(now) === shown ? raw : now;
  };

  // At a dotted path in a mapping; a mapping that is left without anything goes too.
  const at = (value, path) => path.reduce((inner, part) => inner?.[part], value);
  const put = (mapping, [first, ...rest], value) => {
    const inner = rest.length ? put(isMapping(mapping[first]) ? mapping[first] : {}, rest, value) : value;
    if (inner === undefined || (rest.length && Object.keys(inner).length === 0)) delete mapping[first];
    else mapping[first] = inner;
    return mapping;
  };

  return { read, write, at, put, asList, isMapping, control, boxes };
})();
