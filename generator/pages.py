"""Which pages exist, and their addresses. The same in every language: only the prefix differs."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.codes import all_spans, needs_by_code, range_members
from generator.combinations import ALL_TYPES, Combination, Combinations
from generator.facts import Facts
from generator.models import WHOLE_REGION, Organisation, Taxonomy

LISTINGS_PER_PAGE = 60
CONTENT_PAGES = ("ohjeet", "jarjestoille", "tietoa", "saavutettavuus", "tietosuoja", "selkokieli")

HOME = "/"
TRAY = "/tarjotin/"
ANSWER = "/vastaa/"
REMINDERS = "/muistutukset/"
JOINING = "/muokkaa/uusi/"
ADDRESS = "/osoite/"
APPROVAL = "/hyvaksynta/"
KEY = "/avain/"
OPENING = "/avaa/"
SENDER = "/lahettaja/"
OFFLINE = "/ilman-verkkoa/"
ORGANISATIONS = "/jarjestot/"
DIRECTORY = "/hakemisto/"
OPEN_DATA = "/avoin-data/"
STATISTICS = "/tilastot/"
COUNTS = "/tilastot/pyynnot/"

ALWAYS_THERE = (HOME, TRAY, KEY, ORGANISATIONS, DIRECTORY, OPEN_DATA, STATISTICS)

# Pages with something personal in their forms, or behind a signed link: served with `Cache-Control: no-store`, in every language.
NEVER_STORED = (
    *("/ohjaa/", "/tarjotin/", "/vastaa/", "/lahettaja/", "/muistutukset/"),
    *("/muokkaa/", "/vahvista/", "/osoite/", "/hyvaksynta/", "/avain/", "/avaa/"),
)


def need_path(need: str) -> str:
    return f"/tarve/{need}/"


def type_path(need: str, kind: str) -> str:
    return f"/tarve/{need}/{kind}/"


def results_path(wanted: Combination, number: int = 1) -> str:
    path = f"/tarve/{wanted.need}/{wanted.type}/{wanted.municipality}/"
    return path if number == 1 else f"{path}{number}/"


def organisation_path(slug: str) -> str:
    return f"/jarjesto/{slug}/"


def referral_path(slug: str) -> str:
    return f"/ohjaa/{slug}/"


def edit_path(slug: str) -> str:
    return f"/muokkaa/{slug}/"


def confirmation_path(slug: str) -> str:
    return f"/vahvista/{slug}/"


def keys_path(slug: str) -> str:
    """What opens an association's sealed requests, for those who know the passphrase."""
    return f"{OPENING}{slug}.json"


def municipality_path(municipality: str) -> str:
    return f"/kunta/{municipality}/"


def embed_path(path: str) -> str:
    """Where the page of a need, a municipality or an association stands for another site's frame."""
    return f"/upote{path}"


def code_path(code: str) -> str:
    return f"/koodi/{code}/"


def statistics_path(group: str) -> str:
    return f"{STATISTICS}{group}/"


def content_path(slug: str) -> str:
    return f"/{slug}/"


def is_address(path: str, taxonomy: Taxonomy, slugs: Collection[str]) -> bool:
    """Whether a path within the site leads to a page that is always there; a fragment may follow. For links in running text."""
    parts = path.partition("#")[0].strip("/").split("/")
    known: dict[str, Collection[str]] = {
        "tarve": [need.id for need in taxonomy.needs],
        "jarjesto": slugs,
        "kunta": [municipality.id for municipality in taxonomy.municipalities],
        "tilastot": [group.id for group in taxonomy.need_groups],
    }
    if len(parts) == 1:
        return f"/{parts[0]}/" in ("//", *ALWAYS_THERE, *map(content_path, CONTENT_PAGES))
    if path.partition("#")[0] == JOINING:
        return True
    if parts[0] == "koodi" and len(parts) == 2:
        return any(parts[1] in range_members(span) for need in taxonomy.needs for span in all_spans(need))
    if parts[0] == "tarve" and len(parts) in (3, 4):
        types = (ALL_TYPES, *(kind.id for kind in taxonomy.activity_types))
        places = (WHOLE_REGION, *known["kunta"])
        return parts[1] in known["tarve"] and parts[2] in types and (len(parts) == 3 or parts[3] in places)
    return len(parts) == 2 and parts[1] in known.get(parts[0], ())


@dataclass(frozen=True)
class Page:
    """One page in one of its languages-to-be; `path` has no language prefix and no base path."""

    path: str
    is_indexed: bool = field(default=True, kw_only=True)


class HomePage(Page):
    pass


@dataclass(frozen=True)
class NeedPage(Page):
    need: str


@dataclass(frozen=True)
class TypePage(Page):
    need: str
    type: str


