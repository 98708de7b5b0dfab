"""A region, requests and events that are valid by default; a test names only what it is about."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import altcha

from lambda_common.local import LocalMailer, LocalStore, http_event
from lambda_common.proof import make_challenge
from lambda_common.services import Mail, Services
from lambda_referral.handler import handle
from lambda_referral.recipients import Recipients
from lambda_referral.settings import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
SITE = "https://tarjotin.example.fi"
FROM = "pyynnot@tarjotin.example.fi"
SECRETS = (b"a-secret-of-thirty-two-characters", b"the-secret-before-it-was-replaced")
FACTS = "0123456789abcdef"
COORDINATOR = "koordinaattori@pohjois-savo.example.fi"
SENDER = "maija.esimerkki@pohjois-savo.example.fi"
ORGANISATION, ACTIVITY = "savon-esimerkki", "torstairyhma"
MAILBOX = "ohjaus@savon-esimerkki.example.fi"


def written_organisation(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Savon Esimerkkiyhdistys ry",
        "language": "fi",
        "phone": "+358170001234",
        "email": MAILBOX,
        "activities": {ACTIVITY: {"name": {"fi": "Torstairyhmä", "sv": "Torsdagsgruppen", "en": "Thursday group"}}},
        "status": "active",
        "pauses": [["2026-12-21", "2027-01-06"]],
        "stale_after": "2027-09-01",
        "within_working_days": 3,
        "first_contact": "call",
        "responsible": "toiminnanjohtaja",
        "promise": {
            "fi": "Toiminnanjohtaja soittaa ja kertoo ryhmästä.",
            "sv": "Verksamhetsledaren ringer.",
            "en": "The director calls.",
        },
        "facts": FACTS,
        **changes,
    }


def written_recipients(**changes: Any) -> dict[str, Any]:
    """The file as the build writes it; `organisations` by slug."""
    return {
        "version": 1,
        "protection": "tls",
        "senders": "open",
        "coordinator": COORDINATOR,
        "domains": ["pohjois-savo.example.fi"],
        "site": SITE,
        "languages": ["fi", "sv", "en"],
        "requests_until": "2027-11-23",
        "holidays": ["2026-12-24", "2026-12-25", "2027-01-01", "2027-01-06"],
        "limits": {"per_organisation_hour": 20, "per_sender_day": 40, "all_day": 500},
        "organisations": {ORGANISATION: written_organisation()},
        **changes,
    }


def make_settings(**changes: Any) -> Settings:
    return Settings(SECRETS, FROM, SITE, Recipients.from_json(written_recipients(**changes)))


def new_key() -> str:
    return str(uuid4())


def written_request(**changes: Any) -> dict[str, Any]:
    """A professional's request without its proof of work; None leaves a field out."""
    written = {
        "key": new_key(),
        "organisation": ORGANISATION,
        "activity": ACTIVITY,
        "facts": FACTS,
        "website": "",
        "sender": "professional",
        "sender_name": "Maija Esimerkki",
        "sender_unit": "Aikuissosiaalityö",
        "sender_email": SENDER,
        "client_name": "Matti",
        "phone": "040 123 4567",
        "whose": "client",
        "contact_by": "call",
        "language": "fi",
        "interpreter": False,
        "municipality": "kuopio",
        "safe_time": "arkisin klo 9–15",
        "voicemail": False,
        "may_name": False,
        "under_15": False,
        "note": "Kulkee rollaattorilla.",
        "consent": True,
        "consent_version": "2026-11",
        **changes,
    }
    return {name: value for name, value in written.items() if value is not None}


RESIDENT: dict[str, Any] = {"sender": "self", "sender_name": None, "sender_unit": None, "sender_email": None}
SOMEONE_CLOSE: dict[str, Any] = {**RESIDENT, "sender": "close", "knows": True}


def solved(challenge: dict[str, Any]) -> str:
    """What the browser's worker makes of a challenge."""
    given = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


def solved_for(organisation: str, key: str, now: datetime = NOW, secrets: tuple[bytes, ...] = SECRETS) -> str:
    return solved(make_challenge(secrets, organisation, key, now))


@dataclass
class Counter:
    """The function behind its paths, with a clock to move and services to break."""

    settings: Settings = field(default_factory=make_settings)
    mailer: LocalMailer = field(default_factory=LocalMailer)
    store: LocalStore = field(default_factory=LocalStore)
    now: datetime = NOW
    services: Services | None = None

    def call(self, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = handle(event, self.services or Services(self.mailer, self.store, lambda: self.now), self.settings)
        assert answer is not None
        return answer["statusCode"], json.loads(answer["body"])

    def get(self, path: str, **query: str) -> tuple[int, dict[str, Any]]:
        return self.call(http_event("GET", path, {"sec-fetch-site": "same-origin"}, query=query))

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        return self.call(post_event(path, body, **headers))

    def refer(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        return self.send(self.prove(written_request(**changes)))

    def send(self, body: Any) -> tuple[int, dict[str, Any]]:
        return self.post("/api/ohjaus", body)

    def prove(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "proof": solved_for(body["organisation"], body["key"], self.now)}

    def hear(self, event: dict[str, Any]) -> None:
        services = self.services or Services(self.mailer, self.store, lambda: self.now)
        assert handle(event, services, self.settings) is None

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def kept(self) -> str:
        """All that the store keeps, to be searched."""
        return repr((self.store.items, self.store.counts, self.store.sheets))

    @property
    def outbox(self) -> list[Mail]:
        return self.mailer.outbox


def post_event(path: str, body: Any, **headers: str) -> dict[str, Any]:
    """`body` as bytes goes as it is; anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"content-type": "application/json", "origin": SITE, "sec-fetch-site": "same-origin"}
    return http_event("POST", path, {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}, raw)


def in_base64(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}
