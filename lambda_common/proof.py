"""A proof of work for each request: a challenge that only a computer's time solves, bound to an organisation and a key."""

import base64
import json
from datetime import datetime
from secrets import randbelow
from typing import Any

import altcha

from lambda_common.signing import Secrets, purpose_key
from lambda_common.web import Refusal

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


def check_proof(secrets: Secrets, proof: str, organisation: str, key: str, now: datetime) -> None:
    """Raises Refusal 403. A proof may be shown again for its own key: what a key may do only once is counted elsewhere."""
    if proven_key(secrets, proof, organisation, now) != key:
        raise Refusal(403, "proof")


def proven_key(secrets: Secrets, proof: str, organisation: str, now: datetime) -> str:
    """The key for which work was done for this organisation, and not too long ago. Raises Refusal 403."""
    if not any(_is_solved(secret, proof) for secret in secrets):
        raise Refusal(403, "proof")
    data = json.loads(base64.b64decode(proof))["challenge"]["parameters"].get("data") or {}
    if data.get("organisation") != organisation or data.get("expires", 0) < now.timestamp():
        raise Refusal(403, "proof")
    return str(data.get("key"))


def _is_solved(secret: bytes, proof: str) -> bool:
    """altcha compares the signature before it computes anything, so a forged cost costs nothing."""
    signing, solution = purpose_key(secret, _SIGNING), purpose_key(secret, _SOLUTION)
    try:
        return altcha.verify_solution(proof, signing, hmac_key_secret=solution).verified
    except Exception:  # noqa: BLE001  whatever a crafted proof makes the library raise, it is no proof
        return False
