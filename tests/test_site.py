"""The whole built sample site: every page is parsed once, and each rule is asked of every page."""

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from generator.checked import Content
from generator.pages import LISTINGS_PER_PAGE
from generator.pipeline import Settings, build_site
from tests.builders import ROOT, TODAY, write_project, written_organisation

ORIGIN = "https://tarjotin.example.fi"
LANGUAGES = ("fi", "sv", "en")
KILOBYTE = 1024
LINES_SHOWN = 40
# A results page of a common need in the largest town, an empty one, and one that begins with helplines.
TYPICAL = (
    "/",
    "/sv/",
    "/en/",
    "/tarve/masennus/",
    "/tarve/masennus/vertaisryhma/",
    "/tarve/masennus/vertaisryhma/kuopio/",
    "/tarve/diabetes/kaikki/siilinjarvi/",
    "/tarve/diabetes/kulttuuri/tervo/",
    "/tarve/vakivalta/kaikki/kuopio/",
)


@dataclass
class Parsed:
    """One page as it was built; `path` is its address without the origin."""

    path: str
    raw: bytes

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.raw)

    @cached_property
    def ids(self) -> list[str]:
        return [attribute(node, "id") for node in self.tree.css("[id]")]

    @cached_property
    def hrefs(self) -> list[str]:
        """Of the links that a reader sees."""
        return self.head("a", "href")

    @cached_property
    def language(self) -> str:
        first = self.path.split("/")[1]
        return first if first in LANGUAGES else "fi"

    def head(self, selector: str, name: str) -> list[str]:
        return [attribute(node, name) for node in self.tree.css(selector)]


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


# Rules of one page: each yields what is wrong with it.

Rule = Callable[[Parsed], Iterator[str]]


