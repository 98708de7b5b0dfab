import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from markupsafe import Markup
from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser, LexborNode

from generator.checked import Content
from generator.combinations import Combination
from generator.dates import Period
from generator.models import Organisation
from generator.pages import ResultsPage
from generator.rendering import site_files
from generator.rendering.frame import Frame
from generator.rendering.results import ResultsRenderer
from generator.rendering.site import make_frames
from tests.builders import TODAY, make_content, make_organisation, make_plan, make_site, make_taxonomy, render
from tests.everything import everything

RESULTS = "/tarve/masennus/vertaisryhma/kuopio/index.html"
NOINDEX = '<meta name="robots" content="noindex">'
PREFIXES = {"fi": "", "sv": "/sv", "en": "/en"}
REMOTE_ONLY = {"municipalities": [], "remote": True}


def html_pages(content: Content) -> dict[str, str]:
    return {path: raw for path, raw in render(content).items() if path.endswith(".html")}


def parsed(markup: str) -> LexborHTMLParser:
    return LexborHTMLParser(markup)


def said(node: LexborNode | None) -> str:
    """The text of an element as it is read: soft hyphens and repeated spaces left out."""
    assert node is not None
    return re.sub(r"\s+", " ", node.text().replace("\u00ad", "")).strip()


def texts_of(page: str, selector: str) -> list[str]:
    return [said(node) for node in parsed(page).css(selector)]


# Hostile text

HOSTILE = "'></script></title><script>alert(1)</script><img src=x onerror=a()>{{7*7}}&amp;\""
SHAPES = {
    "in Finnish only": ("fi",),
    "in every language": ("fi", "sv", "en"),
}


@pytest.mark.parametrize("languages", SHAPES.values(), ids=SHAPES)
def test_hostile_text_in_every_field_leaves_the_markup_of_every_page_as_it_is(languages: tuple[str, ...]) -> None:
    hostile = html_pages(everything(lambda _: HOSTILE, languages))
    ordinary = html_pages(everything(lambda _: "Tavallinen teksti", languages))
    assert hostile.keys() == ordinary.keys()
    assert [path for path in hostile if markup_of(hostile[path]) != markup_of(ordinary[path])] == []


def markup_of(page: str) -> list[tuple[str, list[str]]]:
    """Every element with the names of its attributes."""
    return [(node.tag or "", sorted(node.attributes)) for node in parsed(page).css("*")]


def test_hostile_text_is_told_as_it_was_written() -> None:
    pages = render(everything(lambda _: HOSTILE))
    association, results = pages["/jarjesto/runsas/index.html"], pages[RESULTS]
    for page, selector in [
        (association, "h1"),
        (association, ".pitch"),
        (association, ".prose p"),
        (association, ".activity h3"),
        (results, ".card-pitch"),
        (results, ".card-name"),
        (results, ".activity h4"),
        (pages["/ohjeet/index.html"], "h1"),
        (pages["/tarve/masennus/index.html"], ".h1-about"),
    ]:
        expected = HOSTILE.replace("&amp;", "&") if selector == ".prose p" else HOSTILE  # an entity is Markdown's own
        assert texts_of(page, selector)[0] == expected
    assert parsed(results).css_first("title").text().startswith(f"{HOSTILE}: {HOSTILE}, {HOSTILE}")


def test_hostile_content_has_every_field() -> None:
    """A field that is added to the models joins the tests of hostile text, or this fails."""
    content = everything(lambda _: HOSTILE, ("fi", "sv", "en"))
    written = [content.organisations["runsas"], content.site, content.taxonomy]
    empty = {f"{type(part).__name__}.{name}" for whole in written for part, name in empty_fields(whole)}
    without_text = {"icpc2", "icd10", "helplines", "business_id", "merged_into", "former_slugs", "website", "sample"}
    places = {"request_keys", "phone", "name", "municipalities", "email", "deputy_email"}
    assert {field for field in empty if field.partition(".")[2] not in without_text | places} == set()


def empty_fields(shape: Any) -> Iterator[tuple[BaseModel, str]]:
    if isinstance(shape, BaseModel):
        for name in type(shape).model_fields:
            value = getattr(shape, name)
            if value is None or value == ():
                yield shape, name
            yield from empty_fields(value)
    elif isinstance(shape, tuple):
        for item in shape:
            yield from empty_fields(item)


# Languages


