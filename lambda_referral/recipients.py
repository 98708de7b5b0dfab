"""Who receives a request: the file that the build writes, read once. A request never carries an address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lambda_common.web import Refusal
from lambda_referral.request import Referral
from lambda_referral.texts import LANGUAGES

VERSION = 1
PROTECTIONS = ("tls", "none", "sealed")
SENDERS = ("open", "verified")
LIMITS = ("per_organisation_hour", "per_sender_day", "all_day")
NEEDED = frozenset(
    {"name", "language", "phone", "email", "activities", "status", "pauses", "stale_after", "within_working_days", "facts"}
)
Names = Mapping[str, str]


@dataclass(frozen=True)
class Recipient:
    """An association as the mail and the alerts need it; `email` is the address for this activity."""

    slug: str
    name: str
    language: str
    phone: str
    email: str
    activity: str
    promise: str
    within_working_days: int


@dataclass(frozen=True)
class Recipients:
    protection: str
    senders: str
    coordinator: str
    domains: frozenset[str]
    site: str
    languages: tuple[str, ...]  # of the site
    requests_until: str  # a day as it is written; after it nobody keeps the site any more
    holidays: frozenset[date]
    limits: Mapping[str, int]
    organisations: Mapping[str, Mapping[str, Any]]
    municipalities: Mapping[str, Names]
    reminders: bool = True  # of requests that nobody has answered
    coordinator_phone: str = ""

    @classmethod
    def load(cls, path: Path) -> "Recipients":
        return cls.from_json(json.loads(path.read_text("utf-8")))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Recipients":
        """Raises ValueError at another version, KeyError when something is missing: then nothing may start."""
        if raw["version"] != VERSION or raw["protection"] not in PROTECTIONS or raw["senders"] not in SENDERS:
            raise ValueError("recipients.json: version, protection or senders")
        if missing := [slug for slug, found in raw["organisations"].items() if not found.keys() >= NEEDED]:
            raise KeyError(f"recipients.json: {missing[0]}")
        return cls(
            protection=raw["protection"],
            senders=raw["senders"],
            coordinator=raw["coordinator"],
            domains=frozenset(domain.lower() for domain in raw["domains"]),
            site=raw["site"],
            requests_until=raw["requests_until"],
            holidays=frozenset(date.fromisoformat(day) for day in raw["holidays"]),
            limits={name: raw["limits"][name] for name in LIMITS},
            organisations=raw["organisations"],
            municipalities=raw.get("municipalities", {}),
            languages=tuple(raw["languages"]),
            reminders=raw.get("reminders", True),
            coordinator_phone=raw.get("coordinator_phone", ""),
        )

    @property
    def verifies_senders(self) -> bool:
        return self.senders == "verified"

    def is_work_address(self, email: str) -> bool:
        return email.rpartition("@")[2] in self.domains

    def knows(self, slug: str) -> bool:
        return slug in self.organisations

    def find(self, slug: str, activity: str = "") -> Recipient | None:
        """The association, with the activity's own address and name when it has them."""
        found = self.organisations.get(slug)
        if found is None:
            return None
        chosen = found["activities"].get(activity, {})
        language = found["language"] if found["language"] in LANGUAGES else "fi"
        return Recipient(
            slug=slug,
            name=found["name"],
            language=language,
            phone=found["phone"],
            email=chosen.get("email") or found["email"],
            activity=in_language(chosen.get("name"), language),
            promise=in_language(found.get("promise"), language),
            within_working_days=found["within_working_days"],
        )

    def at_address(self, email: str) -> Recipient | None:
        """The association that reads this mailbox."""
        wanted = email.lower()
        for slug, found in self.organisations.items():
            addresses = [found["email"], *(activity.get("email") for activity in found["activities"].values())]
            if wanted in (address.lower() for address in addresses if address):
                return self.find(slug)
        return None

    def municipality(self, identifier: str, language: str) -> str:
        return in_language(self.municipalities.get(identifier), language) or identifier.replace("-", " ").capitalize()


def in_language(names: Names | str | None, language: str) -> str:
    """A translated text; Finnish when the language is missing."""
    if isinstance(names, str):
        return names
    return (names or {}).get(language) or (names or {}).get("fi", "")


def check_takes(recipients: Recipients, referral: Referral, today: date) -> None:
    """Raises Refusal 422 with the reason why this association does not get this request today, or 403 when the region has decided
    that professionals may not send by mail, or nobody what others could read."""
    if (reason := _reason_not_to(recipients, referral, today.isoformat())) is not None:
        raise Refusal(422, reason)
    is_readable = recipients.protection == "sealed" and not referral.is_sealed
    if is_readable or (referral.sender == "professional" and recipients.protection == "none"):
        raise Refusal(403, "protection")


def _reason_not_to(recipients: Recipients, referral: Referral, today: str) -> str | None:
    if today > recipients.requests_until:
        return "site_old"
    found = recipients.organisations.get(referral.organisation)
    if found is None:
        return "unknown"
    # Days are compared as they are written, 2026-12-21: that is their order too, and no day has to be read at start.
    is_pause = any(first <= today <= last for first, last in found["pauses"])
    reasons = {
        "closed": found["status"] == "closed",
        "paused": found["status"] == "paused" or is_pause,
        "stale": found["stale_after"] is None or today > found["stale_after"],
        "not_taken": referral.activity not in found["activities"],
        # The page seals by the key that it shows, so it is older than the data also when the key is another, or came or went.
        "facts_changed": referral.facts != found["facts"] or referral.key_id != found.get("key_id", ""),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def check_municipality(recipients: Recipients, referral: Referral) -> None:
    """Raises Refusal 422 at a place that the region does not have; a file without names of places lets any through."""
    if referral.municipality and recipients.municipalities and referral.municipality not in recipients.municipalities:
        raise Refusal(422, "invalid", {"municipality": "choice"})
