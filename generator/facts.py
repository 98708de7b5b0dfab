"""What the whole site has to know of every association at once. The rest of it stays on the disk until its pages are made, so
that ten thousand associations fit in memory."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from generator.dates import turning_days
from generator.likeness import Likeness
from generator.markdown import internal_links
from generator.models import CapacityStatus, FreshnessLimits, Organisation


class CapacityFacts(NamedTuple):
    status: CapacityStatus
    until: date | None


class SeasonFacts(NamedTuple):
    enrol_by: date | None
    last: date


class ReviewFacts(NamedTuple):
    confirmed_on: date


class ActivityFacts(NamedTuple):
    """Named as in the models, so that one rule reads both."""

    id: str
    type: str
    needs: tuple[str, ...]
    municipalities: tuple[str, ...]
    target_groups: tuple[str, ...]
    languages: tuple[str, ...]
    remote: bool
    is_region_wide: bool
    capacity: CapacityFacts
    season: SeasonFacts | None


class Some(Mapping[str, Organisation]):
    """Some of the associations, looked up when they are asked for, so that nobody holds all of them at once."""

    def __init__(self, organisations: Mapping[str, Organisation], slugs: Iterable[str]) -> None:
        self._organisations, self._slugs = organisations, dict.fromkeys(slugs)

    def __getitem__(self, slug: str) -> Organisation:
        if slug not in self._slugs:
            raise KeyError(slug)
        return self._organisations[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slugs)

    def __len__(self) -> int:
        return len(self._slugs)


class Facts(NamedTuple):
    """Named as in the models, so that one rule reads both."""

    name: str
    phone: str | None
    status: str
    is_national: bool
    part_of: str | None
    merged_into: str | None
    former_slugs: tuple[str, ...]
    review: ReviewFacts | None
    takes_requests: bool
    has_key: bool
    activities: tuple[ActivityFacts, ...]
    likeness: Likeness
    links: tuple[tuple[str, str], ...]  # (language, address within the site) of the description
    turns: tuple[date, ...]  # days on which what is told may change

    @classmethod
    def of(cls, it: Organisation, limits: FreshnessLimits) -> "Facts":
        return cls(
            name=it.name,
            phone=it.phone,
            status=it.status,
            is_national=it.is_national,
            part_of=it.part_of,
            merged_into=it.merged_into,
            former_slugs=it.former_slugs,
            review=ReviewFacts(it.review.confirmed_on) if it.review else None,
            takes_requests=it.referral is not None,
            has_key=it.has_key,
            activities=tuple(_activities(it)),
            likeness=Likeness.of(it),
            links=tuple((language, link) for language, text in it.description.written() for link in internal_links(text)),
            turns=tuple(sorted(set(turning_days(it, limits)))),
        )


def _activities(it: Organisation) -> Iterator[ActivityFacts]:
    for one in it.activities:
        yield ActivityFacts(
            one.id,
            one.type,
            one.needs,
            one.municipalities,
            one.target_groups,
            one.languages,
            one.remote,
            one.is_region_wide,
            CapacityFacts(one.capacity.status, one.capacity.until),
            SeasonFacts(one.season.enrol_by, one.season.last) if one.season else None,
        )
