"""The worker's own municipality: chosen once, first in the list from then on, on this device only, forgotten with one press."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.pipeline import Settings, build_site
from tests.browser.conftest import Watch, opened, served
from tests.browser.rules import OVERFLOWS, SMALL_TARGETS, violations
from tests.builders import write_project, written_organisation

pytestmark = pytest.mark.browser

BUILT = date(2026, 9, 2)
CHOICE = "/tarve/masennus/vertaisryhma/"
RESULTS = f"{CHOICE}kuopio/"
STORED = "Object.entries(localStorage)"
FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture(scope="module")
def region(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    contacts = [{"role": "Toimisto", "phone": "10100"}]
    everywhere = {"municipalities": ["koko-alue"]}
    associations = {
        "kuopio": written_organisation(contacts=contacts),
        "alue": written_organisation(contacts=contacts, name="Alueen Esimerkki ry", activities=[everywhere]),
    }
    project = write_project(tmp_path_factory.mktemp("municipality"), associations)
    build_site(Settings(project, BUILT))
    with served(project / "build" / "site") as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, region: str) -> Iterator[tuple[Page, Watch]]:
    with opened(chromium, region) as (page, watch):
        page.clock.set_fixed_time("2026-09-02T12:00:00Z")
        yield page, watch
        assert not watch.faults


@pytest.fixture
def page(visit: tuple[Page, Watch]) -> Page:
    return visit[0]


def remember(page: Page, path: str = RESULTS) -> None:
    page.goto(path)
    page.get_by_role("button", name="Muista tämä kunta tällä laitteella").click()


def first_row(page: Page) -> tuple[str, str]:
    row = page.locator(".remembered .row")
    return row.locator(".row-label").inner_text(), row.locator(".row-count").inner_text()


@pytest.mark.parametrize("path", [RESULTS, "/kunta/kuopio/", "/tarve/masennus/neuvonta/kuopio/"])
def test_remembered_municipality_comes_first_with_its_count_and_takes_one_press(page: Page, path: str) -> None:
    remember(page, path)
    expect(page.get_by_role("status").last).to_contain_text("Kunta on muistissa vain tällä laitteella.")
    assert page.evaluate(STORED) == [["kunta", "kuopio"]]
    page.goto(CHOICE)
    assert first_row(page) == ("Kuopio", "2 järjestöä")
    expect(page.get_by_role("heading", name="Muistissa oleva kunta")).to_be_visible()
    expect(page.locator("main > .rows .row")).to_have_count(4)  # the list itself stays as it is
    first = page.locator("main a:visible").first
    expect(first).to_contain_text("Kuopio")
    first.click()
    assert page.url.endswith(RESULTS)


def test_nothing_is_shown_before_a_municipality_has_been_chosen(page: Page) -> None:
    page.goto(CHOICE)
    expect(page.locator(".remembered")).to_be_hidden()
    expect(page.locator("main a:visible").first).to_contain_text("Koko Pohjois-Savo")
    assert page.evaluate(STORED) == []


def test_it_is_remembered_in_every_language(page: Page) -> None:
    remember(page)
    page.goto(f"/sv{CHOICE}")
    assert first_row(page) == ("Kuopio", "2 organisationer")


def test_one_press_forgets_it_where_it_was_chosen(page: Page) -> None:
    remember(page)
    page.reload()
    page.get_by_role("button", name="Unohda kunta").click()
    expect(page.get_by_role("button", name="Muista tämä kunta tällä laitteella")).to_be_focused()
    assert page.evaluate(STORED) == []
    page.goto(CHOICE)
    expect(page.locator(".remembered")).to_be_hidden()


def test_one_press_forgets_it_where_it_comes_first_and_focus_goes_to_the_list(page: Page) -> None:
    remember(page)
    page.goto(CHOICE)
    page.get_by_role("button", name="Unohda kunta").press("Enter")
    expect(page.locator(".remembered")).to_be_hidden()
    expect(page.get_by_role("link", name="Koko Pohjois-Savo")).to_be_focused()
    assert page.evaluate(STORED) == []


def test_one_press_changes_it(page: Page) -> None:
    remember(page)
    remember(page, f"{CHOICE}tervo/")
    page.go_back()
    expect(page.get_by_role("button", name="Muista tämä kunta tällä laitteella")).to_be_visible()
    page.goto(CHOICE)
    assert first_row(page) == ("Tervo", "1 järjestö")


def test_page_that_is_come_back_to_knows_what_was_chosen_since(page: Page) -> None:
    page.goto(CHOICE)
    page.get_by_role("link", name="Kuopio").click()
    page.get_by_role("button", name="Muista tämä kunta tällä laitteella").click()
    page.go_back()
    expect(page.locator(".remembered .row")).to_contain_text("Kuopio")


def test_whole_region_is_nobodys_own_municipality(page: Page) -> None:
    page.goto(f"{CHOICE}koko-alue/")
    expect(page.locator("[data-remember]")).to_have_count(0)


@pytest.mark.parametrize("value", ["helsinki", "<img src=x>", '"]', "../kuopio", "kuopio/", ""])
def test_value_that_is_no_municipality_of_the_region_changes_nothing(page: Page, value: str) -> None:
    page.goto("/ohjeet/")
    page.evaluate("(value) => localStorage.setItem('kunta', value)", value)
    page.goto(CHOICE)
    expect(page.locator(".remembered")).to_be_hidden()
    page.goto(RESULTS)
    expect(page.get_by_role("button", name="Muista tämä kunta tällä laitteella")).to_be_visible()


def test_without_storage_nothing_is_offered_and_nothing_breaks(page: Page) -> None:
    page.add_init_script(FORBIDDEN)
    page.goto(RESULTS)
    expect(page.locator(".card:visible")).to_have_count(2)
    expect(page.locator("[data-remember]")).to_be_hidden()
    page.goto(CHOICE)
    expect(page.locator(".remembered")).to_be_hidden()


def test_storage_that_takes_nothing_is_not_said_to_have_taken(page: Page) -> None:
    page.add_init_script(FULL)
    remember(page)
    expect(page.get_by_role("button", name="Muista tämä kunta tällä laitteella")).to_be_visible()
    expect(page.get_by_role("status").last).to_be_empty()


def test_without_javascript_there_is_no_button(chromium: Browser, region: str) -> None:
    with opened(chromium, region, java_script_enabled=False) as (page, _):
        for path in (RESULTS, CHOICE, "/kunta/kuopio/"):
            page.goto(path)
            assert page.get_by_role("button", name=re.compile("kunta")).count() == 0


def test_choice_is_never_sent_anywhere(visit: tuple[Page, Watch]) -> None:
    page, watch = visit
    page.goto(RESULTS)
    page.goto(CHOICE, wait_until="networkidle")
    before = sorted(set(watch.requests))
    remember(page)
    page.goto(CHOICE, wait_until="networkidle")
    assert sorted(set(watch.requests)) == before
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", [CHOICE, RESULTS, "/kunta/kuopio/"])
def test_it_is_shown_so_that_everyone_can_use_it(page: Page, path: str) -> None:
    remember(page)
    page.goto(path)
    assert violations(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, page.evaluate(OVERFLOWS), page.evaluate(SMALL_TARGETS)) == (width, [], [])


def test_paper_has_nothing_of_it_but_the_list(page: Page) -> None:
    remember(page)
    page.emulate_media(media="print")
    expect(page.locator("[data-remember]")).to_be_hidden()
