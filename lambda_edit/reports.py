"""POST /api/virhe: anyone's note about an association's data goes to the coordinator by mail, and nowhere else."""

from collections.abc import Mapping
from typing import Any

from lambda_common.proof import proven_key
from lambda_common.web import Answer, Refusal
from lambda_edit import limits, messages, notices
from lambda_edit.desk import Desk
from lambda_edit.fields import ErrorReport, read

SENT = Answer(202, {"code": "sent"})


def report(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Invalid, Refusal 403, 422, 429, and 503 when the mail did not leave: then it can be sent again."""
    if isinstance(raw.get("website"), str) and raw["website"]:
        return SENT
    told = read(ErrorReport, raw)
    region = desk.settings.region
    if told.slug not in region.organisations:
        raise Refusal(422, "unknown")
    key = proven_key(desk.settings.secrets, told.proof, told.slug, desk.now)
    mail = messages.report_mail(desk, told.slug, region.name(told.slug), told.note, told.email or "")
    with limits.counted(desk, [limits.spent_proof(desk, key), *limits.of_report(desk, told.slug)]):
        if not notices.send(desk, key, mail):
            raise Refusal(503, "not_saved")
    return Answer(202, SENT.body, "", told.slug)
