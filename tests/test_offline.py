"""What may be kept on a device, and the files that make the site work without a network and install."""

import gzip
import json
import re
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.pages import NEVER_STORED
from generator.rendering.offline import BACKGROUND, THEME
from generator.rendering.site import make_frames, render_site
from tests.builders import (
    ROOT,
    TODAY,
    WRITTEN_POLICY,
    WRITTEN_REFERRAL,
    make_content,
    make_organisation,
    make_plan,
    make_site,
    make_taxonomy,
)

TAXONOMY = make_taxonomy(
    needs=("diabetes", {"id": "alkoholi", "sensitive": True}, {"id": "vakivalta", "quick_exit": True}, "muisti"),
)


@pytest.fixture(scope="module")
def content() -> Content:
    return make_content(
        TAXONOMY,
        make_site(referral=WRITTEN_POLICY),
        kerho=make_organisation(activities=[{"needs": ["diabetes"]}], referral=WRITTEN_REFERRAL),
        monta=make_organisation(activities=[{"needs": ["diabetes"], "municipalities": ["tervo"]}, {"needs": ["alkoholi"]}]),
        etana=make_organisation(activities=[{"needs": ["muisti", "vakivalta"], "municipalities": [], "remote": True}]),
        vanha=make_organisation(status="closed", merged_into="kerho"),
    )


@pytest.fixture(scope="module")
def files(content: Content) -> dict[str, bytes]:
    return dict(render_site(content, make_plan(content), TODAY))


def kept(files: dict[str, bytes]) -> set[str]:
    return {
        path.removesuffix("index.html")
        for path, raw in files.items()
        if path.endswith(".html") and "data-storable" in LexborHTMLParser(raw).css_first("html").attributes
    }


def test_only_pages_without_a_sensitive_need_may_be_kept(files: dict[str, bytes]) -> None:
    found = {path for path in kept(files) if not path.startswith(("/sv/", "/en/"))}
    places = ("koko-alue", "kuopio", "siilinjarvi", "tervo")
    lists = {f"/tarve/diabetes/{kind}/{place}/" for kind in ("kaikki", "vertaisryhma", "neuvonta") for place in places}
    with_sensitive = {
        f"/tarve/diabetes/{kind}/{place}/" for kind in ("kaikki", "vertaisryhma") for place in ("koko-alue", "tervo")
    }
    lists |= {
        f"/tarve/muisti/neuvonta/{place}/" for place in places
    }  # the others list, in their remote section, one that is sensitive
    choices = {
        f"/tarve/{need}/{kind}" for need in ("diabetes", "muisti") for kind in ("", "kaikki/", "vertaisryhma/", "neuvonta/")
    }
    about = {"/ohjeet/", "/jarjestoille/", "/tietoa/", "/saavutettavuus/", "/tietosuoja/", "/selkokieli/"}
    towns = {"/kunta/kuopio/", "/kunta/siilinjarvi/", "/kunta/tervo/"}
    assert found == (lists - with_sensitive) | choices | about | towns | {"/", "/jarjestot/", "/hakemisto/", "/jarjesto/kerho/"}


def test_the_same_pages_may_be_kept_in_every_language(files: dict[str, bytes]) -> None:
    by_language = {
        prefix: {path.removeprefix(prefix) for path in kept(files) if re.match(rf"{prefix}/(?!sv/|en/)", path)}
        for prefix in ("", "/sv", "/en")
    }
    assert by_language[""] == by_language["/sv"] == by_language["/en"]


def test_no_form_may_be_kept(files: dict[str, bytes]) -> None:
    forms = {path for path in files if path.removeprefix("/sv").removeprefix("/en").startswith(NEVER_STORED)}
    assert {path.split("/")[1] for path in forms} >= {
        "ohjaa",
        "tarjotin",
        "vastaa",
        "muistutukset",
        "muokkaa",
        "vahvista",
        "osoite",
        "hyvaksynta",
    }
    assert not {path.removesuffix("index.html") for path in forms} & kept(files)


