"""POST /api/ohjaus: a contact request, from its body to the association's mailbox, one step after another."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lambda_common import once, proof
from lambda_common.caps import Cap, count, uncount
from lambda_common.once import Claim, Outcome
from lambda_common.reference import reference_of
from lambda_common.services import Item, Mail, Services, Store, StoreDown
from lambda_common.signing import is_signed, sign
from lambda_common.web import Answer, Refusal
from lambda_common.working_days import due_day, finnish_day
from lambda_referral import answers, counting, limits, waiting
from lambda_referral.answers import Token
from lambda_referral.counting import Step, beside
from lambda_referral.fields import PROFESSIONAL
from lambda_referral.message import request_mail
from lambda_referral.outcomes import answer_of
from lambda_referral.recipients import Recipient, check_municipality, check_takes
from lambda_referral.request import Referral, fell_for_honeypot, read_referral
from lambda_referral.sealed import sealed_mail
from lambda_referral.senders import identify
from lambda_referral.settings import Settings
from lambda_referral.waiting import Waiting

USUAL_WORKING_DAYS = 3


def refer(raw: Mapping[str, Any], services: Services, settings: Settings) -> Answer:
    """The answer of design.md's failure table. Raises Refusal or StoreDown when nothing was sent."""
    if fell_for_honeypot(raw):
        return _feigned(raw, services.now(), settings)
    raw = identify(raw, services.now(), settings)
    referral = read_referral(raw, settings.recipients.domains)
    check_municipality(settings.recipients, referral)
    return _earlier(raw, referral, services, settings) or _send(raw, referral, services, settings)


def _feigned(raw: Mapping[str, Any], now: datetime, settings: Settings) -> Answer:
    """What a robot that filled the hidden field is told; nothing is sent."""
    recipient = settings.recipients.find(str(raw.get("organisation")))
    days = recipient.within_working_days if recipient else USUAL_WORKING_DAYS
    due = due_day(finnish_day(now), days, settings.recipients.holidays)
    return Answer(202, {"reference": reference_of(str(raw.get("key"))), "due": due.isoformat()})


def _earlier(raw: Mapping[str, Any], referral: Referral, services: Services, settings: Settings) -> Answer | None:
    """The answer when this key is taken. Looked up before everything that may change meanwhile: proof, dates, facts."""
    item = services.store.get(_key(referral.key))
    if item is None:
        return None
    if not is_signed(settings.secrets, "fingerprint", _canonical(raw), bytes.fromhex(item.fingerprint)):
        raise Refusal(409, "other_body")
    return answer_of(once.earlier(item), reference_of(referral.key), referral.organisation, item.due)


def _send(raw: Mapping[str, Any], referral: Referral, services: Services, settings: Settings) -> Answer:
    """Everything is checked and the mail is written before the key is claimed: a fault of ours leaves no claim behind."""
    now = services.now()
    check_takes(settings.recipients, referral, finnish_day(now))
    proof.check_proof(settings.secrets, referral.proof, referral.organisation, referral.key, now)
    caps = limits.caps_of(referral, settings.recipients.limits, settings.secrets, now)
    claim, mail, token = _prepare(raw, referral, now, settings)
    if not once.take(services.store, claim):
        return _earlier(raw, referral, services, settings) or answer_of(Outcome.UNFINISHED)
    outcome = deliver(claim, mail, caps, services)
    if outcome is Outcome.SENT:
        beside(services, counting.count(token.organisation, now, counting.REQUESTS), _awaited(referral, token, settings))
    return answer_of(outcome, reference_of(referral.key), referral.organisation, claim.item.due)


def _awaited(referral: Referral, token: Token, settings: Settings) -> Step:
    """Remembers that an answer is waited for, unless the region reminds nobody."""

    def step(store: Store) -> None:
        if token.remind_on:
            sender = _sender_to_tell(store, referral, settings)
            it = Waiting(token.organisation, token.activity, token.expires, sender, referral.is_sealed)
            waiting.note(store, token.remind_on, token.reference, it)

    return step


def _sender_to_tell(store: Store, referral: Referral, settings: Settings) -> str | None:
    """A professional's address is remembered only when they want to hear if nobody answers. A resident's request has none."""
    if referral.sender != PROFESSIONAL:
        return ""
    stopped = waiting.is_stopped(store, waiting.SENDER, referral.sender_email, settings.secrets)
    return referral.sender_email if referral.tell_late and not stopped else None


def _prepare(raw: Mapping[str, Any], referral: Referral, now: datetime, settings: Settings) -> tuple[Claim, Mail, Token]:
    recipients = settings.recipients
    recipient = _recipient(referral, settings)
    due = due_day(finnish_day(now), recipient.within_working_days, recipients.holidays)
    reference = reference_of(referral.key)
    item = Item(
        state="sending",
        attempt=once.new_attempt(),
        expires=int((now + timedelta(hours=once.HOURS_KEPT)).timestamp()),
        fingerprint=sign(settings.secrets[0], "fingerprint", _canonical(raw)).hex(),
        organisation=referral.organisation,
        activity=referral.activity,
        due=due.isoformat(),
    )
    remind_on = waiting.reminding_day(due, recipients.holidays).isoformat() if recipients.reminders else ""
    token = answers.make_token(reference, referral, remind_on, now)
    links = answers.make_links(settings, token, recipient.language, is_sealed=referral.is_sealed)
    claim, own = Claim(_key(referral.key), item), settings.from_address
    if referral.is_sealed:
        return claim, sealed_mail(referral, recipient, due, reference, links, settings.site_in(recipient.language), own), token
    place = recipients.municipality(referral.municipality, recipient.language)
    return claim, request_mail(referral, recipient, place, due, reference, links, own), token


def _recipient(referral: Referral, settings: Settings) -> Recipient:
    recipient = settings.recipients.find(referral.organisation, referral.activity)
    if recipient is None:
        raise Refusal(422, "unknown")
    return recipient


def deliver(claim: Claim, mail: Mail, caps: list[Cap], services: Services) -> Outcome:
    """Counts only the call that holds the claim, so that repeats of a key never use up the limits."""
    try:
        count(services, caps)
    except (Refusal, StoreDown):
        once.give_back(services.store, claim)
        raise
    outcome = once.deliver(services, claim, mail)
    if outcome is Outcome.NOT_SENT:
        uncount(services.store, caps)
    return outcome


def _key(key: str) -> str:
    return f"r#{key}"


def _canonical(raw: Mapping[str, Any]) -> bytes:
    """What makes two requests the same: everything but the proofs, which may be made anew, and the hidden field."""
    said = {name: value for name, value in raw.items() if name not in ("proof", "sender_token", "website")}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
