"""A signed text in one word, for the fragment of a mailed link: signature and payload together, without dots or padding.

The signature is cut, because some mail programs break long links.
"""

import base64
import binascii

from lambda_common.signing import SHORTEST, Secrets, is_signed, sign
from lambda_common.web import Refusal


def write_word(secrets: Secrets, purpose: str, payload: bytes) -> str:
    signature = sign(secrets[0], purpose, payload)[:SHORTEST]
    return base64.urlsafe_b64encode(signature + payload).rstrip(b"=").decode()


def read_word(secrets: Secrets, purpose: str, written: str) -> bytes:
    """The payload. Raises Refusal 403 when a single character differs from what was signed."""
    raw = _decoded(written)
    signature, payload = raw[:SHORTEST], raw[SHORTEST:]
    if not is_signed(secrets, purpose, payload, signature):
        raise Refusal(403, "altered")
    return payload


def _decoded(written: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (binascii.Error, ValueError):
        raise Refusal(403, "altered") from None
    # base64 has several spellings of the same bytes; only the one we wrote is taken.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != written:
        raise Refusal(403, "altered")
    return raw
