// Only in `tarjotin serve`: reloads the page after a change, and shows what is wrong in the content as it appears.
"use strict";
(() => {
  let seen = null;
  const few = 3; // more remarks than this would hide the page: they wait behind their heading. An error never waits.
  const panel = document.createElement("details");
  panel.className = "preview-problems";
  panel.setAttribute("aria-live", "polite");
  panel.hidden = true;

  const show = ({ version, summary, problems }) => {
    panel.replaceChildren();
    panel.hidden = problems.length === 0;
    panel.open = problems.length <= few || problems.some(({ severity }) => severity === "error");
    const heading = document.createElement("summary");
    heading.textContent = `${summary} (${problems.length})`;
    panel.append(heading);
    for (const { file, line, field, message } of problems) {
      const item = document.createElement("p");
      const place = document.createElement("strong");
      place.textContent = `${file}:${line} ${field}`;
      item.append(place, document.createElement("br"), message);
      panel.append(item);
    }
    if (seen !== null && version !== seen) location.reload();
    seen = version;
  };

  document.body.append(panel);
  const events = new EventSource("/_esikatselu/tapahtumat");
  events.onmessage = (event) => show(JSON.parse(event.data));
})();
