"""Which associations belong to a combination of need, activity type and municipality, and in which order.

Combinations are made of activities, never of whole associations: crossing an association's needs with its municipalities
would promise help in towns where there is none.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from generator.dates import Freshness, capacity_on, freshness_on
from generator.facts import ActivityFacts, Facts
from generator.models import WHOLE_REGION, CapacityStatus, FreshnessLimits, Organisation, Taxonomy

ALL_TYPES = "kaikki"
MAX_NEIGHBOURS = 4
CAPACITY_RANK: Mapping[CapacityStatus, int] = {"open": 0, "waitlist": 1, "ask": 2, "full": 3}
OLD_RANK = 10
CLOSE_TOGETHER = 16_384
_FINNISH_ORDER = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


class Place(IntEnum):
    """How near an activity is to the municipality that was asked for."""

    OWN = 0
    REGION = 1
    NATIONAL = 2


class Reach(StrEnum):
    """What a place has for a need, the nearest first."""

    OWN = "own"
    REGION = "region"
    AWAY = "away"  # only remote or national: the page is empty (design.md §3), yet has something to offer
    NONE = "none"


class Combination(NamedTuple):
    """One address of the three clicks; `kaikki` and `koko-alue` stand for every type and every municipality."""

    need: str
    type: str
    municipality: str


class Listing(NamedTuple):
    """An association on a page, with the ids of those of its activities that belong there, in its own order."""

    slug: str
    activities: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity of an association that can be listed, with what the order needs to know on the day."""

    slug: str
    position: int  # among the association's own activities
    activity: ActivityFacts
    order: tuple[int, Place, int, str, str]  # capacity and age, nearness, newer confirmation first, then name, then slug
    listing: Listing  # as it stands on a page where the association has nothing else

    @property
    def is_remote_only(self) -> bool:
        return self.activity.remote and not self.activity.municipalities

    @property
    def place(self) -> Place:
        return self.listing.place


@dataclass(frozen=True)
class Results:
    listings: tuple[Listing, ...]  # counted
    remote: tuple[Listing, ...]  # a section of their own, not counted


def finnish_order(text: str) -> str:
    """A sort key in which å, ä and ö come after z, the same on every machine whatever its locale."""
    return text.lower().translate(_FINNISH_ORDER)


def is_listed(organisation: Organisation | Facts, today: date, limits: FreshnessLimits) -> bool:
    """Whether the three-click pages show the association."""
    return organisation.status == "active" and freshness_on(today, organisation.review, limits) != Freshness.GONE


