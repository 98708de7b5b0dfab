"""POST /api/peruutus: tells the association that a request is cancelled; by its key, which only the sender's browser knows."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lambda_common import once
from lambda_common.once import Claim, Outcome
from lambda_common.reference import reference_of
from lambda_common.services import Item, Services
from lambda_common.web import Answer, Refusal
from lambda_referral import counting, request, waiting
from lambda_referral.counting import Step, beside
from lambda_referral.message import cancellation_mail
from lambda_referral.outcomes import answer_of
from lambda_referral.recipients import Recipient
from lambda_referral.settings import Settings
from lambda_referral.values import Fault


def cancel(raw: Mapping[str, Any], services: Services, settings: Settings) -> Answer:
    """Raises Refusal 404 when there is no such request, and StoreDown.

    A request whose fate is uncertain can be cancelled too: the mail says only that this reference needs no contact."""
    key, organisation = _read(raw)
    item = services.store.get(f"r#{key}")
    now = services.now()
    if item is None or item.organisation != organisation or item.expires < now.timestamp():
        raise Refusal(404, "unknown")
    reference = reference_of(key)
    mail = cancellation_mail(_recipient(item, settings), reference, settings.from_address)
    expires = int((now + timedelta(hours=once.HOURS_KEPT)).timestamp())
    claim = Claim(f"p#{key}", Item("sending", once.new_attempt(), expires, organisation=organisation))
    outcome = once.send_once(services, claim, mail)
    if outcome is not Outcome.NOT_SENT:
        beside(services, *_forgotten(item, reference, settings), _counted(key, item))
    return answer_of(outcome, reference, organisation)


def _forgotten(item: Item, reference: str, settings: Settings) -> Iterator[Step]:
    if item.due:
        day = waiting.reminding_day(date.fromisoformat(item.due), settings.recipients.holidays).isoformat()
        yield lambda store: waiting.forget(store, day, reference)


def _counted(key: str, item: Item) -> Step:
    asked_at = datetime.fromtimestamp(item.expires, UTC) - timedelta(hours=once.HOURS_KEPT)
    step = counting.count(item.organisation, asked_at, counting.CANCELLED)
    return counting.first(key, item.organisation, item.expires + 86400, step)


def _read(raw: Mapping[str, Any]) -> tuple[str, str]:
    if raw.keys() - {"key", "organisation"}:
        raise Refusal(422, "invalid", {"body": "unknown_key"})
    if not isinstance(raw.get("organisation"), str):
        raise Refusal(422, "invalid", {"organisation": "type"})
    try:
        return request.read_key(raw.get("key")), raw["organisation"]
    except Fault as fault:
        raise Refusal(422, "invalid", {"key": fault.code}) from None


def _recipient(item: Item, settings: Settings) -> Recipient:
    """The mailbox that got the request."""
    recipient = settings.recipients.find(item.organisation, item.activity)
    if recipient is None:
        raise Refusal(404, "unknown")
    return recipient
