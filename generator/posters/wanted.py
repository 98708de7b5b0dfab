"""Which posters to make, and why there is none of an association or a need.

A poster hangs long after it was printed, so an association gets one only while somebody answers and has said within the year
that its data is true; a need gets one when it has something to offer: an association, or a helpline.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from generator.combinations import ALL_TYPES, Combination
from generator.dates import Freshness, freshness_on
from generator.models import WHOLE_REGION, Language
from generator.posters.kinds import KINDS, SIZES, Kind, Size
from generator.posters.region import Region
from generator.problems import sentence, suggestion

_FOLDERS = {"organisation": "jarjestot/", "need": "tarpeet/"}
_FILES = {"region": "tarjotin", "how": "nain-se-toimii"}

NO_POSTER = {"closed": "poster.closed", "paused": "poster.paused"}  # the sentence for each status


class NoPoster(Exception):
    """No such poster can be made; the sentence says what to do."""


@dataclass(frozen=True)
class Poster:
    """`subject`: the slug of an association or the id of a need."""

    kind: Kind
    language: Language
    size: Size
    subject: str = ""

    @property
    def path(self) -> str:
        """Where it goes in the folder of posters."""
        return f"{self.language}/{_FOLDERS.get(self.kind, '')}{self.subject or _FILES[self.kind]}-{self.size}.pdf"


@dataclass(frozen=True)
class Order:
    """What was asked for; None means all."""

    kind: Kind | None = None
    slug: str | None = None
    need: str | None = None
    language: Language | None = None
    size: Size | None = None

    @property
    def names_one(self) -> bool:
        return self.slug is not None or self.need is not None

    @property
    def is_everything(self) -> bool:
        return self == Order()


@dataclass(frozen=True)
class Choice:
    posters: tuple[Poster, ...]
    left_out: tuple[tuple[str, str], ...]  # (slug or need, why it has no poster)


def choose(order: Order, region: Region) -> Choice:
    """The posters of an order. Raises NoPoster for what was asked for by name and cannot be made."""
    _check_options(order, region)
    posters: list[Poster] = []
    left_out: list[tuple[str, str]] = []
    for kind in _kinds(order):
        subjects, missing = _subjects(kind, order, region)
        left_out += missing
        posters += [
            Poster(kind, language, size, subject)
            for language in ([order.language] if order.language else region.languages)
            for subject in subjects
            for size in _sizes(kind, order)
        ]
    return Choice(tuple(posters), tuple(left_out))


def _check_options(order: Order, region: Region) -> None:
    for kind, option, value in (("organisation", "--slug", order.slug), ("need", "--need", order.need)):
        if value is not None and order.kind not in (None, kind):
            raise NoPoster(sentence("poster.options", option=option, kind=kind))
    if order.slug is not None and order.need is not None:
        raise NoPoster(sentence("poster.both"))
    if order.language and order.language not in region.languages:
        raise NoPoster(sentence("poster.language", found=order.language, allowed=", ".join(region.languages)))


def _kinds(order: Order) -> tuple[Kind, ...]:
    if order.slug is not None:
        return ("organisation",)
    if order.need is not None:
        return ("need",)
    return (order.kind,) if order.kind else KINDS


def _sizes(kind: Kind, order: Order) -> tuple[Size, ...]:
    """A waiting room has place for a large one; a notice board is shared."""
    if order.size:
        return (order.size,)
    return SIZES if kind == "region" else ("a4",)


def _subjects(kind: Kind, order: Order, region: Region) -> tuple[list[str], list[tuple[str, str]]]:
    """Whom or what the posters of a kind are about, and what is left out with the reason."""
    if kind == "organisation":
        return _ask(order.slug, region.content.organisations, region, organisation_obstacle)
    if kind == "need":
        return _ask(order.need, region.terms.needs, region, need_obstacle)
    return [""], []


def _ask(
    wanted: str | None, known: Iterable[str], region: Region, obstacle: Callable[[str, Region], str | None]
) -> tuple[list[str], list[tuple[str, str]]]:
    if wanted is not None:
        why = obstacle(wanted, region)
        if why:
            raise NoPoster(why)
        return [wanted], []
    found = [(one, obstacle(one, region)) for one in known]
    closed = {slug for slug, one in region.content.organisations.items() if one.status == "closed"}  # nothing to do about those
    return [one for one, why in found if not why], [(one, why) for one, why in found if why and one not in closed]


def organisation_obstacle(slug: str, region: Region) -> str | None:
    """Why an association has no poster, with what to do."""
    organisations = region.content.organisations
    if slug not in organisations:
        return next(_moved(slug, region), None) or sentence(
            "unknown.organisation", found=slug, hint=suggestion(slug, organisations, listed_in="sieltä")
        )
    it = organisations[slug]
    if it.merged_into:
        return sentence("poster.merged", found=slug, target=it.merged_into)
    if it.status != "active":
        return sentence(NO_POSTER[it.status], found=slug)
    if freshness_on(region.today, it.review, region.content.site.freshness) in (Freshness.OLD, Freshness.GONE):
        return sentence("poster.stale", found=slug)
    return None


def _moved(slug: str, region: Region) -> Iterator[str]:
    for now, one in region.content.organisations.items():
        if slug in one.former_slugs:
            yield sentence("poster.moved", found=slug, target=now)


def need_obstacle(need: str, region: Region) -> str | None:
    """Why a need has no poster, with what to do."""
    needs = region.terms.needs
    if need not in needs:
        return sentence("unknown.need", found=need, hint=suggestion(need, needs))
    is_served = region.plan.combinations.count(Combination(need, ALL_TYPES, WHOLE_REGION))
    return None if is_served or needs[need].helplines else sentence("poster.empty", found=need)
