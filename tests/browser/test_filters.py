"""A results page narrowed in the browser: truthful counts, on any day, for every hand and on paper."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from generator.pages import LISTINGS_PER_PAGE
from generator.pipeline import Settings, build_site
from tests.browser.conftest import Watch, opened, served, until
from tests.browser.rules import INVISIBLE, OVERFLOWS, SMALL_TARGETS, violations
from tests.builders import write_project, written_organisation

pytestmark = pytest.mark.browser

BUILT = date(2026, 9, 2)
LIST = "/tarve/masennus/kaikki/kuopio/"
OPEN = {"capacity": {"status": "open"}}
CONTACT = [{"role": "Toimisto", "phone": "10100"}]


def association(name: str, *activities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return written_organisation(**{"name": name, "contacts": CONTACT, "activities": list(activities), **more})


ASSOCIATIONS = {
    # Free, and in Swedish, but never in one activity.
    "aamu": association("Aamun Esimerkki ry", {**OPEN, "name": "Ryhmä"}, {"name": "Kurs", "price": "paid", "languages": ["sv"]}),
    "berta": association("Bertan Esimerkki ry", {**OPEN, "languages": ["fi", "sv"], "target_groups": ["tyoikaiset", "miehet"]}),
    "cilla": association(
        "Cillan Esimerkki ry",
        {**OPEN, "price": "paid", "target_groups": ["miehet"], "season": {"from": "2026-09-01", "to": "2026-11-30"}},
    ),
    "etana": association("Etän Esimerkki ry", {"remote": True, "municipalities": [], "languages": ["en", "sv"], "name": "Linja"}),
    "molemmat": association(
        "Molempien Esimerkki ry", {"name": "Piiri"}, {**OPEN, "remote": True, "municipalities": [], "name": "Puhelin"}
    ),
    "tauko": association("Tauon Esimerkki ry", OPEN, pauses=[{"from": "2026-10-01", "to": "2026-10-31"}]),
    "vanha": association(
        "Vanhan Esimerkki ry", {"languages": ["ru"]}, review={"confirmed_on": "2025-05-02", "confirmed_by": "sihteeri"}
    ),
}
HERE = ["Aamun", "Bertan", "Cillan", "Molempien", "Tauon", "Vanhan"]
REMOTE = ["Etän", "Molempien"]


@pytest.fixture(scope="module")
def region(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    project = write_project(tmp_path_factory.mktemp("filters"), ASSOCIATIONS)
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


def narrowed(page: Page, marks: str, path: str = LIST) -> None:
    page.goto(f"{path}#suodata={marks}")
    page.wait_for_selector(".filters [role=status]", state="attached")


def open_panel(page: Page) -> None:
    page.locator(".filters summary").click()
    page.wait_for_selector(".filters [role=status]", state="attached")


def names(page: Page, inside: str = ".results") -> list[str]:
    """The first words of the associations to be seen, in the order of the alphabet."""
    return sorted(name.split()[0] for name in page.locator(f"{inside} .card-name:visible").all_inner_texts())


def here(page: Page) -> list[str]:
    return names(page, ".results:not([data-remote])")


def remote(page: Page) -> list[str]:
    return names(page, "[data-remote]")


def choice(page: Page, mark: str) -> Locator:
    return page.locator(f".filters fieldset [data-mark='{mark}']")


def chips(page: Page) -> list[str]:
    return page.locator(".chosen .chip:visible").all_inner_texts()


# What passes


def test_all_is_shown_before_anything_is_chosen_and_nothing_more_is_fetched(visit: tuple[Page, Watch]) -> None:
    page, watch = visit
    page.goto(LIST, wait_until="networkidle")
    assert (here(page), remote(page)) == (HERE, REMOTE)
    assert not [url for url in watch.requests if "suodatus" in url]
    open_panel(page)
    assert len([url for url in watch.requests if "suodatus" in url]) == 2
    assert (here(page), remote(page)) == (HERE, REMOTE)


@pytest.mark.parametrize(
    ("marks", "in_list", "from_afar"),
    [
        ("kieli.sv", ["Aamun", "Bertan"], ["Etän"]),
        ("maksuton,kieli.sv", ["Bertan"], ["Etän"]),  # Aamu's free activity is not the one in Swedish
        ("kieli.sv%2Cmaksuton", ["Bertan"], ["Etän"]),  # as some programs write a comma
        ("ryhma.miehet", ["Bertan", "Cillan"], []),
        ("ryhma.miehet,ryhma.tyoikaiset", ["Bertan"], []),
        ("eta", [], ["Etän", "Molempien"]),
        ("vapaa", ["Aamun", "Bertan", "Cillan", "Tauon"], ["Molempien"]),
        ("vapaa,maksuton,ryhma.miehet", ["Bertan"], []),
        ("kieli.uk", [], []),
        ("kieli.xx,constructor,", HERE, REMOTE),  # what is not known says nothing
        ("%", HERE, REMOTE),
    ],
)
def test_link_with_filters_opens_narrowed(page: Page, marks: str, in_list: list[str], from_afar: list[str]) -> None:
    narrowed(page, marks)
    assert (here(page), remote(page)) == (in_list, from_afar)


def test_card_shows_only_the_activities_that_pass(page: Page) -> None:
    narrowed(page, "kieli.sv")
    card = page.locator(".card", has_text="Aamun")
    assert card.locator("h4:visible").all_inner_texts() == ["Kurs"]
    page.get_by_role("button", name="Poista rajaukset").click()
    assert card.locator("h4:visible").all_inner_texts() == ["Ryhmä", "Kurs"]


def test_order_is_that_of_the_activities_that_pass(page: Page) -> None:
    """Aamu has room in Finnish, so it comes first, and in Swedish nobody knows."""
    first = page.locator(".card-name:visible").first
    narrowed(page, "kieli.sv")
    expect(first).to_contain_text("Bertan")
    page.get_by_role("button", name="Poista rajaukset").click()
    expect(first).to_contain_text("Aamun")


def test_choices_are_those_that_some_cards_have_and_others_have_not(page: Page) -> None:
    page.goto(LIST)
    open_panel(page)
    offered = [one.get_attribute("data-mark") for one in page.locator(".filters fieldset button:visible").all()]
    assert offered == [
        "vapaa", "maksuton", "eta", "kieli.fi", "kieli.sv", "kieli.en", "kieli.ru", "ryhma.tyoikaiset", "ryhma.miehet",
    ]  # fmt: skip


def test_list_of_the_like_says_that_there_is_nothing_to_choose(page: Page) -> None:
    page.goto("/tarve/masennus/vertaisryhma/tervo/")
    expect(page.locator(".filters")).to_have_count(1)
    for card in page.locator(".card").all()[1:]:
        card.evaluate("(card) => { card.hidden = true; }")
    open_panel(page)
    expect(page.locator(".filters fieldset:visible")).to_have_count(0)
    expect(page.locator(".alike")).to_be_visible()


@pytest.mark.parametrize("already", ["", "maksuton", "vapaa,maksuton"])
def test_count_of_a_choice_is_what_its_press_gives(page: Page, already: str) -> None:
    narrowed(page, already)
    open_panel(page)
    free = page.locator(".filters fieldset button[aria-pressed=false]:visible:enabled")
    marks = [button.get_attribute("data-mark") or "" for button in free.all()]
    for mark in marks:
        button = choice(page, mark)
        told = int(button.inner_text().rsplit("(")[-1].rstrip(")"))
        button.click()
        assert (mark, len(set(names(page)))) == (mark, told)
        expect(button).to_be_focused()
        button.click()
    assert len(marks) > 1


def test_choice_that_would_leave_nothing_cannot_be_pressed(page: Page) -> None:
    narrowed(page, "kieli.ru")
    open_panel(page)
    expect(choice(page, "kieli.sv")).to_be_disabled()
    expect(choice(page, "kieli.sv")).to_have_text("ruotsi (0)")
    expect(choice(page, "kieli.ru")).to_be_enabled()


# What the page tells


def test_headings_and_status_tell_how_many_of_how_many(page: Page) -> None:
    page.goto(LIST)
    open_panel(page)
    expect(page.locator("#count")).to_have_text("6 järjestöä")
    choice(page, "kieli.sv").click()
    expect(page.locator("#count")).to_have_text("Sopivia 2, kaikkiaan 6 järjestöä")
    expect(page.locator("#remote")).to_have_text("Etänä tai puhelimella: sopivia 1")
    expect(page.get_by_role("status").first).to_have_text("Sopivia 2, kaikkiaan 6 järjestöä. Etänä tai puhelimella: sopivia 1")
    choice(page, "kieli.sv").click()
    expect(page.locator("#count")).to_have_text("6 järjestöä")
    expect(page.locator("#remote")).to_have_text("Etänä tai puhelimella")


def test_section_without_anything_to_show_goes_away(page: Page) -> None:
    narrowed(page, "kieli.ru")
    expect(page.locator("#remote")).to_be_hidden()


def test_when_nothing_passes_a_sentence_says_so_and_one_press_brings_all_back(page: Page) -> None:
    narrowed(page, "kieli.ru,ryhma.miehet")
    assert names(page) == []
    expect(page.get_by_role("status").first).to_have_text("Tällä sivulla ei ole toimintaa, johon kaikki rajaukset sopivat.")
    expect(page.locator(".filters .notice")).to_be_visible()
    page.get_by_role("button", name="Poista rajaukset").click()
    assert (here(page), remote(page)) == (HERE, REMOTE)
    expect(page.locator(".filters .notice")).to_have_count(0)


def test_swedish_page_has_the_same_filters_in_its_own_words(page: Page) -> None:
    narrowed(page, "kieli.sv,maksuton", f"/sv{LIST}")
    assert sorted(chips(page)) == ["Avgiftsfritt", "Språk: svenska"]
    expect(page.locator("#count")).to_have_text("1 passar, sammanlagt 6 organisationer")


# The address


def test_address_follows_the_choices_and_back_leaves_the_page(page: Page) -> None:
    page.goto("/tarve/masennus/kaikki/")
    page.goto(LIST)
    open_panel(page)
    for mark in ("maksuton", "kieli.sv"):
        choice(page, mark).click()
    expect(page).to_have_url(re.compile(f"{LIST}#suodata=maksuton,kieli.sv$"))
    choice(page, "kieli.sv").click()
    choice(page, "maksuton").click()
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    choice(page, "eta").click()
    page.go_back()
    assert page.url.endswith("/tarve/masennus/kaikki/")


def test_filters_follow_to_another_language(page: Page) -> None:
    narrowed(page, "kieli.en")
    page.get_by_role("link", name="In English").click()
    page.wait_for_selector(".chosen .chip:visible")
    assert chips(page) == ["Language: English"]
    assert (here(page), remote(page)) == ([], ["Etän"])


def test_filters_open_after_a_jump_within_the_page(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))  # a moment after the key
    open_panel(page)
    assert chips(page) == []
    expect(choice(page, "kieli.sv")).to_have_text("ruotsi (3)")
    expect(page.get_by_role("button", name="Poista rajaukset")).to_be_hidden()
    assert page.locator(".languages a").evaluate_all("(links) => links.map((link) => link.hash)") == ["", ""]


def test_jump_within_the_page_keeps_the_filters_and_another_address_changes_them(page: Page) -> None:
    narrowed(page, "kieli.sv")
    page.evaluate("location.hash = '#main'")
    assert here(page) == ["Aamun", "Bertan"]
    page.evaluate("location.hash = '#suodata=kieli.ru'")
    until(page, "document.querySelector('#count').textContent.startsWith('Sopivia 1')")
    assert here(page) == ["Vanhan"]


# The dates


@pytest.mark.parametrize(
    ("day", "in_list"),
    [
        ("2026-09-02", ["Aamun", "Bertan", "Cillan", "Tauon"]),
        ("2026-10-15", ["Aamun", "Bertan", "Cillan"]),  # nobody answers during a pause
        ("2026-11-01", ["Aamun", "Bertan", "Cillan", "Tauon"]),
        ("2026-12-01", ["Aamun", "Bertan", "Tauon"]),  # a season is over, and with it the places
    ],
)
def test_open_now_follows_the_calendar(page: Page, day: str, in_list: list[str]) -> None:
    page.clock.set_fixed_time(f"{day}T12:00:00Z")
    narrowed(page, "vapaa")
    assert here(page) == in_list


def test_what_the_dates_hide_stays_hidden_and_uncounted(page: Page) -> None:
    page.clock.set_fixed_time("2026-12-01T12:00:00Z")  # more than 18 months since Vanha was confirmed
    narrowed(page, "kieli.ru")
    assert names(page) == []
    page.get_by_role("button", name="Poista rajaukset").click()
    assert here(page) == [name for name in HERE if name != "Vanhan"]
    expect(page.locator("#count")).to_have_text("5 järjestöä")
    page.locator(".filters summary").click()
    choice(page, "kieli.sv").click()
    expect(page.locator("#count")).to_have_text("Sopivia 2, kaikkiaan 5 järjestöä")


# A long list


def test_long_list_says_that_it_is_a_part_and_its_links_keep_the_filters(chromium: Browser, tmp_path: Path) -> None:
    spoken = {0: ["sv"], 1: ["ru"], LISTINGS_PER_PAGE: ["sv"], LISTINGS_PER_PAGE + 1: ["fi"]}
    written = {
        f"e{at}": association(f"Esimerkki {at:03} ry", {"languages": spoken.get(at, ["fi"])})
        for at in range(LISTINGS_PER_PAGE + 2)
    }
    project = write_project(tmp_path, written)
    build_site(Settings(project, BUILT))
    with served(project / "build" / "site") as address, opened(chromium, address) as (page, watch):
        page.clock.set_fixed_time("2026-09-02T12:00:00Z")
        narrowed(page, "kieli.sv")
        total = f"kaikkiaan {LISTINGS_PER_PAGE + 2} järjestöä"
        expect(page.locator("#count")).to_have_text(f"Tällä sivulla sopivia 1, {total}")
        page.get_by_role("link", name="Sivu 2").click()
        page.wait_for_selector(".chosen .chip:visible")
        expect(page.locator("#count")).to_have_text(f"Tällä sivulla sopivia 1, {total}")
        page.get_by_role("button", name="Poista rajaukset").click()
        assert page.locator(".pagination a").evaluate_all("(links) => links.map((link) => link.hash)") == [""]
        narrowed(page, "kieli.ru", f"{LIST}2/")  # chosen on the first page, and nobody has it on this one
        assert chips(page) == ["Kieli: venäjä"]
        expect(page.locator(".filters .notice")).to_be_visible()
        assert not watch.faults


# For every hand


def test_filters_work_with_the_keyboard_and_focus_is_never_lost(page: Page) -> None:
    page.goto(LIST)
    page.locator(".filters summary").focus()
    page.wait_for_selector(".filters [role=status]", state="attached")
    page.keyboard.press("Enter")
    for _ in range(3):  # open now, free, remote
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    expect(choice(page, "eta")).to_be_focused()
    assert chips(page) == ["Ottaa nyt uusia", "Maksuton", "Etänä tai puhelimella"]
    page.get_by_role("button", name="Poista rajaus: Maksuton").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Poista rajaus: Ottaa nyt uusia")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert chips(page) == []
    expect(page.locator(".filters summary")).to_be_focused()
    choice(page, "eta").press("Space")
    page.get_by_role("button", name="Poista rajaukset").press("Enter")
    expect(page.locator(".filters summary")).to_be_focused()


@pytest.mark.parametrize("marks", ["vapaa,maksuton", "kieli.ru,ryhma.miehet"])
def test_open_filters_are_for_everyone(page: Page, marks: str) -> None:
    narrowed(page, marks)
    open_panel(page)
    assert violations(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, page.evaluate(OVERFLOWS), page.evaluate(SMALL_TARGETS)) == (width, [], [])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(OVERFLOWS) == []
    page.emulate_media(forced_colors="active")
    assert page.evaluate(INVISIBLE) == []


def test_without_javascript_every_card_is_shown_and_no_filter(chromium: Browser, region: str) -> None:
    with opened(chromium, region, java_script_enabled=False) as (page, _):
        page.goto(f"{LIST}#suodata=kieli.ru")
        assert (here(page), remote(page)) == (HERE, REMOTE)
        assert page.locator(".filters").count() == 1
        expect(page.locator(".filters")).to_be_hidden()


def test_paper_shows_what_is_on_the_screen_and_names_the_filters(page: Page) -> None:
    narrowed(page, "kieli.sv,maksuton")
    open_panel(page)
    page.emulate_media(media="print")
    assert (here(page), remote(page)) == (["Bertan"], ["Etän"])
    assert sorted(chips(page)) == ["Kieli: ruotsi", "Maksuton"]
    expect(page.get_by_text("Rajaukset:")).to_be_visible()
    expect(page.locator(".filters details")).to_be_hidden()
    expect(page.get_by_role("button", name="Poista rajaukset")).to_be_hidden()