@dataclass(frozen=True)
class ResultsPage(Page):
    wanted: Combination
    number: int
    pages: int


@dataclass(frozen=True)
class OrganisationPage(Page):
    slug: str


@dataclass(frozen=True)
class ReferralPage(Page):
    """A contact request to one association."""

    slug: str


class TrayPage(Page):
    pass


class AnswerPage(Page):
    """Where an association answers a request that came by mail."""


@dataclass(frozen=True)
class SenderPage(Page):
    """Where a professional's mailed link leads: this browser's user reads that mailbox."""


@dataclass(frozen=True)
class RemindersPage(Page):
    """Where who has been reminded of an unanswered request says that they want no more."""


@dataclass(frozen=True)
class EditPage(Page):
    """An association's own data in a form."""

    slug: str


@dataclass(frozen=True)
class ConfirmationPage(Page):
    """Where an association says that all of its data is still true."""

    slug: str


class JoiningPage(Page):
    """The form of a new association; the others' edit pages take their form from here."""


class AddressPage(Page):
    """Where a mailbox says that it is the right one."""


class ApprovalPage(Page):
    """Where the coordinator sees what has been proposed."""


class KeyPage(Page):
    """Where an association makes the key of its contact requests."""


class OpeningPage(Page):
    """Where an association opens a sealed request."""


class OfflinePage(Page):
    """Shown by the browser in place of a page that it has not stored, when there is no network."""


@dataclass(frozen=True)
class ForwardPage(Page):
    """An address that has moved: a merged association, a former slug, a code with one need."""

    target: str


@dataclass(frozen=True)
class CodePage(Page):
    code: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class MunicipalityPage(Page):
    municipality: str


@dataclass(frozen=True)
class EmbedPage(Page):
    """A light page for another site's frame; `real` is the page that it stands for."""

    real: str
    subject: str


class EmbedNeedPage(EmbedPage):
    pass


class EmbedMunicipalityPage(EmbedPage):
    pass


class EmbedOrganisationPage(EmbedPage):
    pass


class OrganisationsPage(Page):
    pass


class DirectoryPage(Page):
    pass


class OpenDataPage(Page):
    """What can be downloaded, and how to use it."""


class StatisticsPage(Page):
    """What is offered in the region, and where there are gaps."""


class CountsPage(Page):
    """How many contact requests and answers there have been."""


@dataclass(frozen=True)
class GapsPage(Page):
    """The needs of one group, municipality by municipality."""

    group: str


@dataclass(frozen=True)
class ContentPage(Page):
    slug: str


