"""What a client is given: paper on which the topic can be hidden, a code that opens the page, a message, a link."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
import zxingcpp
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from generator.pipeline import Settings, build_site, load_content
from tests.browser.conftest import opened, served
from tests.browser.rules import violations
from tests.builders import ROOT, TODAY, WRITTEN_REFERRAL, write_project, written_organisation

pytestmark = pytest.mark.browser
ORIGIN = "https://tarjotin.example.fi"
DIABETES = "/tarve/diabetes/vertaisryhma/kuopio/"
VIOLENCE = "/tarve/vakivalta/vertaisryhma/kuopio/"
ICONS = ROOT / "site_templates" / "icons"
ENCODER = ROOT / "site_templates" / "scripts" / "give" / "_qr.js"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Associations whose own words name no need."""
    activity = {"needs": ["diabetes", "masennus", "vakivalta"], "when": "Torstaisin klo 13–15", "where": "Kauppakatu 1"}
    organisations = {
        slug: written_organisation(
            name=name, contacts=[{"role": "Toimisto", "phone": phone}], activities=[activity], referral=WRITTEN_REFERRAL
        )
        for slug, name, phone in (("kerho", "Kerho ry", "017 000 0001"), ("seura", "Seura ry", "017 000 0002"))
    }
    project = write_project(tmp_path_factory.mktemp("paper"), organisations, sample=TODAY)
    build_site(Settings(project, TODAY))
    return project


@pytest.fixture(scope="module")
def home(chromium: Browser, project: Path) -> Iterator[str]:
    with served(project / "build" / "site") as found:
        yield found


@pytest.fixture
def page(chromium: Browser, home: str) -> Iterator[Page]:
    with opened(chromium, home) as (page, watch):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
        yield page
        assert watch.faults == []


def paper_of(page: Page) -> tuple[str, str]:
    """What is on the paper, with the header and the footer that browsers add (title, address), and the file's title."""
    raw = page.pdf(format="A4", prefer_css_page_size=True, display_header_footer=True)
    document = PdfReader(BytesIO(raw))
    text = " ".join(sheet.extract_text() for sheet in document.pages)
    return plain(text), plain(str(document.metadata and document.metadata.title))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).replace("\u00ad", "")).casefold()


def names_of(project: Path, need: str, language: str) -> set[str]:
    """What names a need, as a reader of the paper would see it: its words, its address, its helplines, the way out."""
    taxonomy = load_content(Settings(project, TODAY)).taxonomy
    term = next(one for one in taxonomy.needs if one.id == need)
    lines = [line for line in taxonomy.helplines if line.id in term.helplines and line.phone != "112"]
    written = [term.label, term.description, *(text for line in lines for text in (line.name, line.note))]
    labels = {getattr(text, language) or text.fi for text in written}
    words = set(re.findall(r"\w{6,}", getattr(term.label, language))) - {"support"}
    return {plain(text) for text in labels | words} | {f"/tarve/{need}"}


def open_part(page: Page) -> None:
    page.locator("details[data-give] summary").click()
    expect(page.locator("[data-ways]")).to_be_visible()


# The topic


@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("need", ["masennus", "vakivalta"])
def test_paper_does_not_name_a_sensitive_need(
    chromium: Browser, home: str, project: Path, need: str, language: str, has_script: bool
) -> None:
    prefix = "" if language == "fi" else f"/{language}"
    names = names_of(project, need, language)
    for path in (f"/tarve/{need}/vertaisryhma/kuopio/", f"/tarve/{need}/vertaisryhma/", f"/tarve/{need}/"):
        with opened(chromium, home, java_script_enabled=has_script) as (page, _):
            page.goto(prefix + path)
            text, title = paper_of(page)
        assert len(text) > 50
        assert {name for name in names if name in text} == set(), path
        assert not has_script or not {name for name in names if name in title}


def test_paper_names_the_need_when_it_is_not_hidden(page: Page, project: Path) -> None:
    page.goto(VIOLENCE)
    before = page.title()
    open_part(page)
    page.get_by_label("Piilota aihe tulosteesta").uncheck()
    text, title = paper_of(page)
    named = {name for name in names_of(project, "vakivalta", "fi") if name in text}
    assert {"väkivalta", "/tarve/vakivalta", "nollalinja"} <= named
    assert "väkivalta" in title
    assert page.title() == before


