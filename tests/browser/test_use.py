"""What a professional and a resident do with the site."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch, opened

pytestmark = pytest.mark.browser

RESULTS = "/tarve/masennus/vertaisryhma/kuopio/"
VIOLENCE = "/tarve/vakivalta/kaikki/kuopio/"
AWAY = "https://www.ilmatieteenlaitos.fi/"


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ("<script>1</script>", "Content Security Policy"),
        ("<p style='color:red'>a</p>", "Content Security Policy"),
        ("<p onclick='1'>a</p>", "Content Security Policy"),
        ("<img src='https://elsewhere.example/x.png'>", "Content Security Policy"),
        ("<script src='/ei-ole.js'></script>", "404"),
    ],
)
def test_watch_notices_what_does_not_belong_on_a_page(watched: tuple[Page, Watch], planted: str, complaint: str) -> None:
    page, watch = watched
    page.route("**/ohjeet/", lambda route: route.fulfill(response=(got := route.fetch()), body=got.text() + planted))
    page.goto("/ohjeet/", wait_until="networkidle")
    assert complaint in " ".join(watch.faults)


# Three clicks


def choose_three(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Masennus ja mieliala").click()
    page.get_by_role("link", name="Vertaisryhmä").click()
    page.get_by_role("link", name=re.compile(r"^Kuopio\b")).click()
    expect(page).to_have_url(re.compile(f"{RESULTS}$"))


def test_three_clicks_lead_to_results_and_one_more_to_the_association(page: Page) -> None:
    choose_three(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vertaisryhmä Kuopiossa")
    first = page.locator(".card").first
    name = first.get_by_role("heading", level=3).inner_text()
    expect(first.locator("a[href^='tel:']").first).to_be_visible()
    first.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_count_behind_a_choice_is_the_count_on_its_page(page: Page) -> None:
    page.goto("/tarve/masennus/vertaisryhma/")
    row = page.get_by_role("link", name=re.compile(r"^Kuopio\b"))
    count = row.locator(".row-count").inner_text()
    row.click()
    expect(page.locator("#count")).to_have_text(count)
    expect(page.locator("#count ~ .cards > .card")).to_have_count(int(count.split()[0]))


@pytest.mark.parametrize(("row", "target"), [(0, "/"), (1, "/tarve/masennus/"), (2, "/tarve/masennus/vertaisryhma/")])
def test_each_choice_can_be_changed_from_the_results(page: Page, row: int, target: str) -> None:
    page.goto(RESULTS)
    page.get_by_role("link", name="Muuta").nth(row).click()
    expect(page).to_have_url(re.compile(f":\\d+{target}$"))


def test_everything_works_without_javascript(chromium: Browser, address: str) -> None:
    with opened(chromium, address, java_script_enabled=False) as (page, watch):
        choose_three(page)
        expect(page.locator(".card:visible")).not_to_have_count(0)
        expect(page.locator(".activity:visible .capacity:visible").first).to_be_visible()
        page.get_by_role("link", name="In English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto("/jarjesto/siilin-esimerkkikerho/")
        page.wait_for_url("**/jarjesto/esimerkki-kahvila-ja-kaverit/")
        page.goto(VIOLENCE)
        expect(page.get_by_role("link", name="Poistu sivulta")).to_have_attribute("href", AWAY)
        assert watch.faults == []


def test_address_that_has_moved_leads_to_the_new_one(page: Page) -> None:
    page.goto("/jarjesto/vanha-esimerkki/")
    page.wait_for_url("**/jarjesto/nuorten-esimerkkipaja/")
    page.goto("/sv/koodi/E10/")
    page.wait_for_url("**/sv/tarve/diabetes/")


def test_language_links_keep_the_page(page: Page) -> None:
    for path in ("/", RESULTS, "/jarjesto/savon-esimerkki-diabetesyhdistys/", "/kunta/tervo/", "/hakemisto/", "/ohjeet/"):
        page.goto(path)
        for link, prefix in (("På svenska", "/sv"), ("In English", "/en"), ("Suomeksi", "")):
            page.get_by_role("link", name=link, exact=True).click()
            expect(page).to_have_url(re.compile(f":\\d+{prefix}{path}$"))
            expect(page.locator("html")).to_have_attribute("lang", prefix[1:] or "fi")


# Leaving at once


def test_quick_exit_replaces_the_page_in_the_history(page: Page, watched: tuple[Page, Watch]) -> None:
    page.route(f"{AWAY}**", lambda route: route.fulfill(body="<title>Sää</title>", content_type="text/html"))
    page.goto("/")
    page.goto(VIOLENCE)
    page.get_by_role("link", name="Poistu sivulta").click()
    page.wait_for_url(AWAY)
    page.go_back()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    watched[1].faults.remove(f"request to {AWAY}")


def test_quick_exit_stays_in_view_and_comes_before_everything_else(page: Page) -> None:
    page.goto(VIOLENCE)
    first = page.locator("main a").first
    expect(first).to_have_text("Poistu sivulta")
    page.mouse.wheel(0, 2000)
    expect(first).to_be_in_viewport()


# On paper


@pytest.mark.parametrize(
    "path", [RESULTS, "/tarve/kriisi/kaikki/kuopio/", "/jarjesto/kallaveden-esimerkki-mielenterveysyhdistys/"]
)
def test_paper_shows_names_and_numbers_and_no_navigation(page: Page, path: str) -> None:
    page.goto(path)
    helplines = page.locator(".helplines a[href^='tel:']").count()  # they would tell what a hidden topic is
    on_screen = page.locator("main a[href^='tel:']:visible").count() - helplines
    page.emulate_media(media="print")
    assert page.locator("main a[href^='tel:']:visible").count() == on_screen > 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for name in page.locator(".card:not([hidden]) .card-name").all():
        expect(name).to_be_visible()
    for hidden in ("header", "footer", "nav.breadcrumb", ".skip", "nav"):
        expect(page.locator(f"{hidden}:visible")).to_have_count(0)


def test_paper_is_black_on_white_also_in_the_dark(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(RESULTS)
    told = page.evaluate("['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name])")
    assert told == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_page_prints_to_a_file(page: Page) -> None:
    page.goto(RESULTS)
    assert page.pdf(format="A4").startswith(b"%PDF")
