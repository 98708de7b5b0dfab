"""Sealing and opening once more, in Python: RFC 9180 written out on bare primitives, so that the shipped JavaScript is held
against something that shares no line with it. The library's own HPKE is a third (test_sealing.py)."""

import base64
import hashlib
import hmac
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from generator.request_keys import decoded, key_id

CURVE = ec.SECP256R1()
ENC = 65
ROUNDS = 600_000
STEP = 512
KEM = b"KEM\x00\x10"
AES_128, AES_256 = (1, 16), (2, 32)  # AEAD ids and lengths of their keys (RFC 9180, section 7.3)


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _extract(suite: bytes, salt: bytes, label: str, secret: bytes) -> bytes:
    return _hmac(salt, b"HPKE-v1" + suite + label.encode() + secret)


def _expand(suite: bytes, secret: bytes, label: str, info: bytes, length: int) -> bytes:
    return _hmac(secret, bytes([0, length]) + b"HPKE-v1" + suite + label.encode() + info + b"\x01")[:length]


def shared_secret(own: ec.EllipticCurvePrivateKey, other: bytes, enc: bytes, recipient: bytes) -> bytes:
    dh = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, other))
    return _expand(KEM, _extract(KEM, b"", "eae_prk", dh), "shared_secret", enc + recipient, 32)


def key_and_nonce(shared: bytes, info: bytes, aead: tuple[int, int] = AES_256) -> tuple[bytes, bytes]:
    suite = b"HPKE\x00\x10\x00\x01" + aead[0].to_bytes(2, "big")
    context = b"\x00" + _extract(suite, b"", "psk_id_hash", b"") + _extract(suite, b"", "info_hash", info)
    secret = _extract(suite, shared, "secret", b"")
    return _expand(suite, secret, "key", context, aead[1]), _expand(suite, secret, "base_nonce", context, 12)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private_key(number: bytes | int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number if isinstance(number, int) else int.from_bytes(number, "big"), CURVE)


def seal(recipient: bytes, info: str, plain: bytes, ephemeral: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    own = ephemeral or ec.generate_private_key(CURVE)
    enc = public_bytes(own)
    key, nonce = key_and_nonce(shared_secret(own, recipient, enc, recipient), info.encode())
    return enc + AESGCM(key).encrypt(nonce, plain, b"")


def unseal(own: ec.EllipticCurvePrivateKey, info: str, sealed: bytes) -> bytes:
    """Raises InvalidTag or ValueError when anything differs."""
    enc = sealed[:ENC]
    key, nonce = key_and_nonce(shared_secret(own, enc, enc, public_bytes(own)), info.encode())
    return AESGCM(key).decrypt(nonce, sealed[ENC:], b"")


def info_of(organisation: str, key: str, reference: str, time: str) -> str:
    return "\n".join(("hyvinvointitarjotin/pyynto/1", organisation, key, reference, time))


def padded(request: dict[str, Any]) -> bytes:
    raw = json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode()
    return raw + b" " * (-len(raw) % STEP)


# The wrapped private key


def tidied(words: str) -> str:
    """Words as they are meant: lower case, without marks, one space between."""
    plain = "".join(one for one in unicodedata.normalize("NFD", words.lower()) if not unicodedata.combining(one))
    return " ".join("".join(one if one in "abcdefghijklmnopqrstuvwxyz" else " " for one in plain).split())


def _wrapping_key(words: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", tidied(words).encode(), salt, ROUNDS, 32)


def wrap(own: ec.EllipticCurvePrivateKey, words: str, salt: bytes, nonce: bytes) -> bytes:
    number = own.private_numbers().private_value.to_bytes(32, "big")
    return salt + nonce + AESGCM(_wrapping_key(words, salt)).encrypt(nonce, number, public_bytes(own))


def unwrap(wrapped: bytes, public: bytes, words: str) -> ec.EllipticCurvePrivateKey:
    salt, nonce = wrapped[:16], wrapped[16:28]
    return private_key(AESGCM(_wrapping_key(words, salt)).decrypt(nonce, wrapped[28:], public))


# Made to be known: keys of tests and of the sample


def as_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class KnownKey:
    """A key that everybody can make again from its name: good for tests and samples, and for nothing else."""

    name: str
    words: str

    @property
    def private(self) -> ec.EllipticCurvePrivateKey:
        return private_key(self._bytes("private", 32))

    @property
    def public(self) -> bytes:
        return public_bytes(self.private)

    @property
    def id(self) -> str:
        return key_id(as_text(self.public))

    def written(self, created_on: str = "2026-11-02") -> dict[str, str]:
        wrapped = wrap(self.private, self.words, self._bytes("salt", 16), self._bytes("nonce", 12))
        return {"created_on": created_on, "public": as_text(self.public), "wrapped": as_text(wrapped)}

    def _bytes(self, what: str, length: int) -> bytes:
        return hashlib.sha256(f"esimerkkiavain {self.name} {what}".encode()).digest()[:length]


def read_code(code: str) -> tuple[dict[str, str], bytes]:
    """What the code of a mail says in the open, and what is sealed."""
    names = ("version", "organisation", "key", "reference", "time", "due", "token", "length", "sealed")
    said = dict(zip(names, code.split("."), strict=True))
    return said, decoded(said["sealed"])