def test_topic_of_another_need_is_on_the_paper_until_it_is_hidden(page: Page) -> None:
    page.goto(DIABETES)
    assert "diabetes" in paper_of(page)[0]
    open_part(page)
    page.get_by_label("Piilota aihe tulosteesta").check()
    text, title = paper_of(page)
    assert "diabetes" not in text
    assert title == "hyvinvointitarjotin"


def test_association_on_paper_tells_no_needs(page: Page) -> None:
    page.goto("/jarjesto/kerho/")
    text, _ = paper_of(page)
    assert {name for name in ("diabetes", "masennus", "väkivalta") if name in text} == set()
    assert "masennus" in plain(page.locator("main").inner_text())


# What is on the paper


@pytest.mark.parametrize("path", [DIABETES, "/jarjesto/kerho/"])
def test_paper_tells_whom_to_call_when_where_and_what_next_also_without_a_script(chromium: Browser, home: str, path: str) -> None:
    with opened(chromium, home, java_script_enabled=False) as (page, _):
        page.goto(path)
        text, _ = paper_of(page)
    told = ("017 000 0001", "torstaisin klo 13–15", "kauppakatu 1", "tiedot tarkistettu 1.9.2026", "näin pääset alkuun")
    for words in (*told, "asiakasohjaus", "017 000 0100", f"tämä sivu: {ORIGIN}{path}"):
        assert words in text
    for words in ("piilota aihe", "lisää tarjottimelle", "kerro virheestä", "muuta"):
        assert words not in text


def test_letters_are_large_and_the_number_larger_still(page: Page) -> None:
    page.goto(DIABETES)
    page.emulate_media(media="print")
    size = "(selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
    assert page.evaluate(size, ".facts dd") >= 17
    assert page.evaluate(size, ".contact-phone") >= 25


# The code


