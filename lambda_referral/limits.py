"""How many contact requests are taken before something is surely wrong. Never counted by network address alone: a whole hospital
stands behind one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lambda_common.caps import Cap
from lambda_common.signing import Secrets, sign
from lambda_common.working_days import finnish_day
from lambda_referral.fields import PROFESSIONAL
from lambda_referral.request import Referral


def caps_of(referral: Referral, limits: Mapping[str, int], secrets: Secrets, now: datetime) -> list[Cap]:
    """By organisation and hour, by sender and day, and all together by day.

    Who asks for themselves is counted by the number to be called: so nobody's telephone is made to ring by many requests; not
    in a sealed request, where the function does not see it. The day is hashed in, so that what is stored on one day says nothing
    about another."""
    day = finnish_day(now).isoformat()
    hour = int(now.timestamp()) // 3600
    who = referral.sender_email if referral.sender == PROFESSIONAL else referral.phone or referral.email
    hashed = sign(secrets[0], "sender", f"{day} {who.lower()}".encode()).hex()[:32]
    expires = int((now + timedelta(days=2)).timestamp())
    return [
        Cap(f"o#{referral.organisation}#{hour}", limits["per_organisation_hour"], expires),
        *([Cap(f"s#{hashed}", limits["per_sender_day"], expires)] if who else []),
        Cap(f"d#{day}", limits["all_day"], expires),
    ]
