// What every form needs in order to send: JSON to the function, and the small work that proves a browser.
"use strict";
window.sending = (() => {
  // The status and what was answered; status 0 when no answer came.
  const post = async (path, body) => {
    try {
      const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      return [answer.status, await answer.json().catch(() => ({}))];
    } catch {
      return [0, {}];
    }
  };

  // A proof for one association and one key. Rejects when the challenge or the worker fails.
  const prove = async (paths, slug, key) => {
    const answer = await fetch(`${paths.challenge}?${new URLSearchParams({ jarjesto: slug, avain: key })}`);
    if (!answer.ok) throw new Error("challenge");
    const { challenge } = await answer.json();
    return new Promise((resolve, reject) => {
      const worker = new Worker(paths.worker);
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = () => { worker.terminate(); reject(new Error("worker")); };
      worker.postMessage(challenge);
    });
  };

  const { lang } = document.documentElement;
  const day = (moment) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : `${lang}-FI`).format(new Date(moment));
  const say = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const line = (text) => Object.assign(document.createElement("p"), { textContent: text });

  return { post, prove, say, day, isEmail, button, line };
})();
