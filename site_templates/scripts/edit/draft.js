// What has been typed, kept in this browser until it has been sent: it is the association's own public data, and nothing else.
"use strict";
window.edit ??= {};
window.edit.draft = (() => {
  const { say, post } = window.sending;
  // Storage may be full or forbidden: then there is no draft.
  const store = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no draft */ } };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* no draft */ } };
  const stored = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

  const of = (desk) => {
    const { one, words } = desk;
    const key = `muokkaus:${desk.slug}`;
    let timer = 0;
    const save = () => {
      if (!desk.form.isOpen()) return;
      const { base, original } = desk;
      const written = desk.form.read();
      if (JSON.stringify(written) === JSON.stringify(original)) drop(key);
      else store(key, { saved: new Date().toISOString(), base, original, written });
    };
    const keep = () => { clearTimeout(timer); timer = setTimeout(save, 300); };
    addEventListener("pagehide", save);

    // Whether there is a draft to choose about.
    const offer = () => {
      const kept = stored(key);
      if (!kept?.written) return false;
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }).format(new Date(kept.saved));
      one("[data-draft-when]").textContent = say(words.draft.saved, { time });
      one("[data-draft=keep]").addEventListener("click", () => take(kept));
      one("[data-draft=drop]").addEventListener("click", () => {
        drop(key);
        desk.begin();
        one(desk.isJoining ? "[data-view=start] h2" : "[data-form] h2").focus();
      });
      desk.show("draft");
      return true;
    };
    const take = ({ base, original, written }) => {
      Object.assign(desk, { base, original });
      desk.form.open(written);
      one("[data-form] h2").focus();
    };

    return { keep, save, offer, drop: () => { clearTimeout(timer); drop(key); } };
  };

  // The reference of what was sent, so that the next visit can tell what became of it.
  const sentKey = (desk) => `muokkausviite:${desk.slug}`;
  const remember = (desk, { slug, reference }) => store(sentKey(desk), { slug: slug || desk.slug, reference });
  const tellEarlier = async (desk) => {
    const sent = stored(sentKey(desk));
    if (!sent?.reference) return;
    const [, { code }] = await post(desk.paths.state, sent);
    const told = desk.words.earlier[code];
    if (!told) return;
    const place = desk.one("[data-earlier]");
    place.textContent = say(told, sent);
    place.hidden = false;
    if (code !== "waiting") drop(sentKey(desk));
  };

  return { of, remember, tellEarlier };
})();
