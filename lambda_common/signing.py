"""Keyed hashes. The secrets are a list, newest first: the newest signs, all verify, so a key can be changed without a break."""

import hashlib
import hmac
from collections.abc import Sequence

Secrets = Sequence[bytes]

SHORTEST = 16
SHORTEST_SECRET = 32


def read_secrets(written: str) -> Secrets:
    """The secrets of a setting, with commas between them, newest first. Raises ValueError at a weak one, or none."""
    secrets = [secret.strip().encode() for secret in written.split(",") if secret.strip()]
    if not secrets or any(len(secret) < SHORTEST_SECRET for secret in secrets):
        raise ValueError("SECRETS")
    return secrets


def purpose_key(secret: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that what is signed for one is never valid for another."""
    return hmac.digest(secret, purpose.encode(), hashlib.sha256)


def sign(secret: bytes, purpose: str, message: bytes) -> bytes:
    return hmac.digest(purpose_key(secret, purpose), message, hashlib.sha256)


def is_signed(secrets: Secrets, purpose: str, message: bytes, signature: bytes) -> bool:
    """The signature may have been cut short, but not below SHORTEST."""
    return len(signature) >= SHORTEST and any(
        hmac.compare_digest(sign(secret, purpose, message)[: len(signature)], signature) for secret in secrets
    )
