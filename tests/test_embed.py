"""Pages for other sites' frames: which there are, what is on them, and what never is."""

import pytest
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.models import Embedding
from tests.builders import WRITTEN_REFERRAL, make_content, make_organisation, make_site, make_taxonomy, render

PARENT = "https://intra.example.fi"


def region(**site: object) -> Content:
    return make_content(
        make_taxonomy(needs=({"id": "masennus", "helplines": ["apu"]}, "diabetes"), helplines=(HELP,)),
        make_site(languages=["fi", "sv"], **site),
        oma=make_organisation(name="Oma ry", referral=WRITTEN_REFERRAL),
        laaja=make_organisation(name="Laaja ry", activities=[{"municipalities": ["koko-alue"]}]),
        etana=make_organisation(name="Etänä ry", activities=[{"municipalities": [], "remote": True}]),
        muualla=make_organisation(name="Muualla ry", activities=[{"municipalities": ["tervo"]}]),
        tauolla=make_organisation(name="Tauolla ry", status="paused"),
        unohdettu=make_organisation(name="Unohdettu ry", review={"confirmed_on": "2020-01-01", "confirmed_by": "sihteeri"}),
    )


HELP = {"id": "apu", "name": "Apu", "phone": "116 117", "note": "Aina."}
FILES = render(region(embedding={"allowed": [PARENT, "https://kunta.example.fi:8443"]}))
PAGES = {path: LexborHTMLParser(text) for path, text in FILES.items() if "/upote/" in path}


def names(path: str) -> list[list[str]]:
    """The associations of each list of a page."""
    return [[link.text() for link in part.css(".name")] for part in PAGES[f"{path}index.html"].css("main > ul")]


def test_there_is_a_page_for_each_need_municipality_and_working_association() -> None:
    own = sorted(path for path in PAGES if not path.startswith("/sv/"))
    assert own == sorted(
        f"/upote/{one}/index.html"
        for one in (
            *("tarve/masennus", "tarve/diabetes", "kunta/kuopio", "kunta/siilinjarvi", "kunta/tervo"),
            *(f"jarjesto/{slug}" for slug in ("oma", "laaja", "etana", "muualla", "unohdettu")),
        )
    )
    assert len(PAGES) == 2 * len(own)


def test_region_that_allows_nobody_has_no_such_pages() -> None:
    assert [path for path in render(region()) if "/upote/" in path] == []


def test_need_lists_every_association_and_the_remote_ones_apart() -> None:
    assert names("/upote/tarve/masennus/") == [["Muualla ry", "Oma ry", "Laaja ry"], ["Etänä ry"]]


def test_municipality_lists_its_own_and_then_what_reaches_everywhere() -> None:
    assert names("/upote/kunta/kuopio/") == [["Oma ry"], ["Laaja ry"]]
    assert names("/upote/kunta/siilinjarvi/") == [["Laaja ry"]]


def test_helplines_come_before_associations() -> None:
    page = PAGES["/upote/tarve/masennus/index.html"]
    assert [node.tag for node in page.css("main > section, main > ul")] == ["section", "ul", "ul"]


def test_need_without_associations_says_so() -> None:
    assert PAGES["/upote/tarve/diabetes/index.html"].css("main > ul") == []


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_form_and_stands_for_the_real_one(path: str) -> None:
    page = PAGES[path]
    assert page.css("form, button, input, nav, header, iframe") == []
    assert page.css_first("meta[name=robots]").attributes["content"] == "noindex"
    real = path.removesuffix("index.html").replace("/upote/", "/")
    assert page.css_first("link[rel=canonical]").attributes["href"] == f"https://tarjotin.example.fi{real}"
    assert f"{real}index.html" in FILES


@pytest.mark.parametrize("path", PAGES)
def test_every_link_opens_beside_the_frame(path: str) -> None:
    inner = [link for link in PAGES[path].css("a") if not str(link.attributes["href"]).startswith(("tel:", "mailto:"))]
    assert inner
    assert {(link.attributes.get("target"), link.attributes.get("rel")) for link in inner} == {("_blank", "noopener")}


@pytest.mark.parametrize("path", PAGES)
def test_page_knows_who_may_hear_its_height(path: str) -> None:
    assert PAGES[path].css_first("html").attributes["data-parents"] == f"{PARENT} https://kunta.example.fi:8443"


def test_height_is_never_told_to_just_anyone() -> None:
    (script,) = (text for path, text in FILES.items() if path.startswith("/assets/upote.") and path.endswith(".js"))
    assert "postMessage" in script
    assert '"*"' not in script


@pytest.mark.parametrize("origin", [PARENT, "https://a.example.fi:8443"])
def test_sites_that_may_be_allowed(origin: str) -> None:
    assert Embedding.model_validate({"allowed": [origin]}).allowed == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "http://a.fi",
        "https://*.a.fi",
        "https://A.fi",
        "https://a.fi/",
        "https://a.fi/x",
        "https://u@a.fi",
        "https://a",
        "a.fi",
        "null",
    ],
)
def test_what_is_no_site_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError):
        Embedding.model_validate({"allowed": [origin]})


def test_empty_list_is_refused() -> None:
    with pytest.raises(ValidationError):
        Embedding.model_validate({"allowed": []})
