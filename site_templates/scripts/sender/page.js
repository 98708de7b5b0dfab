// /lahettaja/: what the mailed link opens. Opening sends nothing; a person presses, and this browser keeps the proof.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector("[data-sender-page]");
  if (!page) return;
  const { proof, edit } = window;
  const { words, paths } = JSON.parse(document.querySelector("[data-words]").textContent);
  const one = (name) => page.querySelector(`[data-sender-${name}]`);
  let token = "";

  // A token says the address aloud after its signature of sixteen bytes; the function checks that it is ours.
  const addressIn = (written) => {
    try {
      return JSON.parse(atob(written.replace(/-/g, "+").replace(/_/g, "/")).slice(16))[0];
    } catch {
      return "";
    }
  };
  const arrange = () => {
    const now = proof.read();
    const address = addressIn(token);
    one("confirm").hidden = !address;
    one("proven").hidden = Boolean(address) || !now || now.isOld;
    one("none").hidden = Boolean(address) || !one("proven").hidden;
    one("address").textContent = address;
    if (now) one("text").textContent = proof.shown(words, now);
  };
  const begin = () => {
    token = edit.token.take();
    arrange();
    tell(token && one("confirm").hidden ? words.problems.altered : "", true);
  };
  const tell = (text, isBad) => {
    one("outcome").className = isBad ? "outcome outcome-bad" : "outcome";
    one("outcome").textContent = text;
  };

  one("confirm").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = one("confirm").querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    tell(words.checking);
    const refused = await proof.exchange(paths.prove, { token });
    button.disabled = false;
    if (refused) return tell(words.problems[refused] ?? words.problems.other, true);
    token = "";
    arrange();
    one("text").focus();
    return tell(proof.read().isKept ? words.go_back : words.not_kept, !proof.read().isKept);
  });
  one("forget").addEventListener("click", () => {
    proof.forget();
    arrange();
    tell(words.forgotten);
    one("none").focus();
  });
  proof.listen(arrange);
  addEventListener("hashchange", () => location.hash.startsWith("#t=") && begin());  // not for #main

  begin();
  page.hidden = false;
});
