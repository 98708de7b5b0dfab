"""The keys to which contact requests are sealed, as they are written: public keys, wrapped private keys, and their names.

The construction is in docs/paatokset/0002-salaus.md. Nothing is sealed or opened here: that happens in browsers only.
"""

import base64
import binascii
import hashlib

PUBLIC_BYTES = 65  # an uncompressed point: 04, x, y
WRAPPED_BYTES = 76  # salt 16, nonce 12, private key 32, tag 16
MOST_KEYS = 2  # the one that is sealed to, and the one before it, which still opens

# The curve P-256 (SP 800-186): y² = x³ - 3x + b in the field of this prime.
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

# The sample's keys, whose passphrases everybody can read (tests/tools/make_demo_keys.py makes them).
DEMO_KEYS = frozenset({"400c1827435da0f3", "7aef7519019939bd", "cd7a2a9837c38480"})


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding; none when it is spelt in another way than we spell it."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text else b""


def is_public_key(text: str) -> bool:
    """Whether it is a point of the curve. Browsers refuse others too, but only when somebody is about to send."""
    raw = decoded(text)
    if len(raw) != PUBLIC_BYTES or raw[0] != 4:
        return False
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    return max(x, y) < _PRIME and (y * y - (x**3 - 3 * x + _B)) % _PRIME == 0


def is_wrapped_key(text: str) -> bool:
    return len(decoded(text)) == WRAPPED_BYTES


def key_id(public: str) -> str:
    """The name of a key: the beginning of the hash of its public part."""
    return hashlib.sha256(decoded(public)).hexdigest()[:16]
