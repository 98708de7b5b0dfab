"""The services without AWS, for `tarjotin serve` and the tests: a store in memory, and an outbox that can fail on command."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Literal

from lambda_common.services import Item, Mail, NotSent, Services, StoreDown, Uncertain

Mood = Literal["ok", "not_sent", "uncertain"]
METHODS = ("get", "put_new", "set_state", "delete", "count", "uncount", "add", "note", "amend", "drop", "read")


@dataclass
class LocalMailer:
    """Keeps what it sends. `mood` decides how the next mails go; "uncertain" sends and does not tell, which is the worst case."""

    mood: Mood = "ok"
    outbox: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        if self.mood == "not_sent":
            raise NotSent
        self.outbox.append(mail)
        if self.mood == "uncertain":
            raise Uncertain


@dataclass
class LocalStore:
    """`failing` names the methods that are down, out of `METHODS`."""

    items: dict[str, Item] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def get(self, key: str) -> Item | None:
        self._check("get")
        return self.items.get(key)

    def put_new(self, key: str, item: Item) -> bool:
        self._check("put_new")
        with self._lock:
            return self.items.setdefault(key, item) is item

    def set_state(self, key: str, state: str) -> None:
        self._check("set_state")
        with self._lock:
            if key in self.items:
                self.items[key] = replace(self.items[key], state=state)

    def delete(self, key: str, attempt: str) -> None:
        self._check("delete")
        with self._lock:
            if key in self.items and self.items[key].attempt == attempt:
                del self.items[key]

    def count(self, key: str, limit: int, expires: int) -> bool:
        self._check("count")
        del expires  # memory ends with the process
        with self._lock:
            if self.counts.get(key, 0) >= limit:
                return False
            self.counts[key] = self.counts.get(key, 0) + 1
            return True

    def uncount(self, key: str) -> None:
        self._check("uncount")
        with self._lock:
            self.counts[key] = max(0, self.counts.get(key, 0) - 1)

    def add(self, key: str, amounts: Mapping[str, int], expires: int) -> None:
        self._check("add")
        del expires
        with self._lock:
            sheet = self.sheets.setdefault(key, {})
            sheet.update({name: str(int(sheet.get(name, "0")) + amount) for name, amount in amounts.items()})

    def note(self, key: str, name: str, text: str, expires: int) -> None:
        self._check("note")
        del expires
        with self._lock:
            self.sheets.setdefault(key, {})[name] = text

    def amend(self, key: str, name: str, text: str) -> bool:
        self._check("amend")
        with self._lock:
            is_there = name in self.sheets.get(key, {})
            if is_there:
                self.sheets[key][name] = text
            return is_there

    def drop(self, key: str, name: str) -> None:
        self._check("drop")
        with self._lock:
            self.sheets.get(key, {}).pop(name, None)

    def read(self, key: str) -> Mapping[str, str]:
        self._check("read")
        with self._lock:
            return dict(self.sheets.get(key, {}))

    def _check(self, method: str) -> None:
        if method in self.failing:
            raise StoreDown


def local_services(mailer: LocalMailer, store: LocalStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Services:
    return Services(mailer, store, now)


def http_event(
    method: str, path: str, headers: Mapping[str, str], body: bytes = b"", query: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A request as AWS hands it on: payload format 2.0. Bytes that are not UTF-8 stay broken, and are refused."""
    return {
        "version": "2.0",
        "rawPath": path,
        "queryStringParameters": dict(query or {}),
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {"http": {"method": method, "path": path}},
        "body": body.decode("utf-8", "surrogateescape"),
        "isBase64Encoded": False,
    }


def as_received(mail: Mail, from_address: str) -> EmailMessage:
    """The mail as SES would build it and the reader's program would show it."""
    built = EmailMessage()
    built["From"] = from_address
    built["To"] = Address(addr_spec=mail.to)
    built["Reply-To"] = Address(addr_spec=mail.reply_to)
    built["Subject"] = mail.subject
    for name, value in mail.headers.items():
        built[name] = value
    built.set_content(mail.text)
    built.add_alternative(mail.html, subtype="html")
    return built


def event_about(mail: Mail, kind: str, now: datetime, from_address: str, message_id: str = "local") -> dict[str, Any]:
    """What SNS would deliver of a mail that bounced, say: so that a button can make it happen."""
    headers = [{"name": name, "value": value} for name, value in as_received(mail, from_address).items()]
    details = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": mail.to}]} if kind == "Bounce" else {}
    message = {
        "eventType": kind,
        kind[:1].lower() + kind[1:]: details,
        "mail": {
            "timestamp": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "messageId": message_id,
            "destination": [mail.to],
            "headersTruncated": False,
            "headers": headers,
            "tags": {name: [value] for name, value in mail.tags.items()},
        },
    }
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(message)}}]}
