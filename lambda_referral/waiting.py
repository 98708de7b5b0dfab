"""Requests that wait for an answer: one sheet for each day of reminding, whose fields are references.

A field holds what the reminder needs and no more: the association, the activity, and a professional's own address when they want
to hear if nobody answers. Nothing about the client. An answer or a cancellation takes the field away at once; after the reminder
only the association is left, for the coordinator's weekly mail.
"""

import json
from collections.abc import Set
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta

from lambda_common.services import Store
from lambda_common.signing import Secrets, sign
from lambda_common.working_days import due_day

WORKING_DAYS_AFTER = 2  # the promised day
DAYS_KEPT = 21  # after the day of reminding
DAYS_STOPPED = 365
ASSOCIATION, SENDER = "association", "sender"
_STOPPED = "stopped"


@dataclass(frozen=True)
class Waiting:
    """`sender` as in the answers' token, or None when the professional does not want to hear, and so is not remembered."""

    organisation: str
    activity: str = ""
    expires: int = 0
    sender: str | None = None
    is_sealed: bool = False

    @classmethod
    def from_text(cls, text: str) -> "Waiting":
        return cls(*json.loads(text))

    @property
    def is_reminded(self) -> bool:
        return self.expires == 0

    def as_text(self) -> str:
        return json.dumps(astuple(self), separators=(",", ":"))


@dataclass(frozen=True)
class Overdue:
    """A request whose day of reminding has come."""

    reference: str
    day: date
    waiting: Waiting


def reminding_day(due: date, holidays: Set[date]) -> date:
    return due_day(due, WORKING_DAYS_AFTER, holidays)


def sheet_key(day: date | str) -> str:
    return f"w#{day}"


def note(store: Store, day: str, reference: str, waiting: Waiting) -> None:
    last = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=DAYS_KEPT)
    store.note(sheet_key(day), reference, waiting.as_text(), int(last.timestamp()))


def forget(store: Store, day: str, reference: str) -> None:
    """Somebody has answered, or nobody needs an answer any more."""
    if day:
        store.drop(sheet_key(day), reference)


def on_day(store: Store, day: date) -> list[Overdue]:
    return [Overdue(reference, day, Waiting.from_text(text)) for reference, text in store.read(sheet_key(day)).items()]


def still_waits(store: Store, one: Overdue) -> bool:
    return one.reference in store.read(sheet_key(one.day))


def keep_for_the_week(store: Store, one: Overdue) -> None:
    """After the reminder, unless an answer has come: only whose request it is, for the coordinator's weekly mail."""
    store.amend(sheet_key(one.day), one.reference, Waiting(one.waiting.organisation).as_text())


# Who wants no reminders


def reader_of(role: str, who: str, secrets: Secrets) -> str:
    """The name under which a reader can stop them: an association's own, and of an address a keyed hash."""
    return f"{role}#{who if role == ASSOCIATION else _hashed(who, secrets[0])}"


def _wish_key(reader: str) -> str:
    return f"q#{reader}"


def _hashed(address: str, secret: bytes) -> str:
    return sign(secret, "reminders", address.lower().encode()).hex()[:32]


def stop(store: Store, reader: str, now: datetime) -> None:
    store.note(_wish_key(reader), _STOPPED, "yes", int((now + timedelta(days=DAYS_STOPPED)).timestamp()))


def start(store: Store, reader: str) -> None:
    """Reminders again, also when they had not been stopped."""
    store.drop(_wish_key(reader), _STOPPED)


def is_stopped(store: Store, role: str, who: str, secrets: Secrets) -> bool:
    """Also by a hash from before a change of secrets."""
    readers = dict.fromkeys(reader_of(role, who, (secret,)) for secret in secrets)
    return any(store.read(_wish_key(reader)) for reader in readers)
