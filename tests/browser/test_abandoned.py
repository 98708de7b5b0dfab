"""A site that nobody builds any more says so by itself: its lists tell that they are old, and the contact request closes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.pipeline import Settings, build_site
from tests.browser.conftest import opened, served
from tests.builders import WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser

BUILT = date(2026, 9, 2)
RESULTS, REQUEST, TRAY = "/tarve/masennus/kaikki/kuopio/", "/ohjaa/kerho/", "/tarjotin/"
PAGE_IS_OLD, SITE_IS_OLD = "[data-aged]", "[data-site-old]"


def confirmed(name: str, day: str | None) -> dict[str, object]:
    review = {"confirmed_on": day, "confirmed_by": "sihteeri"} if day else None
    return written_organisation(
        name=name, review=review, referral=WRITTEN_REFERRAL, contacts=[{"role": "Tsto", "phone": "10100"}]
    )


ASSOCIATIONS = {"kerho": confirmed("Kerho ry", "2026-09-01"), "seura": confirmed("Seura ry", None)}


def built(target: Path, **limits: int) -> Path:
    project = write_project(target, ASSOCIATIONS, **({"freshness": limits} if limits else {}))
    private = project / "content" / "private"
    private.mkdir()
    for slug in ASSOCIATIONS:
        (private / f"{slug}.yaml").write_text(f"referral_email: a@{slug}.alue\ndata_maintainers: [b@{slug}.alue]\n", "utf-8")
    build_site(Settings(project, BUILT))
    return project / "build" / "site"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built(tmp_path_factory.mktemp("once"))) as found:
        yield found


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[Page]:
    with opened(chromium, address) as (page, watch):
        yield page
        assert not watch.faults


def on(page: Page, day: str, path: str) -> Page:
    page.clock.set_fixed_time(f"{day}T12:00:00Z")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(("day", "is_told"), [("2027-09-01", False), ("2027-09-02", True), ("2028-09-02", True)])
def test_list_says_when_no_association_on_it_has_been_confirmed_for_a_year(visitor: Page, day: str, is_told: bool) -> None:
    expect(on(visitor, day, RESULTS).locator(PAGE_IS_OLD)).to_be_visible(visible=is_told)


@pytest.mark.parametrize("path", [REQUEST, TRAY])
@pytest.mark.parametrize(("day", "is_closed"), [("2027-09-02", False), ("2027-09-03", True)])
def test_contact_request_closes_a_year_after_the_last_build(visitor: Page, path: str, day: str, is_closed: bool) -> None:
    visitor.add_init_script("sessionStorage.setItem('tarjotin', '[\"kerho\"]')")
    page = on(visitor, day, path)
    expect(page.locator(SITE_IS_OLD)).to_be_visible(visible=is_closed)
    expect(page.locator("form[data-referral]")).to_have_count(0 if is_closed else 1)
    expect(page.locator("main a[href^=tel]").first).to_be_visible()


def test_no_other_page_asks_when_the_site_was_built(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as (page, watch):
        on(page, "2028-09-02", RESULTS)
        assert [url for url in watch.requests if "build.json" in url] == []
        on(page, "2028-09-02", REQUEST)
        assert [url.rpartition("/")[2] for url in watch.requests if "build.json" in url] == ["build.json"]


def test_form_stays_when_it_cannot_be_known_when_the_site_was_built(chromium: Browser, address: str) -> None:
    """The function knows it too."""
    with opened(chromium, address) as (page, _):
        page.route("**/build.json", lambda route: route.abort())
        expect(on(page, "2028-09-02", REQUEST).locator("form[data-referral]")).to_be_visible()


def test_region_decides_how_long_a_site_without_builds_takes_requests(chromium: Browser, tmp_path: Path) -> None:
    with served(built(tmp_path, unbuilt_months=3)) as address, opened(chromium, address) as (page, watch):
        expect(on(page, "2026-12-02", REQUEST).locator("form[data-referral]")).to_be_visible()
        expect(on(page, "2026-12-03", REQUEST).locator(SITE_IS_OLD)).to_be_visible()
        assert not watch.faults
