"""Valid content by default; a test names only what it is about."""

import shutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.checked import Content, Original, WrittenPage
from generator.combinations import Combinations
from generator.content import blob_name
from generator.models import Activity, FreshnessLimits, Organisation, Site, Taxonomy
from generator.pages import CONTENT_PAGES, Plan
from generator.pipeline import plan_on
from generator.rendering.site import render_site

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)
LIMITS = FreshnessLimits()
SAMPLES = Path(__file__).parent / "content"


def make_project(target: Path, overlay: str = "_valid") -> Path:
    """The smallest valid region, with the files of another folder of tests/content put over it."""
    for folder in (SAMPLES / "_valid", SAMPLES / overlay):
        shutil.copytree(folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    return target


def written_activity(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ryhma",
        "type": "vertaisryhma",
        "name": "Torstairyhmä",
        "summary": "Ryhmässä jutellaan.",
        "needs": ["masennus"],
        "municipalities": ["kuopio"],
        **changes,
    }


def make_activity(**changes: Any) -> Activity:
    return Activity.model_validate(written_activity(**changes))


def written_organisation(**changes: Any) -> dict[str, Any]:
    """An association as it would be written; `activities` as a list of changes to the activity that is valid by default."""
    activities = [
        written_activity(**{"id": f"toiminta-{number}", **one}) for number, one in enumerate(changes.pop("activities", [{}]))
    ]
    written = {
        "name": "Savon Esimerkkiyhdistys ry",
        "pitch": "Voit tulla mukaan sellaisena kuin olet.",
        "description": "Esimerkki.",
        "contacts": [{"role": "Toimisto", "phone": "017 000 0101"}],
        "activities": activities,
        "review": {"confirmed_on": "2026-09-01", "confirmed_by": "sihteeri"},
        **changes,
    }
    return {key: value for key, value in written.items() if value is not None}


def make_organisation(**changes: Any) -> Organisation:
    return Organisation.model_validate(written_organisation(**changes))


def make_taxonomy(
    needs: tuple[str | dict[str, Any], ...] = ("masennus", "diabetes"),
    types: tuple[str | dict[str, Any], ...] = ("vertaisryhma", "neuvonta"),
    municipalities: tuple[tuple[str, float, float], ...] = (
        ("kuopio", 62.892, 27.678),
        ("siilinjarvi", 63.075, 27.660),
        ("tervo", 62.955, 26.755),
    ),
    helplines: tuple[dict[str, Any], ...] = (),
) -> Taxonomy:
    """Terms by id, or by what differs from a valid term: {"id": "kriisi", "quick_exit": True}."""
    label = {"fi": "Nimi"}
    return Taxonomy.model_validate(
        {
            "need_groups": [{"id": "ryhma", "label": label}],
            "needs": [_term(need, group="ryhma", label=label, description=label) for need in needs],
            "activity_types": [_term(one, label=label, description=label) for one in types],
            "target_groups": [],
            "languages": [{"id": "fi", "label": label}],
            "helplines": helplines,
            "municipalities": [
                {"id": one, "code": f"{at:03}", "label": label, "locative": "Nimessä", "centre": [latitude, longitude]}
                for at, (one, latitude, longitude) in enumerate(municipalities)
            ],
        }
    )


def _term(changes: str | dict[str, Any], **defaults: Any) -> dict[str, Any]:
    return {**defaults, **(changes if isinstance(changes, dict) else {"id": changes})}


def make_combinations(today: date = TODAY, taxonomy: Taxonomy | None = None, **organisations: Organisation) -> Combinations:
    """The index of associations by slug; underscores in a keyword stand for hyphens."""
    named = {slug.replace("_", "-"): organisation for slug, organisation in organisations.items()}
    return Combinations(named, taxonomy or make_taxonomy(), LIMITS, today)


class WithoutAliases(yaml.SafeDumper):
    """Writes values that a test uses twice out in full, as the program wants."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@cache
def _written(file: str) -> dict[str, Any]:
    """A file of the repository as text values."""
    return yaml.load((ROOT / file).read_text("utf-8"), yaml.BaseLoader)


def write_project(target: Path, organisations: Mapping[str, dict[str, Any]], sample: date | None = None, **changes: Any) -> Path:
    """A small region in a folder: the repository's settings and pages, a few of its terms, and only these associations by slug.
    Without `sample` it is a real region, whose dates are judged as of the day of the build. `changes` are to site.yaml."""
    site, taxonomy = dict(_written("content/site.yaml")), dict(_written("taxonomy.yaml"))
    terms = {
        "needs": ("masennus", "diabetes", "kriisi", "vakivalta"),
        "activity_types": ("vertaisryhma", "neuvonta"),
        "municipalities": ("kuopio", "siilinjarvi", "tervo"),
    }
    taxonomy |= {kind: [term for term in taxonomy[kind] if term["id"] in ids] for kind, ids in terms.items()}
    site |= {"sample": {"today": str(sample)}} if sample else _real_addresses(site)
    site = {key: value for key, value in site.items() if sample or key != "sample"} | changes
    for folder in ("pages", "pictures"):
        shutil.copytree(ROOT / "content" / folder, target / "content" / folder)
    for page in () if sample else (target / "content" / "pages").iterdir():
        page.write_text(page.read_text("utf-8").replace("example.fi", "tarjotin.alue"), "utf-8")
    (target / "content" / "organisations").mkdir()
    files = {"content/site.yaml": site, "taxonomy.yaml": taxonomy}
    files |= {f"content/organisations/{slug}.yaml": written for slug, written in organisations.items()}
    for file, written in files.items():
        (target / file).write_text(yaml.dump(written, Dumper=WithoutAliases, allow_unicode=True, sort_keys=False), "utf-8")
    return target


def _real_addresses(site: dict[str, Any]) -> dict[str, Any]:
    """Settings that a real region may have: sample numbers and addresses are refused there. No such domain exists."""
    guidance = {**site["guidance"], "phone": "116 117"}
    policy = {**site["referral"], "sender_domains": ["hva.alue"]}
    return {
        "url": "https://tarjotin.alue",
        "feedback_email": "palaute@tarjotin.alue",
        "guidance": guidance,
        "coordinator": {"phone": "116 117", "email": "koordinaattori@tarjotin.alue"},
        "referral": policy,
        "embedding": {"allowed": ["https://intra.alue"]},
    }


WRITTEN_REFERRAL = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": 3, "promise": "Soitamme."}
WRITTEN_POLICY = {
    "protection": "tls",
    "decided_on": "2026-09-15",
    "decided_by": "tietosuojavastaava",
    "sender_domains": ["hva.example.fi"],
}


def make_site(**changes: Any) -> Site:
    return Site.model_validate(
        {
            "name": "Hyvinvointitarjotin",
            "region": "Pohjois-Savo",
            "whole_region": "Koko Pohjois-Savo",
            "publisher": "Esimerkkialue",
            "url": "https://tarjotin.example.fi",
            "guidance": {"name": "Asiakasohjaus", "phone": "017 000 0100", "hours": "arkisin"},
            "coordinator": {"phone": "017 000 0101", "email": "koordinaattori@example.fi"},
            "feedback_email": "palaute@example.fi",
            "quick_exit": "https://saa.example.org/",
            **changes,
        }
    )


def make_content(taxonomy: Taxonomy | None = None, site: Site | None = None, **organisations: Organisation) -> Content:
    """A small region; underscores in a keyword stand for hyphens in a slug."""
    named = {slug.replace("_", "-"): organisation for slug, organisation in organisations.items()}
    pages = {(slug, "fi"): WrittenPage(f"Otsikko {slug}", "Kuvaus.", "Tekstiä.") for slug in CONTENT_PAGES}
    originals = {slug: make_original(one) for slug, one in named.items()}
    return Content(site or make_site(), taxonomy or make_taxonomy(), named, {}, pages, (), 0, originals)


def make_original(organisation: Organisation) -> Original:
    """An association's file, as it could be written."""
    written = organisation.model_dump_json(by_alias=True, exclude_none=True).encode()
    return Original(blob_name(written), written)


def make_plan(content: Content, today: date = TODAY) -> Plan:
    return plan_on(content, today)


def render(content: Content, today: date = TODAY) -> dict[str, str]:
    """Every file of a site by its path, pictures left out."""
    files = render_site(content, make_plan(content, today), today)
    return {path: raw.decode() for path, raw in files if not path.endswith(".png")}
