"""Which associations belong to a combination of need, activity type and municipality, and in which order.

Combinations are made of activities, never of whole associations: crossing an association's needs with its municipalities
would promise help in towns where there is none.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from generator.dates import Freshness, capacity_on, freshness_on
from generator.models import WHOLE_REGION, Activity, CapacityStatus, FreshnessLimits, Municipality, Organisation, Taxonomy

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


@dataclass(frozen=True)
class Offer:
    """One activity of an association that can be listed, with what the order needs to know on the day."""

    slug: str
    position: int  # among the association's own activities
    activity: Activity
    place: Place
    rank: int
    tie: tuple[int, str, str]  # newer confirmation first, then name, then slug

    @property
    def is_remote_only(self) -> bool:
        return self.activity.remote and not self.activity.municipalities


@dataclass(frozen=True)
class Listing:
    """An association on a page, with those of its activities that belong there, in its own order."""

    slug: str
    activities: tuple[Activity, ...]
    place: Place


@dataclass(frozen=True)
class Results:
    listings: tuple[Listing, ...]  # counted
    remote: tuple[Listing, ...]  # a section of their own, not counted


def finnish_order(text: str) -> str:
    """A sort key in which å, ä and ö come after z, the same on every machine whatever its locale."""
    return text.lower().translate(_FINNISH_ORDER)


def is_listed(organisation: Organisation, today: date, limits: FreshnessLimits) -> bool:
    """Whether the three-click pages show the association."""
    return organisation.status == "active" and freshness_on(today, organisation.review, limits) != Freshness.GONE


class Combinations:
    """The index: made once from the associations, asked by every page."""

    def __init__(
        self, organisations: Mapping[str, Organisation], taxonomy: Taxonomy, limits: FreshnessLimits, today: date
    ) -> None:
        self._here: dict[Combination, list[Offer]] = defaultdict(list)
        self._everywhere: dict[tuple[str, str], list[Offer]] = defaultdict(list)
        self._remote: dict[tuple[str, str], list[Offer]] = defaultdict(list)
        self._types = tuple(term.id for term in taxonomy.activity_types)
        self._neighbours = _neighbours(taxonomy.municipalities)
        # Pages are made need by need and in every language, so the same questions come close together:
        # a bounded memory answers them without growing with the number of pages.
        self.results = lru_cache(8)(self._results)
        self.neighbours_with_something = lru_cache(8)(self._neighbours_with_something)
        self.other_types = lru_cache(8)(self._other_types)
        self.count = lru_cache(CLOSE_TOGETHER)(self._count)
        self.is_empty = lru_cache(CLOSE_TOGETHER)(self._is_empty)
        listed = ((slug, one) for slug, one in organisations.items() if is_listed(one, today, limits))
        self.offers = tuple(offer for slug, one in listed for offer in _offers(slug, one, limits, today))
        for offer in self.offers:
            self._add(offer)

    def _add(self, offer: Offer) -> None:
        activity = offer.activity
        for need in dict.fromkeys(activity.needs):
            for kind in (activity.type, ALL_TYPES):
                if activity.remote:
                    self._remote[need, kind].append(offer)
                if offer.is_remote_only:
                    continue
                self._here[Combination(need, kind, WHOLE_REGION)].append(offer)
                if offer.place != Place.OWN:
                    self._everywhere[need, kind].append(offer)
                else:
                    for municipality in dict.fromkeys(activity.municipalities):
                        self._here[Combination(need, kind, municipality)].append(offer)

    def _counted(self, wanted: Combination) -> list[Offer]:
        here = self._here.get(wanted, [])
        if wanted.municipality == WHOLE_REGION:
            return here
        return here + self._everywhere.get((wanted.need, wanted.type), [])

    def _results(self, wanted: Combination) -> Results:
        counted = self._counted(wanted)
        shown = {(offer.slug, offer.position) for offer in counted}
        remote = [
            offer for offer in self._remote.get((wanted.need, wanted.type), []) if (offer.slug, offer.position) not in shown
        ]
        return Results(_listings(counted), _listings(remote))

    def _count(self, wanted: Combination) -> int:
        """How many associations the page lists; remote ones are not counted."""
        return len({offer.slug for offer in self._counted(wanted)})

    def _is_empty(self, wanted: Combination) -> bool:
        """Whether nothing of the municipality's own and nothing region-wide belongs there."""
        return all(offer.place == Place.NATIONAL for offer in self._counted(wanted))

    def reach(self, wanted: Combination) -> Reach:
        nearest = min((offer.place for offer in self._counted(wanted)), default=None)
        if nearest is None or nearest is Place.NATIONAL:
            has_something = nearest is not None or (wanted.need, wanted.type) in self._remote
            return Reach.AWAY if has_something else Reach.NONE
        return Reach.OWN if nearest is Place.OWN else Reach.REGION

    def _neighbours_with_something(self, wanted: Combination) -> tuple[tuple[str, int], ...]:
        """(municipality, kilometres) of the nearest municipalities that have what is wanted, nearest first."""
        near = (
            (municipality, kilometres)
            for municipality, kilometres in self._neighbours.get(wanted.municipality, ())
            if (wanted.need, wanted.type, municipality) in self._here
        )
        return tuple(islice(near, MAX_NEIGHBOURS))

    def _other_types(self, wanted: Combination) -> tuple[str, ...]:
        """The other activity types that the same municipality has for the need, in the taxonomy's order."""
        return tuple(
            kind
            for kind in self._types
            if kind != wanted.type and self.count(Combination(wanted.need, kind, wanted.municipality))
        )


def _offers(slug: str, organisation: Organisation, limits: FreshnessLimits, today: date) -> Iterator[Offer]:
    review = organisation.review
    old = freshness_on(today, review, limits) == Freshness.OLD
    tie = (-review.confirmed_on.toordinal() if review else 0, finnish_order(organisation.name), slug)
    for position, activity in enumerate(organisation.activities):
        rank = CAPACITY_RANK[capacity_on(today, activity)] + (OLD_RANK if old else 0)
        yield Offer(slug, position, activity, _place(organisation, activity), rank, tie)


def _place(organisation: Organisation, activity: Activity) -> Place:
    if organisation.is_national:
        return Place.NATIONAL
    return Place.REGION if activity.is_region_wide else Place.OWN


def _listings(offers: Iterable[Offer]) -> tuple[Listing, ...]:
    """Associations in order: the best capacity first, then the nearest, then the newest confirmation, then the name."""
    groups: dict[str, list[Offer]] = defaultdict(list)
    for offer in sorted(offers, key=lambda offer: offer.position):
        groups[offer.slug].append(offer)
    ordered = sorted(
        groups.values(),
        key=lambda group: (min(offer.rank for offer in group), min(offer.place for offer in group), group[0].tie),
    )
    return tuple(
        Listing(group[0].slug, tuple(offer.activity for offer in group), min(offer.place for offer in group)) for group in ordered
    )


def _neighbours(municipalities: Iterable[Municipality]) -> dict[str, list[tuple[str, int]]]:
    places = {municipality.id: municipality.centre for municipality in municipalities}
    return {
        here: sorted(
            ((other, round(kilometres(centre, places[other]))) for other in places if other != here),
            key=lambda pair: (pair[1], pair[0]),
        )
        for here, centre in places.items()
    }


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) points in degrees, by the haversine formula."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*a, *b))
    half = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))
