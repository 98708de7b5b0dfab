"""Pages of the site in another site's frame: light, and as tall as they need, which only the right parent is told. Forms are not
shown there."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from generator.pipeline import Settings, build_site
from tests.builders import ROOT, TODAY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser

SITE, PARENT, STRANGER = "https://tarjotin.example.fi", "https://intra.example.fi", "https://muu.example.org"
NEED, FORM = "/upote/tarve/masennus/", "/ohjaa/kerho/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    organisations = {
        "kerho": written_organisation(name="Kerho ry", referral=WRITTEN_REFERRAL),
        "seura": written_organisation(name="Seura ry", activities=[{"municipalities": ["koko-alue"]}]),
    }
    project = write_project(tmp_path_factory.mktemp("embed"), organisations, sample=TODAY, embedding={"allowed": [PARENT]})
    build_site(Settings(project, TODAY))
    return project / "build" / "site"


def snippet(source: str) -> str:
    """The parent's own page, with the script that docs/upotus.md gives to it."""
    document = (ROOT / "docs" / "upotus.md").read_text("utf-8")
    given = document.partition("```html\n")[2].partition("```")[0]
    given = given.replace("https://tarjotin.example.fi/upote/tarve/masennus/", f"{SITE}{source}")
    counter = "<script>var heard = 0; addEventListener('message', () => heard++)</script>"
    return f"<!doctype html><title>Intra</title><body>{given}{counter}"


@pytest.fixture
def context(chromium: Browser, built: Path) -> Iterator[BrowserContext]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE).partition("#")[0]
        file = built / path.lstrip("/") / ("index.html" if path.endswith("/") else "")
        kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    context = chromium.new_context(service_workers="block", viewport={"width": 500, "height": 400})
    context.route(f"{SITE}/**", answer)
    yield context
    context.close()


def framed(context: BrowserContext, source: str, parent: str = PARENT) -> Page:
    context.route(f"{parent}/**", lambda route: route.fulfill(body=snippet(source), content_type="text/html"))
    page = context.new_page()
    page.goto(f"{parent}/sivu")
    return page


def height(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box
    return box["height"]


def test_frame_grows_to_the_height_of_its_page(context: BrowserContext) -> None:
    page = framed(context, NEED)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="Kerho ry")).to_be_visible()
    needed = frame.locator("body").evaluate("it => Math.ceil(it.getBoundingClientRect().height)")
    page.wait_for_function(f"document.querySelector('iframe').getBoundingClientRect().height === {needed}")
    page.set_viewport_size({"width": 250, "height": 400})
    page.wait_for_function(f"document.querySelector('iframe').getBoundingClientRect().height > {needed}")


def test_another_parent_is_told_nothing(context: BrowserContext) -> None:
    page = framed(context, NEED, STRANGER)
    expect(page.frame_locator("iframe").get_by_role("link", name="Kerho ry")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == 0


@pytest.mark.parametrize("sender", ["another address", "another window"])
def test_parent_hears_only_its_own_frame(context: BrowserContext, sender: str) -> None:
    page = framed(context, NEED)
    page.wait_for_function("heard > 0")
    before = height(page)
    if sender == "another window":  # the page itself
        page.evaluate("postMessage({ tarjotin: 9000 }, '*')")
    else:
        context.route(f"{STRANGER}/**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.evaluate(f"document.body.append(Object.assign(document.createElement('iframe'), {{ src: '{STRANGER}/', id: 'b' }}))")
        stranger = page.wait_for_selector("#b").content_frame()
        assert stranger
        stranger.wait_for_load_state()
        stranger.evaluate("parent.postMessage({ tarjotin: 9000 }, '*')")
    page.wait_for_timeout(200)
    assert page.locator("iframe").first.bounding_box()
    assert page.evaluate("document.querySelector('iframe').getBoundingClientRect().height") == before


def test_link_opens_the_real_page_beside_the_frame(context: BrowserContext) -> None:
    page = framed(context, NEED)
    with context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Kerho ry").click()
    assert opened.value.url == f"{SITE}/jarjesto/kerho/"
    assert opened.value.evaluate("window.opener") is None


@pytest.mark.parametrize(
    "path",
    [
        FORM,
        "/tarjotin/",
        "/vastaa/",
        "/muistutukset/",
        "/muokkaa/kerho/",
        "/muokkaa/uusi/",
        "/vahvista/kerho/",
        "/osoite/",
        "/avain/",
        "/avaa/",
        "/lahettaja/",
    ],
)
def test_form_is_not_shown_in_a_frame(context: BrowserContext, path: str) -> None:
    frame = framed(context, path).frame_locator("iframe")
    expect(frame.get_by_role("link", name="Avaa lomake omaan ikkunaan")).to_have_attribute("href", path)
    expect(frame.locator("main form, main button")).to_have_count(0)


def test_form_is_shown_in_a_window_of_its_own(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{SITE}{FORM}")
    expect(page.locator("form[data-referral]")).to_be_visible()
    expect(page.locator("[data-framed]")).to_be_hidden()


def test_page_for_a_frame_is_a_page_of_its_own_too(context: BrowserContext) -> None:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{SITE}{NEED}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Masennus ja mieliala")
    assert faults == []
