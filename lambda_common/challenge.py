"""GET /api/haaste: the challenge that stands before every form, of contact requests and of edits alike.

Any well-formed id gets one, also "uusi" of an association that joins: a proof is good for nothing but its own id and key.
"""

import re
from datetime import datetime

from lambda_common.proof import make_challenge
from lambda_common.signing import Secrets
from lambda_common.web import Answer, Refusal, Request, check_origin

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ID = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")


def give_challenge(asked: Request, secrets: Secrets, site: str, now: datetime) -> Answer:
    """Raises Refusal 403 or 422."""
    check_origin(asked, site)
    organisation, key = asked.query.get("jarjesto", ""), asked.query.get("avain", "")
    if not UUID.fullmatch(key):
        raise Refusal(422, "invalid", {"key": "form"})
    if not ID.fullmatch(organisation):
        raise Refusal(422, "unknown")
    return Answer(200, {"challenge": make_challenge(secrets, organisation, key, now)})
