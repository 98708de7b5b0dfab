"""What keeps the function from being used to flood: a proof of work for each request, and caps by the hour and the day.

Never by network address alone: a whole hospital stands behind one.
"""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

import altcha

from lambda_common.services import Services, Store, StoreDown
from lambda_common.signing import Secrets, purpose_key, sign
from lambda_common.web import Refusal
from lambda_common.working_days import finnish_day
from lambda_referral.fields import PROFESSIONAL
from lambda_referral.request import Referral

MINUTES_VALID = 30
ALGORITHM = "PBKDF2/SHA-256"
COST = 5000
FEWEST_TRIES, MORE_TRIES = 100, 200  # about half a second in a browser
_SIGNING, _SOLUTION = "proof", "proof-solution"


def make_challenge(secrets: Secrets, organisation: str, key: str, now: datetime) -> dict[str, Any]:
    """A challenge for this organisation and key only. Its end stands in the signed data and not in altcha's own field, which is
    compared with the machine's clock instead of the one that the function is given."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST_TRIES + randbelow(MORE_TRIES),
        data={"organisation": organisation, "key": key, "expires": int(now.timestamp()) + MINUTES_VALID * 60},
        hmac_secret=purpose_key(secrets[0], _SIGNING),
        hmac_key_secret=purpose_key(secrets[0], _SOLUTION),
    )
    return challenge.to_dict()


def check_proof(secrets: Secrets, referral: Referral, now: datetime) -> None:
    """Raises Refusal 403. A proof may be shown again for its own key, since a key sends one mail at most."""
    if not any(_is_solved(secret, referral.proof) for secret in secrets):
        raise Refusal(403, "proof")
    data = json.loads(base64.b64decode(referral.proof))["challenge"]["parameters"].get("data") or {}
    is_own = (data.get("organisation"), data.get("key")) == (referral.organisation, referral.key)
    if not is_own or data.get("expires", 0) < now.timestamp():
        raise Refusal(403, "proof")


def _is_solved(secret: bytes, proof: str) -> bool:
    """altcha compares the signature before it computes anything, so a forged cost costs nothing."""
    signing, solution = purpose_key(secret, _SIGNING), purpose_key(secret, _SOLUTION)
    try:
        return altcha.verify_solution(proof, signing, hmac_key_secret=solution).verified
    except Exception:  # noqa: BLE001  whatever a crafted proof makes the library raise, it is no proof
        return False


@dataclass(frozen=True)
class Cap:
    """A counter's key in the store, its limit, and when the store may forget it."""

    key: str
    limit: int
    expires: int


def caps_of(referral: Referral, limits: Mapping[str, int], secrets: Secrets, now: datetime) -> list[Cap]:
    """By organisation and hour, by sender and day, and all together by day.

    Who asks for themselves is counted by the number to be called: so nobody's telephone is made to ring by many requests. The
    day is hashed in, so that what is stored on one day says nothing about another."""
    day = finnish_day(now).isoformat()
    hour = int(now.timestamp()) // 3600
    who = referral.sender_email if referral.sender == PROFESSIONAL else referral.phone or referral.email
    hashed = sign(secrets[0], "sender", f"{day} {who.lower()}".encode()).hex()[:32]
    expires = int((now + timedelta(days=2)).timestamp())
    return [
        Cap(f"o#{referral.organisation}#{hour}", limits["per_organisation_hour"], expires),
        Cap(f"s#{hashed}", limits["per_sender_day"], expires),
        Cap(f"d#{day}", limits["all_day"], expires),
    ]


def count(services: Services, caps: list[Cap]) -> None:
    """Raises Refusal 429 at a limit, and StoreDown; what was counted before that is taken back."""
    counted: list[Cap] = []
    try:
        for cap in caps:
            if not services.store.count(cap.key, cap.limit, cap.expires):
                raise Refusal(429, "too_many")
            counted.append(cap)
    except (Refusal, StoreDown):
        uncount(services.store, counted)
        raise


def uncount(store: Store, caps: list[Cap]) -> None:
    """For a mail that did not leave, so that a failing mail service does not use up the day's requests."""
    with suppress(StoreDown):
        for cap in caps:
            store.uncount(cap.key)
