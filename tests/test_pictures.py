"""The pictures of the instruction pages: of pages that there are, all used, small, told in words, and keeping their place."""

import struct
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.markdown import Mentioned, Shown, render_markdown, render_page_text
from generator.models import LANGUAGES
from generator.pages import CONTENT_PAGES
from generator.pictures import FOLDER, read_picture
from generator.pipeline import Settings, load_content
from generator.problems import ContentError
from generator.starting.founding import COPIED
from tests.builders import ROOT, TODAY, make_plan, write_project, written_organisation
from tools.draw_pictures import SHOTS, addresses

KILOBYTE = 1024
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 300) + b"\x08\x03\x00\x00\x00"
PICTURES = {"/kuvat/a.webp": Shown("/assets/kuva-a.1.webp", 640, 300)}


def rendered(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(str(render_page_text(text, top=2, prefix="/sv/", pictures=PICTURES)))


def used(content: Content) -> set[str]:
    return {address for page in content.pages.values() for address, _ in Mentioned.of(page.body).pictures}


# The pictures that there are


def test_every_picture_is_of_a_page_that_exists(content: Content) -> None:
    plan = make_plan(content)
    wanted = addresses(plan)
    assert set(wanted) == set(SHOTS)
    assert set(wanted.values()) - {page.path for page in plan.pages()} == set()


def test_every_picture_is_there_in_every_language_and_used(content: Content) -> None:
    made = {f"/kuvat/{name}-{language}.webp" for name in SHOTS for language in LANGUAGES}
    assert {one.address for one in content.pictures} == made
    assert used(content) == made


def test_page_shows_pictures_of_its_own_language(content: Content) -> None:
    wrong = [
        (slug, language, address)
        for (slug, language), page in content.pages.items()
        for address, _ in Mentioned.of(page.body).pictures
        if not address.endswith(f"-{language}.webp")
    ]
    assert wrong == []


def test_pictures_are_small(content: Content) -> None:
    assert sum(len(one.raw) for one in content.pictures) <= 300 * KILOBYTE
    assert [one.name for one in content.pictures if len(one.raw) > 20 * KILOBYTE] == []


# Their size


def test_size_is_read_from_the_file() -> None:
    assert [(one.width, one.height) for one in [read_picture("a.png", PNG)] if one] == [(640, 300)]


WEBP = {
    "lossless": b"VP8L" + b"\0\0\0\0" + b"\x2f" + (639 | 299 << 14).to_bytes(4, "little") + b"\0" * 5,
    "lossy": b"VP8 " + b"\0\0\0\0" + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 300),
    "extended": b"VP8X" + b"\0\0\0\0" + b"\0\0\0\0" + (639).to_bytes(3, "little") + (299).to_bytes(3, "little"),
}


@pytest.mark.parametrize("chunk", WEBP.values(), ids=WEBP)
def test_size_of_each_kind_of_webp_is_read(chunk: bytes) -> None:
    found = read_picture("a.webp", b"RIFF\0\0\0\0WEBP" + chunk)
    assert found
    assert (found.width, found.height) == (640, 300)


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.svg", "a"])
@pytest.mark.parametrize("raw", [b"", b"<svg onload=alert(1)>", b"RIFF\0\0\0\0WEBPXXXX" + b"\0" * 30, PNG[:20]])
def test_what_is_no_picture_is_none(name: str, raw: bytes) -> None:
    assert read_picture(name, raw) is None


# In the text


def test_picture_keeps_its_place_waits_its_turn_and_is_told_in_words() -> None:
    image = rendered("1. Valitse.\n\n   ![Yksi & toinen](/kuvat/a.webp)").css_first("li img")
    assert image.attributes == {
        "src": "/assets/kuva-a.1.webp",
        "alt": "Yksi & toinen",
        "width": "640",
        "height": "300",
        "loading": "lazy",
    }


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.png", "//example.org/a.png", "/kuvat/b.webp", "javascript:alert(1)", "data:image/png,x", "a.webp"],
)
def test_no_other_picture_is_ever_shown(address: str) -> None:
    tree = rendered(f'![a"><script>alert(1)</script>]({address})')
    assert tree.css("img, script") == []


def test_other_texts_have_no_pictures() -> None:
    assert "<img" not in render_markdown("![a](/kuvat/a.webp)", top=2, prefix="/")


def test_picture_is_no_link_of_a_page_and_a_link_around_it_is() -> None:
    assert Mentioned.of("![a](/kuvat/a.webp)").links == []
    assert Mentioned.of("[![a](/kuvat/a.webp)](/ohjeet/)").links == ["/ohjeet/"]


# What an editor is told


def problems(project: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(Settings(project, TODAY))
    return [f"{one.file}:{one.line} {one.message}" for one in caught.value.problems if one.severity == "error"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, {"yksi": written_organisation()}, sample=TODAY)


def add(project: Path, text: str) -> int:
    """Puts a line at the end of a page, and tells its number."""
    page = project / "content" / "pages" / "tietoa.fi.md"
    written = page.read_text("utf-8").rstrip("\n") + f"\n\n{text}\n"
    page.write_text(written, "utf-8")
    return written.count("\n")


def test_missing_picture_is_told_with_its_line(project: Path) -> None:
    line = add(project, "![Jotakin](/kuvat/puuttuu.webp)")
    (message,) = problems(project)
    assert message.startswith(f'content/pages/tietoa.fi.md:{line} Kuvaa "/kuvat/puuttuu.webp" ei ole kansiossa content/pictures.')


def test_picture_without_words_is_told(project: Path) -> None:
    line = add(project, "![](/kuvat/kortti-fi.webp)")
    (message,) = problems(project)
    assert message.startswith(f'content/pages/tietoa.fi.md:{line} Kuvalla "/kuvat/kortti-fi.webp" ei ole tekstiä')


@pytest.mark.parametrize(("raw", "told"), [(b"<svg/>", "ei ole PNG- tai WebP-kuva"), (PNG + b"0" * 50_000, "liian suuri")])
def test_file_that_is_no_small_picture_is_told_once(project: Path, raw: bytes, told: str) -> None:
    (project / FOLDER / "a.png").write_bytes(raw)
    add(project, "![Jotakin](/kuvat/a.png)")
    (message,) = problems(project)
    assert message.startswith("content/pictures/a.png:1 ")
    assert told in message


def test_site_without_pictures_is_a_site(tmp_path: Path) -> None:
    project = write_project(tmp_path, {"yksi": written_organisation()}, sample=TODAY)
    for picture in (project / FOLDER).iterdir():
        picture.unlink()
    for slug in CONTENT_PAGES:
        for page in (project / "content" / "pages").glob(f"{slug}.*.md"):
            page.write_text("\n".join(line for line in page.read_text("utf-8").splitlines() if "/kuvat/" not in line), "utf-8")
    assert load_content(Settings(project, TODAY)).pictures == ()


def test_program_for_a_new_region_has_the_pictures_and_their_tool() -> None:
    assert {FOLDER, "tools"} <= set(COPIED)
    assert (ROOT / "tools" / "draw_pictures.py").is_file()
