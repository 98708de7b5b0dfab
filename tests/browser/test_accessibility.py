"""What works for everyone, whatever they see, press or have set, and over a slow line: on every template."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import opened
from tests.browser.rules import INVISIBLE, OVERFLOWS, SMALL_TARGETS, violations
from tests.browser.templates import NAMES, TEMPLATES

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Shown:
    """`asked`: the addresses that the page asked for when it was opened."""

    page: Page
    asked: list[str]


@pytest.fixture(scope="module", params=TEMPLATES.values(), ids=NAMES)
def shown(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Shown]:
    """A template in the state that it stands for. It is opened once for all tests that only look at it."""
    path, sign = request.param
    with opened(chromium, address) as (page, watch):
        page.route("**/api/*", never_answer)  # a form asks for the task of its proof as soon as it takes the focus
        page.goto(path, wait_until="networkidle")
        expect(page.locator(sign).first).to_be_visible()
        yield Shown(page, list(watch.requests))
        assert not watch.faults


def never_answer(_: Route) -> None:
    pass


@pytest.fixture
def template(shown: Shown) -> Iterator[Page]:
    """The same as if it had just been opened: what a test set is taken back."""
    page = shown.page
    yield page
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("document.documentElement.removeAttribute('style'); document.activeElement.blur(); scrollTo(0, 0)")


def test_page_asks_for_little(shown: Shown) -> None:
    """And only from its own site: the watch on the page would notice."""
    asked = [url for url in shown.asked if "/assets/kuva-" not in url]  # pictures of the instructions come as they are reached
    assert 3 <= len(asked) <= 5


def test_axe_finds_no_violation(template: Page) -> None:
    assert violations(template) == []


def test_axe_finds_no_violation_on_a_page_that_has_moved(page: Page) -> None:
    hold(page, "/jarjesto/siilin-esimerkkikerho/")
    assert page.locator("main a").is_visible()
    assert violations(page) == []


def hold(page: Page, path: str) -> None:
    """Opens a page that forwards at once, and stays on it."""

    def stay(route: Route) -> None:
        route.fulfill(body=route.fetch().text().replace('http-equiv="refresh"', ""), content_type="text/html")

    page.route(f"**{path}", stay)
    page.goto(path)


@pytest.mark.parametrize(("colour", "scheme"), [("#ddd", "light"), ("#444", "dark")])
def test_axe_notices_a_violation_in_each_scheme(page: Page, colour: str, scheme: str) -> None:
    page.goto("/")
    page.evaluate(f"document.querySelector('.lead').style.color = '{colour}'")
    assert {one.partition(",")[0] for one in violations(page)} == {scheme}


# Space


def test_nothing_scrolls_sideways_at_any_width(template: Page) -> None:
    for width in (320, 360, 768, 1280):
        template.set_viewport_size({"width": width, "height": 800})
        assert (width, template.evaluate(OVERFLOWS)) == (width, [])


def test_everything_fits_when_text_is_twice_as_large(template: Page) -> None:
    """Text alone, by the root's font size, which every size of the site follows. (The script sets it: the policy refuses a style
    sheet, but not this.) Zooming a 1280 px window to 200 % is the case of 640 px, between the widths above."""
    template.evaluate("document.documentElement.style.fontSize = '200%'")
    assert template.evaluate("getComputedStyle(document.body).fontSize") == "34px"
    assert template.evaluate(OVERFLOWS) == []


def test_overflow_is_noticed(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    assert page.evaluate(OVERFLOWS)


def test_targets_are_large_enough(template: Page) -> None:
    for width in (360, 1280):
        template.set_viewport_size({"width": width, "height": 800})
        assert (width, template.evaluate(SMALL_TARGETS)) == (width, [])


# The keyboard

FOCUS = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [document.activeElement.innerText.trim(), outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
}"""


def test_three_choices_take_at_most_25_presses_with_a_visible_focus(page: Page) -> None:
    page.goto("/")
    presses = skip_to_content(page)
    presses += tab_to(page, "Mielenterveys ja kriisit", "/#mielenterveys")
    presses += tab_to(page, "Masennus ja mieliala", "/tarve/masennus/")
    presses += skip_to_content(page) + tab_to(page, "Vertaisryhmä", "/tarve/masennus/vertaisryhma/")
    presses += skip_to_content(page) + tab_to(page, "Kuopio", "/tarve/masennus/vertaisryhma/kuopio/")
    assert presses <= 25


def skip_to_content(page: Page) -> int:
    presses = tab_to(page, "Siirry sisältöön", "#main")
    assert page.evaluate("document.activeElement.id") == "main"
    return presses


def tab_to(page: Page, label: str, target: str) -> int:
    """Presses Tab until the focus is on what begins with the label, then Enter. Returns the number of presses."""
    for presses in range(1, 30):
        page.keyboard.press("Tab")
        text, has_outline = page.evaluate(FOCUS)
        assert has_outline, f"no focus to be seen: {text}"
        if text.startswith(label):
            page.keyboard.press("Enter")
            page.wait_for_url(f"**{target}")
            return presses + 1
    pytest.fail(f"{label} is not within reach")


def test_focus_is_visible_on_everything_that_takes_it(template: Page) -> None:
    faint = template.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, summary")]
          .filter((target) => target.checkVisibility())
          .filter((target) => {
            target.focus({ focusVisible: true });
            const { outlineStyle, outlineWidth } = getComputedStyle(target);
            return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
          })
          .map((target) => target.outerHTML.slice(0, 80))"""
    )
    assert faint == []


# Forced colours


def test_text_and_links_can_be_seen_in_forced_colours(template: Page) -> None:
    template.emulate_media(forced_colors="active")
    for scheme in ("light", "dark"):
        template.emulate_media(color_scheme=scheme)
        assert (scheme, template.evaluate(INVISIBLE)) == (scheme, [])


def test_invisible_text_is_noticed(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/")
    page.evaluate("document.querySelector('.lead').style = 'forced-color-adjust: none; color: #fff'")
    assert page.evaluate(INVISIBLE)


def test_capacity_is_told_in_words(page: Page) -> None:
    """Without its coloured dot, too: the dot has no text of its own, and each state has words of its own."""
    page.emulate_media(forced_colors="active")
    words: dict[str, set[str]] = {}
    for path in ("/tarve/masennus/kaikki/koko-alue/", "/tarve/suru/kaikki/koko-alue/"):
        page.goto(path)
        for state in page.locator(".capacity:visible").all():
            words.setdefault(state.get_attribute("class") or "", set()).add(state.inner_text().split(" 20")[0])
    assert {kind.split("-")[1]: {told.split(" ")[0] for told in texts} for kind, texts in words.items()} == {
        "open": {"Paikkoja"},
        "waitlist": {"Jonoon"},
        "ask": {"Kysy"},
        "full": {"Täynnä"},
    }