@dataclass(frozen=True)
class Plan:
    """Every page of the site, one at a time: result pages are many times more than everything else."""

    organisations: Mapping[str, Organisation | Facts]
    taxonomy: Taxonomy
    combinations: Combinations
    referrals: Collection[str] = ()  # slugs of the associations that take contact requests
    editable: Collection[str] = ()  # slugs of the associations that keep their own data
    embeds: bool = False  # whether there are pages for other sites' frames
    verifies_senders: bool = False  # whether professionals prove their mailboxes
    tells_counts: bool = False  # whether there are requests enough to tell of

    @cached_property
    def types(self) -> tuple[str, ...]:
        return (ALL_TYPES, *(kind.id for kind in self.taxonomy.activity_types))

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        return (WHOLE_REGION, *(municipality.id for municipality in self.taxonomy.municipalities))

    @cached_property
    def codes(self) -> dict[str, tuple[str, ...]]:
        """Each code and range member of either classification with the needs it leads to."""
        return needs_by_code(self.taxonomy, all_spans)

    @cached_property
    def sensitive_needs(self) -> frozenset[str]:
        """The needs whose pages leave no trace: not stored for offline use, and not named on paper unless asked."""
        return frozenset(need.id for need in self.taxonomy.needs if need.sensitive or need.quick_exit)

    @cached_property
    def sensitive_organisations(self) -> frozenset[str]:
        """Slugs of the associations that serve such a need."""
        return frozenset(
            slug
            for slug, organisation in self.organisations.items()
            if any(need in self.sensitive_needs for activity in organisation.activities for need in activity.needs)
        )

    @cached_property
    def branches(self) -> dict[str, list[str]]:
        """The associations that still work, by the one that they are part of."""
        found: dict[str, list[str]] = defaultdict(list)
        for slug, organisation in self.organisations.items():
            if organisation.part_of and organisation.status != "closed":
                found[organisation.part_of].append(slug)
        return dict(found)

    def pages(self) -> Iterator[Page]:
        yield from self.other_pages()
        for slug in self.organisations:
            yield from self.association_pages(slug)
        for need in self.taxonomy.needs:
            yield from self.need_pages(need.id)
            for kind in self.types:
                yield from self.type_pages(need.id, kind)

    def other_pages(self) -> Iterator[Page]:
        """The pages that are neither about one association nor behind one need."""
        yield HomePage(HOME)
        yield OrganisationsPage(ORGANISATIONS)
        yield DirectoryPage(DIRECTORY)
        yield OpenDataPage(OPEN_DATA)
        yield StatisticsPage(STATISTICS)
        for group in self.taxonomy.need_groups:
            yield GapsPage(statistics_path(group.id), group.id)
        if self.tells_counts:
            yield CountsPage(COUNTS)
        yield TrayPage(TRAY, is_indexed=False)
        if self.referrals:
            yield AnswerPage(ANSWER, is_indexed=False)
            yield RemindersPage(REMINDERS, is_indexed=False)
        if self.referrals and self.verifies_senders:
            yield SenderPage(SENDER, is_indexed=False)
        yield JoiningPage(JOINING, is_indexed=False)
        yield AddressPage(ADDRESS, is_indexed=False)
        yield ApprovalPage(APPROVAL, is_indexed=False)
        yield KeyPage(KEY, is_indexed=False)
        yield OpeningPage(OPENING, is_indexed=False)
        yield OfflinePage(OFFLINE, is_indexed=False)
        for slug in CONTENT_PAGES:
            yield ContentPage(content_path(slug), slug)
        for municipality in self.taxonomy.municipalities:
            yield MunicipalityPage(municipality_path(municipality.id), municipality.id)
            yield from self._embed(EmbedMunicipalityPage, municipality_path(municipality.id), municipality.id)
        yield from self._code_pages()

    def association_pages(self, slug: str) -> Iterator[Page]:
        organisation = self.organisations[slug]
        path = organisation_path(slug)
        if organisation.merged_into:
            yield ForwardPage(path, organisation_path(self._last_in_chain(slug)), is_indexed=False)
        else:
            yield OrganisationPage(path, slug, is_indexed=organisation.status != "closed")
        if slug in self.editable:  # right after the association's page, which shows the same activities
            yield ConfirmationPage(confirmation_path(slug), slug, is_indexed=False)
            yield EditPage(edit_path(slug), slug, is_indexed=False)
        if slug in self.referrals:
            yield ReferralPage(referral_path(slug), slug, is_indexed=False)
        if organisation.status == "active":
            yield from self._embed(EmbedOrganisationPage, path, slug)
        for former in organisation.former_slugs:
            yield ForwardPage(organisation_path(former), organisation_path(self._last_in_chain(slug)), is_indexed=False)

    def _embed(self, kind: type[EmbedPage], real: str, subject: str) -> Iterator[EmbedPage]:
        if self.embeds:
            yield kind(embed_path(real), real, subject, is_indexed=False)

    def relatives(self, slug: str) -> list[str]:
        """The other associations that the pages of this one tell of: what it is part of, its branches, what it merged into."""
        parent = self.organisations[slug].part_of
        last = self._last_in_chain(slug)
        return [*([parent] if parent else []), *self.branches.get(slug, ()), *([last] if last != slug else [])]

    def _last_in_chain(self, slug: str) -> str:
        while target := self.organisations[slug].merged_into:  # validation has refused loops
            slug = target
        return slug

    def _code_pages(self) -> Iterator[Page]:
        for code, needs in self.codes.items():
            if len(needs) == 1:
                yield ForwardPage(code_path(code), need_path(needs[0]), is_indexed=False)
            else:
                yield CodePage(code_path(code), code, needs)

    def need_pages(self, need: str) -> Iterator[Page]:
        yield NeedPage(need_path(need), need)
        yield from self._embed(EmbedNeedPage, need_path(need), need)

    def type_pages(self, need: str, kind: str) -> Iterator[Page]:
        yield TypePage(type_path(need, kind), need, kind)
        for wanted, pages, is_indexed in self._results(need, kind):
            for number in range(1, pages + 1):
                yield ResultsPage(results_path(wanted, number), wanted, number, pages, is_indexed=is_indexed)

    def _results(self, need: str, kind: str) -> Iterator[tuple[Combination, int, bool]]:
        """(combination, how many pages its list takes, whether it lists anything) for every municipality."""
        for municipality in self.municipalities:
            wanted = Combination(need, kind, municipality)
            pages = max(1, -(-self.combinations.count(wanted) // LISTINGS_PER_PAGE))
            yield wanted, pages, not self.combinations.is_empty(wanted)

    def indexed_paths(self, need: str) -> Iterator[str]:
        """Where a search engine finds everything behind a need."""
        yield from (page.path for page in self.need_pages(need) if page.is_indexed)
        for kind in self.types:
            yield type_path(need, kind)
            for wanted, pages, is_indexed in self._results(need, kind):
                if is_indexed:
                    yield from (results_path(wanted, number) for number in range(1, pages + 1))
