// What is wrong, told beside each field and in a summary that takes the focus, leads to the fields, and begins the page's title.
"use strict";
window.faults = (() => {
  const title = document.title;
  const CONTROLS = "input, select, textarea, summary";

  // `form` holds the fields and perhaps a summary; each fault is { field, text, language }. A hidden field is brought into view.
  const show = (form, faults, errorTitle) => {
    for (const text of form.querySelectorAll(".field-error")) text.hidden = true;
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    const summary = form.querySelector("[data-errors]");
    const items = faults.map((fault) => mark(fault));
    document.title = faults.length ? `${errorTitle}: ${title}` : title;
    if (!summary) return faults[0] && reach(faults[0].field);
    summary.querySelector("ul").replaceChildren(...items);
    summary.hidden = faults.length === 0;
    if (faults.length) summary.focus();
    return undefined;
  };

  const mark = ({ field, text, language }) => {
    const input = field.querySelector(CONTROLS);
    const error = field.querySelector(".field-error");
    if (error) {
      error.textContent = error.hidden ? text : `${error.textContent} ${text}`;
      error.hidden = false;
      if (language) error.lang = language;
    }
    input?.setAttribute("aria-invalid", "true");
    const link = Object.assign(document.createElement("a"), { href: `#${input?.id ?? ""}`, textContent: text });
    if (language) link.lang = language;
    link.addEventListener("click", (event) => { event.preventDefault(); reach(field); });
    const item = document.createElement("li");
    item.append(link);
    return item;
  };

  // What has been put right meanwhile is no longer told.
  const settle = (form, field) => {
    const summary = form.querySelector("[data-errors]");
    summary?.querySelector(`a[href="#${field.querySelector(CONTROLS)?.id}"]`)?.closest("li").remove();
    if (!summary || summary.querySelector("li")) return;
    summary.hidden = true;
    document.title = title;
  };

  const reach = (field) => {
    for (let at = field; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    field.querySelector(CONTROLS)?.focus();
  };

  return { show, settle };
})();
