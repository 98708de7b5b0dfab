"""What may be told of numbers of requests: nothing that tells of few, on no page and in no mail."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette

from generator.checked import Content
from generator.cli import main
from generator.counting import sheets
from generator.counting.counts import (
    bounces_of,
    full_months,
    gather,
    requests_of,
    tally,
    told,
    told_total,
    usual_time,
    waiting_of,
    written,
)
from generator.counting.sheets import open_sheets, open_sheets_if_any
from generator.mails.post import NoPost
from generator.models import TIMES, AssociationFigures, Counts, Figures
from generator.preview.local_api import LocalApi
from generator.preview.running import KEY_HEADER, SHEETS, Running, announced, intake_key
from generator.rendering.environment import load_voice
from lambda_common.local import LocalStore
from lambda_common.services import StoreDown
from lambda_referral import counting, waiting
from lambda_referral.waiting import Waiting
from tests.builders import (
    ROOT,
    TODAY,
    WRITTEN_POLICY,
    WRITTEN_REFERRAL,
    make_content,
    make_organisation,
    make_project,
    make_site,
    render,
)

MONDAY = date(2026, 11, 23)


class Store(LocalStore):
    def count_month(self, slug: str, year: int, month: int, **kinds: int) -> None:
        self.add(counting.sheet_key(slug, year), {counting.field_of(month, kind): one for kind, one in kinds.items()}, 0)


def gathered(store: LocalStore, *slugs: str, today: date = MONDAY) -> Counts:
    return gather(store.read, {slug: (slug,) for slug in slugs}, today)


def figures(**numbers: Any) -> Counts:
    """What is written of the association "kerho"."""
    return Counts.model_validate({"from": "2025-11-01", "to": "2026-10-31", "associations": {"kerho": numbers}})


# Which months


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-01", (2025, 11), (2026, 10)),
        ("2026-11-30", (2025, 11), (2026, 10)),
        ("2027-01-01", (2026, 1), (2026, 12)),
        ("2026-12-31", (2025, 12), (2026, 11)),
    ],
)
def test_last_twelve_full_months_are_told(today: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    months = full_months(date.fromisoformat(today))
    assert (months[0], months[-1], len(months)) == (first, last, 12)


def test_only_full_months_of_the_last_twelve_are_counted() -> None:
    store = Store()
    for year, month in ((2025, 10), (2025, 11), (2026, 10), (2026, 11)):
        store.count_month("a", year, month, requests=10)
    counts = gathered(store, "a")
    assert counts.region.requests == 20
    assert (counts.first, counts.last) == (date(2025, 11, 1), date(2026, 10, 31))


def test_months_that_are_told_are_still_kept() -> None:
    """The oldest one of any day's twelve."""
    for day in (date(2027, 1, 1), date(2027, 12, 31), date(2028, 2, 29)):
        year, month = full_months(day)[0]
        assert counting.expiry(year) > datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp(), (year, month)


def test_renamed_association_keeps_its_numbers() -> None:
    store = Store()
    store.count_month("vanha", 2026, 3, requests=4)
    store.count_month("toka", 2026, 9, requests=3)
    assert gather(store.read, {"toka": ("toka", "vanha")}, MONDAY).associations["toka"].requests == 5


# Nothing under five


@pytest.mark.parametrize(("number", "shown"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10)])
def test_number_is_told_in_fives(number: int, shown: int | None) -> None:
    assert told(number) == shown


NUMBERS = st.dictionaries(st.sampled_from(counting.KINDS), st.integers(0, 40), max_size=9)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), NUMBERS, max_size=3))
def test_no_number_under_five_or_between_fives_is_ever_written(truth: dict[str, dict[str, int]]) -> None:
    store = Store()
    for slug, kinds in truth.items():
        store.count_month(slug, 2026, 5, **kinds)
    text = written(gathered(store, "a", "b", "c"))
    numbers = [int(found) for found in re.findall(r": (\d+)$", text, re.M)]
    assert all(number >= 5 and number % 5 == 0 for number in numbers)
    assert Counts.model_validate(yaml.load(text, yaml.BaseLoader)) == gathered(store, "a", "b", "c")