# The worker


def test_worker_is_under_a_kilobyte_packed(files: dict[str, bytes]) -> None:
    assert len(gzip.compress(files["/sw.js"], mtime=0)) <= 1024


def core_of(files: dict[str, bytes]) -> list[str]:
    found = re.search(rb"files=(\[.*?\])", files["/sw.js"])
    assert found
    core: list[str] = json.loads(found[1])
    return core


def test_worker_stores_first_the_home_pages_the_search_and_the_page_for_being_without_a_network(
    files: dict[str, bytes],
) -> None:
    core = core_of(files)
    assert {address for address in core if address.endswith("/")} == {
        f"{prefix}/{page}" for prefix in ("", "/sv", "/en") for page in ("", "ilman-verkkoa/")
    }
    style, script, icon, search = (f"/assets/{name}" for name in ("tarjotin.css", "tarjotin.js", "tarjotin.svg", "haku.js"))
    indexes = {f"/haku/{language}.json" for language in ("fi", "sv", "en")}
    files = {re.sub(r"\.\w{10}\.", ".", one) for one in core if not one.endswith("/")}
    assert files == {style, script, icon, search} | indexes


def test_everything_in_the_core_is_published_and_light(files: dict[str, bytes]) -> None:
    raw = [files[f"{address}index.html" if address.endswith("/") else address] for address in core_of(files)]
    assert sum(len(gzip.compress(one, mtime=0)) for one in raw) <= 60 * 1024


def test_worker_changes_with_the_assets_and_with_nothing_else() -> None:
    one, another = (make_content(yhdistys=make_organisation(name=name)) for name in ("Yksi ry", "Toinen ry"))
    workers = {dict(render_site(it, make_plan(it), day))["/sw.js"] for it in (one, another) for day in (TODAY, date(2027, 1, 1))}
    assert len(workers) == 1


def test_addresses_carry_the_base_path() -> None:
    content = make_content(TAXONOMY, make_site(base_path="/alue/"))
    files = dict(render_site(content, make_plan(content), TODAY))
    assert all(address.startswith("/alue/") for address in core_of(files))
    assert b'base="/alue/",core="/alue/:' in files["/sw.js"]
    assert json.loads(files["/manifest.sv.webmanifest"])["start_url"] == "/alue/sv/"
    assert b'<link rel="manifest" href="/alue/manifest.sv.webmanifest">' in files["/sv/index.html"]


def test_preview_has_no_worker_and_no_manifest(content: Content) -> None:
    files = dict(render_site(content, make_plan(content), TODAY, hashed=False))
    assert "/sw.js" not in files
    assert not [path for path in files if path.endswith(".webmanifest")]
    assert b"manifest" not in re.sub(rb"manifest-src", b"", files["/index.html"])
    assert make_frames(content, make_plan(content), TODAY, hashed=False)[0].is_preview


# The manifest


@pytest.mark.parametrize(
    ("path", "language", "start"),
    [
        ("/manifest.webmanifest", "fi", "/"),
        ("/manifest.sv.webmanifest", "sv", "/sv/"),
        ("/manifest.en.webmanifest", "en", "/en/"),
    ],
)
def test_manifest_names_the_site_in_its_language(files: dict[str, bytes], path: str, language: str, start: str) -> None:
    manifest = json.loads(files[path])
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == (language, start, "/")
    assert {icon["src"] for icon in manifest["icons"]} <= files.keys()
    assert f'href="{path}"'.encode() in files[f"{start}index.html"]


def test_theme_colours_are_those_of_the_style_sheet() -> None:
    light = (ROOT / "site_templates" / "styles" / "00-tokens.css").read_text("utf-8").partition("@media")[0]
    assert f"--header: {THEME};" in light
    assert f"--page: {BACKGROUND};" in light
