"""The whole site as files, part by part: nothing here touches the disk, and no page is kept."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from generator.checked import Content
from generator.exports.files import data_files
from generator.exports.gaps import gaps_file
from generator.exports.pieces import Pieces
from generator.exports.public import Published
from generator.known import Known, nothing_known
from generator.marks import digest
from generator.pages import Page, Plan, ResultsPage, keys_path, organisation_path, referral_path
from generator.referrals import RECIPIENT, recipient_facts
from generator.rendering.assets import collect_assets
from generator.rendering.environment import Voice, load_voice
from generator.rendering.filters import CHOICES_FILE, filter_choices
from generator.rendering.frame import Frame
from generator.rendering.offline import manifests, worker
from generator.rendering.referral import qr_code
from generator.rendering.renderer import Renderer
from generator.rendering.results import card_name
from generator.rendering.sealing import key_file
from generator.rendering.site_files import Sitemaps, build_record, need_sitemap, robots
from generator.rendering.vcard import contact_card
from generator.search.index import entry_name, search_entry, search_files

File = tuple[str, bytes]
NEED, ASSOCIATION = "tarve", "jarjesto"
SEARCH, DATA, REST = "haku", "avoin-data", "muut"
COMMON = (SEARCH, DATA, REST)


def part_of_need(need: str) -> str:
    return f"{NEED}/{need}"


def part_of_type(need: str, kind: str) -> str:
    return f"{NEED}/{need}/{kind}"


def part_of_association(slug: str) -> str:
    return f"{ASSOCIATION}/{slug}"


def make_frames(content: Content, plan: Plan, today: date, *, hashed: bool = True, known: Known = nothing_known) -> list[Frame]:
    """A frame for every language of the site. Raises ContentError when the interface words of one are broken."""
    assets = collect_assets(content.site.base_path, hashed=hashed, pictures=content.pictures)
    voices = tuple(load_voice(language, content.site) for language in content.site.languages)
    return [Frame(content, plan, assets, today, voice, voices, not hashed, known) for voice in voices]


class Made(NamedTuple):
    """One file: `mark` stands for its content, which is `make()`; many are never asked for it."""

    path: str
    mark: bytes
    make: Callable[[], bytes]

    @classmethod
    def of(cls, path: str, raw: bytes) -> "Made":
        return cls(path, digest(raw), lambda: raw)


class SiteParts:
    """The site in parts that can be made one by one, in any order and in several processes: the page of each need, those behind
    each of its types, those of each association, and what is common to all: the search, the open data, and the rest. The rest may
    look at nothing of an association but what is at hand of every one (facts.py). Paths begin with / and end as they are stored
    (…/index.html)."""

    def __init__(self, frames: list[Frame]) -> None:
        self.plan, self.today = frames[0].plan, frames[0].today
        self._frames = frames
        self._site = frames[0].content.site
        self._renderers = [(Renderer(frame), frame.voice, stored_folder(frame.voice, self._site.base_path)) for frame in frames]

    @property
    def needs(self) -> list[str]:
        return [need.id for need in self.plan.taxonomy.needs]

    def of_need(self, need: str) -> list[str]:
        """The names of a need's parts, which have most of their cards in common."""
        return [part_of_need(need), *(part_of_type(need, kind) for kind in self.plan.types)]

    @property
    def associations(self) -> Collection[str]:
        return self.plan.organisations.keys()

    def names(self) -> Iterator[str]:
        yield from COMMON
        yield from (part_of_association(slug) for slug in self.associations)
        for need in self.needs:
            yield from self.of_need(need)

    def shared(self, name: str) -> Iterator[tuple[str, Any]]:
        """What other parts need of an association, by name: its card in each language, which the pages of its needs are composed
        from, its entry in the search, its pieces of the open data, what the function may tell of it."""
        kind, _, slug = name.partition("/")
        if kind != ASSOCIATION:
            return
        for renderer, voice, _ in self._renderers:
            yield card_name(voice.language), renderer.results.card_parts(slug)
        yield from self._for_common_files(slug)

    def _for_common_files(self, slug: str) -> Iterator[tuple[str, Any]]:
        for frame in self._frames:
            yield entry_name(frame.voice.language), search_entry(slug, frame)
        yield from self._pieces.of(slug)
        yield RECIPIENT, recipient_facts(self._frames[0].content.organisations[slug], self._site.freshness)

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(Published(self._frames[0].content, self._frames[0].voice))

    def files(self, name: str) -> Iterator[Made]:
        kind, _, subject = name.partition("/")
        if kind == NEED:
            need, _, wanted = subject.partition("/")
            return self._made(self.plan.type_pages(need, wanted)) if wanted else self._need(need)
        if kind == ASSOCIATION:
            return self._association(subject)
        made = {SEARCH: self._search, DATA: self._data, REST: self._other_files}[kind]
        return (Made.of(path, raw) for path, raw in made())

    def _need(self, need: str) -> Iterator[Made]:
        yield from self._made(self.plan.need_pages(need))
        addresses = [voice.url(path) for path in self.plan.indexed_paths(need) for _, voice, _ in self._renderers]
        yield Made.of(*self._sitemaps().of_need(need, addresses))

    def _made(self, pages: Iterable[Page]) -> Iterator[Made]:
        for page in pages:
            for renderer, _, folder in self._renderers:
                path = f"{folder}{page.path}index.html"
                if isinstance(page, ResultsPage):
                    composed = renderer.results.compose(page)
                    yield Made(path, composed.mark, composed.markup)
                else:
                    yield Made.of(path, renderer.render(page))

    def _association(self, slug: str) -> Iterator[Made]:
        """Every page about one association: nothing but itself and its relatives may be shown there (see `relatives`)."""
        for path, raw in self._handed_over(slug):
            yield Made.of(path, raw)
        yield from self._made(self.plan.association_pages(slug))

    def _handed_over(self, slug: str) -> Iterator[File]:
        """What a client takes along: the code that opens the association's request form, and its contacts for a phone."""
        origin, voice = self._site.url.rstrip("/"), self._frames[0].voice
        if slug in self.plan.referrals:
            path = referral_path(slug)
            yield f"{path}qr.svg", qr_code(f"{origin}{voice.url(path)}#itse")
        organisation = self._frames[0].content.organisations[slug]
        for name in (slug, *organisation.former_slugs) if organisation.has_key else ():
            yield keys_path(name), key_file(organisation)
        if organisation.status != "closed":
            yield f"{organisation_path(slug)}yhteystieto.vcf", contact_card(slug, organisation, origin, voice)

    def _search(self) -> Iterator[File]:
        for frame in self._frames:
            yield from search_files(frame)

    def _data(self) -> Iterator[File]:
        first = self._frames[0]
        return data_files(first.content, first.voice, first.known)

    def _other_files(self) -> Iterator[File]:
        """Whatever is neither a need's nor an association's. A new kind of file joins here."""
        sitemaps, first = self._sitemaps(), self._frames[0]
        yield from first.assets.files
        for frame, (_, _, folder) in zip(self._frames, self._renderers, strict=True):
            yield f"{folder}{CHOICES_FILE}", filter_choices(frame)
        if not first.is_preview:
            yield worker(first.assets, first.voices)
            yield from manifests(self._site, first.assets, first.voices)
        for page in self.plan.other_pages():
            for renderer, _, folder in self._renderers:
                yield f"{folder}{page.path}index.html", renderer.render(page)
        for page in chain(self.plan.other_pages(), *map(self.plan.association_pages, self.associations)):
            for _, voice, _ in self._renderers if page.is_indexed else ():
                yield from sitemaps.add(voice.url(page.path))
        yield from sitemaps.rest(map(need_sitemap, self.needs))
        yield gaps_file(self.plan, first.voice)
        yield "/404.html", self._renderers[0][0].not_found()
        yield robots(self._site.url, self._site.base_path, is_unfinished=self._site.unfinished)

    def _sitemaps(self) -> Sitemaps:
        return Sitemaps(self._site.url, self._site.base_path)


def render_site(content: Content, plan: Plan, today: date, *, hashed: bool = True) -> Iterator[File]:
    """Every file of the site, one after another."""
    parts = SiteParts(make_frames(content, plan, today, hashed=hashed))
    marks: dict[str, bytes] = {}
    for name in parts.names():
        files: dict[str, bytes] = {}
        for made in parts.files(name):
            files[made.path] = made.mark
            yield made.path, made.make()
        marks[name] = joint_mark(files)
    yield build_record(joint_mark(marks).hex()[:16], today, content.site.freshness)


def joint_mark(marks: Mapping[str, bytes]) -> bytes:
    """Stands for everything that the marks stand for: a part's files by path, the site's parts by name."""
    return digest(*(one for pair in sorted(marks.items()) for one in pair))


def stored_folder(voice: Voice, base_path: str) -> str:
    """Where a language's pages are stored: its prefix without the base path, which only the addresses carry."""
    return "/" + voice.prefix.removeprefix(base_path).rstrip("/") if voice.prefix != base_path else ""