@pytest.mark.parametrize(("parts", "upto"), [(1, 25), (2, 15), (3, 15), (5, 10)])
def test_no_number_can_be_found_by_subtracting(parts: int, upto: int) -> None:
    """Whatever is published of some associations and their total, several numbers may be behind each."""
    behind: dict[tuple[Any, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(parts)])
    for truth in product(range(upto), repeat=parts):
        published = (*map(told, truth), told_total(sum(truth), truth))
        for found, number in zip(behind[published], truth, strict=True):
            found.add(number)
    assert [published for published, possible in behind.items() if min(map(len, possible)) < 2] == []


def test_total_tells_no_more_than_its_ceiling() -> None:
    """Five associations of four requests: only they could make twenty."""
    assert told_total(20, [4] * 5) == 15
    store = Store()
    for slug in "abcde":
        store.count_month(f"yhdistys-{slug}", 2026, 5, requests=4, contacted=4, days_1=4)
    region = gathered(store, *(f"yhdistys-{slug}" for slug in "abcde")).region
    assert (region.requests, region.answers) == (15, 15)


def test_next_months_file_does_not_tell_of_the_month_in_between() -> None:
    """From one version to the next a number stays, or changes by at least five."""
    seen = set()
    for before, added, gone in product(range(30), range(6), range(6)):
        one, other = told(before) or 0, told(max(0, before - gone) + added) or 0
        seen.add(abs(one - other))
    assert seen <= {0, 5, 10}


def test_association_of_few_is_not_named() -> None:
    store = Store()
    store.count_month("pieni", 2026, 5, requests=4, contacted=4, days_1=4)
    store.count_month("iso", 2026, 5, requests=6)
    assert "pieni" not in written(gathered(store, "pieni", "iso"))


@pytest.mark.parametrize(
    ("times", "usual"),
    [
        ({}, None),
        ({"days_1": 4}, None),
        ({"days_1": 5}, "days_1"),
        ({"days_1": 2, "days_2": 3}, "days_2"),
        ({"days_1": 3, "days_2": 3}, "days_2"),  # two in the middle: the slower
        ({"days_1": 2, "days_2": 2, "days_5": 3}, "days_2"),
        ({"longer": 9, "days_1": 8}, "longer"),
        ({"days_1": 3, "longer": 3}, "longer"),
    ],
)
def test_usual_time_is_that_of_the_answer_in_the_middle(times: dict[str, int], usual: str | None) -> None:
    assert usual_time(times) == usual


@given(st.lists(st.sampled_from(TIMES), min_size=5, max_size=30))
def test_usual_time_agrees_with_a_sorted_list(answers: list[str]) -> None:
    assert usual_time(Counter(answers)) == sorted(answers, key=TIMES.index)[len(answers) // 2]


def test_classes_of_time_are_those_that_the_function_counts() -> None:
    assert (*counting.TIMES, counting.LONGER) == TIMES


def test_numbers_that_the_function_counts_add_up(tmp_path: Path) -> None:
    store = Store()
    store.count_month("a", 2026, 5, requests=20, contacted=11, full=4, days_1=8, days_5=7, cancelled=5)
    counts = gathered(store, "a")
    assert counts.region.model_dump(exclude_none=True) == {
        "requests": 20,
        "cancelled": 5,
        "answers": 15,
        "contacted": 10,
        "days_1": 5,
        "days_5": 5,
    }
    assert counts.associations["a"] == AssociationFigures(requests=20, answers=15, usual="days_1")
    assert tally(store.read, ["a"], full_months(MONDAY))["answers"] == 15


# What the association alone hears


@pytest.mark.parametrize(("requests", "shown"), [(0, 0), (4, 0), (5, 5), (14, 14)])
def test_association_hears_its_own_number_from_five_on(requests: int, shown: int) -> None:
    store = Store()
    store.count_month("a", 2026, 5, requests=requests)
    assert requests_of(store.read, ["a"], MONDAY) == shown
    assert requests_of(None, ["a"], MONDAY) == 0
    store.failing = {"read"}
    assert requests_of(store.read, ["a"], MONDAY) == 0


# The coordinator's week


def test_week_tells_what_waits_and_no_longer_what_was_answered() -> None:
    store = LocalStore()
    for day, reference, slug in (("2026-11-20", "HT-1", "a"), ("2026-11-23", "HT-2", "a"), ("2026-11-24", "HT-3", "a")):
        waiting.note(store, day, reference, Waiting(slug))
    waiting.note(store, "2026-11-20", "HT-4", Waiting("b"))
    waiting.forget(store, "2026-11-20", "HT-4")
    assert waiting_of(store.read, MONDAY) == {"a": ["HT-1", "HT-2"]}


def test_week_tells_the_bounces_of_this_week_and_the_last() -> None:
    store = LocalStore()
    for day in (date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 23)):
        store.add(counting.bounces_key(day), {"a": 1}, 0)
    assert bounces_of(store.read, MONDAY) == {"a": 2}


