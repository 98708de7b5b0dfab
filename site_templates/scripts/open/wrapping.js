// The private key under the association's passphrase: PBKDF2-SHA-256 and AES-256-GCM, bound to the public key. Written as
// salt, nonce and ciphertext of the key's 32 bytes.
"use strict";
window.sealing.wrapping = (() => {
  const { sealing } = window;
  const { subtle } = crypto;
  const ROUNDS = 600000;
  const SALT = 16;
  const NONCE = 12;

  // Words as they are meant: whatever stands between them, capitals, and ä or a make no difference.
  const tidied = (text) => (text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").match(/[a-z]+/g) ?? []).join(" ");

  const cipher = async (words, salt, nonce, publicRaw) => {
    const typed = await subtle.importKey("raw", sealing.utf8(tidied(words)), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    const key = await subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return [{ name: "AES-GCM", iv: nonce, additionalData: publicRaw }, key];
  };

  const wrap = async (pair, publicRaw, words) => {
    const { d } = await subtle.exportKey("jwk", pair.privateKey);
    const [salt, nonce] = [SALT, NONCE].map((length) => crypto.getRandomValues(new Uint8Array(length)));
    const wrapped = await subtle.encrypt(...await cipher(words, salt, nonce, publicRaw), sealing.toBytes(d));
    return sealing.joined(salt, nonce, new Uint8Array(wrapped));
  };

  // The private key. Rejects when a single word is wrong.
  const unwrap = async (wrapped, publicRaw, words) => {
    const [salt, nonce] = [wrapped.slice(0, SALT), wrapped.slice(SALT, SALT + NONCE)];
    const raw = await subtle.decrypt(...await cipher(words, salt, nonce, publicRaw), wrapped.slice(SALT + NONCE));
    const [x, y, d] = [publicRaw.slice(1, 33), publicRaw.slice(33), new Uint8Array(raw)].map(sealing.toText);
    return subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, sealing.CURVE, false, ["deriveBits"]);
  };

  return { wrap, unwrap, tidied };
})();
