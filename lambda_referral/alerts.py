"""What the mail service tells later, by SNS: a bounce, a complaint, a delay or a reject becomes a mail to the one who asked and
to the coordinator. Everything needed stands in the event itself; no database remembers who sent what.

Read from events of a configuration set (`eventType`, with tags) and from notifications of an identity (`notificationType`,
without).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lambda_common import log, once
from lambda_common.letter import KIND_HEADER, UPKEEP
from lambda_common.once import Claim, Outcome
from lambda_common.phones import spoken_phone
from lambda_common.reference import is_reference
from lambda_common.services import Item, Mail, Services, StoreDown
from lambda_referral import counting, values
from lambda_referral.counting import Step, beside
from lambda_referral.message import AUTO_HEADER, NOTICE, REFERENCE_HEADER, SENDER_HEADER, notice_mail
from lambda_referral.recipients import Recipient, Recipients
from lambda_referral.settings import Settings
from lambda_referral.texts import LANGUAGES, text, time_text
from lambda_referral.values import Fault

KINDS = frozenset({"Bounce", "Complaint", "DeliveryDelay", "Reject"})
DAYS_REMEMBERED = 14


class AlertsNotSent(Exception):
    """Some alerts did not leave: the invocation must fail, so that Lambda tries again and at last keeps the event aside."""


@dataclass(frozen=True)
class Trouble:
    """One event about one request mail, or about one that concerns the association's own data (`is_upkeep`). `reference` is "" in
    a notification that came without headers."""

    kind: str
    reference: str
    sender: str
    recipient: Recipient
    sent_at: datetime | None
    message_id: str
    is_upkeep: bool = False


def handle_events(event: Mapping[str, Any], services: Services, settings: Settings) -> None:
    """Raises AlertsNotSent after everything that could be sent was sent."""
    failed = False
    for message in _messages(event):
        trouble = read_trouble(message, settings.recipients)
        if trouble is not None:
            failed |= not _tell(trouble, services, settings)
    if failed:
        raise AlertsNotSent


def _messages(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The events that can be read: Message is a JSON string, or an object from some tools. What cannot be read is logged."""
    for record in event["Records"]:
        try:
            message = record["Sns"]["Message"]
            found = json.loads(message) if isinstance(message, str) else message
        except (KeyError, TypeError, ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield found
        else:
            log.write("alert", code="unreadable")


def read_trouble(message: Mapping[str, Any], recipients: Recipients) -> Trouble | None:
    """None when the event needs no alert: another kind, or about a mail that is itself automatic, or about no request of ours."""
    kind, mail = message.get("eventType") or message.get("notificationType"), message.get("mail")
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(mail, dict):
        return None
    headers = _headers(mail)
    if headers.get(AUTO_HEADER.lower()) == NOTICE:
        return None
    recipient = _recipient(mail, recipients)
    if recipient is None:
        return None
    reference = headers.get(REFERENCE_HEADER.lower()) or _tag(mail, "viite")
    return Trouble(
        kind=kind,
        reference=reference if is_reference(reference) else "",
        sender=_sender(headers.get(SENDER_HEADER.lower(), ""), recipients),
        recipient=recipient,
        sent_at=_moment(mail.get("timestamp")),
        message_id=str(mail.get("messageId")),
        is_upkeep=headers.get(KIND_HEADER.lower(), _tag(mail, "laji")) == UPKEEP,
    )


def _headers(mail: Mapping[str, Any]) -> dict[str, str]:
    found = mail.get("headers")
    pairs = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {str(one.get("name")).lower(): str(one.get("value")) for one in pairs}


def _tag(mail: Mapping[str, Any], name: str) -> str:
    tags = mail.get("tags")
    found = tags.get(name) if isinstance(tags, dict) else None
    return str(found[0]) if isinstance(found, list) and found else ""


def _recipient(mail: Mapping[str, Any], recipients: Recipients) -> Recipient | None:
    """By the tag, or by the mailbox it went to. So an event about any other mail, such as an alert of ours, is nobody's."""
    if (tagged := recipients.find(_tag(mail, "organisation"))) is not None:
        return tagged
    destination = mail.get("destination")
    addresses = destination if isinstance(destination, list) else []
    return next((found for one in addresses if (found := recipients.at_address(str(one)))), None)


def _sender(written: str, recipients: Recipients) -> str:
    """The professional's address, only when its domain is one of the region's: no alert ever goes to a stranger."""
    try:
        address = values.email(written)
    except Fault:
        return ""
    return address if recipients.is_work_address(address) else ""


def _moment(written: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _tell(trouble: Trouble, services: Services, settings: Settings) -> bool:
    """Whether everybody has been told, now or before. The same event may come many times and in any order. What an earlier call
    left unfinished is not sent again; it fails until Lambda keeps the event aside, where a person sees it."""
    about = trouble.reference or hashlib.sha256(trouble.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    expires = int((services.now() + timedelta(days=DAYS_REMEMBERED)).timestamp())
    outcomes = []
    for role, address in (("sender", trouble.sender), ("coordinator", settings.recipients.coordinator)):
        if address:
            claim = Claim(f"a#{trouble.kind}#{about}#{role}", Item("sending", once.new_attempt(), expires))
            outcomes.append(_send(claim, alert_mail(trouble, address, settings.from_address), services))
    code = next((outcome for outcome in outcomes if outcome is not Outcome.SENT), Outcome.SENT)
    if trouble.kind == "Bounce":
        beside(services, _counted(trouble, about, expires, services.now()))
    log.write("alert", reference=trouble.reference, organisation=trouble.recipient.slug, code=f"{trouble.kind}-{code}")
    return not {Outcome.NOT_SENT, Outcome.UNFINISHED} & set(outcomes)


def _counted(trouble: Trouble, about: str, expires: int, now: datetime) -> Step:
    """Every bounce for the coordinator's week; for the figures those of requests."""
    organisation = trouble.recipient.slug
    steps = [counting.count_bounce(organisation, now)]
    if not trouble.is_upkeep:
        steps.append(counting.count(organisation, trouble.sent_at or now, counting.BOUNCED))
    return counting.first(about, organisation, expires, *steps)


def _send(claim: Claim, mail: Mail, services: Services) -> Outcome:
    try:
        return once.send_once(services, claim, mail)
    except StoreDown:
        return Outcome.NOT_SENT


def alert_mail(trouble: Trouble, to: str, sender: str) -> Mail:
    words = {language: _alert_words(trouble, language) for language in LANGUAGES}
    subject = "subject.alert.upkeep" if trouble.is_upkeep else "subject.alert"
    return notice_mail(to, subject, trouble.reference, words, sender)


def _alert_words(trouble: Trouble, language: str) -> tuple[str, ...]:
    unknown = text(language, "notice.unknown")
    sent_at = time_text(language, trouble.sent_at) if trouble.sent_at else unknown
    about = (
        text(language, "notice.organisation", organisation=trouble.recipient.name),
        text(language, "notice.phone", phone=spoken_phone(trouble.recipient.phone)),
    )
    if trouble.is_upkeep:
        return (text(language, f"alert.upkeep.{trouble.kind}"), *about, text(language, "notice.time.upkeep", time=sent_at))
    return (
        text(language, f"alert.{trouble.kind}"),
        text(language, "notice.reference", reference=trouble.reference or unknown),
        *about,
        text(language, "notice.time", time=sent_at),
    )
