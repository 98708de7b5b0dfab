"""Without a network: what a device keeps, what it never keeps, and that the site can be installed. The site has a base path."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from generator.pages import NEVER_STORED
from generator.pipeline import Settings, build_site
from generator.preview.serve import NO_WORKER
from tests.browser.conftest import opened, served
from tests.builders import TODAY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser
BASE = "/alue/"
DIABETES = "tarve/diabetes/vertaisryhma/siilinjarvi/"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    organisations = {
        "kerho": written_organisation(
            name="Kerho ry", activities=[{"needs": ["diabetes"], "municipalities": ["siilinjarvi"]}], referral=WRITTEN_REFERRAL
        ),
        "tupa": written_organisation(name="Tupa ry", activities=[{"needs": ["diabetes", "masennus"]}], referral=WRITTEN_REFERRAL),
    }
    project = write_project(tmp_path_factory.mktemp("offline") / "project", organisations, sample=TODAY, base_path=BASE)
    private = project / "content" / "private"
    private.mkdir()
    for slug in organisations:
        lines = f"referral_email: ohjaus@{slug}.example.fi\ndata_maintainers: [toimisto@{slug}.example.fi]\n"
        (private / f"{slug}.yaml").write_text(lines, "utf-8")
    build_site(Settings(project, TODAY))
    return project


@pytest.fixture(scope="module")
def origin(chromium: Browser, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("root")
    (root / BASE.strip("/")).symlink_to(project / "build" / "site", target_is_directory=True)
    with served(root) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    with opened(chromium, f"{origin}{BASE}", service_workers="allow") as (page, _):
        yield page


def visit(page: Page, path: str) -> None:
    """Opens a page, and waits until the worker is there and the page has had the time to store itself."""
    page.goto(path, wait_until="load")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_load_state("networkidle")


def stored(page: Page) -> dict[str, list[str]]:
    """The paths in each cache of the browser."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
             [name, (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)])))"""
    )
    return found


def eventually(page: Page, question: str, about: str) -> None:
    """Asks the page until the answer is yes."""
    for _ in range(600):
        if page.evaluate(question, about):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {question} {about}", pytrace=False)


def wait_until_stored(page: Page, path: str) -> None:
    eventually(page, "async (path) => Boolean(await caches.match(path))", f"{BASE}{path}")


def note(page: Page) -> Any:
    return page.locator("[data-offline]")


# What works


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Olet ilman verkkoa"), ("sv/", "Du har ingen nätförbindelse"), ("en/", "You are offline")]
)
def test_visited_page_opens_without_a_network_and_says_of_when_it_is(page: Page, prefix: str, words: str) -> None:
    visit(page, prefix + DIABETES)
    wait_until_stored(page, prefix + DIABETES)
    expect(note(page)).to_be_hidden()
    heading = page.get_by_role("heading", level=1).inner_text()
    visit(page, "jarjestot/")
    page.context.set_offline(True)
    page.goto(prefix + DIABETES)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading.replace("\n", " "))
    expect(note(page)).to_contain_text(words)
    assert re.search(r"\b20\d\d\b.*\d[.:]\d\d", note(page).inner_text())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 247, 240)"  # the style is there
    expect(page.locator("[data-tray]").first).to_be_visible()  # and so is the script


def test_page_is_as_before_when_the_network_is_back(page: Page) -> None:
    visit(page, DIABETES)
    wait_until_stored(page, DIABETES)
    page.context.set_offline(True)
    page.reload()
    expect(note(page)).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(note(page)).to_be_hidden()
    expect(page.locator("html[data-storable]")).to_have_count(1)


@pytest.mark.parametrize(
    ("path", "language"), [("kunta/tervo/", "fi"), ("sv/kunta/tervo/", "sv"), ("en/ohjaa/kerho/", "en"), ("ohjaa/tupa/", "fi")]
)
def test_page_that_is_not_stored_is_replaced_by_a_page_with_the_number_for_guidance(page: Page, path: str, language: str) -> None:
    visit(page, "")
    page.context.set_offline(True)
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main a[href='tel:+358170000100']")).to_be_visible()
    page.locator("main .lone-link a").click()
    expect(page.locator(".hero")).to_be_visible()


def test_home_pages_open_without_a_network_after_any_first_visit(page: Page) -> None:
    visit(page, "ohjeet/")
    page.context.set_offline(True)
    for path in ("", "sv/", "en/"):
        page.goto(path)
        expect(page.locator(".hero")).to_be_visible()
        expect(note(page)).to_be_visible()


def test_search_works_without_a_network(page: Page) -> None:
    visit(page, "")
    page.context.set_offline(True)
    page.reload()
    page.locator("#haku").fill("diabetes siilinjärvi")
    expect(page.locator(".search .rows a").first).to_have_attribute("href", f"{BASE}tarve/diabetes/kaikki/siilinjarvi/")


# What is never stored


def forbidden(project: Path) -> list[str]:
    """Every page of the built site that must not be on a device: forms, sensitive needs, and whatever names an association
    that serves one. Found by what the pages say, and not by the mark that they carry."""
    site = project / "build" / "site"
    sensitive = re.compile(r"/tarve/(masennus|kriisi|vakivalta)/|/jarjesto/tupa/")
    found = []
    for file in sorted(site.rglob("index.html")):
        path = f"/{file.parent.relative_to(site).as_posix()}/"
        bare = path.removeprefix("/sv").removeprefix("/en")
        cards = LexborHTMLParser(file.read_bytes()).css(".card-name a")
        lists_sensitive = any("/jarjesto/tupa/" in (card.attributes["href"] or "") for card in cards)
        if bare.startswith(NEVER_STORED) or sensitive.match(bare) or lists_sensitive:
            found.append(path[1:])
    return found


def test_forms_and_sensitive_pages_are_never_stored(page: Page, project: Path) -> None:
    paths = forbidden(project)
    kinds = {path.removeprefix("sv/").removeprefix("en/").split("/")[0] for path in paths}
    assert kinds == {
        "ohjaa",
        "tarjotin",
        "vastaa",
        "muistutukset",
        "lahettaja",
        "muokkaa",
        "vahvista",
        "osoite",
        "hyvaksynta",
        "avain",
        "avaa",
        "tarve",
        "jarjesto",
    }
    assert f"{DIABETES.replace('siilinjarvi', 'kuopio')}" in paths
    visit(page, DIABETES)
    walked = [path for path in paths if not re.search(r"/(siilinjarvi|tervo)/$", path)]
    for path in walked:
        page.goto(path, wait_until="load")
    visit(page, "kunta/kuopio/")
    wait_until_stored(page, "kunta/kuopio/")
    kept = {path for paths in stored(page).values() for path in paths}
    assert {f"{BASE}{DIABETES}", f"{BASE}kunta/kuopio/"} <= kept
    assert kept & {BASE + path for path in paths} == set()
    assert not [
        path
        for path in kept
        if not re.match(
            rf"{BASE}(sv/|en/)?(|ilman-verkkoa/|{DIABETES}|kunta/kuopio/)$|{BASE}(assets/(tarjotin|haku)|haku/..\.json$)", path
        )
    ]


def test_nothing_of_the_address_but_its_path_is_stored(page: Page) -> None:
    visit(page, "ohjeet/?q=salaisuus#salaisuus")
    wait_until_stored(page, "ohjeet/")
    urls = page.evaluate(
        """async () => {
             const found = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
             return (await Promise.all(found.map((cache) => cache.keys()))).flat().map((request) => request.url);
           }"""
    )
    assert not [url for url in urls if "salaisuus" in url]


def test_oldest_pages_go_when_there_are_many(page: Page) -> None:
    visit(page, "ohjeet/")
    wait_until_stored(page, "ohjeet/")
    page.evaluate(
        """async (name) => { const pages = await caches.open(name);
           for (let at = 0; at < 70; at++) await pages.put(`/vanha/${at}/`, new Response("x")); }""",
        f"{BASE}:sivut",
    )
    visit(page, "tietoa/")
    eventually(page, "async (name) => (await (await caches.open(name)).keys()).length <= 60", f"{BASE}:sivut")
    kept = stored(page)[f"{BASE}:sivut"]
    assert (len(kept), kept[0], kept[-1]) == (60, "/vanha/11/", f"{BASE}tietoa/")


# A new build


def test_new_build_replaces_what_the_one_before_had_stored_and_touches_nothing_else(
    page: Page, project: Path, origin: str
) -> None:
    visit(page, DIABETES)
    wait_until_stored(page, DIABETES)
    page.evaluate("caches.open('/:toinen')")
    [old] = [name for name in stored(page) if name.startswith(BASE) and not name.endswith(":sivut")]
    site = project / "build" / "site"
    changed = renewed(site)
    try:
        visit(page, "ohjeet/")
        page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        eventually(page, "async (old) => !(await caches.keys()).includes(old)", old)
        core = stored(page)
        assert f"{BASE}:sivut" in core
        assert "/:toinen" in core
        [new] = [name for name in core if name.startswith(BASE) and not name.endswith(":sivut")]
        assert f"{BASE}assets/tarjotin.0123456789.css" in core[new]
        page.context.set_offline(True)
        page.goto(DIABETES)  # stored before, with the address of a style that is gone
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 247, 240)"
    finally:
        for file, raw in changed.items():
            file.write_bytes(raw)


def renewed(site: Path) -> dict[Path, bytes]:
    """The site with its style under another name, as after a change; returns the files as they were."""
    [style] = (site / "assets").glob("tarjotin.*.css")
    worker = site / "sw.js"
    before = {worker: worker.read_bytes()}
    (site / "assets" / "tarjotin.0123456789.css").write_bytes(style.read_bytes())
    mark = hashlib.sha256(b"new").hexdigest()[:6]
    text = worker.read_text("utf-8").replace(style.name, "tarjotin.0123456789.css")
    worker.write_text(re.sub(rf'core="{BASE}:\w+"', f'core="{BASE}:{mark}"', text), "utf-8")
    return before


def test_preview_takes_a_worker_and_its_store_away(page: Page, project: Path) -> None:
    visit(page, DIABETES)
    wait_until_stored(page, DIABETES)
    worker = project / "build" / "site" / "sw.js"
    before = worker.read_bytes()
    worker.write_text(NO_WORKER)
    try:
        page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        eventually(page, "async () => !(await navigator.serviceWorker.getRegistration())", "")
        assert stored(page) == {}
    finally:
        worker.write_bytes(before)


# Other browsers


def test_browser_without_workers_shows_the_site_as_before(chromium: Browser, origin: str) -> None:
    with opened(chromium, f"{origin}{BASE}", service_workers="allow") as (page, watch):
        page.add_init_script("delete Navigator.prototype.serviceWorker; delete window.caches")
        page.goto(DIABETES, wait_until="networkidle")
        expect(page.locator(".card").first).to_be_visible()
        assert [fault for fault in watch.faults if "request" not in fault] == []


# Installing


@pytest.mark.parametrize("path", ["", "sv/", "en/tarve/diabetes/"])
def test_site_can_be_installed(page: Page, path: str) -> None:
    page.goto(path)
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith(".webmanifest")
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