def one_h1(page: Parsed) -> Iterator[str]:
    headings = [node.text(strip=True) for node in page.tree.css("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"h1: {headings}"


def headings_step_by_step(page: Parsed) -> Iterator[str]:
    level = 0
    for node in page.tree.css("h1,h2,h3,h4,h5,h6"):
        found = int(node.tag[1])
        if found > level + 1:
            yield f"h{found} after h{level}: {node.text(strip=True)}"
        level = found


def language_of_its_folder(page: Parsed) -> Iterator[str]:
    if page.head("html", "lang") != [page.language]:
        yield f"lang={page.head('html', 'lang')}"


def title_and_description(page: Parsed) -> Iterator[str]:
    titles = page.tree.css("head > title")
    if len(titles) != 1 or not titles[0].text(strip=True):
        yield "title is missing"
    descriptions = page.head("head > meta[name=description]", "content")
    if len(descriptions) != 1 or not descriptions[0].strip():
        yield "description is missing"


def unique_ids(page: Parsed) -> Iterator[str]:
    if len(set(page.ids)) < len(page.ids):
        yield f"repeated: {sorted(one for one in set(page.ids) if page.ids.count(one) > 1)}"


REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for")


def references_on_the_page(page: Parsed) -> Iterator[str]:
    known = set(page.ids)
    wanted = [href[1:] for href in page.hrefs if href.startswith("#")]
    for node in page.tree.css("[aria-labelledby], [aria-describedby], [aria-controls], [for]"):
        wanted += [one for name in REFERENCES for one in attribute(node, name).split()]
    yield from (f"no id {one!r}" for one in wanted if one not in known)


def nothing_inline(page: Parsed) -> Iterator[str]:
    """The content security policy would refuse it; JSON-LD and a script's words are data, not script."""
    if page.tree.css_first("style,[style]"):
        yield "inline style"
    for script in page.tree.css("script:not([src])"):
        if attribute(script, "type") not in ("application/ld+json", "application/json"):
            yield "inline script"
    if re.search(rb"""[\s"'/]on[a-z]+\s*=""", page.raw):  # the tree is asked only when the words look like it
        named = {name for node in page.tree.css("*") for name in node.attributes if name.startswith("on")}
        yield from (f"handler {name}" for name in sorted(named))


LOADING = ("src", "srcset", "data", "action", "href")


def nothing_from_elsewhere(page: Parsed) -> Iterator[str]:
    loaded = []
    for node in page.tree.css("[src], [srcset], object, form[action], base, link:not([rel=canonical], [rel=alternate])"):
        loaded += [node.attributes[name] or "" for name in LOADING if name in node.attributes]
    yield from (f"loads {address!r}" for address in loaded if not re.match(r"/[^/]", address))


def links_of_known_kinds(page: Parsed) -> Iterator[str]:
    for href in page.hrefs:
        if not re.match(r"https://[^/]|tel:[+\d]|mailto:[^@]+@|/[^/]|/$|#.", href):
            yield f"href={href!r}"


def structured_data(page: Parsed) -> Iterator[str]:
    for script in page.tree.css('script[type="application/ld+json"]'):
        try:
            graph = json.loads(script.text())["@graph"]
        except (ValueError, KeyError) as error:
            yield f"JSON-LD: {error!r}"
            continue
        if not all(item.get("@type") and item.get("@id", "").startswith(ORIGIN) for item in graph):
            yield "JSON-LD: something has no type or address"


def its_own_addresses(page: Parsed) -> Iterator[str]:
    """Canonical and hreflang tell the page's own address in every language, and that of the target on a page that has moved."""
    refresh = page.head("meta[http-equiv=refresh]", "content")
    own = refresh[0].partition("url=")[2] if refresh else "/" if page.path == "/404.html" else page.path
    bare = own.removeprefix(f"/{page.language}") if page.language != "fi" else own
    for_frame = bare.startswith("/upote/")  # stands for another page, whose address it tells
    bare = bare.removeprefix("/upote")
    expected = {one: ORIGIN + (bare if one == "fi" else f"/{one}{bare}") for one in LANGUAGES}
    if page.head("link[rel=canonical]", "href") != [expected[page.language]]:
        yield f"canonical={page.head('link[rel=canonical]', 'href')}"
    told = {attribute(node, "hreflang"): attribute(node, "href") for node in page.tree.css("link[rel=alternate][hreflang]")}
    if not for_frame and told != {**expected, "x-default": expected["fi"]}:
        yield f"hreflang={told}"


def small(page: Parsed) -> Iterator[str]:
    if len(page.raw) > 14 * KILOBYTE and packed(page.raw) > 14 * KILOBYTE:
        yield f"{packed(page.raw)} bytes gzipped"


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        one_h1,
        headings_step_by_step,
        language_of_its_folder,
        title_and_description,
        unique_ids,
        references_on_the_page,
        nothing_inline,
        nothing_from_elsewhere,
        links_of_known_kinds,
        structured_data,
        its_own_addresses,
        small,
    )
}


# What is kept of all pages


class Kept(NamedTuple):
    title: str
    language: str
    is_indexed: bool
    addresses: tuple[str, ...]  # canonical and hreflang
    ids: frozenset[str]


class Reading(NamedTuple):
    pages: Mapping[str, Kept]
    links: Mapping[str, str]  # each internal address that is linked to, with one page that does so
    faults: Mapping[str, list[str]]


@pytest.fixture(scope="session")
def files(site: Path) -> Mapping[str, Path]:
    """Every file of the site by its path in it."""
    root = str(site)
    found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return {str(file).removeprefix(root).replace(os.sep, "/"): file for file in found}


@pytest.fixture(scope="session")
def reading(files: Mapping[str, Path]) -> Reading:
    pages: dict[str, Kept] = {}
    links: dict[str, str] = {}
    faults: dict[str, list[str]] = defaultdict(list)
    for stored, file in files.items():
        if not stored.endswith(".html"):
            continue
        path = stored.removesuffix("index.html")
        page = Parsed(path, file.read_bytes())
        pages[path] = keep(page)
        for href in internal_links(page):
            links.setdefault(href, path)
        for name, rule in RULES.items():
            faults[name] += [f"{path}: {fault}" for fault in rule(page)]
    return Reading(pages, links, faults)


