// Where editing begins: an association's own data, or what, for whom and how of a new one.
"use strict";
window.edit ??= {};
window.edit.start = (desk) => {
  const { edit } = window;
  const { words, one, all } = desk;
  desk.begin = () => (desk.isJoining ? desk.show("start") : desk.form.open(markedFull(desk.original)));

  // "Ryhmä on täynnä", answered to a request, leads here: that activity is full for eight weeks, unless the person says otherwise.
  const markedFull = (written) => {
    const full = new URLSearchParams(location.hash.slice(1)).get("taynna");
    const until = new Date(Date.now() + 8 * 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const marked = (activity) => (activity.id === full ? { ...activity, capacity: { status: "full", until } } : activity);
    return full ? { ...written, activities: written.activities.map(marked) } : written;
  };

  one("[data-view=start]").addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = all("[data-start]").map((field) => [field, edit.values.control(field).value.trim()]);
    const faults = asked.filter(([, answer]) => !answer).map(([field]) => edit.rules.fault(field, words, "required"));
    window.faults.show(event.target, faults, words.error_title);
    if (faults.length) return;
    const activity = Object.fromEntries(asked.map(([field, answer]) => [field.dataset.start, answer]));
    desk.form.open({ contacts: [{}], activities: [activity] });
    for (const item of all(".item")) item.open = true;
    desk.draft.keep();
    one("[data-form] h2").focus();
  });
};
