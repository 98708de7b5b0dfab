// A worker: finds the number that a challenge asks for (PBKDF2, as the altcha library on the server makes and checks it).
"use strict";
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const solve = async ({ parameters, signature }) => {
  const { cost, keyLength, keyPrefix, nonce, salt } = parameters;
  const password = new Uint8Array(nonce.length / 2 + 4);
  password.set(bytes(nonce));
  const counterAt = new DataView(password.buffer, nonce.length / 2);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter += 1) {
    counterAt.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      return btoa(JSON.stringify({ challenge: { parameters, signature }, solution: { counter, derivedKey, time: 0 } }));
    }
  }
};

onmessage = async ({ data }) => postMessage(await solve(data));
