"""A page stays true after the day it was built: on any later day the script shows what a build of that day would show."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from generator.dates import add_months
from generator.pages import LISTINGS_PER_PAGE
from generator.pipeline import Settings, build_site
from tests.browser.conftest import opened, served
from tests.builders import write_project, written_organisation

pytestmark = pytest.mark.browser

BUILT = date(2026, 9, 2)
DAY = timedelta(days=1)


def association(name: str, confirmed_on: str | None, *activities: dict[str, Any], **more: Any) -> dict[str, Any]:
    review = {"confirmed_on": confirmed_on, "confirmed_by": "sihteeri"} if confirmed_on else None
    contacts = [{"role": "Toimisto", "phone": "10100"}]
    return written_organisation(name=name, review=review, contacts=contacts, activities=list(activities), **more)


OPEN, REMOTE, REGION = {"capacity": {"status": "open"}}, {"remote": True, "municipalities": []}, {"municipalities": ["koko-alue"]}
REFERRAL = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": 3, "promise": "Sihteeri soittaa."}
# Dates of every kind, and names, places, states and confirmations that make each key of the order matter on some day.
ASSOCIATIONS = {
    "tuore": association("Ähtävän Esimerkki ry", "2026-09-01", {"capacity": {"status": "open", "until": "2027-01-31"}}),
    "vanheneva": association("Zetan Esimerkki ry", "2026-03-15", {**OPEN, **REGION}, referral=REFERRAL),
    "vanha": association("Öljyn Esimerkki ry", "2025-08-31", {"capacity": {"status": "open", "until": "2026-12-31"}}),
    "vahvistamaton": association("Aallon Esimerkki ry", None, OPEN),
    "taynna": association(
        "Åsnan Esimerkki ry",
        "2026-09-01",
        {"capacity": {"status": "full", "until": "2026-10-31"}},
        {"type": "neuvonta", "capacity": {"status": "waitlist", "until": "2027-01-31"}, "municipalities": ["kuopio", "tervo"]},
    ),
    "kausi": association(
        "Kauden Esimerkki ry",
        "2026-09-01",
        {**OPEN, "season": {"from": "2026-09-15", "to": "2027-05-15", "enrol_by": "2026-10-31"}},
        {"capacity": {"status": "waitlist", "until": "2027-01-31"}, "season": {"from": "2026-09-15", "to": "2026-12-20"}},
    ),
    "tauko": association(
        "Tauon Esimerkki ry",
        "2026-07-01",
        OPEN,
        {**OPEN, **REMOTE, "name": "Linja"},
        referral=REFERRAL,
        pauses=[{"from": "2026-12-21", "to": "2027-01-06", "note": "Joulutauko."}, {"from": "2027-07-01", "to": "2027-07-31"}],
    ),
    "liitto": association("Liiton Esimerkki ry", "2026-07-01", {"municipalities": []}, scope="national"),
    "etana": association("Etän Esimerkki ry", "2026-03-15", {**OPEN, **REMOTE, "needs": ["diabetes"]}),
}
PAGES = (
    "/tarve/masennus/kaikki/koko-alue/",
    "/tarve/masennus/vertaisryhma/kuopio/",
    "/sv/tarve/masennus/neuvonta/tervo/",
    "/en/tarve/masennus/kaikki/tervo/",
    "/tarve/diabetes/kaikki/kuopio/",
    *(f"/jarjesto/{slug}/" for slug in ("vanheneva", "taynna", "kausi", "tauko")),
)


def edges(written: object) -> Iterator[date]:
    """The days on both sides of every moment when something that was written begins or ends."""
    for key, value in written.items() if isinstance(written, dict) else enumerate(written) if isinstance(written, list) else ():
        if key in ("from", "to", "until", "enrol_by"):
            day = date.fromisoformat(value)
            yield from (day - DAY, day) if key == "from" else (day, day + DAY)
        elif key == "confirmed_on":
            warned, *ended = (add_months(date.fromisoformat(value), months) for months in (6, 12, 18))
            yield from (warned - DAY, warned, *ended, *(day + DAY for day in ended))
        else:
            yield from edges(value)


DAYS = sorted({BUILT, date(2029, 1, 1)} | {day for day in edges(ASSOCIATIONS) if day >= BUILT})


def visible(page: str) -> list[str]:
    """The texts of an association's page, or of a results page's lists, that are to be seen. Left out are lists that became
    empty (the build offers something else, which the script cannot know), and the tray's buttons and the form for telling of an
    error, which only the script shows."""
    tree = LexborHTMLParser(page)
    for hidden in tree.css("[hidden], [data-tray], [data-report], .results:not(:has(.card:not([hidden])))"):
        hidden.decompose()
    parts = tree.css(".results" if tree.css_first(".summary") else "main")
    return [" ".join(part.text(separator=" ").split()) for part in parts]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("days"), ASSOCIATIONS)


@cache
def built_as_of(day: date, project: Path) -> dict[str, list[str]]:
    build_site(Settings(project, day))
    return {path: visible((project / "build" / "site" / path[1:] / "index.html").read_text("utf-8")) for path in PAGES}


@pytest.fixture(scope="module")
def visitor(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Someone far away, for whom it is another day than in Finland for a part of the day, on a site that was built once."""
    project = write_project(tmp_path_factory.mktemp("once"), ASSOCIATIONS)
    build_site(Settings(project, BUILT))
    with (
        served(project / "build" / "site") as address,
        opened(chromium, address, timezone_id="America/New_York") as (page, watch),
    ):
        yield page
        assert not watch.faults


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_script_shows_what_a_build_of_the_day_would(visitor: Page, project: Path, day: date) -> None:
    built = built_as_of(day, project)
    for moment in (time(0, 5), time(23, 55)):
        visitor.clock.set_fixed_time(datetime.combine(day, moment, ZoneInfo("Europe/Helsinki")))
        for path in PAGES if moment.hour else PAGES[:1]:
            visitor.goto(path, wait_until="domcontentloaded")  # the script has run then
            assert (path, visible(visitor.content())) == (path, built[path])


