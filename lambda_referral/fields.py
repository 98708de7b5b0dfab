"""What may be in a contact request: the one table of its fields, limits, choices and defaults.

The function checks by it (request.py), and the site makes the form's limits from FORM.
"""

from dataclasses import dataclass
from typing import Any

from lambda_referral.texts import LANGUAGES

MAX_BYTES = 8 * 1024
MAX_PROOF = 2048
MAX_TOKEN = 600

DAYS_PROVEN = 90  # that a browser's proof of a professional's address holds

PROFESSIONAL, SELF, CLOSE = "professional", "self", "close"
PHONE_WAYS, EMAIL_WAYS = ("call", "text"), ("email",)

# What the association may answer.
ANSWERS = ("contacted", "not_reached", "full", "unsuitable")
UNOPENED = "unopened"  # the fifth, to a sealed request
ALL_ANSWERS = (*ANSWERS, UNOPENED)


@dataclass(frozen=True)
class Field:
    """`only_for` is the one kind of sender that fills this in: required of it when `required`, and refused from the others."""

    kind: str
    required: bool = False
    max: int | None = None
    choices: tuple[str, ...] = ()
    default: bool | None = None
    only_for: str | None = None


FIELDS = {
    "key": Field("uuid", required=True),
    "organisation": Field("id", required=True, max=60),
    "activity": Field("id", required=True, max=60),
    "facts": Field("facts", required=True),
    "proof": Field("proof", max=MAX_PROOF),
    "website": Field("honeypot"),
    "sender": Field("choice", required=True, choices=(PROFESSIONAL, SELF, CLOSE)),
    "sender_name": Field("text", required=True, max=60, only_for=PROFESSIONAL),
    "sender_unit": Field("text", required=True, max=80, only_for=PROFESSIONAL),
    "sender_email": Field("email", required=True, max=254, only_for=PROFESSIONAL),
    "sender_token": Field("token", max=MAX_TOKEN, only_for=PROFESSIONAL),  # read before all else: senders.identify
    "tell_late": Field("boolean", default=False, only_for=PROFESSIONAL),
    "knows": Field("boolean", default=False),
    "client_name": Field("text", max=40),
    "phone": Field("phone", max=24),
    "email": Field("email", max=254),
    "whose": Field("choice", required=True, choices=("client", "guardian", "close", "worker")),
    "contact_by": Field("choice", required=True, choices=(*PHONE_WAYS, *EMAIL_WAYS)),
    "language": Field("language", required=True, max=3),
    "interpreter": Field("boolean", default=False),
    "municipality": Field("place", max=60),
    "safe_time": Field("text", max=100),
    "voicemail": Field("boolean", default=False),
    "may_name": Field("boolean", default=False),
    "under_15": Field("boolean", default=False),
    "note": Field("text", max=200),
    "consent": Field("boolean", default=False),
    "consent_version": Field("version", required=True, max=20),
}

# A sealed request: what routing and alerts need, and the rest as bytes that only the association can read. Nothing about the
# client is among these: a field that is not here is refused, so that it cannot be sent in the open by mistake.
MAX_SEALED = 2852  # 65 bytes of key, 2048 of text, 16 of tag, in base64
SEALED_FIELDS = {
    **{
        name: FIELDS[name]
        for name in (
            *("key", "organisation", "activity", "facts", "proof", "website"),
            *("sender", "sender_email", "sender_token", "tell_late", "knows", "consent", "consent_version"),
        )
    },
    "sealed": Field("sealed", required=True, max=MAX_SEALED),
    "key_id": Field("facts", required=True),
    "sealed_at": Field("moment", required=True),
}

# Proving a work mailbox: asking for the mail, and showing what came in it: its link, or its code with the key that asked for it.
_ADDRESS = Field("email", required=True, max=254)
ASKING_FIELDS = {
    "key": FIELDS["key"],
    "email": _ADDRESS,
    "language": Field("choice", required=True, choices=LANGUAGES),
    "proof": FIELDS["proof"],
    "website": FIELDS["website"],
}
LINK_FIELDS = {"token": Field("token", required=True, max=MAX_TOKEN)}
CODE_FIELDS = {"key": FIELDS["key"], "email": _ADDRESS, "code": Field("code", required=True, max=8)}

# What a refusal (422 "invalid") may say of a field; "body" stands for the request itself. The site has a sentence for each.
CODES = (
    "choice",
    "consent",
    "control",
    "email_domain",
    "email_form",
    "form",
    "guardian",
    "identity_code",
    "knows",
    "not_for_sender",
    "one_of",
    "phone_form",
    "phone_kind",
    "reach",
    "required",
    "text_email",
    "text_link",
    "text_phone",
    "too_long",
    "type",
    "unknown_key",
)


def _written(field: Field) -> dict[str, Any]:
    """Only what is set, in JSON's own types."""
    facts = {**vars(field), "choices": list(field.choices)}
    return {name: value for name, value in facts.items() if value not in (None, []) and (name, value) != ("required", False)}


FORM: dict[str, Any] = {
    "max_bytes": MAX_BYTES,
    "fields": {name: _written(field) for name, field in FIELDS.items()},
    "exactly_one": ["phone", "email"],
    "contact_by": {"phone": list(PHONE_WAYS), "email": list(EMAIL_WAYS)},
    "whose_when_under_15": "guardian",
    "codes": list(CODES),
}
