"""Who sends a professional's request: the address that the browser's token proves, never one that was only typed.

A token holds the address of a work mailbox and its last day, nothing about any client. How a browser gets one: proving.py.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from lambda_common.signed_word import read_word, write_word
from lambda_common.web import Refusal
from lambda_common.working_days import finnish_day
from lambda_referral.fields import DAYS_PROVEN, PROFESSIONAL
from lambda_referral.settings import Settings

_PURPOSE = "sender"


def make_proof(settings: Settings, email: str, now: datetime) -> dict[str, str]:
    """What the browser keeps: the token, and for the one who reads it, the address and the last day."""
    until = (finnish_day(now) + timedelta(DAYS_PROVEN)).isoformat()
    said = json.dumps([email, until], separators=(",", ":")).encode()
    return {"token": write_word(settings.secrets, _PURPOSE, said), "email": email, "until": until}


def proven_address(settings: Settings, token: str, now: datetime) -> str:
    """Raises Refusal 403 at a token that is not ours or is too old, and when the region has given up the address's domain."""
    email, until = json.loads(read_word(settings.secrets, _PURPOSE, token))
    if date.fromisoformat(until) < finnish_day(now) or not settings.recipients.is_work_address(email):
        raise Refusal(403, "sender")
    return str(email)


def identify(raw: Mapping[str, Any], now: datetime, settings: Settings) -> Mapping[str, Any]:
    """A request as posted, with the address that its token proves, whatever address was typed. Raises Refusal 403 "sender" when
    the proof does not hold, or is missing where the region asks for it."""
    token = raw.get("sender_token")
    if raw.get("sender") != PROFESSIONAL or not (token or settings.recipients.verifies_senders):
        return raw
    if not isinstance(token, str):
        raise Refusal(403, "sender")
    try:
        return {**raw, "sender_email": proven_address(settings, token, now)}
    except Refusal:
        raise Refusal(403, "sender") from None
