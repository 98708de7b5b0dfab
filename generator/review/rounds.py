"""The twice-a-year check: who is asked on a day whether their data still holds, and in which round.

Decided from the files and the day alone, so that a lost journal or a week without a run changes nothing. The check days of the
associations are spread over the year by a hash of the slug, and never fall in July or at Christmas, when nobody reads mail.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from generator.checked import Content
from generator.dates import DAY, add_months
from generator.models import FreshnessLimits, Organisation, Review

# A round is three weeks, and after two of them the coordinator calls: so one check takes six weeks at most.
DAYS_OF_ROUND = 21
DAYS_BY_MAIL = 2 * DAYS_OF_ROUND

# Who has confirmed within six weeks before the check day is not asked: as long as one check takes, so nobody is asked about what
# they have just read. Longer would let the data of others grow old: check days are at most 30 weeks apart, and 30 + 6 weeks of
# grace + 6 weeks of asking is still well under the year after which contact requests end.
GRACE = timedelta(weeks=6)


class Round(StrEnum):
    REQUEST = "request"
    REMINDER = "reminder"
    PHONE = "phone"  # the coordinator calls


@dataclass(frozen=True)
class Due:
    """An association that has to be asked about the check of a day."""

    slug: str
    check_day: date
    round: Round


def is_quiet(day: date) -> bool:
    """Whether nobody is asked anything: July, and 15 December to 6 January."""
    return day.month == 7 or (day.month, day.day) >= (12, 15) or (day.month, day.day) <= (1, 6)


@cache
def _asking_days() -> tuple[tuple[int, int], ...]:
    """(month, day) of every day of the year on which a check may begin. The leap day is not one, so that years are alike."""
    days = (date(2001, 1, 1) + timedelta(number) for number in range(365))
    return tuple((day.month, day.day) for day in days if not is_quiet(day))


def check_days(slug: str, year: int) -> tuple[date, date]:
    """The two check days of an association in a year, the same every year, half of the asking days apart."""
    half = len(_asking_days()) // 2
    first = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big") % half
    return date(year, *_asking_days()[first]), date(year, *_asking_days()[first + half])


def last_check_day(slug: str, today: date) -> date:
    """The latest check day that has come."""
    days = (*check_days(slug, today.year - 1), *check_days(slug, today.year))
    return max(day for day in days if day <= today)


def national_check_day(slug: str, review: Review | None, limits: FreshnessLimits, today: date) -> date:
    """A national association is asked once a year: six weeks before its confirmation would be too old for contact requests, so
    that answering within the check keeps them open. Never confirmed: on a day of its own, once a year."""
    if review is None:
        return max(day for day in (check_days(slug, today.year - 1)[0], check_days(slug, today.year)[0]) if day <= today)
    day = add_months(review.confirmed_on, limits.last_months) - timedelta(DAYS_BY_MAIL)
    while (next_year := add_months(day, 12)) <= today:
        day = next_year
    while is_quiet(day):
        day -= DAY
    return day


def asking_days_between(first: date, last: date) -> int:
    """How many days have gone since `first`; quiet days do not count, so no round passes while nobody reads."""
    return sum(not is_quiet(first + timedelta(number)) for number in range(1, (last - first).days + 1))


def round_on(check_day: date, today: date) -> Round:
    days = asking_days_between(check_day, today)
    if days < DAYS_OF_ROUND:
        return Round.REQUEST
    return Round.REMINDER if days < DAYS_BY_MAIL else Round.PHONE


def due(slug: str, organisation: Organisation, limits: FreshnessLimits, today: date) -> Due | None:
    """Whether an association has to be asked today. None on a quiet day, and for one that has closed."""
    if organisation.status == "closed" or is_quiet(today):
        return None
    review = organisation.review
    if organisation.is_national:
        check_day = national_check_day(slug, review, limits, today)
        is_confirmed = check_day > today
    else:
        check_day = last_check_day(slug, today)
        is_confirmed = review is not None and review.confirmed_on > check_day - GRACE
    return None if is_confirmed else Due(slug, check_day, round_on(check_day, today))


def all_due(content: Content, today: date, *, confirmed: Collection[str] = (), since: date = date.min) -> list[Due]:
    """Everybody who has to be asked, longest waiting first. Left out: those whose confirmation waits to be merged, and checks
    from before `since`, the day on which a region began to ask."""
    found = _due(content.organisations, content.site.freshness, today)
    wanted = (one for one in found if one.slug not in confirmed and one.check_day >= since)
    return sorted(wanted, key=lambda one: (one.check_day, one.slug))


def _due(organisations: Mapping[str, Organisation], limits: FreshnessLimits, today: date) -> Iterator[Due]:
    for slug, organisation in organisations.items():
        if (one := due(slug, organisation, limits, today)) is not None:
            yield one