def code_on(page: Page) -> str:
    """What a phone's camera reads from the paper."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(page.locator("[data-qr] svg").screenshot())))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    return str(found.text)


@pytest.mark.parametrize("path", [DIABETES, "/sv/tarve/diabetes/kaikki/koko-alue/", "/jarjesto/kerho/"])
def test_code_opens_the_page(page: Page, path: str) -> None:
    page.goto(path)
    open_part(page)
    assert code_on(page) == ORIGIN + path


def test_code_of_a_hidden_topic_opens_the_associations_without_naming_it(page: Page, home: str) -> None:
    page.goto(VIOLENCE)
    open_part(page)
    shared = code_on(page)
    assert shared == f"{ORIGIN}/tarjotin/#jarjestot=kerho.seura"
    page.goto(shared.replace(ORIGIN, home))
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Kerho ry", "Seura ry"])
    expect(page).to_have_url(f"{home}/tarjotin/")
    expect(page.locator("[data-ways]")).to_be_visible()
    page.get_by_role("button", name="Poista: Kerho ry").click()
    assert code_on(page) == f"{ORIGIN}/tarjotin/#jarjestot=seura"


def test_shared_tray_keeps_only_what_can_be_an_association(page: Page) -> None:
    page.goto("/tarjotin/#jarjestot=kerho..seura.")
    expect(page.locator("[data-tray-list] h2")).to_have_text(["Kerho ry", "Seura ry"])
    assert page.evaluate("tray.read()") == ["kerho", "seura"]


MOST = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412)  # bytes of versions 1–15 at level M


def picture(rows: list[list[int]]) -> Image.Image:
    size = len(rows) + 8
    drawn = Image.new("L", (size, size), 255)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            drawn.putpixel((x + 4, y + 4), 255 * (1 - cell))
    return drawn.resize((size * 4, size * 4), Image.Resampling.NEAREST)


@pytest.fixture(scope="module")
def encode(chromium: Browser, home: str) -> Iterator[Callable[[str], Any]]:
    with opened(chromium, home) as (page, _):
        page.goto("/tietoa/")
        page.evaluate(f"{ENCODER.read_text('utf-8')}; window.encode = qrCode")
        yield lambda text: page.evaluate("encode", text)


def address(length: int) -> str:
    """An address of a given length in bytes, with letters of two bytes."""
    text = f"https://ä.fi/alue-{length}/tarve/laheinen-paihteet/#"
    return (text + "abcdefghij-" * 40).encode()[:length].decode(errors="replace").replace("\ufffd", "?")


@pytest.mark.parametrize("length", [1, 13, *range(20, 412, 13), *MOST, *(most + 1 for most in MOST[:-1])])
def test_code_of_any_length_can_be_read(encode: Callable[[str], Any], length: int) -> None:
    text = address(length)
    [found] = zxingcpp.read_barcodes(picture(encode(text)), formats=zxingcpp.BarcodeFormat.QRCode)
    assert (found.text, found.format) == (text, zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize("length", MOST)
def test_full_code_of_each_version_is_cell_by_cell_what_another_encoder_draws(encode: Callable[[str], Any], length: int) -> None:
    text = "a" * length
    expected = segno.make(text, error="m", mode="byte", micro=False, boost_error=False, mask=3)
    assert encode(text) == [[int(cell) for cell in row] for row in expected.matrix]


def test_text_that_is_too_long_has_no_code(encode: Callable[[str], Any]) -> None:
    assert encode("a" * 413) is None


# Messages


def test_link_is_copied_and_said_to_be(page: Page) -> None:
    page.goto(DIABETES)
    open_part(page)
    page.get_by_role("button", name="Kopioi linkki").click()
    expect(page.locator("[data-given]")).to_have_text("Linkki on kopioitu.")
    expect(page.locator("[data-given]")).to_have_attribute("role", "status")
    assert page.evaluate("navigator.clipboard.readText()") == ORIGIN + DIABETES


def test_link_is_shown_when_it_cannot_be_copied(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(DIABETES)
    open_part(page)
    page.get_by_role("button", name="Kopioi linkki").click()
    expect(page.locator("[data-given]")).to_have_text(ORIGIN + DIABETES)


@pytest.mark.parametrize(("path", "link"), [(DIABETES, DIABETES), (VIOLENCE, "/tarjotin/#jarjestot=kerho.seura")])
def test_mail_has_names_and_numbers_and_a_subject_that_names_no_need(page: Page, project: Path, path: str, link: str) -> None:
    page.goto(path)
    open_part(page)
    mail = urlsplit(page.get_by_role("link", name="Lähetä sähköpostilla").get_attribute("href") or "")
    fields = parse_qs(mail.query)
    assert (mail.scheme, mail.path, fields["subject"]) == ("mailto", "", ["Tietoa järjestöistä"])
    body = fields["body"][0]
    for words in ("Kerho ry\n017\u00a0000\u00a00001", "Seura ry\n017\u00a0000\u00a00002", "Asiakasohjaus", ORIGIN + link):
        assert words in body
    if path == VIOLENCE:
        assert {name for name in names_of(project, "vakivalta", "fi") if name in plain(body)} == set()


def test_share_sheet_of_the_device_gets_the_same(page: Page) -> None:
    page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
    page.goto(VIOLENCE)
    open_part(page)
    page.get_by_role("button", name="Jaa").click()
    shared = page.evaluate("shared")
    assert (shared["title"], shared["url"]) == ("Tietoa järjestöistä", f"{ORIGIN}/tarjotin/#jarjestot=kerho.seura")
    assert "Kerho ry" in shared["text"]
    assert "äkivalta" not in shared["text"]


def test_share_button_is_there_only_with_a_share_sheet(page: Page) -> None:
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(DIABETES)
    open_part(page)
    expect(page.get_by_role("button", name="Jaa")).to_be_hidden()


def test_nothing_is_fetched_for_the_part_before_it_is_touched(chromium: Browser, home: str) -> None:
    with opened(chromium, home) as (page, watch):
        page.goto(DIABETES, wait_until="networkidle")
        assert not [url for url in watch.requests if "jako" in url]
        open_part(page)
        assert len([url for url in watch.requests if "jako" in url]) == 1


def test_opened_part_and_copied_link_have_no_accessibility_violation(page: Page) -> None:
    page.goto(DIABETES)
    open_part(page)
    page.get_by_role("button", name="Kopioi linkki").click()
    assert violations(page) == []


def test_icons_are_the_picture_that_they_are_drawn_from(page: Page) -> None:
    for size in (192, 512):
        with Image.open(ICONS / f"icon-{size}.png") as drawn:
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(
                f"<style>body{{margin:0}}svg{{display:block;width:100%}}</style>{(ICONS / 'icon.svg').read_text('utf-8')}"
            )
            shown = Image.open(BytesIO(page.screenshot()))
            inside = (size // 8, size // 8, size - size // 8, size - size // 8)  # the corners of the larger are cut by the phone
            pair = (one.convert("RGBA").convert("RGB").crop(inside) for one in (drawn, shown))
            assert max(ImageStat.Stat(ImageChops.difference(*pair)).mean) < 3
