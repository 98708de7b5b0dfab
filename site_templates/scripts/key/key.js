// /avain/: the association's key is made here and nowhere else. The passphrase never leaves the page; the private key leaves it
// only wrapped by that passphrase.
"use strict";
(() => {
  const page = document.querySelector("[data-key-page]");
  const { sealing, edit } = window;
  const { words, paths } = JSON.parse(document.querySelector("script[data-words]").textContent);
  const one = (name) => page.querySelector(`[data-${name}]`);
  const WORDS = 8;
  let token = edit.token.take();
  let made = null;

  // Numbers from 0 to `count` - 1, each as likely as another: what would make some of them likelier is thrown away.
  const draw = (count) => {
    const limit = 65536 - 65536 % count;
    const [number] = crypto.getRandomValues(new Uint16Array(1));
    return number < limit ? number % count : draw(count);
  };
  const drawWords = async () => {
    const list = (await (await fetch(paths.words)).text()).trim().split("\n");
    return Array.from({ length: WORDS }, () => list[draw(list.length)]);
  };

  const step = (name) => {
    for (const part of page.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== name;
    const heading = page.querySelector(`[data-step="${name}"] h2`);
    heading?.focus();
  };
  const busy = (text) => { one("status").textContent = text; };
  const tell = (text) => {
    one("problem").textContent = text;
    one("problem").hidden = !text;
  };

  const make = async () => {
    busy(words.making);
    tell("");
    try {
      const drawn = await drawWords();
      const pair = await sealing.newPair();
      const raw = await sealing.publicOf(pair);
      made = { drawn, raw, wrapped: await sealing.wrapping.wrap(pair, raw, drawn.join(" ")), id: crypto.randomUUID() };
      one("drawn").replaceChildren(...drawn.map((word) => Object.assign(document.createElement("li"), { textContent: word })));
      one("made-on").textContent = new Intl.DateTimeFormat("fi-FI").format(new Date());
      step("words");
    } catch {
      tell(words.not_made);
    }
    busy("");
  };

  // Typed once more, because a passphrase that was not written down is found out only when the first client waits.
  const confirm = async (event) => {
    event.preventDefault();
    const input = event.target.querySelector("input");
    busy(words.checking);
    const isRight = await sealing.wrapping.unwrap(made.wrapped, made.raw, input.value).then(() => true, () => false);
    busy("");
    tell(isRight ? "" : words.wrong);
    if (!isRight) return input.focus();
    input.value = "";
    return send();
  };

  const send = async () => {
    busy(words.sending);
    const body = { token, key: made.id, public: sealing.toText(made.raw), wrapped: sealing.toText(made.wrapped) };
    const [status, { code }] = await window.sending.post(paths.key, body);
    busy("");
    if (status !== 202) return tell(words.outcome[code] ?? words.outcome.not_saved);
    made = null;
    one("drawn").replaceChildren();
    step("sent");
    return undefined;
  };

  const begin = () => {
    document.querySelector("[data-code-form]").hidden = Boolean(token);
    step(token ? "begin" : "none");
  };
  one("make").addEventListener("click", make);
  one("print").addEventListener("click", () => print());
  one("next").addEventListener("click", () => step("typing"));
  one("back").addEventListener("click", () => step("words"));
  one("typing").addEventListener("submit", confirm);
  edit.token.listen(document.querySelector("[data-code-form]"), words, (code) => {
    token = code;
    begin();
  });
  addEventListener("beforeunload", (event) => { if (made) event.preventDefault(); });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  page.hidden = false;
  begin();
})();
