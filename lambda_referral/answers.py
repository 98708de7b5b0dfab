"""The association's answers: links that carry a signed token in their fragment, and what happens when a person confirms one.

A token holds the reference, the association, its last day and a professional's own address; never anything about the client.
Opening a link does nothing, because mail scanners open links: the page posts only when a person presses its button.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lambda_common import once
from lambda_common.once import Claim, Outcome
from lambda_common.services import Item, Mail, Services
from lambda_common.signed_word import read_word, write_word
from lambda_common.signing import Secrets
from lambda_common.web import Answer, Refusal
from lambda_referral import counting, waiting
from lambda_referral.counting import Step, beside
from lambda_referral.fields import ALL_ANSWERS, ANSWERS, MAX_TOKEN
from lambda_referral.message import notice_mail
from lambda_referral.outcomes import answer_of
from lambda_referral.recipients import Recipients
from lambda_referral.request import Referral
from lambda_referral.settings import Settings
from lambda_referral.texts import LANGUAGES, text

DAYS_VALID = 60
DAYS_REMEMBERED = DAYS_VALID + 1  # what a link has told, so that it tells it once
_PURPOSE = "answer"


@dataclass(frozen=True)
class Token:
    """`sender` is the professional's address, or "" when a resident asked and the coordinator hears the answer. `remind_on` is
    the day on which the association would be reminded, as it is written; "" when it would not."""

    reference: str
    organisation: str
    activity: str
    expires: int
    sender: str
    remind_on: str = ""

    def payload(self) -> bytes:
        """The same for a token from before there were reminders, so that what it has told already is known."""
        values = [*vars(self).values()]
        return json.dumps(values if self.remind_on else values[:-1], separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.payload()).hexdigest()[:32]

    @property
    def asked_at(self) -> datetime:
        return datetime.fromtimestamp(self.expires, UTC) - timedelta(days=DAYS_VALID)

    @property
    def remembered_until(self) -> int:
        return int((self.asked_at + timedelta(days=DAYS_REMEMBERED)).timestamp())


def make_links(settings: Settings, token: Token, language: str, *, is_sealed: bool) -> dict[str, str]:
    """The addresses of the four answers, and of the fifth when the request is sealed."""
    written = write_token(settings.secrets, token)
    page = f"{settings.site_in(language)}/vastaa/"
    return {answer: f"{page}#{written}.{answer}" for answer in (ALL_ANSWERS if is_sealed else ANSWERS)}


def make_token(reference: str, referral: Referral, remind_on: str, now: datetime) -> Token:
    expires = int((now + timedelta(days=DAYS_VALID)).timestamp())
    return Token(reference, referral.organisation, referral.activity, expires, referral.sender_email, remind_on)


def write_token(secrets: Secrets, token: Token) -> str:
    return write_word(secrets, _PURPOSE, token.payload())


def read_token(secrets: Secrets, written: str, now: datetime) -> Token:
    """Raises Refusal 403 when a single character differs from what was signed, 410 after its last day."""
    token = Token(*json.loads(read_word(secrets, _PURPOSE, written)))
    if token.expires < now.timestamp():
        raise Refusal(410, "expired")
    return token


def check_answer(raw: Mapping[str, Any], choices: Collection[str] = ALL_ANSWERS) -> tuple[str, str]:
    """The token and the answer as posted from a page that a mailed link opens. Raises Refusal 422."""
    token, answer = raw.get("token"), raw.get("answer")
    if raw.keys() - {"token", "answer"}:
        raise Refusal(422, "invalid", {"body": "unknown_key"})
    if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN:
        raise Refusal(422, "invalid", {"token": "form"})
    if not isinstance(answer, str) or answer not in choices:
        raise Refusal(422, "invalid", {"answer": "choice"})
    return token, answer


def pass_on(token: Token, answer: str, services: Services, settings: Settings) -> Answer:
    """Tells the one who asked; each token tells each answer once. Raises StoreDown."""
    item = Item("sending", once.new_attempt(), token.remembered_until, organisation=token.organisation)
    mail = answer_mail(token, answer, settings.recipients, settings.from_address)
    outcome = once.send_once(services, Claim(f"v#{token.digest}#{answer}", item), mail)
    if outcome is not Outcome.NOT_SENT:
        forgotten: Step = lambda store: waiting.forget(store, token.remind_on, token.reference)  # noqa: E731
        beside(services, forgotten, _counted(token, answer, services, settings))
    answered = answer_of(outcome, token.reference, token.organisation)
    return _with_place_to_edit(answered, token) if answer == "full" and answered.status == 202 else answered


def _counted(token: Token, answer: str, services: Services, settings: Settings) -> Step:
    """The first answer to a request, once."""
    took = counting.time_of(token.asked_at, services.now(), settings.recipients.holidays)
    step = counting.count(token.organisation, token.asked_at, answer, took)
    return counting.first(token.digest, token.organisation, token.remembered_until, step)


def _with_place_to_edit(answered: Answer, token: Token) -> Answer:
    """A full group can be marked as full at once: the page offers the association's edit form."""
    return replace(answered, body={**answered.body, "organisation": token.organisation, "activity": token.activity})


def answer_mail(token: Token, answer: str, recipients: Recipients, sender: str) -> Mail:
    recipient = recipients.find(token.organisation)
    name = recipient.name if recipient else token.organisation
    words = {
        language: (
            text(language, "answered"),
            text(language, f"answered.{answer}"),
            text(language, "notice.reference", reference=token.reference),
            text(language, "notice.organisation", organisation=name),
        )
        for language in LANGUAGES
    }
    return notice_mail(token.sender or recipients.coordinator, "subject.answer", token.reference, words, sender)
