// Changes in plain words: labels and names come from the form itself, values are always put on the page as text.
"use strict";
window.edit ??= {};
window.edit.telling = (root, words) => {
  const { edit } = window;
  const { isMapping } = edit.values;
  const TONGUES = ["fi", "sv", "en"];
  const { lang } = document.documentElement;
  const labels = { ...words.other_labels };
  const names = {};
  const lists = {}; // heading of each part that has items

  const study = (inside) => {
    for (const field of inside.querySelectorAll("[data-key][data-path]")) {
      const label = field.querySelector("legend") ?? field.querySelector("label");
      labels[field.dataset.key] = label.firstChild.textContent.trim().replace(/[?.]$/, "");
      const options = optionsIn(field);
      if (field.dataset.widget === "tick") names[field.dataset.key] = words.answers;
      else if (options.length) names[field.dataset.key] = Object.fromEntries(options);
    }
  };
  const optionsIn = (field) => [
    ...[...field.querySelectorAll("li input")].map((box) => [box.value, box.nextElementSibling.textContent]),
    ...[...field.querySelectorAll("option")].map((option) => [option.value, option.textContent]),
  ];
  study(root);
  labels["referral.activities"] = words.review.takers;
  for (const part of root.querySelectorAll("[data-part]")) {
    const { part: name, kind } = part.dataset;
    if (kind !== "single") labels[name] = part.querySelector("h3").textContent;
    if (kind === "items") lists[name] = labels[name];
    for (const template of part.querySelectorAll("template")) study(template.content);
  }

  const day = (text) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : `${lang}-FI`, { dateStyle: lang === "en" ? "long" : "short" }).format(new Date(`${text}T12:00`));
  const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  const local = (text) => (isMapping(text) ? text[lang] ?? text.fi : text) ?? "";

  // What a person would call an item of a list.
  const titleOf = (name, item) => {
    if (name === "pauses") return [item.from, item.to].map((one) => (one ? day(one) : "")).join("–").replace(/^–$/, "");
    return [local(item.name && name === "activities" ? item.name : item.role), name === "contacts" && (item.phone ?? item.email)].filter(Boolean).join(", ");
  };

  const text = (key, value) => {
    if (value === undefined || value === null || value === "") return words.review.empty;
    if (Array.isArray(value)) return value.map((one) => text(key, one)).join(", ") || words.review.empty;
    if (isMapping(value)) return Object.entries(value).map(([name, inner]) => text(labels[`${key}.${name}`] ? `${key}.${name}` : key, inner)).join("; ");
    return names[key]?.[value] ?? (isDay(String(value)) ? day(value) : String(value));
  };

  // The label of a place such as "activities.vertaisryhma.when.sv", and the key of its words. `documents` are searched for the
  // item that the place names by its id or position.
  const place = (field, documents) => {
    const path = field.split(".");
    const isItem = path[0] in lists && path.length > 1;
    const itemName = isItem ? path.splice(1, 1)[0] : "";
    const tongue = TONGUES.includes(path.at(-1)) && !labels[path.join(".")] ? path.pop() : "";
    const isOfAnother = !labels[path[0]] && labels[path.slice(1).join(".")]; // an association's own field: "kerho.review.confirmed_on"
    const other = isOfAnother ? path.shift() : "";
    const key = path.join(".");
    const item = documents.map((one) => one?.[path[0]]).map((list) => list?.find?.(({ id }) => id === itemName) ?? list?.[itemName]).find(Boolean);
    const title = isItem ? (item && (path[0] === "contacts" ? local(item.role) : titleOf(path[0], item))) || itemName : "";
    const about = [other, isItem ? lists[path[0]] : path.length > 1 ? labels[path[0]] : "", title].filter(Boolean).join(": ");
    const label = path.length > 1 || !isItem ? [labels[key] ?? key, tongue && (tongue !== "fi" || lang !== "fi") ? words.tongue[tongue] : ""].join(" ").trim() : "";
    return { key, about, title, label };
  };

  // Changes as a reader would tell them: { field, before, after }, and `kind` for whole items.
  const changes = (before, after, path = []) => {
    const [was, now] = [before, after].map((value, at) => typeof value === "string" && isText([before, after][1 - at]) ? { fi: value } : value);
    if (path.length && JSON.stringify(was) === JSON.stringify(now)) return [];
    if (path.join() === "referral" && now === undefined) return [{ field: "referral", kind: "removed", before: was, after: now }];
    if (isMapping(was ?? {}) && isMapping(now ?? {}) && (isMapping(was) || isMapping(now))) {
      return [...new Set([...Object.keys(was ?? {}), ...Object.keys(now ?? {})])].flatMap((key) => changes(was?.[key], now?.[key], [...path, key]));
    }
    if (path.length === 1 && path[0] in lists) return itemChanges(path[0], was ?? [], now ?? []);
    return [{ field: path.join("."), before: was, after: now }];
  };
  const isText = (value) => isMapping(value) && Object.keys(value).every((key) => TONGUES.includes(key));

  const itemChanges = (name, before, after) => {
    const pairs = name === "activities" ? pairedById(before, after) : paired(before, after);
    const kept = pairs.filter(({ was, now }) => was && now).map(({ was }) => before.indexOf(was));
    const isMoved = kept.some((at, index) => index && at < kept[index - 1]);
    return [
      ...(isMoved ? [{ field: name, kind: "moved", before: undefined, after: undefined }] : []),
      ...pairs.flatMap(({ was, now }) => {
        const here = String((now ?? was).id ?? (now ? after.indexOf(now) : before.indexOf(was)));
        const at = before.indexOf(was);
        if (!was || !now) return [{ field: `${name}.${here}`, at, kind: now ? "added" : "removed", before: was, after: now }];
        return changes(was, now, [name, here]).map((change) => ({ ...change, at }));
      }),
    ];
  };
  const pairedById = (before, after) => {
    const gone = before.filter((one) => !after.some(({ id }) => id === one.id)).map((was) => ({ was }));
    return [...after.map((now) => ({ now, was: before.find(({ id }) => id === now.id) })), ...gone];
  };
  // What is the same first, then what has the same place among the rest.
  const paired = (before, after) => {
    const left = [...before];
    const same = after.map((now) => {
      const at = left.findIndex((was) => JSON.stringify(was) === JSON.stringify(now));
      return at < 0 ? { now } : { now, was: left.splice(at, 1)[0] };
    });
    for (const pair of same) pair.was ??= left.shift();
    return [...same, ...left.map((was) => ({ was }))];
  };

  // The value at a place that names an item by its id or position.
  const valueAt = (written, field) => field.split(".").reduce((inner, part) => inner?.find?.(({ id }) => id === part) ?? inner?.[part], written);

  const element = (tag, content, className = "") => Object.assign(document.createElement(tag), { textContent: content, className });
  // What is new has no value from before.
  const row = ({ field, kind, before, after }, documents, isNew = false) => {
    const { key, about, label } = place(field, documents);
    const line = document.createElement("div");
    const term = element("dt", "");
    if (about) term.append(element("span", about, "change-about"), " ");
    term.append(label);
    line.append(term);
    if (kind) {
      line.append(element("dd", words.review[kind], `change-${kind}`));
      return line;
    }
    if (!isNew) line.append(told(words.review.before, "del", value(key, before, documents)));
    line.append(told(words.review.after, "ins", value(key, after, documents)));
    return line;
  };
  const told = (word, tag, shown) => {
    const definition = document.createElement("dd");
    definition.append(element("span", word, "change-word"), " ", element(shown === words.review.empty ? "span" : tag, shown));
    return definition;
  };
  // Items of a list come as their ids: those whose order changed, and the activities that take requests (no list: all do).
  const value = (key, given, documents) => {
    const about = key === "referral.activities" ? "activities" : key;
    if (about !== key && !given) return words.review.all;
    if (!(about in lists) || !Array.isArray(given)) return text(key, given);
    return given.map((id) => place(`${about}.${id}`, documents).title || id).join(", ");
  };

  return { changes, row, place, text, valueAt, titleOf, local, day, element, lists };
};
