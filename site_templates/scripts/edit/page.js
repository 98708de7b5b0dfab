// An edit page opens: the form is taken from the page of joining, and one view is shown at a time. What every part of the page
// needs is on the desk: where the change began (`base`, `original`), the link's code, words and places.
"use strict";
window.edit ??= {};
window.edit.page = (() => {
  const { edit } = window;

  const formOf = async (page) => {
    if (!page.dataset.formPage) return page.querySelector("[data-edit]");
    const answer = await fetch(page.dataset.formPage);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-edit]");
    return document.importNode(found, true);
  };

  const deskOf = (page, root, about) => {
    const { words, paths } = JSON.parse(root.querySelector("[data-words]").textContent);
    const desk = { page, root, words, paths, ...about, original: about.written, isJoining: about.slug === "", token: edit.token.take() };
    desk.slug ||= "uusi";
    desk.telling = edit.telling(root, words);
    desk.one = (selector, inside = root) => inside.querySelector(selector);
    desk.all = (selector, inside = root) => [...inside.querySelectorAll(selector)];
    desk.show = (name) => {
      for (const view of desk.all("[data-view]")) view.hidden = view.dataset.view !== name;
      for (const intro of document.querySelectorAll("[data-intro]")) intro.hidden = ["review", "conflict", "done"].includes(name);
    };
    desk.goTo = (name) => {
      desk.show(name);
      desk.one(`[data-view=${name}] h2[tabindex]`).focus();
    };
    desk.tellRights = () => {
      const states = desk.isJoining ? ["join"] : ["edit", desk.token ? "linked" : "unlinked"];
      for (const part of desk.all("[data-when]")) part.hidden = !states.some((state) => part.dataset.when.split(" ").includes(state));
    };
    return desk;
  };

  const open = async (page) => {
    const about = JSON.parse(document.querySelector("#association").textContent);
    const root = await formOf(page);
    page.append(root);
    const desk = deskOf(page, root, about);
    desk.form = edit.form(desk);
    desk.draft = edit.draft.of(desk);
    desk.summary = edit.summary(desk);
    edit.submission(desk);
    edit.link(desk);
    edit.start(desk);
    desk.tellRights();
    edit.draft.tellEarlier(desk);
    if (!desk.draft.offer()) desk.begin();
    page.hidden = false;
  };

  addEventListener("DOMContentLoaded", () => {
    const page = document.querySelector("[data-edit-page]");
    if (page) open(page).catch(() => { document.querySelector("[data-form-failed]").hidden = false; });
  });

  return { formOf };
})();
