"""What works for everyone, whatever they see, press or have set: on every template."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from tests.browser.templates import ADDRESSES, NAMES, TEMPLATES

pytestmark = pytest.mark.browser
every_template = pytest.mark.parametrize("path", ADDRESSES, ids=NAMES)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]
COLOUR_RULES = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]},
    "dark": {"runOnly": {"type": "rule", "values": COLOUR_RULES}, "resultTypes": ["violations"]},
}


@pytest.mark.parametrize(("path", "sign"), TEMPLATES.values(), ids=NAMES)
def test_template_is_in_the_state_that_it_stands_for(page: Page, path: str, sign: str) -> None:
    page.goto(path)
    assert page.locator(sign).first.is_visible()


@every_template
def test_axe_finds_no_violation(page: Page, path: str) -> None:
    page.goto(path)
    assert violations(page) == []


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


def violations(page: Page) -> list[str]:
    """What axe finds in the light scheme, and in the dark one, which changes colours and nothing else."""
    found = []
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        rules = Axe().run(page, options=options).response["violations"]
        found += [f"{scheme}, {one['id']}: {node['html'][:120]}" for one in rules for node in one["nodes"]]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize(("colour", "scheme"), [("#ddd", "light"), ("#444", "dark")])
def test_axe_notices_a_violation_in_each_scheme(page: Page, colour: str, scheme: str) -> None:
    page.goto("/")
    page.evaluate(f"document.querySelector('.lead').style.color = '{colour}'")
    assert {one.partition(",")[0] for one in violations(page)} == {scheme}


# Space

# A table of figures and its picture may scroll inside their own frame (WCAG 1.4.10 excepts them), when the frame has a name and
# takes the keyboard.
OVERFLOWS = """() => {
  const root = document.documentElement;
  const isFrame = (element) => element.matches("[role=region][aria-labelledby][tabindex='0']:has(> table, > svg)");
  const clipped = [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
    if (element.matches("input, textarea, select") || isFrame(element)) return false; // what is typed scrolls inside by nature
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    const hides = overflowX !== "visible" || overflowY !== "visible";
    return hides && clipPath === "none"
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  });
  return [
    ...(root.scrollWidth > root.clientWidth ? [`page is ${root.scrollWidth} px wide`] : []),
    ...clipped.map((element) => `clipped: ${element.outerHTML.slice(0, 80)}`),
  ];
}"""


@every_template
def test_nothing_scrolls_sideways_at_any_width(page: Page, path: str) -> None:
    page.goto(path)
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, page.evaluate(OVERFLOWS)) == (width, [])


@every_template
def test_everything_fits_when_text_is_twice_as_large(page: Page, path: str) -> None:
    """Text alone, by the root's font size, which every size of the site follows. (The script sets it: the policy refuses a style
    sheet, but not this.) Zooming a 1280 px window to 200 % is the case of 640 px, between the widths above."""
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "34px"
    assert page.evaluate(OVERFLOWS) == []


def test_overflow_is_noticed(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    assert page.evaluate(OVERFLOWS)


# A link in the middle of a sentence is as high as its line (WCAG 2.5.8 excepts it); one that stands alone is for a thumb.
SMALL_TARGETS = """() => {
  const isInSentence = (target) => {
    const around = target.closest("p, li, dd, dt, div, td");
    if (!around) return false;
    const texts = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement, data } = texts.currentNode;
      if (data.trim() && !parentElement.closest("a, h3")) return true;
    }
    return false;
  };
  const height = (target, box) => {
    const { display, lineHeight } = getComputedStyle(target);
    return display === "inline" ? Math.max(box.height, parseFloat(lineHeight)) : box.height;
  };
  return [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((target) => target.checkVisibility() && !target.classList.contains("skip"))
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ target, box }) =>
      Math.min(box.width, height(target, box)) < 24 || (!isInSentence(target) && height(target, box) < 44))
    .map(({ target, box }) => `${box.width.toFixed(1)} × ${box.height.toFixed(1)}: ${target.outerHTML.slice(0, 80)}`);
}"""


@every_template
def test_targets_are_large_enough(page: Page, path: str) -> None:
    page.goto(path)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, page.evaluate(SMALL_TARGETS)) == (width, [])


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


@every_template
def test_focus_is_visible_on_everything_that_takes_it(page: Page, path: str) -> None:
    page.goto(path)
    faint = page.evaluate(
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

# Text whose colour is that of what is behind it.
INVISIBLE = """() => {
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter((element) => getComputedStyle(element).color === behind(element))
    .map((element) => element.outerHTML.slice(0, 80));
}"""


@every_template
def test_text_and_links_can_be_seen_in_forced_colours(page: Page, path: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert (scheme, page.evaluate(INVISIBLE)) == (scheme, [])


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
