"""The drafts for the data protection officer say what the program does: every figure in them is read from its source."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest

from generator.models import FreshnessLimits, ReferralLimits
from generator.rendering.referral import CONSENT_VERSION
from lambda_common import log
from lambda_common.once import HOURS_KEPT
from lambda_edit import limits as edit_limits
from lambda_edit.links import DAYS
from lambda_referral import limits as referral_limits
from lambda_referral import proving
from lambda_referral.fields import DAYS_PROVEN, FIELDS
from tests.builders import ROOT
from tests.test_deploy import read_template

FOLDER = ROOT / "docs" / "tietosuoja"
DESCRIPTIONS = ("salattu-pyynto",)  # of how something works: nothing for the region to fill in
DOCUMENTS = ("informointi", "kasittelytoimet", "lokit", "rekisterinpitajat", "vaikutustenarviointi")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOURS = {"tunti": 1, "tuntia": 1, "vuorokautta": 24, "kuukautta": 24 * 30}
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \|[^|]*\| (?P<number>\d+) (?P<unit>\w+) \| `(?P<source>[^`]+)`(?: (?P<path>[\w.]+))? \|$", re.M
)


def read(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text("utf-8")


ROWS = [found.groupdict() for found in ROW.finditer(read("lokit"))]


def expiry(caps: list[Any]) -> float:
    """How many hours the counters stay."""
    (expires,) = {cap.expires for cap in caps}
    return (expires - NOW.timestamp()) / 3600


def counters_of_requests() -> float:
    referral = SimpleNamespace(organisation="a", sender="self", sender_email="", phone="+358401234567", email="")
    return expiry(referral_limits.caps_of(cast(Any, referral), ReferralLimits().model_dump(), (b"x" * 32,), NOW))


def counters_of_edits() -> float:
    return expiry(edit_limits.of_joining(cast(Any, SimpleNamespace(now=NOW))))


def counters_of_proving() -> float:
    return expiry(proving.caps_of((b"x" * 32,), "minna@hva.example.fi", NOW))


COUNTED: dict[str, Callable[[], float]] = {
    "lambda_referral.limits.caps_of": counters_of_requests,
    "lambda_edit.limits.of_joining": counters_of_edits,
    "lambda_referral.proving.caps_of": counters_of_proving,
}


def told_by(source: str, path: str | None) -> float:
    """The time in hours that a source of the table says."""
    if source in COUNTED:
        return COUNTED[source]()
    if source == "deploy/template.yaml":
        return in_template(str(path))
    module, _, name = source.partition(".DAYS.") if ".DAYS." in source else source.rpartition(".")
    value = import_module(module).DAYS[name] if ".DAYS." in source else getattr(import_module(module), name)
    unit = {"HOURS": "tuntia", "MONTHS": "kuukautta"}.get(name.partition("_")[0], "vuorokautta")
    return float(value) * HOURS[unit]


def in_template(path: str) -> float:
    name, *keys = path.split(".")
    value: Any = read_template("template.yaml")["Resources"][name]["Properties"]
    for key in keys:
        value = value[key]
    return float(value) * 24 if keys[-1].endswith("InDays") else float(value) / 3600


def test_every_row_with_a_time_names_its_source() -> None:
    times = re.findall(r"^\|.*\| \d+ (?:tunti|tuntia|vuorokautta|kuukautta) \|", read("lokit"), re.M)
    assert len(ROWS) == len(times) > 15


@pytest.mark.parametrize("row", ROWS, ids=[row["what"] for row in ROWS])
def test_time_of_keeping_is_that_of_the_program(row: dict[str, str]) -> None:
    assert told_by(row["source"], row["path"]) == int(row["number"]) * HOURS[row["unit"]]


def test_every_log_queue_and_mailed_link_is_told() -> None:
    kept = {"AWS::Logs::LogGroup", "AWS::SQS::Queue"}
    resources = {name for name, one in read_template("template.yaml")["Resources"].items() if one["Type"] in kept}
    assert {row["path"].partition(".")[0] for row in ROWS if row["path"]} >= resources
    assert {row["source"] for row in ROWS} >= {f"lambda_edit.links.DAYS.{kind}" for kind in DAYS}


def test_wrong_time_would_be_noticed() -> None:
    assert told_by("lambda_common.once.HOURS_KEPT", None) != 49
    assert told_by("deploy/template.yaml", "LogGroup.RetentionInDays") != 15 * 24


def table_keys(text: str, heading: str) -> list[str]:
    """The words in the first column of the table under a heading row."""
    rows = text.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", rows, re.M)


def test_keys_of_the_log_are_all_told() -> None:
    assert tuple(table_keys(read("lokit"), "Avain | Mitä siinä on")) == log.KEYS


def test_fields_of_a_request_are_all_told() -> None:
    assert sorted(table_keys(read("kasittelytoimet"), "Kenttä | Mikä se on | Kenen tieto")) == sorted(FIELDS)


LIMITS, FRESHNESS = ReferralLimits(), FreshnessLimits()
CLAIMS = {
    "kasittelytoimet": (
        f"järjestölle {LIMITS.per_organisation_hour} tunnissa, yhdeltä lähettäjältä {LIMITS.per_sender_day} päivässä, "
        f"kaikkiaan {LIMITS.all_day} päivässä",
        f"enintään {FIELDS['note'].max} merkkiä",
        f"Vahvistus on voimassa {DAYS_PROVEN} päivää",
        f"yhteen osoitteeseen enintään {proving.MAILS_A_DAY} päivässä",
    ),
    "lokit": (f"| Enintään {DAYS_PROVEN} vuorokautta, tai kunnes käyttäjä unohtaa sen |",),
    "salattu-pyynto": (f"enintään {DAYS_PROVEN} päivää selaimessa",),
    "vaikutustenarviointi": (
        f"huomio on enintään {FIELDS['note'].max} merkkiä",
        f"Tila on taulussa {HOURS_KEPT} tuntia",
        f"selain todistaa {DAYS_PROVEN} päivän välein",
        f"sulkeutuvat itsestään {FRESHNESS.unbuilt_months} kuukauden kuluttua viimeisestä julkaisusta",
    ),
    "informointi": (f"versio ({CONSENT_VERSION})", f"ovat muistissa {HOURS_KEPT} tuntia", f"todisteen {DAYS_PROVEN} päivää"),
}


def claims() -> Iterator[tuple[str, str]]:
    yield from ((name, claim) for name, said in CLAIMS.items() for claim in said)


@pytest.mark.parametrize(("name", "claim"), list(claims()))
def test_figure_in_running_text_is_that_of_the_program(name: str, claim: str) -> None:
    assert claim in " ".join(read(name).split())


def test_text_to_read_aloud_is_that_of_the_form() -> None:
    form = (ROOT / "site_templates" / "texts" / "fi.yaml").read_text("utf-8")
    spoken = re.search(r"professional: \"\{name\} (saa yhteystietonne[^\"]+)\"", form)
    assert spoken
    assert spoken[1] in " ".join(read("informointi").replace("\n> ", " ").split())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_draft_leaves_to_the_region_what_only_it_knows(name: str) -> None:
    text = read(name)
    assert len(re.findall(r"\[täydennä(?::[^\]]+)?\]", text)) >= 4
    assert text.count("[täydennä") == len(re.findall(r"\[täydennä(?::[^\]]+)?\]", text))


def test_drafts_are_all_listed() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted((*DOCUMENTS, *DESCRIPTIONS))


LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Any) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.S)
    assert [link for link in LINK.findall(text) if not link.startswith("/") and not (path.parent / link).exists()] == []
