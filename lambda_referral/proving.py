"""POST /api/lahettaja and /api/lahettajatunnus: a professional shows that they read a work mailbox.

The mail brings a link, for the browser that opens it, and a short code, for the page that asked, when the mail is read on another
machine. Opening the link does nothing, because mail scanners open links: the page asks for the token when a person presses.
The code is good for the key that the asking page made, and may be tried so few times that guessing it is hopeless.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lambda_common import once
from lambda_common.caps import Cap
from lambda_common.once import Claim
from lambda_common.proof import check_proof
from lambda_common.reference import ALPHABET
from lambda_common.services import Item, Services
from lambda_common.signed_word import read_word, write_word
from lambda_common.signing import Secrets, is_signed, sign
from lambda_common.web import Answer, Refusal
from lambda_common.working_days import finnish_day
from lambda_referral.fields import ASKING_FIELDS, CODE_FIELDS, LINK_FIELDS
from lambda_referral.message import sender_mail
from lambda_referral.outcomes import answer_of
from lambda_referral.referral import deliver
from lambda_referral.request import fell_for_honeypot, read_fields
from lambda_referral.senders import make_proof
from lambda_referral.settings import Settings

HOURS_TO_PROVE = 1
TRIES = 5
MAILS_A_DAY = 5  # to one address
MAILS_OF_ALL_A_DAY = 300
PAGE = "/lahettaja/"
WORK = "lahettaja"  # for what the proof of work is done, in place of an association
_LINK, _CODE, _ADDRESS = "sender-link", "sender-code", "sender-address"
_CODE_LENGTH = 8


def ask(raw: Mapping[str, Any], services: Services, settings: Settings) -> Answer:
    """Mails the link and the code, once for each key. Raises Refusal and StoreDown."""
    if fell_for_honeypot(raw):
        return Answer(202, {})
    _check_is_asked_for(settings)
    said, now = read_fields(ASKING_FIELDS, raw), services.now()
    key, email = said["key"], said["email"]
    _check_domain(settings, email)
    check_proof(settings.secrets, said["proof"], WORK, key, now)
    claim = Claim(_key(key), _item(settings.secrets, email, now))
    if not once.take(services.store, claim):
        return _earlier(claim, email, services, settings)
    mail = sender_mail(email, said["language"], *_ways(settings, said, now), settings.from_address)
    return answer_of(deliver(claim, mail, caps_of(settings.secrets, email, now), services))


def _earlier(claim: Claim, email: str, services: Services, settings: Settings) -> Answer:
    item = services.store.get(claim.key)
    if item and not is_signed(settings.secrets, _ADDRESS, _folded(email), bytes.fromhex(item.fingerprint)):
        raise Refusal(409, "other_body")
    return answer_of(once.earlier(item))


def _ways(settings: Settings, said: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """The link and the code."""
    expires = int((now + timedelta(hours=HOURS_TO_PROVE)).timestamp())
    token = write_word(settings.secrets, _LINK, json.dumps([said["email"], expires], separators=(",", ":")).encode())
    return f"{settings.site_in(said['language'])}{PAGE}#t={token}", code_of(settings.secrets[0], said["key"], said["email"])


def code_of(secret: bytes, key: str, email: str) -> str:
    number = int.from_bytes(sign(secret, _CODE, f"{key} ".encode() + _folded(email)))
    return "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(_CODE_LENGTH))


def prove(raw: Mapping[str, Any], services: Services, settings: Settings) -> Answer:
    """The sender's token, for the link or the code of the mail. Raises Refusal: 403 when it is not ours, 410 when it is too old,
    429 when a code was tried too often; and StoreDown."""
    _check_is_asked_for(settings)
    now = services.now()
    email = _by_code(raw, services, settings) if "code" in raw else _by_link(raw, now, settings)
    _check_domain(settings, email)
    return Answer(200, make_proof(settings, email, now))


def _by_link(raw: Mapping[str, Any], now: datetime, settings: Settings) -> str:
    token = read_fields(LINK_FIELDS, raw)["token"]
    email, expires = json.loads(read_word(settings.secrets, _LINK, token))
    if expires < now.timestamp():
        raise Refusal(410, "expired")
    return str(email)


def _by_code(raw: Mapping[str, Any], services: Services, settings: Settings) -> str:
    said, secrets = read_fields(CODE_FIELDS, raw), settings.secrets
    key, email = said["key"], said["email"]
    item = services.store.get(_key(key))
    if item is None or item.expires < services.now().timestamp():
        raise Refusal(410, "expired")
    if not services.store.count(f"sec#{key}", TRIES, item.expires):
        raise Refusal(429, "too_many")
    is_mailed = is_signed(secrets, _ADDRESS, _folded(email), bytes.fromhex(item.fingerprint))
    codes = [code_of(secret, key, email) for secret in secrets]
    if not is_mailed or not any(hmac.compare_digest(code, said["code"]) for code in codes):
        raise Refusal(403, "code")
    return str(email)


def _check_is_asked_for(settings: Settings) -> None:
    if not settings.recipients.verifies_senders:
        raise Refusal(404, "not_found")


def _check_domain(settings: Settings, email: str) -> None:
    if not settings.recipients.is_work_address(email):
        raise Refusal(422, "invalid", {"email": "email_domain"})


def _item(secrets: Secrets, email: str, now: datetime) -> Item:
    expires = int((now + timedelta(hours=HOURS_TO_PROVE)).timestamp())
    return Item("sending", once.new_attempt(), expires, fingerprint=sign(secrets[0], _ADDRESS, _folded(email)).hex())


def caps_of(secrets: Secrets, email: str, now: datetime) -> list[Cap]:
    """The day is hashed in, so that what is stored on one day says nothing about another."""
    day = finnish_day(now).isoformat()
    hashed = sign(secrets[0], _ADDRESS, f"{day} ".encode() + _folded(email)).hex()[:32]
    expires = int((now + timedelta(days=2)).timestamp())
    return [Cap(f"sea#{hashed}", MAILS_A_DAY, expires), Cap(f"sed#{day}", MAILS_OF_ALL_A_DAY, expires)]


def _key(key: str) -> str:
    return f"se#{key}"


def _folded(email: str) -> bytes:
    return email.lower().encode()