# On the site


def site_of(counts: Counts | None, **changes: Any) -> dict[str, str]:
    content = make_content(
        site=make_site(referral=WRITTEN_POLICY),
        kerho=make_organisation(name="Kerho ry", referral=WRITTEN_REFERRAL, **changes),
    )
    return render(replace(content, counts=counts))


CARD = "/tarve/masennus/kaikki/kuopio/index.html"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("usual", TIMES)
def test_card_and_page_say_how_soon_the_association_answers(language: str, usual: str) -> None:
    pages = site_of(figures(answers=10, usual=usual))
    prefix = "" if language == "fi" else f"/{language}"
    sentence = load_voice(language, make_site()).texts["counts"]["usual"][usual]
    for path in (CARD, "/jarjesto/kerho/index.html"):
        assert sentence in pages[prefix + path]


@pytest.mark.parametrize(
    ("counts", "changes"),
    [(None, {}), (figures(requests=10, answers=5), {}), (figures(answers=10, usual="days_2"), {"referral": None})],
    ids=["no file", "few answers", "takes no requests"],
)
def test_nothing_is_said_where_nothing_is_known(counts: Counts | None, changes: dict[str, Any]) -> None:
    content = make_content(
        site=make_site(referral=WRITTEN_POLICY), kerho=make_organisation(**{"referral": WRITTEN_REFERRAL, **changes})
    )
    assert "Vastaa yleensä" not in render(replace(content, counts=counts))[CARD]


PAGE = "/tilastot/pyynnot/index.html"


def test_statistics_tell_the_region_and_each_association() -> None:
    counts = figures(requests=10, answers=5, usual="days_2").model_copy(update={"region": Figures(requests=25, contacted=15)})
    page = LexborHTMLParser(site_of(counts)[PAGE])
    (row,) = [
        [cell.text(strip=True) for cell in row.css("th, td")] for row in page.css("[aria-labelledby=associations] tbody tr")
    ]
    assert [one.replace("\u00ad", "") for one in row] == ["Kerho ry", "10", "5", "2 arkipäivää"]
    region = [row.text(separator=" ", strip=True) for row in page.css("[aria-labelledby=region] tbody tr")]
    assert region == ["Pyyntöjä 25", "Otettiin yhteyttä 15"]
    assert "1.11.2025–31.10.2026" in page.css_first("main").text()


def test_statistics_lead_to_the_requests_only_when_there_are_enough_to_tell_of() -> None:
    for counts in (None, figures(requests=5)):
        site = site_of(counts)
        assert PAGE not in site
        assert "/pyynnot/" not in site["/tilastot/index.html"]
    enough = figures(requests=5).model_copy(update={"region": Figures(requests=10)})
    assert 'href="/tilastot/pyynnot/"' in site_of(enough)["/tilastot/index.html"]


def test_number_of_an_association_that_has_left_is_not_told() -> None:
    counts = figures(requests=5).model_copy(update={"region": Figures(requests=10)})
    page = site_of(counts.model_copy(update={"associations": {**counts.associations, "poissa": AssociationFigures(requests=5)}}))
    assert "/jarjesto/kerho/" in page[PAGE].partition('labelledby="associations"')[2]
    assert "poissa" not in page[PAGE]


# The file


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-23", *arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "region")


