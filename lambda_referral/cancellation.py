"""POST /api/peruutus: tells the association that a request is cancelled; by its key, which only the sender's browser knows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lambda_common import once
from lambda_common.once import Claim
from lambda_common.reference import reference_of
from lambda_common.services import Item, Services
from lambda_common.web import Answer, Refusal
from lambda_referral import request
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
    return answer_of(once.send_once(services, claim, mail), reference, organisation)


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