def keep(page: Parsed) -> Kept:
    return Kept(
        page.tree.css_first("title").text(strip=True),
        page.language,
        "noindex" not in page.head("meta[name=robots]", "content"),
        tuple(page.head("link[rel=canonical],link[rel=alternate][hreflang]", "href")),
        frozenset(page.ids),
    )


def internal_links(page: Parsed) -> Iterator[str]:
    yield from (href for href in page.head("[href]", "href") if href.startswith("/"))
    yield from (src for src in page.head("[src]", "src") if src.startswith("/"))
    yield from (content.partition("url=")[2] for content in page.head("meta[http-equiv=refresh]", "content"))


def packed(raw: bytes) -> int:
    return len(gzip.compress(raw, mtime=0))


def none_of(faults: Iterable[str]) -> None:
    found = list(faults)
    if found:
        more = [f"… and {len(found) - LINES_SHOWN} more"] if len(found) > LINES_SHOWN else []
        pytest.fail("\n".join([f"{len(found)} faults", *found[:LINES_SHOWN], *more]), pytrace=False)


# Every page


@pytest.mark.parametrize("rule", RULES)
def test_every_page_keeps_the_rule(reading: Reading, rule: str) -> None:
    none_of(reading.faults[rule])


PAGE = (
    "<!doctype html><html lang=fi><head><title>T</title><meta name=description content=D>{head}</head><body>{body}</body></html>"
)


@pytest.mark.parametrize(
    ("rule", "head", "body"),
    [
        ("one_h1", "", "<h1>a</h1><h1>b</h1>"),
        ("one_h1", "", "<h1> </h1>"),
        ("headings_step_by_step", "", "<h1>a</h1><h3>b</h3>"),
        ("headings_step_by_step", "", "<h2>a</h2><h1>b</h1>"),
        ("title_and_description", "<title>Another</title>", ""),
        ("title_and_description", "<meta name=description content=' '>", ""),
        ("unique_ids", "", "<p id=a><p id=a>"),
        ("references_on_the_page", "", "<a href='#no'>a</a>"),
        ("references_on_the_page", "", "<section aria-labelledby='no'></section>"),
        ("nothing_inline", "", "<p style='color:red'>a</p>"),
        ("nothing_inline", "<style>p{}</style>", ""),
        ("nothing_inline", "<script>1</script>", ""),
        ("nothing_inline", "", "<img alt=''/onerror=1>"),
        ("nothing_inline", "", "<a\nonclick = 'x'>a</a>"),
        ("nothing_from_elsewhere", "<script src=https://cdn.example/x.js></script>", ""),
        ("nothing_from_elsewhere", "<link rel=stylesheet href=//cdn.example/x.css>", ""),
        ("nothing_from_elsewhere", "", "<img src='data:image/png;base64,x'>"),
        ("links_of_known_kinds", "", "<a href='javascript:alert(1)'>a</a>"),
        ("links_of_known_kinds", "", "<a href='http://example.fi'>a</a>"),
        ("links_of_known_kinds", "", "<a href='//example.fi'>a</a>"),
        ("links_of_known_kinds", "", "<a>a</a>"),
        ("structured_data", "<script type='application/ld+json'>{'a</script>", ""),
        ("structured_data", '<script type="application/ld+json">{"@graph":[{"@type":"NGO"}]}</script>', ""),
        ("its_own_addresses", "<link rel=canonical href=https://tarjotin.example.fi/toinen/>", ""),
        (
            "its_own_addresses",
            f"<link rel=canonical href={ORIGIN}/sivu/><link rel=alternate hreflang=fi href={ORIGIN}/sivu/>",
            "",
        ),
    ],
)
def test_rule_notices_a_breach(rule: str, head: str, body: str) -> None:
    assert list(RULES[rule](Parsed("/sivu/", PAGE.format(head=head, body=body).encode())))


def test_language_rule_notices_a_page_in_a_wrong_folder() -> None:
    assert list(language_of_its_folder(Parsed("/sv/sivu/", PAGE.encode())))