@pytest.fixture
def counters(monkeypatch: pytest.MonkeyPatch, project: Path) -> Iterator[Store]:
    """Those of a preview that runs."""
    store, running = Store(), Running("http://127.0.0.1:9", "http://127.0.0.1:9", b"k" * 32)

    def read(_: Running, key: str) -> Mapping[str, str]:
        return store.read(key)

    monkeypatch.setattr(sheets, "read_from_preview", read)
    monkeypatch.delenv("TABLE", raising=False)
    with announced(project / "build" / "preview", running):
        yield store


def test_command_shows_and_writes_only_when_asked_to(project: Path, counters: Store) -> None:
    counters.count_month("esimerkki-ry", 2026, 5, requests=12, contacted=9, days_2=9)
    result = run(project, "counts")
    assert "Savon Esimerkki ry: pyyntöjä 10, vastauksia 5, 2 arkipäivässä" in result.output
    assert not (project / "content/counts.yaml").exists()
    assert "Kirjoitettiin content/counts.yaml." in run(project, "counts", "--write").output
    assert run(project, "check").exit_code == 0
    text = (project / "content/counts.yaml").read_text("utf-8")
    assert "12" not in re.sub(r"\d{4}-\d\d-\d\d", "", text)


def test_disk_that_refuses_leaves_the_file_as_it_was(project: Path, counters: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project / "content" / "counts.yaml"
    path.write_text("from: 2025-11-01\nto: 2026-10-31\n", "utf-8")
    counters.count_month("esimerkki-ry", 2026, 5, requests=12, contacted=9, days_2=9)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = run(project, "counts", "--write")
    assert result.exit_code == 1
    assert path.read_text("utf-8") == "from: 2025-11-01\nto: 2026-10-31\n"


def test_counters_that_cannot_be_read_leave_the_file_as_it_was(project: Path, counters: Store) -> None:
    path = project / "content" / "counts.yaml"
    path.write_text("from: 2025-11-01\nto: 2026-10-31\n", "utf-8")
    counters.failing = {"read"}
    result = run(project, "counts", "--write")
    assert result.exit_code == 1
    assert "Aja komento hetken kuluttua uudelleen." in result.output
    assert path.read_text("utf-8") == "from: 2025-11-01\nto: 2026-10-31\n"


def test_without_table_and_preview_there_is_nowhere_to_read_from(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE", raising=False)
    result = run(project, "counts")
    assert result.exit_code == 1
    assert "make serve" in result.output


def test_environment_that_lacks_something_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPost, match="AWS_REGION"), open_sheets(tmp_path, {"TABLE": "t"}):
        pass
    with open_sheets_if_any(tmp_path, {}) as read:
        assert read is None


def test_preview_that_was_killed_is_noticed() -> None:
    with pytest.raises(StoreDown):
        sheets.read_from_preview(Running("http://127.0.0.1:9", "", b"k" * 32), "c#a#2026")


def test_old_numbers_are_left_out_with_a_warning(project: Path) -> None:
    (project / "content/counts.yaml").write_text("from: 2024-01-01\nto: 2024-12-31\n", "utf-8")
    result = run(project, "check")
    assert result.exit_code == 0
    assert "Luvut ovat yli vuoden vanhat" in result.output


def test_sample_numbers_say_that_they_are_invented(content: Content) -> None:
    assert content.counts
    assert set(content.counts.associations) <= set(content.organisations)
    assert "keksittyjä" in (ROOT / "content" / "counts.yaml").read_text("utf-8")


# The preview


def asked_of(api: LocalApi, method: str, path: str, **options: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=api.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://preview") as client:
            return await client.request(method, path, **options)

    return asyncio.run(asked())


def test_preview_gives_its_counters_only_to_who_knows_its_key(tmp_path: Path) -> None:
    api = LocalApi(tmp_path, tmp_path, "http://127.0.0.1", key=b"k" * 32)
    api.store.add("c#a#2026", {"05.requests": 3}, 0)
    path = f"{SHEETS}?avain=c%23a%232026"
    assert asked_of(api, "GET", path).status_code == 403
    assert asked_of(api, "GET", path, headers={KEY_HEADER: intake_key(b"x" * 32)}).status_code == 403
    answer = asked_of(api, "GET", path, headers={KEY_HEADER: intake_key(api.key)})
    assert json.loads(answer.text) == {"05.requests": "3"}


def test_today_of_the_tests_is_within_the_year_of_the_numbers() -> None:
    assert figures().last < TODAY
