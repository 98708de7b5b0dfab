// A contact request sealed in the sender's browser: only what routing and alerts need stays readable. Brought by form.js when
// an association that has a key is asked.
"use strict";
window.sealing.request = (() => {
  const { sealing } = window;
  const STEP = 512; // every request is padded to whole steps, so that its length tells little
  const OUTSIDE = ["key", "organisation", "activity", "facts", "website", "sender", "sender_email", "sender_token", "tell_late", "knows", "consent", "consent_version"];
  const made = new WeakMap(); // association → { said, body }: the same request made again is the same in every bit

  // As the function makes it from the same key: lambda_common/reference.py.
  const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  const referenceOf = async (key) => {
    const hashed = await sealing.sha256(sealing.utf8(`viite:${key}`));
    let number = new DataView(hashed.buffer).getBigUint64(0);
    const places = [];
    for (let at = 0; at < 5; at += 1) {
      places.push(Number(number % 31n));
      number /= 31n;
    }
    places.push(places.reduce((sum, place, at) => sum + (at + 2) * place, 0) % 31);
    const letters = places.map((place) => LETTERS[place]).join("");
    return `HT-${letters.slice(0, 4)}-${letters.slice(4)}`;
  };

  // What the function would refuse in a request that it could read: { field: code }.
  const DIGITS = /\d(?:[ ()./:+-]*\d){6,}/;
  const EMAIL = /@|[([](?:at|ät)[)\]]/i;
  const LINK = /:\/\/|\bwww\.|\b[\w-]+\.(?:com|eu|fi|info|io|net|org|se)\b/i;
  const IDENTITY = /(?:^|\D)\d\d[ ./]?\d\d[ ./]?(?:\d\d)?\d\d ?[-+A-FU-Y–]? ?\d{3} ?[A-FHJ-NPR-Y](?!\w)|(?:^|\D)\d{6} ?[+A-FU-Y] ?\d{4}(?!\d)/i;
  const HOURS = /^\d{1,2}(?:[ ()./:+-]+\d{1,2})+$/;
  const faultsIn = (plain) => {
    const found = {};
    for (const name of ["client_name", "safe_time", "note", "sender_name", "sender_unit"]) {
      const text = (plain[name] ?? "").normalize("NFKC");
      const digits = text.replace(/\d{1,2}\.\d{1,2}\.20\d\d/g, "x").match(DIGITS);
      if (EMAIL.test(text)) found[name] = "text_email";
      else if (LINK.test(text)) found[name] = "text_link";
      else if (digits && !HOURS.test(digits[0])) found[name] = "text_phone";
      if (IDENTITY.test(text)) found[name] = "identity_code";
    }
    const number = (plain.phone ?? "").replace(/[^+\d]/g, "");
    if (/^(?:\+|00)?(?:358)?0?(?:600|700)/.test(number)) found.phone = "phone_kind";
    else if (plain.phone && !/^(?:\+|00)?\d{6,15}$/.test(number)) found.phone = "phone_form";
    return found;
  };

  const padded = (text) => {
    const raw = sealing.utf8(text);
    return sealing.joined(raw, new Uint8Array(-raw.length & (STEP - 1)).fill(32)); // spaces, which JSON does not mind
  };

  // The body to post, or { faults }. `shown` are the words of the page for ids: activity, municipality, language.
  return async (association, body, shown) => {
    const inside = Object.fromEntries(Object.entries(body).filter(([name]) => !OUTSIDE.includes(name)));
    const faults = faultsIn(inside);
    if (Object.keys(faults).length) return { faults };
    const outside = Object.fromEntries(Object.entries(body).filter(([name]) => OUTSIDE.includes(name)));
    const plain = JSON.stringify({ ...inside, ...shown, sender: body.sender, consent_version: body.consent_version });
    const said = `${association.dataset.sealKey} ${plain} ${body.facts}`;
    if (made.get(association)?.said !== said) {
      const recipient = sealing.toBytes(association.dataset.sealKey);
      const key = await sealing.keyId(recipient);
      const time = new Date().toISOString().replace(/[-:]/g, "").replace(/\d\d\.\d+Z$/, "Z");
      const info = sealing.infoOf(body.organisation, key, await referenceOf(body.key), time);
      const sealed = await sealing.seal(recipient, info, padded(plain));
      made.set(association, { said, added: { sealed: sealing.toText(sealed), key_id: key, sealed_at: time } });
    }
    return { ...outside, ...made.get(association).added };
  };
})();
