// Sealing and opening: RFC 9180 (HPKE) in base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, one message
// for each encapsulated key and an empty aad: what has to be authenticated is in `info`. Test vectors: docs/paatokset/0002.
"use strict";
window.sealing = (() => {
  const { subtle } = crypto;
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  const ENC = 65;
  const utf8 = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const toText = (raw) => btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

  // The key schedule (sections 4, 4.1 and 5.1): every output is at most one hash long, so one HMAC makes it.
  const KEM = joined(utf8("KEM"), [0, 16]);
  const HPKE = joined(utf8("HPKE"), [0, 16, 0, 1, 0, 2]);
  const hmac = async (secret, data) => {
    const key = await subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", key, data));
  };
  const extract = (suite, salt, label, secret) => hmac(salt, joined(utf8("HPKE-v1"), suite, utf8(label), secret));
  const expand = async (suite, secret, label, info, length) =>
    (await hmac(secret, joined([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]))).slice(0, length);
  const NONE = new Uint8Array(32); // an empty salt is padded with zeros anyhow, and browsers refuse an empty key

  const sharedSecret = async (own, other, enc, recipient) => {
    const dh = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: other }, own, 256));
    return expand(KEM, await extract(KEM, NONE, "eae_prk", dh), "shared_secret", joined(enc, recipient), 32);
  };
  const cipher = async (shared, info, use) => {
    const hashes = [await extract(HPKE, NONE, "psk_id_hash", []), await extract(HPKE, NONE, "info_hash", utf8(info))];
    const context = joined([0], ...hashes);
    const secret = await extract(HPKE, shared, "secret", []);
    const key = await subtle.importKey("raw", await expand(HPKE, secret, "key", context, 32), "AES-GCM", false, [use]);
    return [{ name: "AES-GCM", iv: await expand(HPKE, secret, "base_nonce", context, 12) }, key];
  };

  const importPublic = (raw) => subtle.importKey("raw", raw, CURVE, true, []);
  const newPair = () => subtle.generateKey(CURVE, true, ["deriveBits"]);
  const publicOf = async (pair) => new Uint8Array(await subtle.exportKey("raw", pair.publicKey));

  // `recipient` is a public key's 65 bytes; the encapsulated key and the ciphertext come back as one. `pair` only for vectors.
  const seal = async (recipient, info, plain, pair) => {
    const own = pair ?? await newPair();
    const enc = await publicOf(own);
    const shared = await sharedSecret(own.privateKey, await importPublic(recipient), enc, recipient);
    return joined(enc, new Uint8Array(await subtle.encrypt(...await cipher(shared, info, "encrypt"), plain)));
  };

  // Rejects when anything at all differs from what was sealed.
  const open = async (privateKey, recipient, info, sealed) => {
    const enc = sealed.slice(0, ENC);
    const shared = await sharedSecret(privateKey, await importPublic(enc), enc, recipient);
    return new Uint8Array(await subtle.decrypt(...await cipher(shared, info, "decrypt"), sealed.slice(ENC)));
  };

  const sha256 = async (raw) => new Uint8Array(await subtle.digest("SHA-256", raw));
  const keyId = async (raw) => [...(await sha256(raw)).slice(0, 8)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const infoOf = (organisation, key, reference, time) => ["hyvinvointitarjotin/pyynto/1", organisation, key, reference, time].join("\n");

  return { CURVE, seal, open, newPair, publicOf, utf8, joined, toText, toBytes, sha256, keyId, infoOf };
})();