def test_every_combination_is_published_in_every_language(files: Mapping[str, Path], content: Content) -> None:
    taxonomy = content.taxonomy
    combinations = len(taxonomy.needs) * (len(taxonomy.activity_types) + 1) * (len(taxonomy.municipalities) + 1)
    for prefix in ("", "/sv", "/en"):
        pattern = re.compile(rf"{prefix}/tarve/[^/]+/[^/]+/[^/]+/index\.html")
        assert sum(1 for path in files if pattern.fullmatch(path)) == combinations
    assert sum(1 for path in files if path.endswith("/index.html")) >= 54_000


def test_every_internal_link_leads_somewhere(site: Path, reading: Reading) -> None:
    none_of(f"{page}: {href}" for href, page in reading.links.items() if not leads_somewhere(href, site, reading))


def leads_somewhere(href: str, site: Path, reading: Reading) -> bool:
    path, _, fragment = href.partition("#")
    if path in reading.pages:
        return not fragment or fragment in reading.pages[path].ids
    return not path.endswith("/") and (site / path[1:]).is_file()


@pytest.mark.parametrize("href", ["/ei-ole/", "/#ei-ole", "/assets/ei-ole.css", "/assets/"])
def test_link_check_notices_a_dead_end(site: Path, reading: Reading, href: str) -> None:
    assert not leads_somewhere(href, site, reading)


def test_every_page_is_linked_from_another(reading: Reading) -> None:
    """Except the addresses that only old links and diagnosis codes lead to."""
    for_frames = re.compile(r"(/sv|/en)?/upote/")  # another site links to these
    alone = (path for path in reading.pages if path not in reading.links and not for_frames.match(path))
    none_of(
        path
        for path in alone
        if not re.search(r"/koodi/|/404.html|/ilman-verkkoa/|/jarjesto/(siilin-esimerkkikerho|vanha-esimerkki)/", path)
    )


def test_canonical_and_hreflang_point_at_pages_that_exist(reading: Reading) -> None:
    none_of(
        f"{path}: {address}"
        for path, page in reading.pages.items()
        for address in page.addresses
        if address.removeprefix(ORIGIN) not in reading.pages
    )


def test_no_two_indexed_pages_of_a_language_share_a_title(reading: Reading) -> None:
    by_title: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, page in reading.pages.items():
        if page.is_indexed:
            by_title[page.language, page.title].append(path)
    none_of(f"{title}: {', '.join(paths)}" for (_, title), paths in by_title.items() if len(paths) > 1)


def test_pages_of_a_long_list_have_titles_of_their_own(tmp_path: Path) -> None:
    written = {f"e{number}": written_organisation(name=f"Esimerkki {number} ry") for number in range(LISTINGS_PER_PAGE + 1)}
    project = write_project(tmp_path, written, sample=TODAY)
    build_site(Settings(project, TODAY))
    first = project / "build" / "site" / "tarve" / "masennus" / "kaikki" / "kuopio"
    one, two = (Parsed("/", file.read_bytes()) for file in (first / "index.html", first / "2" / "index.html"))
    assert keep(one).title != keep(two).title


# Weight


def one_asset(site: Path, suffix: str, name: str = "tarjotin") -> bytes:
    files = list((site / "assets").glob(f"{name}.*.{suffix}"))
    assert len(files) == 1
    return files[0].read_bytes()


@pytest.mark.parametrize(("suffix", "kilobytes"), [("css", 5), ("js", 3)])
def test_style_and_script_are_light(site: Path, suffix: str, kilobytes: int) -> None:
    assert packed(one_asset(site, suffix)) <= kilobytes * KILOBYTE


@pytest.mark.parametrize("path", TYPICAL)
def test_typical_page_with_all_that_it_loads_is_light(site: Path, path: str) -> None:
    parts = [(site / path[1:] / "index.html").read_bytes(), *(one_asset(site, suffix) for suffix in ("css", "js", "svg"))]
    assert sum(map(packed, parts)) <= 14 * KILOBYTE


