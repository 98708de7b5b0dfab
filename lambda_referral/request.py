"""A contact request as it arrives: a strict reader, which refuses with codes and never repeats what was sent."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_common.challenge import UUID
from lambda_common.reference import ALPHABET
from lambda_common.web import Refusal
from lambda_referral import values
from lambda_referral.fields import CLOSE, FIELDS, PHONE_WAYS, SEALED_FIELDS, Field
from lambda_referral.values import Fault

Value = str | bool

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FACTS = re.compile(r"[0-9a-f]{16}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PLACE = re.compile(r"[a-z]+(-[a-z]+)*")  # without digits, so that no number can travel as a municipality
_SEALED = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")  # a signature alone has 22; no number that a person has is so long
_CODE = re.compile(rf"[{ALPHABET}]{{8}}")
_MOMENT = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])[0-5]\dZ")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True)
class Referral:
    """A contact request in which everything has been checked; "" where nothing was said."""

    key: str
    organisation: str
    activity: str
    facts: str
    proof: str
    sender: str
    sender_name: str
    sender_unit: str
    sender_email: str
    tell_late: bool
    client_name: str
    phone: str
    email: str
    whose: str
    contact_by: str
    language: str
    interpreter: bool
    municipality: str
    safe_time: str
    voicemail: bool
    may_name: bool
    under_15: bool
    note: str
    consent_version: str
    sealed: str = ""
    key_id: str = ""
    sealed_at: str = ""
    sender_token: str = ""

    @property
    def is_sealed(self) -> bool:
        """Whether everything about the client is in `sealed`, for the association alone."""
        return bool(self.sealed)

    @property
    def is_proven(self) -> bool:
        """Whether the sender has shown that they read the mailbox of `sender_email`."""
        return bool(self.sender_token)


def fell_for_honeypot(raw: Mapping[str, Any]) -> bool:
    """Whether the field that people do not see was filled."""
    return isinstance(raw.get("website"), str) and raw["website"] != ""


def read_referral(raw: Mapping[str, Any], domains: frozenset[str]) -> Referral:
    """Raises Refusal 422 with a code for each field that is wrong. `domains` are those of the professionals' addresses."""
    found, faults = _read_each(SEALED_FIELDS if "sealed" in raw else FIELDS, raw)
    faults = {**_faults_between(found, domains), **faults}
    if faults:
        raise Refusal(422, "invalid", faults)
    return Referral(**{name: found.get(name, _unsaid(name)) for name in Referral.__dataclass_fields__})


def read_fields(fields: Mapping[str, Field], raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was posted of these fields and no others. Raises Refusal 422 with a code for each that is wrong."""
    found, faults = _read_each(fields, raw)
    if faults:
        raise Refusal(422, "invalid", faults)
    return found


def _read_each(fields: Mapping[str, Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is right, and a code for each field that is not."""
    faults: dict[str, str] = {} if raw.keys() <= fields.keys() else {"body": "unknown_key"}
    found: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            found[name] = _read(field, raw.get(name), raw.get("sender"))
        except Fault as fault:
            faults[name] = fault.code
    return found, faults


def _unsaid(name: str) -> Value:
    """What stands in place of a field that this kind of request does not have."""
    return False if name in FIELDS and FIELDS[name].kind == "boolean" else ""


def read_key(text: Any) -> str:
    """A key made in the browser. Raises Fault."""
    return _matching(UUID)(text) if isinstance(text, str) else _wrong_type()


def _wrong_type() -> str:
    raise Fault("type")


def _read(field: Field, value: Any, sender: Any) -> Value:
    asked = field.only_for in (None, sender)
    if value is None or value == "":
        if field.required and asked:
            raise Fault("required")
        return "" if field.default is None else field.default
    if not isinstance(value, bool if field.kind == "boolean" else str):
        raise Fault("type")
    if not asked and sender in FIELDS["sender"].choices:
        raise Fault("not_for_sender")
    return value if isinstance(value, bool) else _read_text(field, value)


def _read_text(field: Field, value: str) -> str:
    # Long before reading, so that no pattern ever runs over a long text; again after, because tidying may lengthen or shorten.
    if field.max and len(value) > 2 * field.max + 20:
        raise Fault("too_long")
    tidied = READERS[field.kind](value) if field.kind != "choice" else _chosen(field, value)
    if field.max and len(tidied) > field.max:
        raise Fault("too_long")
    return tidied


def _chosen(field: Field, value: str) -> str:
    if value not in field.choices:
        raise Fault("choice")
    return value


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise Fault("form")
        return text

    return read


def _matching_without_code(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """For words of the site's own, whose form would let an identity code through."""
    matching = _matching(pattern)

    def read(text: str) -> str:
        if values.has_identity_code(text):
            raise Fault("identity_code")
        return matching(text)

    return read


READERS: Mapping[str, Callable[[str], str]] = {
    "uuid": _matching(UUID),
    "id": _matching_without_code(_ID),
    "facts": _matching(_FACTS),
    "language": _matching(_LANGUAGE),
    "place": _matching(_PLACE),
    "version": _matching_without_code(_VERSION),
    "sealed": _matching(_SEALED),
    "moment": _matching(_MOMENT),
    "token": _matching(_TOKEN),
    "code": _matching(_CODE),
    "proof": str,
    "honeypot": str,
    "text": values.free_text,
    "phone": values.phone,
    "email": values.email,
}


def _faults_between(found: Mapping[str, Any], domains: frozenset[str]) -> dict[str, str]:
    """What is wrong between fields that are right by themselves; a field that is wrong already is not in `found`."""
    has = {name: bool(found[name]) for name in ("phone", "email") if name in found}
    way, sender_email = found.get("contact_by"), found.get("sender_email")
    is_close = found.get("sender") == CLOSE
    rules = {
        "phone": ("one_of", len(has) == 2 and has["phone"] == has["email"]),
        "contact_by": ("reach", bool(way) and has.get("phone" if way in PHONE_WAYS else "email") is False),
        "sender_email": ("email_domain", bool(sender_email) and str(sender_email).rpartition("@")[2] not in domains),
        "knows": ("knows" if is_close else "not_for_sender", "sender" in found and found.get("knows") is (not is_close)),
        "whose": ("guardian", found.get("under_15") is True and found.get("whose") not in (None, "guardian")),
        "consent": ("consent", found.get("consent") is False),
    }
    return {name: code for name, (code, broken) in rules.items() if broken}
