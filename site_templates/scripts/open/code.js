// The code of a sealed request, as a link carries it or a person pastes it: alone, in a whole mail, quoted, broken into lines.
"use strict";
window.sealing.code = (() => {
  const HEAD = /HT1\.([a-z0-9-]{1,60})\.([0-9a-f]{16})\.(HT-[A-Z2-9]{4}-[A-Z2-9]{2})\.(\d{8}T\d{4}Z)\.(\d{4}-\d\d-\d\d)\.([\w-]+)\.(\d{1,4})\.([\w-]*)/g;

  // The first whole code: a mail has it twice. { problem } when there is none in the text, or its end is missing.
  const read = (text) => {
    const together = text.replace(/=\r?\n/g, "").replace(/[\s>\u00ad\u200b-\u200d\u2060\ufeff]+/g, "");
    for (const [, organisation, key, reference, time, due, token, length, rest] of together.matchAll(HEAD)) {
      const sealed = rest.slice(0, Number(length)); // what follows it in a mail may have been joined to it
      if (sealed.length === Number(length)) return { organisation, key, reference, time, due, token, sealed };
    }
    return { problem: together.includes("HT1.") ? "truncated" : "none" };
  };

  return { read };
})();