@pytest.mark.parametrize("path", ["/tilastot/", "/sv/tilastot/", "/tilastot/pyynnot/", "/tilastot/pitkaaikaissairaudet/"])
def test_statistics_with_all_that_they_load_are_light(site: Path, path: str) -> None:
    style = one_asset(site, "css", "tilastot")
    parts = [(site / path[1:] / "index.html").read_bytes(), style, *(one_asset(site, suffix) for suffix in ("js", "svg"))]
    assert sum(map(packed, parts)) <= 14 * KILOBYTE


# For machines


def locations(file: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(file).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_sitemaps_list_exactly_the_indexed_pages(site: Path, reading: Reading) -> None:
    files = [site / address.removeprefix(f"{ORIGIN}/") for address in locations(site / "sitemap.xml")]
    assert sorted(files) == sorted(site.glob("sitemap-*.xml"))
    listed = Counter(address for file in files for address in locations(file))
    indexed = {ORIGIN + path for path, page in reading.pages.items() if page.is_indexed}
    none_of(f"listed twice, or not indexed: {one}" for one, times in listed.items() if times > 1 or one not in indexed)
    none_of(f"not listed: {address}" for address in sorted(indexed - set(listed)))


def test_pages_of_no_use_to_a_search_engine_are_not_indexed(reading: Reading) -> None:
    paths = (
        "/404.html",
        "/jarjesto/siilin-esimerkkikerho/",
        "/jarjesto/vanha-esimerkki/",
        "/jarjesto/juankosken-esimerkkikudonta/",
    )
    assert not [path for path in paths if reading.pages[path].is_indexed]
    assert 0 < sum(page.is_indexed for page in reading.pages.values()) < len(reading.pages)


def test_robots_allow_everything_and_name_the_sitemap(site: Path) -> None:
    assert (site / "robots.txt").read_text() == f"User-agent: *\nAllow: /\nSitemap: {ORIGIN}/sitemap.xml\n"


def test_missing_page_speaks_every_language_and_leads_home(site: Path) -> None:
    page = Parsed("/404.html", (site / "404.html").read_bytes())
    assert {attribute(node, "href") for node in page.tree.css("main a")} == {"/", "/sv/", "/en/"}
    assert page.head("main section[lang]", "lang") == ["sv", "en"]


DATA = {
    *(f"/avoin-data/{name}.csv" for name in ("jarjestot", "toiminta", "yhteystiedot", "tauot", "luokitukset")),
    *(f"/avoin-data/{name}" for name in ("datapackage.json", "hsds.json", "fhir.json", "muutokset.xml")),
    "/tilastot/aukot.csv",
}


def test_data_and_the_style_of_statistics_are_published(files: Mapping[str, Path]) -> None:
    found = {path for path in files if re.match(r"/(avoin-data|tilastot)/", path) and not path.endswith(".html")}
    assert found == DATA
    (style,) = (file for path, file in files.items() if path.startswith("/assets/tilastot."))
    assert packed(style.read_bytes()) <= 6 * KILOBYTE


def test_only_what_is_meant_for_publishing_is_in_the_folder(files: Mapping[str, Path]) -> None:
    others = {re.sub(r"^(/assets/[\w-]+)\.\w{10}", r"\1", path) for path in files if not path.endswith("/index.html")}
    assets = {f"/assets/tarjotin.{suffix}" for suffix in ("css", "js", "svg")} | {f"/assets/{name}" for name in FORM_ASSETS}
    named_by_content = (
        r"/avaa/[a-z0-9-]+\.json|/ohjaa/[a-z0-9-]+/qr\.svg|/jarjesto/[a-z0-9-]+/yhteystieto\.vcf|/haku/(fi|sv|en)\.json"
    )
    others = {path for path in others if not re.fullmatch(named_by_content, path)}
    assets |= {f"{folder}/suodatus.json" for folder in ("", "/sv", "/en")}
    assets |= {"/sw.js", "/manifest.webmanifest", "/manifest.sv.webmanifest", "/manifest.en.webmanifest"}
    assets |= {"/assets/tilastot.css"} | DATA
    others = {path for path in others if not re.fullmatch(r"/assets/kuva-[a-z]+-(fi|sv|en)\.webp", path)}
    others = {path for path in others if not re.fullmatch(r"/ohjaa/[a-z0-9-]+/qr\.svg|/sitemap-tarve-[a-z0-9-]+\.xml", path)}
    assert others == assets | {"/404.html", "/robots.txt", "/build.json", "/sitemap.xml", "/sitemap-1.xml"}


FORM_ASSETS = (
    "haku.js",
    "suodatus.js",
    "jako.js",
    "kuvake-192.png",
    "kuvake-512.png",
    "pyynto.js",
    "vahvistaja.js",
    "lahettaja.js",
    "upote.css",
    "upote.js",
    "todiste.js",
    "muokkaus.css",
    "muokkaus.js",
    "hyvaksynta.js",
    "vahvistus.js",
    "virhe.js",
    "sinetti.js",
    "avaus.js",
    "avain.js",
    "tunnuslause.txt",
)


@pytest.mark.parametrize(
    ("name", "kilobytes"),
    [
        ("haku.js", 3.1),
        ("suodatus.js", 1.6),
        ("jako.js", 2.3),
        ("muokkaus.css", 7),
        ("muokkaus.js", 17),
        ("hyvaksynta.js", 19),
        ("vahvistus.js", 4),
        ("virhe.js", 3),
        ("sinetti.js", 2.1),
        ("avaus.js", 3.6),
        ("avain.js", 3.4),
        ("tunnuslause.txt", 3.1),
    ],
)
def test_what_a_form_loads_besides_is_no_heavier_than_it_must(site: Path, name: str, kilobytes: float) -> None:
    stem, _, kind = name.partition(".")
    (file,) = (site / "assets").glob(f"{stem}.*.{kind}")
    assert packed(file.read_bytes()) <= kilobytes * KILOBYTE


# What must not be published


PRIVATE_KEYS = {b"referral_email", b"data_maintainers", b"link_generation", b"activity_emails"}


def test_nothing_private_is_published(files: Mapping[str, Path], content: Content) -> None:
    secret = {address.encode() for address in private_addresses() - public_addresses(content)}
    assert len(secret) > 40
    for path, file in files.items():
        raw = file.read_bytes().lower()
        keys = set() if path.endswith("/muokkaa/uusi/index.html") else PRIVATE_KEYS  # the form asks them; it holds no values
        needles = keys | (secret if b"@" in raw else set())
        none_of(f"{path}: {needle.decode()}" for needle in needles if needle in raw)


def private_addresses() -> set[str]:
    text = "\n".join(file.read_text("utf-8") for file in (ROOT / "content" / "private").glob("*.yaml"))
    return {address.lower() for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text)}


