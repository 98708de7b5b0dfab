"""What the function needs from outside. aws.py gives it at AWS, local.py on a laptop and in tests."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class NotSent(Exception):
    """The mail certainly did not leave."""


class Uncertain(Exception):
    """The mail may have left: it must not be sent again."""


class StoreDown(Exception):
    """The store did not answer, or refused."""


@dataclass(frozen=True)
class Mail:
    """One mail to one address. No text that a user wrote may stand in anything but `text` and `html`."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str
    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises NotSent or Uncertain."""


@dataclass(frozen=True)
class Item:
    """What the store keeps of a mail: states and ids. `fingerprint` is a keyed hash of the request, `attempt` names the one call
    that made the item, `expires` is in Unix seconds."""

    state: str
    attempt: str
    expires: int
    fingerprint: str = ""
    organisation: str = ""
    activity: str = ""
    due: str = ""


class Store(Protocol):
    """Every method raises StoreDown when it cannot be known that it was done."""

    def get(self, key: str) -> Item | None: ...

    def put_new(self, key: str, item: Item) -> bool:
        """False when the key is taken: of many at once, one wins."""

    def set_state(self, key: str, state: str) -> None: ...

    def delete(self, key: str, attempt: str) -> None:
        """Only what that attempt put there."""

    def count(self, key: str, limit: int, expires: int) -> bool:
        """Counts one more, or returns False at the limit."""

    def uncount(self, key: str) -> None: ...

    # A sheet is an item of named fields, each changed by itself: numbers that grow, texts that come and go.

    def add(self, key: str, amounts: Mapping[str, int], expires: int) -> None:
        """Adds to the numbers of a sheet, all of them or none."""

    def note(self, key: str, name: str, text: str, expires: int) -> None: ...

    def amend(self, key: str, name: str, text: str) -> bool:
        """Another text in a field that is there; False, and nothing is done, when it is not."""

    def drop(self, key: str, name: str) -> None:
        """Also what is not there is gone then."""

    def read(self, key: str) -> Mapping[str, str]:
        """The fields of a sheet, numbers as text; of a sheet that is not there, none."""


@dataclass(frozen=True)
class Services:
    mailer: Mailer
    store: Store
    now: Callable[[], datetime]  # with a time zone
    seconds_left: Callable[[], float] = lambda: math.inf


@dataclass(frozen=True)
class Connection:
    """Services that last from one invocation to the next, and what to do with them when one ends."""

    services: Services
    close: Callable[[], None]