class Combinations:
    """The index: made once from the associations, asked by every page."""

    def __init__(
        self, organisations: Mapping[str, Organisation | Facts], taxonomy: Taxonomy, limits: FreshnessLimits, today: date
    ) -> None:
        facts = ((slug, one if isinstance(one, Facts) else Facts.of(one, limits)) for slug, one in organisations.items())
        self._index((offer for slug, one in facts for offer in offers_of(slug, one, limits, today)), taxonomy)

    @classmethod
    def of(cls, offers: Iterable[Offer], taxonomy: Taxonomy) -> "Combinations":
        """The same from offers that are known already."""
        made = cls.__new__(cls)
        made._index(offers, taxonomy)
        return made

    def _index(self, offers: Iterable[Offer], taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._types = tuple(term.id for term in taxonomy.activity_types)
        self._centres = {one.id: one.centre for one in taxonomy.municipalities}
        self._neighbours = cache(self._others_by_distance)
        # Pages are made need by need and in every language, so the same questions come close together:
        # a bounded memory answers them without growing with the number of pages.
        self.results = lru_cache(8)(self._results)
        self.neighbours_with_something = lru_cache(8)(self._neighbours_with_something)
        self._types_there = lru_cache(CLOSE_TOGETHER)(self._types_with_something)
        self.offers = tuple(sorted(offers, key=lambda offer: offer.order))
        self._by_need: dict[str, list[Offer]] = {}
        for offer in self.offers:
            for need in dict.fromkeys(offer.activity.needs):
                self._by_need.setdefault(need, []).append(offer)
        self._wanted = cache(self._by_type)  # by whoever makes a need's pages, which come together

    def __reduce__(self) -> tuple[Any, ...]:
        """For a process that cannot share it: what it is made from."""
        return Combinations.of, (self.offers, self._taxonomy)

    def offers_for(self, need: str) -> list[Offer]:
        """Every offer for a need, in order: all that its pages depend on."""
        return self._by_need.get(need, [])

    def _by_type(self, need: str) -> dict[str, "_Wanted"]:
        offers = self.offers_for(need)
        by_type: dict[str, list[Offer]] = {ALL_TYPES: offers}
        for offer in offers:
            by_type.setdefault(offer.activity.type, []).append(offer)
        return {kind: _Wanted(found) for kind, found in by_type.items()}

    def count(self, wanted: Combination) -> int:
        """How many associations the page lists; remote ones are not counted."""
        return self._of(wanted.need, wanted.type).count(wanted.municipality)

    def is_empty(self, wanted: Combination) -> bool:
        """Whether nothing of the municipality's own and nothing region-wide belongs there."""
        there = self._of(wanted.need, wanted.type)
        return not there.has_region_wide and (
            wanted.municipality not in there.here
            or all(offer.place == Place.NATIONAL for offer in there.here[wanted.municipality])
        )

    def _of(self, need: str, kind: str) -> "_Wanted":
        return self._wanted(need).get(kind, _NOTHING)

    def _results(self, wanted: Combination) -> Results:
        there = self._of(wanted.need, wanted.type)
        counted = there.counted(wanted.municipality)
        if not there.remote:
            return Results(_listings(counted), ())
        shown = {(offer.slug, offer.position) for offer in counted}
        remote = [offer for offer in there.remote if (offer.slug, offer.position) not in shown]
        return Results(_listings(counted), _listings(remote))

    def reach(self, wanted: Combination) -> Reach:
        there = self._of(wanted.need, wanted.type)
        nearest = min((offer.place for offer in there.counted(wanted.municipality)), default=None)
        if nearest is None or nearest is Place.NATIONAL:
            return Reach.AWAY if nearest is not None or there.remote else Reach.NONE
        return Reach.OWN if nearest is Place.OWN else Reach.REGION

    def _neighbours_with_something(self, wanted: Combination) -> tuple[tuple[str, int], ...]:
        """(municipality, kilometres) of the nearest municipalities that have what is wanted, nearest first."""
        here = self._of(wanted.need, wanted.type).here
        if not here:
            return ()
        near = (pair for pair in self._neighbours(wanted.municipality) if pair[0] in here)
        return tuple(islice(near, MAX_NEIGHBOURS))

    def _others_by_distance(self, municipality: str) -> list[tuple[str, int]]:
        """(municipality, kilometres) of all the others, the nearest first; none of the whole region."""
        centre = self._centres.get(municipality)
        if centre is None:
            return []
        others = ((other, round(kilometres(centre, place))) for other, place in self._centres.items() if other != municipality)
        return sorted(others, key=lambda pair: (pair[1], pair[0]))

    def other_types(self, wanted: Combination) -> tuple[str, ...]:
        """The other activity types that the same municipality has for the need, in the taxonomy's order."""
        there = self._types_there(wanted.need, wanted.municipality)
        return tuple(kind for kind in there if kind != wanted.type) if wanted.type in there else there

    def _types_with_something(self, need: str, municipality: str) -> tuple[str, ...]:
        return tuple(kind for kind in self._types if self._of(need, kind).count(municipality))


class _Wanted:
    """What there is for one need and one type, or every type. Offers are given in the order of the site, and stay in it."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self.remote = tuple(offer for offer in offers if offer.activity.remote)
        met = [offer for offer in offers if not offer.is_remote_only]
        self.everywhere = tuple(offer for offer in met if offer.place != Place.OWN)
        self.has_region_wide = any(offer.place == Place.REGION for offer in self.everywhere)
        here: dict[str, list[Offer]] = defaultdict(list, {WHOLE_REGION: met} if met else {})
        for offer in met:
            for municipality in dict.fromkeys(offer.activity.municipalities) if offer.place == Place.OWN else ():
                here[municipality].append(offer)
        self.here = {municipality: tuple(found) for municipality, found in here.items()}  # a country has 300,000 of these
        self._counts: dict[str, int] = {}

    def counted(self, municipality: str) -> tuple[Offer, ...]:
        here = self.here.get(municipality, ())
        return here if municipality == WHOLE_REGION or not self.everywhere else here + self.everywhere

    def count(self, municipality: str) -> int:
        if municipality not in self.here:
            municipality = ""  # nothing of its own, like many others
        if municipality not in self._counts:
            self._counts[municipality] = len({offer.slug for offer in self.counted(municipality)})
        return self._counts[municipality]


_NOTHING = _Wanted(())


def offers_of(slug: str, organisation: Facts, limits: FreshnessLimits, today: date) -> Iterator[Offer]:
    """What an association offers on a day; nothing when the three-click pages do not show it."""
    if not is_listed(organisation, today, limits):
        return
    review = organisation.review
    old = freshness_on(today, review, limits) == Freshness.OLD
    tie = (-review.confirmed_on.toordinal() if review else 0, finnish_order(organisation.name), slug)
    for position, activity in enumerate(organisation.activities):
        rank = CAPACITY_RANK[capacity_on(today, activity)] + (OLD_RANK if old else 0)
        place = _place(organisation, activity)
        listing = Listing(slug, (activity.id,), place)
        order = (rank, place, *tie)
        yield Offer(slug, position, activity, order, listing)


def _place(organisation: Facts, activity: ActivityFacts) -> Place:
    if organisation.is_national:
        return Place.NATIONAL
    return Place.REGION if activity.is_region_wide else Place.OWN


def _listings(offers: Iterable[Offer]) -> tuple[Listing, ...]:
    """Associations in order: the best capacity first, then the nearest, then the newest confirmation, then the name."""
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.slug, []).append(offer)
    ordered = sorted(groups.values(), key=_group_order)
    return tuple(group[0].listing if len(group) == 1 else _together(group) for group in ordered)


def _group_order(group: list[Offer]) -> tuple[int | str, ...]:
    if len(group) == 1:
        return group[0].order
    rank, place = min(offer.order[0] for offer in group), min(offer.place for offer in group)
    return (rank, place, *group[0].order[2:])


def _together(group: list[Offer]) -> Listing:
    own_order = sorted(group, key=lambda offer: offer.position)
    ids = tuple(offer.listing.activities[0] for offer in own_order)
    return Listing(group[0].slug, ids, min(offer.place for offer in group))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) points in degrees, by the haversine formula."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*a, *b))
    half = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))