ONE_FORM = {"name", "register_number", "contact.name"}
TERMS = {"need.label", "type.label", "municipality.label", "target_group.label", "language.label", "site.whole_region"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_text_that_is_only_in_finnish_says_so(language: str) -> None:
    """The region's own terms stand inside sentences, where they are not marked: test_texts.py wants them in every language."""
    pages = html_pages(everything(lambda field: f"Suomea: {field};"))
    unmarked = {
        field
        for path, page in pages.items()
        if path.startswith(f"/{language}/")
        for node in innermost(page, "Suomea: ")
        if language_of(node) != "fi"
        for field in re.findall("Suomea: (.+?);", node.text(deep=False))
    }
    assert unmarked <= ONE_FORM | TERMS


def innermost(page: str, words: str) -> Iterator[LexborNode]:
    """The elements of the body that have the words in a text of their own; a script's data is no text of the page."""
    for node in parsed(page).css("body *:not(script)"):
        if words in node.text(deep=False):
            yield node


def language_of(node: LexborNode | None) -> str | None:
    while node is not None and "lang" not in node.attributes:
        node = node.parent
    return node.attributes["lang"] if node else None


def test_page_that_is_only_in_finnish_says_so_and_its_words_are_marked() -> None:
    page = parsed(render(make_content())["/sv/ohjeet/index.html"])
    assert said(page.css_first(".notice-info")) == "Den här sidan finns bara på finska."
    assert page.css_first(".prose").attributes["lang"] == "fi"
    assert language_of(page.css_first(".footer li a")) == "fi"


def test_translated_text_is_shown_and_not_marked() -> None:
    content = everything(lambda field: f"Teksti: {field}.", ("fi", "sv", "en"))
    for path, page in html_pages(content).items():
        if path.startswith("/sv/"):
            finnish = {said(node) for node in innermost(page, "Teksti: ") if language_of(node) != "sv"}
            assert finnish <= {"Teksti: review.confirmed_by."}  # who confirmed has no translation


# Words and numbers


@pytest.mark.parametrize(
    ("associations", "fi", "sv", "en"),
    [
        (1, "1 järjestö", "1 organisation", "1 association"),
        (2, "2 järjestöä", "2 organisationer", "2 associations"),
    ],
)
def test_count_is_told_in_the_form_of_the_number(associations: int, fi: str, sv: str, en: str) -> None:
    pages = render(make_content(**{f"y{number}": make_organisation() for number in range(associations)}))
    for language, told in {"fi": fi, "sv": sv, "en": en}.items():
        prefix = PREFIXES[language]
        assert texts_of(pages[prefix + RESULTS], "#count") == [told]
        assert texts_of(pages[f"{prefix}/tarve/masennus/index.html"], ".row-count")[0] == told
        assert told in said(parsed(pages[f"{prefix}/jarjestot/index.html"]).css_first(".lead"))


def test_remote_associations_are_not_in_the_count() -> None:
    content = make_content(here=make_organisation(), online=make_organisation(activities=[REMOTE_ONLY]))
    page = render(content)[RESULTS]
    assert texts_of(page, "#count") == ["1 järjestö"]
    assert len(parsed(page).css(".card")) == 2


# The pages of the third click


def test_results_page_equals_rendering_its_template_directly() -> None:
    content = everything(lambda field: f"<{field}> & 'sairaustoimintaryhmä'")
    frame = make_frames(content, make_plan(content), TODAY)[1]
    page = ResultsPage("/tarve/vakivalta/vertaisryhma/kuopio/", Combination("vakivalta", "vertaisryhma", "kuopio"), 1, 1)
    assert ResultsRenderer(frame).render(page).decode() == rendered_directly(frame, page)


def rendered_directly(frame: Frame, page: ResultsPage) -> str:
    voice, part, site = frame.voice, frame.component, frame.content.site
    need, kind, place = frame.terms.needs["vakivalta"], frame.terms.types["vertaisryhma"], frame.terms.municipalities["kuopio"]
    labels = {name: voice.plain(term.label) for name, term in (("need", need), ("type", kind), ("municipality", place))}
    t = voice.texts["results"]
    forms = voice.texts["associations"]
    data = Markup(' data-one="{}" data-other="{}" data-none="{}"').format(forms["one"], forms["other"], t["empty_now"])
    cards = Markup("").join([card(frame, "runsas", 0, [0]), card(frame, "liitto", 2, [0])])
    return frame.environment.get_template("pages/results.html").render(
        title=t["title"].format(**labels),
        description=t["description"].format(**labels),
        path=page.path,
        robots="",
        keep="",
        give=part("give", "give", "hidden" if "vakivalta" in frame.plan.sensitive_needs else "shown"),
        paper=part("give", "paper", page.path, topic=True),
        **{f"{name}_label": label for name, label in labels.items()},
        need_href=voice.url("/tarve/vakivalta/"),
        type_href=voice.url("/tarve/vakivalta/vertaisryhma/"),
        need_heading=voice.heading(need.label),
        type_and_place=t["where"].format(
            type=labels["type"], locative=voice.texts["in_place"].format(name=labels["municipality"])
        ),
        way_out=part("exit", "exit", site.quick_exit),
        helplines=part("helplines", "helplines", frame.content.taxonomy.helplines),
        filters=part("filters", "filters"),
        aged=part("freshness", "aged", Period(date(2027, 9, 2))),  # a year and a day after the confirmation
        found=part("results", "found", 2, frame.counted(2), cards, "", data),
        remote=part("results", "remote", card(frame, "runsas", 0, [1])),
        alternatives="",
        remember=part("remembered", "remember", "kuopio"),
    )


def card(frame: Frame, slug: str, place: int, positions: list[int]) -> Markup:
    views = frame.activity_views(slug)
    activities = Markup("").join(frame.component("activity", "activity", views[position], 4) for position in positions)
    return frame.component("card", "card", frame.organisation_view(slug), place, activities)


def test_empty_page_offers_remote_then_neighbours_then_other_types_and_is_not_indexed() -> None:
    content = make_content(
        online=make_organisation(activities=[REMOTE_ONLY]),
        neighbour=make_organisation(activities=[{"municipalities": ["siilinjarvi", "tervo"]}]),
        another_type=make_organisation(activities=[{"type": "neuvonta"}]),
    )
    page = render(content)[RESULTS]
    assert texts_of(page, "main :not(.paper) > h2, main h3:not(.card-name)") == [
        "Juuri tällaista toimintaa ei ole nyt tarjolla",
        "Etänä tai puhelimella",
        "Muita vaihtoehtoja",
        "Lähimmät kunnat, joissa tätä toimintaa on",
        "Muuta toimintaa samaan tarpeeseen",
        "Koko alueella",
    ]
    links = [link.attributes["href"] for link in parsed(page).css(".alternatives a")]
    assert links == [
        "/tarve/masennus/vertaisryhma/siilinjarvi/",
        "/tarve/masennus/vertaisryhma/tervo/",
        "/tarve/masennus/neuvonta/kuopio/",
        "/tarve/masennus/vertaisryhma/koko-alue/",
    ]
    assert texts_of(page, ".alternatives .row-note") == ["noin 20 km linnuntietä", "noin 47 km linnuntietä"]
    assert NOINDEX in page
    assert "017\u00a0000\u00a00100" in page  # the region's guidance


def test_page_with_something_of_its_own_offers_no_alternatives_and_is_indexed() -> None:
    here, there = make_organisation(), make_organisation(activities=[{"municipalities": ["tervo"]}])
    page = render(make_content(here=here, there=there))[RESULTS]
    assert parsed(page).css(".alternatives") == []
    assert NOINDEX not in page


def test_page_with_only_national_associations_lists_them_and_offers_alternatives() -> None:
    nation = make_organisation(scope="national", activities=[{"municipalities": []}])
    there = make_organisation(activities=[{"municipalities": ["tervo"]}])
    page = render(make_content(nation=nation, there=there))[RESULTS]
    assert texts_of(page, "#count") == ["1 järjestö"]
    assert len(parsed(page).css(".alternatives .row")) == 2  # Tervo and the whole region
    assert NOINDEX in page


def test_list_of_sixty_one_continues_on_a_second_page() -> None:
    many = {f"y{number:02}": make_organisation(name=f"Yhdistys {number:02} ry") for number in range(61)}
    pages = render(make_content(**many, online=make_organisation(activities=[REMOTE_ONLY])))
    first, second = pages[RESULTS], pages["/tarve/masennus/vertaisryhma/kuopio/2/index.html"]
    listed = [f"Yhdistys {number:02} ry" for number in range(61)]
    assert texts_of(first, ".cards .card-name")[:60] == listed[:60]
    assert texts_of(second, ".cards .card-name") == listed[60:]
    assert texts_of(first, "#count") == texts_of(second, "#count") == ["61 järjestöä"]
    assert [link.attributes["href"] for link in parsed(first).css(".pagination a")] == ["/tarve/masennus/vertaisryhma/kuopio/2/"]
    assert texts_of(second, ".pagination [aria-current]") == ["Sivu 2"]
    assert (len(parsed(first).css("#remote")), len(parsed(second).css("#remote"))) == (1, 0)
    assert 'rel="canonical" href="https://tarjotin.example.fi/tarve/masennus/vertaisryhma/kuopio/2/"' in second


# Crisis and violence

URGENT = make_taxonomy(
    needs=("masennus", {"id": "kriisi", "helplines": ["apu"]}, {"id": "vakivalta", "helplines": ["apu"], "quick_exit": True}),
    helplines=({"id": "apu", "name": "Kriisipuhelin", "phone": "09 2525 0111", "note": "Aina."},),
)


def urgent_pages() -> dict[str, str]:
    organisations = {need: make_organisation(activities=[{"needs": [need]}]) for need in ("masennus", "kriisi", "vakivalta")}
    return html_pages(make_content(URGENT, **organisations))


def test_helplines_come_before_any_association_on_pages_of_a_crisis_and_nowhere_else() -> None:
    urgent = re.compile(r"(/sv|/en)?/tarve/(kriisi|vakivalta)/")
    for path, page in urgent_pages().items():
        parts = parsed(page).css("main h1, main .helplines, main .row, main .card")
        order = [(node.tag, node.attributes.get("class")) for node in parts]
        if urgent.match(path):
            assert order[:2] == [("h1", None), ("section", "helplines topic")]
            assert 'href="tel:+358925250111"' in page
        else:
            assert ("section", "helplines topic") not in order


def test_quick_exit_is_on_pages_of_violence_and_nowhere_else() -> None:
    violent = re.compile(r"(/sv|/en)?/(tarve|jarjesto)/vakivalta/")
    for path, page in urgent_pages().items():
        exits = [link.attributes["href"] for link in parsed(page).css("main [data-exit]")]
        assert exits == (["https://saa.example.org/"] if violent.match(path) else []), path


# Structured data


def data_of(page: str) -> dict[str, Any]:
    [block] = parsed(page).css('script[type="application/ld+json"]')
    found: dict[str, Any] = json.loads(block.text())
    return found


def association_page(organisation: Organisation, language: str = "fi") -> str:
    return render(make_content(yhdistys=organisation))[f"{PREFIXES[language]}/jarjesto/yhdistys/index.html"]


def test_structured_data_tells_the_association_and_its_services() -> None:
    organisation = make_organisation(
        business_id="9011427-0",
        pitch={"fi": "Tule mukaan.", "en": "Come along."},
        activities=[{"name": {"fi": "Ryhmä", "en": "Group"}}, {"municipalities": "koko-alue"}, REMOTE_ONLY],
    )
    ngo, *services = data_of(association_page(organisation, "en"))["@graph"]
    address = "https://tarjotin.example.fi/en/jarjesto/yhdistys/"
    assert ngo == {
        "@type": "NGO",
        "@id": address,
        "name": "Savon Esimerkkiyhdistys ry",
        "description": "Come along.",
        "url": address,
        "identifier": "9011427-0",
        "contactPoint": [{"@type": "ContactPoint", "contactType": "Toimisto", "telephone": "+358170000101"}],
    }
    assert [service["name"] for service in services] == ["Group", "Torstairyhmä", "Torstairyhmä"]
    assert services[0]["@id"] == f"{address}#toiminta-0"
    assert {service["provider"]["@id"] for service in services} == {address}
    assert [service["areaServed"] for service in services] == [
        [{"@type": "City", "name": "Nimi"}],
        [{"@type": "AdministrativeArea", "name": "Pohjois-Savo"}],
        [{"@type": "Country", "name": "FI"}],
    ]


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_association_that_does_not_act_offers_no_services(status: str) -> None:
    assert [part["@type"] for part in data_of(association_page(make_organisation(status=status)))["@graph"]] == ["NGO"]


@pytest.mark.parametrize(
    "name",
    [
        "</script><script>alert(1)</script>",
        "</script x",
        "</SCRIPT/x",
        "<!--<script>",
        "<!-- <script x",
        "\\u003c/script>",
        '"},{"a":"',
    ],
)
def test_structured_data_cannot_be_broken_out_of(name: str) -> None:
    page = association_page(make_organisation(name=name))
    assert data_of(page)["@graph"][0]["name"] == name
    assert len(parsed(page).css("script")) == 3  # the site's own, the words of "Kerro virheestä", and the data


# Addresses

INTERNAL = re.compile(r"^(?:0; url=)?(?:https://tarjotin\.example\.fi)?(/.*)")


def internal_addresses(page: str) -> list[str]:
    values = (value or "" for node in parsed(page).css("*") for name, value in node.attributes.items() if name not in ("lang",))
    return [found[1] for value in values if (found := INTERNAL.match(value))]


def test_base_path_begins_every_internal_address_and_no_stored_path() -> None:
    content = everything(lambda _: "[ohjeet](/ohjeet/)")
    content.organisations["vanha"] = make_organisation(status="closed", merged_into="runsas")
    files = render(make_moved(content, base_path="/tarjotin/"))
    at_the_root = render(content)
    assert {path for path in files if "/assets/" not in path} == {path for path in at_the_root if "/assets/" not in path}
    for path, text in files.items():
        if path.endswith(".html"):
            found = internal_addresses(text)
            fewest = 3 if "/upote/" in path else 11  # a page for a frame has no header
            assert len(found) == len(internal_addresses(at_the_root[path])) >= fewest
            assert [address for address in found if not address.startswith("/tarjotin/")] == []
    assert '<a href="/tarjotin/sv/ohjeet/">ohjeet</a>' in files["/sv/jarjesto/runsas/index.html"]
    assert 'content="0; url=/tarjotin/jarjesto/runsas/"' in files["/jarjesto/vanha/index.html"]
    assert "Sitemap: https://tarjotin.example.fi/tarjotin/sitemap.xml\n" in files["/robots.txt"]
    assert all(address.startswith("https://tarjotin.example.fi/tarjotin/") for address in sitemap_addresses(files))
    assert data_of(files["/jarjesto/runsas/index.html"])["@graph"][0]["@id"].endswith("/tarjotin/jarjesto/runsas/")


def make_moved(content: Content, base_path: str) -> Content:
    site = content.site.model_copy(update={"base_path": base_path})
    return replace(content, site=site)


def sitemap_addresses(files: dict[str, str]) -> list[str]:
    """The addresses of every sitemap that the index names."""
    index = locations(files["/sitemap.xml"])
    return [address for sitemap in index for address in locations(files["/" + sitemap.rpartition("/")[2]])]


def locations(document: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(document).iter() if element.tag.endswith("}loc")]


def test_sitemaps_hold_every_indexed_page_once_and_split_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_files, "URLS_PER_SITEMAP", 7)
    closed, former = make_organisation(status="closed"), make_organisation(former_slugs=["entinen"])
    files = render(make_content(a=former, b=closed))
    indexed = [
        "https://tarjotin.example.fi" + path.removesuffix("index.html")
        for path, text in files.items()
        if path.endswith("/index.html") and NOINDEX not in text
    ]
    assert sorted(sitemap_addresses(files)) == sorted(indexed)
    numbered = [path for path in files if re.fullmatch(r"/sitemap-\d+\.xml", path)]
    assert [len(locations(files[path])) for path in numbered[:-1]] == [7] * (len(numbered) - 1) != []
    assert {"/sitemap-tarve-masennus.xml", "/sitemap-tarve-diabetes.xml"} < files.keys()
    assert NOINDEX in files["/jarjesto/b/index.html"]
    assert NOINDEX in files["/jarjesto/entinen/index.html"]
    assert NOINDEX in files["/404.html"]


def test_site_without_a_page_to_index_would_still_have_a_sitemap_index() -> None:
    assert locations(dict(site_files.Sitemaps("https://example.fi", "/").rest([]))["/sitemap.xml"].decode()) == []


def test_old_address_leads_to_the_new_one_in_every_language() -> None:
    pages = render(make_content(uudempi=make_organisation(former_slugs=["vanha"])))
    for prefix in PREFIXES.values():
        page = pages[f"{prefix}/jarjesto/vanha/index.html"]
        assert f'content="0; url={prefix}/jarjesto/uudempi/"' in page
        assert f'rel="canonical" href="https://tarjotin.example.fi{prefix}/jarjesto/uudempi/"' in page


# Sample content


def test_only_sample_content_names_the_day_it_is_judged_by() -> None:
    real = html_pages(make_content())
    sample = html_pages(make_content(site=make_site(sample={"today": "2026-11-21"})))
    assert not any("data-today" in page or "21.11.2026" in page for page in real.values())
    assert all('data-today="2026-11-21"' in page for page in sample.values())
    assert all(re.search(r"21\.11\.2026|21\u00a0November\u00a02026", page) for page in sample.values())
