"""Signed words for links and browsers: what is said and its signature in one word without dots. Anybody can read what a token
says; only we can write one, and one of another purpose never passes.
"""

import base64
import binascii

from lambda_common.signing import SHORTEST, Secrets, is_signed, sign
from lambda_common.web import Refusal

LONGEST = 600


def write(secrets: Secrets, purpose: str, said: bytes) -> str:
    """The signature is cut, because some mail clients break long links."""
    return base64.urlsafe_b64encode(sign(secrets[0], purpose, said)[:SHORTEST] + said).rstrip(b"=").decode()


def read(secrets: Secrets, purpose: str, written: str) -> bytes:
    """What was said. Raises Refusal 403 when a single character differs from what was signed."""
    raw = _decoded(written)
    signature, said = raw[:SHORTEST], raw[SHORTEST:]
    if not is_signed(secrets, purpose, said, signature):
        raise Refusal(403, "altered")
    return said


def _decoded(written: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (binascii.Error, ValueError):
        raise Refusal(403, "altered") from None
    # base64 has several spellings of the same bytes; only the one we wrote is taken.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != written:
        raise Refusal(403, "altered")
    return raw
