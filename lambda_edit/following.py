"""POST /api/muokkaustila: does an edit wait, is it published, or was it returned?"""

from collections.abc import Mapping
from typing import Any

from lambda_common.web import Answer
from lambda_edit import publishing, status
from lambda_edit.desk import Desk
from lambda_edit.fields import StatusQuestion, read
from lambda_edit.forge import CAPACITY, NotMergeable
from lambda_edit.waiting import all_waiting


def follow(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Refusal 422 for a reference that is not this association's, or whose proposal was closed elsewhere."""
    asked = read(StatusQuestion, raw)
    state = status.known(desk, asked.reference, asked.slug)
    if state == status.WAITING:
        state = _now(asked.reference, desk)
    return Answer(200, {"code": state}, asked.reference, asked.slug)


def _now(reference: str, desk: Desk) -> str:
    """What publishes itself may have waited for the forge's own checks: then it is published now."""
    waiting = next((one for one in all_waiting(desk) if reference in one.references), None)
    if waiting is None or waiting.kind != CAPACITY:
        return status.WAITING
    try:
        publishing.publish(desk, waiting)
    except NotMergeable:
        return status.WAITING
    return status.PUBLISHED
