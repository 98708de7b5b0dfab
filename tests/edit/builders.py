"""A region, its files and requests that are valid by default; a test names only what it is about."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import altcha

from generator.content import blob_name, parse_yaml
from generator.edits import edit_record
from generator.pipeline import Settings as BuildSettings
from generator.pipeline import load_content
from lambda_common.local import LocalMailer, LocalStore, http_event
from lambda_common.proof import make_challenge
from lambda_common.services import Mail, Services
from lambda_edit.desk import Desk, addresses_path, organisation_path
from lambda_edit.forge import Proposal
from lambda_edit.handler import handle
from lambda_edit.links import Purpose, make_link
from lambda_edit.region import Region
from lambda_edit.settings import Settings
from tests.builders import ROOT, TODAY
from tests.edit.memory_forge import MemoryForge

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
SITE = "https://tarjotin.example.fi"
FROM = "tarjotin@tarjotin.example.fi"
SECRETS = (b"a-secret-of-thirty-two-characters", b"the-secret-before-it-was-replaced")
SLUG, OTHER = "savon-esimerkki", "toinen-esimerkki"
MAINTAINER, SECOND = "toimisto@savon-esimerkki.example.fi", "sihteeri@savon-esimerkki.example.fi"
MAILBOX = "ohjaus@savon-esimerkki.example.fi"
COORDINATOR, DEPUTY = "koordinaattori@example.fi", "sijainen@example.fi"
PHONE, NEW_PHONE = "017 000 0201", "017 000 0299"

FILE = f"""# Yhdistyksen tiedot. Tämä kommentti säilyy.
name: Savon Esimerkkiyhdistys ry
business_id: "9010312-5"
pitch:
  fi: Voit tulla mukaan sellaisena kuin olet.  # ammattilainen sanoo tämän ääneen
  sv: Du får komma som du är.
description: Esimerkki.
contacts:
  - role: Toimisto
    phone: {PHONE}  # päivystetään arkisin
    email: toimisto@savon-esimerkki.example.fi
activities:
  - id: vertaisryhma
    type: vertaisryhma
    name: Torstairyhmä
    summary: Ryhmässä jutellaan.
    needs: [masennus]
    municipalities: [kuopio]
    when: Torstaisin klo 17
    capacity: {{status: open}}
  - id: neuvonta
    type: neuvonta
    name: Neuvonta
    summary: Voit soittaa ja kysyä.
    needs: [masennus, ahdistus]
    municipalities: [kuopio, siilinjarvi]
referral:
  responsible: toiminnanjohtaja
  first_contact: call
  within_working_days: 3
  promise: Toiminnanjohtaja soittaa.
review: {{confirmed_on: 2026-09-01, confirmed_by: sihteeri}}
"""
OTHER_FILE = """name: Pielisen Esimerkkikerho ry
pitch: Kerhossa kudotaan.
description: Esimerkki.
contacts:
  - role: Toimisto
    phone: 017 000 0202
activities:
  - {id: kerho, type: vertaisryhma, name: Kerho, summary: Kudotaan., needs: [yksinaisyys], municipalities: [kuopio]}
review: {confirmed_on: 2026-09-01, confirmed_by: sihteeri}
"""
PRIVATE_FILE = f"""# Ei julkaista.
referral_email: {MAILBOX}
activity_emails: {{neuvonta: neuvonta@savon-esimerkki.example.fi}}
data_maintainers:
  - {MAINTAINER}
  - {SECOND}
link_generation: 2
"""


@cache
def written_region() -> dict[str, Any]:
    """The repository's own settings and terms, with two associations of the tests' own."""
    record = edit_record(load_content(BuildSettings(ROOT, TODAY)))
    known = {"status": "active", "former_slugs": []}
    record["organisations"] = {
        SLUG: {"name": "Savon Esimerkkiyhdistys ry", "business_id": "9010312-5", "phones": ["+358170000201"], **known},
        OTHER: {"name": "Pielisen Esimerkkikerho ry", "business_id": None, "phones": ["+358170000202"], **known},
    }
    return json.loads(json.dumps(record))


def make_settings(**changes: Any) -> Settings:
    region = Region.from_json(written_region())
    return Settings(
        **{
            "secrets": SECRETS,
            "from_address": FROM,
            "site": SITE,
            "region": region,
            "private_folder": "content/private",
            **changes,
        }
    )


def public_files() -> dict[str, str]:
    return {organisation_path(SLUG): FILE, organisation_path(OTHER): OTHER_FILE}


def private_files() -> dict[str, str]:
    return {f"content/private/{SLUG}.yaml": PRIVATE_FILE}


def new_key() -> str:
    return str(uuid4())


def solved(challenge: dict[str, Any]) -> str:
    """What the browser's worker makes of a challenge."""
    given = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