def public_addresses(content: Content) -> set[str]:
    contacts = [contact for organisation in content.organisations.values() for contact in organisation.contacts]
    contacts += [one.contact for it in content.organisations.values() for one in it.activities if one.contact]
    return {contact.email.lower() for contact in contacts if contact.email} | {content.site.feedback_email}


def test_only_the_build_record_tells_which_build_made_the_site(files: Mapping[str, Path]) -> None:
    record = json.loads(files["/build.json"].read_text())
    assert record.keys() == {"id", "date", "requests_until"}
    assert re.fullmatch(r"[0-9a-f]{16}", record["id"])
    assert [path for path, file in files.items() if record["id"].encode() in file.read_bytes()] == ["/build.json"]


def test_another_day_changes_only_the_build_record(tmp_path: Path) -> None:
    contact = [{"role": "Toimisto", "phone": "10100"}]
    project = write_project(tmp_path / "project", {"yhdistys": written_organisation(contacts=contact)})
    one, another = (built(project, day) for day in (TODAY, TODAY + timedelta(days=3)))
    assert one.keys() == another.keys()
    assert [path for path in one if one[path] != another[path]] == ["build.json"]


def built(project: Path, day: date) -> dict[str, bytes]:
    build_site(Settings(project, day))
    site = project / "build" / "site"
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}
