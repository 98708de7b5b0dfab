"""Signed links in mails: a right to do one thing for one association, in the fragment of an address, where no log sees it.

A token holds the association, its link generation, a keyed hash of the address it was mailed to, and how many days it lives.
The newest secret signs and all verify. What verifies can be written in several ways (base64 ends in spare bits), so a token is
never a key of anything: `Link.once` is.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Literal

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from lambda_common.signing import SHORTEST, Secrets, is_signed, purpose_key, sign
from lambda_common.web import Refusal

Purpose = Literal["edit", "confirm", "approve", "address-old", "address-new", "test-request", "request-key"]

# Where each link leads, and how many days it lives when nothing else is said.
PAGES: Mapping[Purpose, str] = {
    "edit": "/muokkaa/{slug}/",
    "confirm": "/vahvista/{slug}/",
    "approve": "/hyvaksynta/",
    "address-old": "/osoite/",
    "address-new": "/osoite/",
    "test-request": "/osoite/",
    "request-key": "/osoite/",
}
DAYS: Mapping[Purpose, int] = {
    "edit": 7,
    "confirm": 60,
    "approve": 14,
    "address-old": 14,
    "address-new": 14,
    "test-request": 30,
    "request-key": 14,
}
MOST_DAYS = 60
LONGEST_TOKEN = 1000
_DAY = 86400


@dataclass(frozen=True)
class Link:
    """What a token says. `address` is the keyed hash of the address that it was mailed to, `said` what else was put in."""

    purpose: Purpose
    slug: str
    generation: int
    address: str
    once: str
    said: Mapping[str, str]


def make_link(
    secrets: Secrets, purpose: Purpose, slug: str, generation: int, address: str, now: datetime, days: int = 0, **said: str
) -> str:
    """A token. `days`: how long it lives, at most 60; by default what DAYS says."""
    facts = {
        "o": slug,
        "g": generation,
        "m": address_hash(secrets, address),
        "n": token_urlsafe(9),
        "d": min(days or DAYS[purpose], MOST_DAYS),
        **({"x": said} if said else {}),
    }
    made = _serializer(secrets, purpose, now).dumps(facts)
    return made.decode() if isinstance(made, bytes) else made


def link_url(site: str, purpose: Purpose, slug: str, token: str) -> str:
    """The whole address; `site` is that of the front page, without a slash at its end."""
    return f"{site}{PAGES[purpose].format(slug=slug)}#t={token}"


def read_link(secrets: Secrets, purpose: Purpose, written: str, now: datetime) -> Link:
    """What a token of ours says, for this purpose and still alive. Raises Refusal 403, without saying what was wrong."""
    token = tidied(written)
    try:
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise Refusal(403, "link")
        facts, signed_at = _serializer(secrets, purpose, now).loads(token, return_timestamp=True)
        age = now.timestamp() - signed_at.timestamp()
        if not -_DAY < age <= facts["d"] * _DAY:
            raise Refusal(403, "link")
        return Link(purpose, facts["o"], facts["g"], facts["m"], facts["n"], facts.get("x", {}))
    except (BadData, KeyError, TypeError, ValueError):
        raise Refusal(403, "link") from None


def tidied(written: str) -> str:
    """A token as it was pasted: with the address before it, broken over lines, with the full stop that followed it."""
    return re.sub(r"\s", "", written).rpartition("#t=")[2].rstrip(".,;>)")


def address_hash(secrets: Secrets, address: str) -> str:
    return base64.urlsafe_b64encode(sign(secrets[0], "address", address.lower().encode())[:SHORTEST]).decode().rstrip("=")


def is_for(secrets: Secrets, link: Link, addresses: Iterable[str]) -> str:
    """Which of the addresses the link was mailed to; "" for none of them."""
    try:
        hashed = base64.urlsafe_b64decode(link.address + "=" * (-len(link.address) % 4))
    except ValueError:
        return ""
    return next((one for one in addresses if is_signed(secrets, "address", one.lower().encode(), hashed)), "")


class _Signer(TimestampSigner):
    """Dated by the clock that the function is given, not by the machine's."""

    def __init__(self, *what: Any, moment: datetime, **more: Any) -> None:
        super().__init__(*what, **more)
        self._moment = moment

    def get_timestamp(self) -> int:
        return int(self._moment.timestamp())


def _serializer(secrets: Secrets, purpose: Purpose, now: datetime) -> URLSafeTimedSerializer:
    """Another key and another salt for each purpose. The library signs with the last key."""
    how = {"digest_method": sha256, "key_derivation": "hmac", "moment": now}
    keys = [purpose_key(secret, "link") for secret in reversed(secrets)]
    return URLSafeTimedSerializer(keys, salt=f"link-{purpose}", signer=_Signer, signer_kwargs=how)
