// The proof of a professional's mailbox, as this browser keeps it: token, address and last day; nothing about any client. Where
// nothing can be kept, it lives as long as the page.
"use strict";
window.proof = (() => {
  const KEY = "lahettaja";
  let own = null;
  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  // The proof, or null; `isOld` after its last day, `isKept` when other pages of this browser see it too.
  const read = () => {
    const kept = stored();
    try {
      const { token, email, until } = JSON.parse(kept ?? own);
      return token && email && until ? { token, email, until, isOld: window.today > until, isKept: kept !== null } : null;
    } catch {
      return null;
    }
  };
  const keep = (proof) => {
    own = JSON.stringify(proof);
    try {
      localStorage.setItem(KEY, own);
    } catch {}
  };
  const forget = () => {
    own = null;
    try {
      localStorage.removeItem(KEY);
    } catch {}
  };
  // Another tab has kept or forgotten a proof; without a key it has emptied everything.
  const listen = (tell) => addEventListener("storage", ({ key }) => {
    if (key !== KEY && key !== null) return;
    own = null;
    tell();
  });

  // What the mail brought, a link's token or the code of a key, is exchanged for the proof. The code of a refusal, or "".
  const exchange = async (path, brought) => {
    const [status, { code, token, email, until }] = await window.sending.post(path, brought);
    if (status === 200) keep({ token, email, until });
    return status === 200 ? "" : code ?? "other";
  };
  const shown = (words, { email, until }) => window.sending.say(words.proven, { email, day: window.sending.day(`${until}T12:00`) });

  return { read, keep, forget, listen, exchange, shown };
})();
