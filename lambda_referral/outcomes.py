"""What the browser is told of a mail that was sent, or was not: the table of design.md §4."""

from lambda_common.once import Outcome
from lambda_common.web import Answer

_ANSWERS = {
    Outcome.SENT: (202, ""),
    Outcome.NOT_SENT: (503, "not_sent"),
    Outcome.UNCERTAIN: (502, "uncertain"),
    Outcome.UNFINISHED: (409, "uncertain"),
}


def answer_of(outcome: Outcome, reference: str = "", organisation: str = "", due: str = "") -> Answer:
    """What the browser is told; a due day only of a request."""
    status, code = _ANSWERS[outcome]
    told = {"code": code} if code else {"reference": reference, **({"due": due} if due else {})}
    return Answer(status, told, reference, organisation)
