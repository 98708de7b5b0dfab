"""Search as it is typed: by keyboard alone, from a record system's link, and when something is missing."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Watch, opened, until
from tests.browser.rules import OVERFLOWS, violations

pytestmark = pytest.mark.browser

KUOPIO = re.compile(r":\d+/tarve/diabetes/kaikki/kuopio/$")


def test_keyboard_alone_reaches_the_results_in_twelve_presses(page: Page) -> None:
    page.goto("/")
    presses = ["Tab", "Tab", "Enter", *"diab kuo", "Enter"]
    for press in presses[:-1]:
        page.keyboard.press(press)
    expect(page.locator(".search .row").first).to_contain_text("Diabetes · Kuopio")
    page.keyboard.press(presses[-1])
    expect(page).to_have_url(KUOPIO)
    assert len(presses) <= 12


def test_links_come_with_what_they_are_and_their_number_is_told(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("leski kuopio")
    rows = page.locator(".search .row")
    expect(rows.first).to_contain_text(re.compile(r"Suru ja läheisen kuolema · Kuopio\s+järjestöt"))
    expect(page.locator(".search").get_by_role("status")).to_have_text(f"{rows.count()} osumaa. Enter avaa ensimmäisen.")
    rows.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/tarve/suru/kaikki/kuopio/$"))


def test_nothing_found_still_leads_on(page: Page) -> None:
    page.goto("/ohjeet/")
    page.get_by_role("searchbox").fill("qwertyuiop")
    found = page.locator(".search")
    expect(found.get_by_role("status")).to_have_text("Haulla ei löytynyt mitään.")
    expect(found.get_by_role("link", name="Hakemisto A–Ö")).to_have_attribute("href", re.compile("/hakemisto/$"))
    expect(found.locator("a[href^='tel:']")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(found.get_by_role("status")).to_have_text("")


def test_page_fetches_the_search_only_when_it_is_touched_and_sends_nothing(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    page.goto("/", wait_until="networkidle")
    assert not [one for one in watch.requests if "haku" in one]
    page.get_by_role("searchbox").press_sequentially("masennus salaisuus")
    expect(page.locator(".search .row").first).to_be_visible()
    fetched = [one for one in watch.requests if "haku" in one]
    assert [re.sub(r".*/|\.\w{10}(?=\.js)", "", one) for one in fetched] == ["haku.js", "fi.json"]
    assert "salaisuus" not in " ".join(watch.requests) + page.url
    assert watch.faults == []


def test_search_speaks_the_language_of_its_page(page: Page) -> None:
    page.goto("/sv/")
    page.get_by_role("searchbox").fill("sockersjuka kuopio")
    expect(page.locator(".search .row").first).to_contain_text(re.compile(r"Diabetes · Kuopio\s+föreningar"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sv/tarve/diabetes/kaikki/kuopio/$"))


def test_without_javascript_the_button_leads_to_the_index_and_nothing_typed_goes_along(chromium: Browser, address: str) -> None:
    with opened(chromium, address, java_script_enabled=False) as (page, watch):
        page.goto("/")
        page.get_by_role("searchbox").fill("masennus")
        page.get_by_role("button", name="Hae").click()
        expect(page).to_have_url(re.compile(r"/hakemisto/\??$"))
        assert "masennus" not in " ".join(watch.requests)


def test_enter_before_the_index_has_come_waits_for_it(page: Page) -> None:
    held: list[Route] = []
    page.route("**/haku/fi.json", lambda route: held.append(route))  # noqa: PLW0108 - the library marks a function
    page.goto("/")
    page.get_by_role("searchbox").focus()
    until(page, "globalThis.search !== undefined")
    page.keyboard.type("diabetes kuopio")
    page.keyboard.press("Enter")
    held[0].continue_()
    expect(page).to_have_url(KUOPIO)


def test_index_that_cannot_be_fetched_is_told_and_tried_again(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    page.route("**/haku/fi.json", lambda route: route.fulfill(status=503))
    page.goto("/")
    page.get_by_role("searchbox").fill("masennus")
    expect(page.locator(".search").get_by_role("status")).to_contain_text("Haku ei nyt toimi.")
    page.unroute("**/haku/fi.json")
    page.get_by_role("searchbox").fill("masennu")
    expect(page.locator(".search .row").first).to_contain_text("Masennus ja mieliala")
    assert all("503" in fault for fault in watch.faults)


# Links from a record system


@pytest.mark.parametrize(
    ("fragment", "target"),
    [
        ("#koodi=F32&kunta=kuopio", "/tarve/masennus/kaikki/kuopio/"),
        ("#koodi=f32.1&kunta=297", "/tarve/masennus/kaikki/kuopio/"),
        ("#koodi=E10.9&kunta=70100", "/tarve/diabetes/kaikki/kuopio/"),
        ("#koodi=T90", "/tarve/diabetes/"),
    ],
)
def test_code_that_leads_to_one_need_goes_there_and_leaves_no_step_behind(page: Page, fragment: str, target: str) -> None:
    page.goto("/ohjeet/")
    page.goto(f"/{fragment}")
    page.wait_for_url(f"**{target}")
    page.go_back()
    expect(page).to_have_url(re.compile(":\\d+/ohjeet/$"))


def test_code_that_several_needs_share_asks_which(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    page.goto("/#koodi=F84&kunta=kuopio")
    rows = page.locator(".search .row")
    expect(rows.filter(has_text="· Kuopio")).to_have_count(2)
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert not [one for one in watch.requests if "F84" in one]  # a fragment is never sent


def test_unknown_code_is_told(page: Page) -> None:
    page.goto("/#koodi=Q99")
    expect(page.locator(".search").get_by_role("status")).to_have_text("Haulla ei löytynyt mitään.")


# For everyone


@pytest.mark.parametrize("path", ["/", "/ohjeet/"])
def test_open_results_pass_axe_and_fit_a_narrow_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path)
    for text, sign in (("masennus kuopio", ".search .row"), ("qwertyuiop", ".search-help")):
        page.get_by_role("searchbox").fill(text)
        expect(page.locator(sign).first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate(OVERFLOWS) == []