def test_list_that_becomes_empty_leaves_no_heading_behind(visitor: Page) -> None:
    visitor.clock.set_fixed_time("2029-01-01T12:00:00Z")
    visitor.goto("/tarve/masennus/kaikki/koko-alue/")
    headings = visitor.locator("section.results:not(:has(.card:not([hidden]))) > h2:visible")
    assert headings.all_inner_texts() == []


def test_page_that_becomes_empty_says_so(visitor: Page) -> None:
    visitor.clock.set_fixed_time("2029-01-01T12:00:00Z")
    visitor.goto("/tarve/masennus/neuvonta/kuopio/")
    assert visitor.locator("#count").inner_text() == "Tällä sivulla ei ole enää ajantasaisia tietoja."
    assert visitor.locator(".card:visible").count() == 0


def test_days_make_a_difference(project: Path) -> None:
    """Otherwise the comparison above would compare little."""
    built = [built_as_of(day, project) for day in DAYS]
    assert sum(one != another for one, another in pairwise(built)) > 15


def test_count_over_a_part_of_a_long_list_is_of_the_whole_list(chromium: Browser, tmp_path: Path) -> None:
    names = [f"Esimerkki {number} ry" for number in range(LISTINGS_PER_PAGE + 2)]
    associations = {f"e{at}": association(name, "2026-09-01" if at else "2025-08-31", OPEN) for at, name in enumerate(names)}
    project = write_project(tmp_path, associations)
    build_site(Settings(project, BUILT))
    with served(project / "build" / "site") as address, opened(chromium, address) as (page, _):
        page.clock.set_fixed_time("2027-03-05T12:00:00Z")  # the first is no longer listed; it stood last, on page 2
        page.goto("/tarve/masennus/kaikki/kuopio/2/")
        assert page.locator(".card:visible").count() == 1
        assert page.locator("#count").inner_text() == f"{LISTINGS_PER_PAGE + 1} järjestöä"


def test_sample_content_stays_on_its_own_day(page: Page) -> None:
    path = "/tarve/masennus/kaikki/kuopio/"
    page.goto(path)
    shown = visible(page.content())
    page.clock.set_fixed_time("2029-01-01T12:00:00Z")
    page.goto(path)
    assert visible(page.content()) == shown