def post_event(path: str, body: Any, **headers: str) -> dict[str, Any]:
    """`body` as bytes goes as it is; anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"content-type": "application/json", "origin": SITE, "sec-fetch-site": "same-origin"}
    return http_event("POST", path, {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}, raw)


@dataclass
class Office:
    """The service behind its paths, over one forge or two, with a clock to move and services to break."""

    public: MemoryForge = field(default_factory=lambda: MemoryForge({**public_files(), **private_files()}))
    private: MemoryForge | None = None
    mailer: LocalMailer = field(default_factory=LocalMailer)
    store: LocalStore = field(default_factory=LocalStore)
    settings: Settings = field(default_factory=make_settings)
    now: datetime = NOW
    paused: list[float] = field(default_factory=list)

    @classmethod
    def of_two_forges(cls) -> "Office":
        return cls(MemoryForge(public_files()), MemoryForge(private_files()))

    @property
    def addresses(self) -> MemoryForge:
        return self.private or self.public

    @property
    def desk(self) -> Desk:
        services = Services(self.mailer, self.store, lambda: self.now)
        return Desk(services, self.settings, self.public, self.addresses, self.paused.append)

    def call(self, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = handle(event, self.desk)
        return answer["statusCode"], json.loads(answer["body"])

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        return self.call(post_event(path, body, **headers))

    def proof(self, slug: str, key: str) -> str:
        return solved(make_challenge(SECRETS, slug, key, self.now))

    def token(
        self, purpose: Purpose = "edit", slug: str = SLUG, generation: int = 2, address: str = MAINTAINER, **said: Any
    ) -> str:
        return make_link(SECRETS, purpose, slug, generation, address, self.now, **said)

    def edit(self, change: Any = None, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Sends the form of SLUG, in which `change` has changed what is written. With a link, unless `token` says otherwise."""
        return self.send(self.written_edit(change, **changes))

    def written_edit(self, change: Any = None, **changes: Any) -> dict[str, Any]:
        slug = changes.get("slug", SLUG)
        text = self.public.main.get(organisation_path(slug), "")
        written = deepcopy(changes.pop("written", None) or (parse_yaml(text) if text else {}))
        if change:
            change(written)
        body = {
            "key": new_key(),
            "slug": slug,
            "base": blob_name(text.encode()) if text else "",
            "token": self.token(),
            "written": written,
            "website": "",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def send(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        proven = {"proof": self.proof(str(body.get("slug") or "uusi"), str(body.get("key"))), **body}
        return self.post("/api/muokkaus", proven)

    def ask_link(self, email: str, slug: str = SLUG, **changes: Any) -> tuple[int, dict[str, Any]]:
        return self.post("/api/muokkauslinkki", {"slug": slug, "email": email, "proof": self.proof(slug, new_key()), **changes})

    def confirm(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        blob = blob_name(self.public.main[organisation_path(SLUG)].encode())
        parts = ["contacts", "referral", "activities"]
        return self.post(
            "/api/vahvistus", {"token": self.token("confirm"), "blob": blob, "parts": parts, "role": "sihteeri", **changes}
        )

    def decide(self, action: str, **more: Any) -> tuple[int, dict[str, Any]]:
        token = self.token("approve", "", 1, COORDINATOR)
        return self.post("/api/hyvaksynta", {"token": token, "action": action, **more})

    def waiting(self) -> list[dict[str, Any]]:
        status, body = self.decide("list")
        assert status == 200, body
        found: list[dict[str, Any]] = body["proposals"]
        return found

    def approve(self, number: int = 0, **more: Any) -> tuple[int, dict[str, Any]]:
        one = self.waiting()[number]
        return self.decide("approve", id=one["id"], head=one["head"], **more)

    def open_proposals(self) -> list[Proposal]:
        return self.public.proposals()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def outbox(self) -> list[Mail]:
        return self.mailer.outbox

    def mails_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.outbox if mail.to == address]

    def file(self, slug: str = SLUG) -> str:
        return self.public.main[organisation_path(slug)]

    def private_file(self, slug: str = SLUG) -> str:
        return self.addresses.main[addresses_path(self.settings, slug)]


def token_in(mail: Mail) -> str:
    """The code of a mail's link."""
    found = re.search(r"#t=(\S+)", mail.text)
    assert found
    return found[1]


def call_another_number(written: dict[str, Any]) -> None:
    written["contacts"][0]["phone"] = NEW_PHONE


def fill_up(written: dict[str, Any]) -> None:
    written["activities"][0]["capacity"] = {"status": "full", "until": "2027-01-31"}


def read_lines(before: str, after: str) -> list[str]:
    """The lines that differ, as a diff shows them."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))]


def sample_file(name: str) -> Path:
    return ROOT / "content" / "organisations" / f"{name}.yaml"
