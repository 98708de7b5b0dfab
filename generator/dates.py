"""What the dates that people wrote mean on a given day: freshness, capacity and season.

Every rule is told as periods, so that the page can carry the days and the browser only compares them with today:
the build and the browser cannot disagree, and the page stays true when no build runs any more.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from generator.models import Activity, CapacityStatus, FreshnessLimits, Organisation
from generator.shapes import each

DAY = timedelta(days=1)


class Confirmed(Protocol):
    """A review, as it is written or as what is at hand of it."""

    @property
    def confirmed_on(self) -> date: ...


class HasPlaces(Protocol):
    """What decides whether there is room: an activity's capacity and season."""

    @property
    def capacity(self) -> "HasStatus": ...
    @property
    def season(self) -> "HasEnd | None": ...


class HasStatus(Protocol):
    @property
    def status(self) -> CapacityStatus: ...
    @property
    def until(self) -> date | None: ...


class HasEnd(Protocol):
    @property
    def enrol_by(self) -> date | None: ...
    @property
    def last(self) -> date: ...


@dataclass(frozen=True)
class Period:
    """Days from first to last, both included; None is open-ended."""

    first: date | None = None
    last: date | None = None

    def includes(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Freshness(StrEnum):
    FRESH = "fresh"  # the plain date
    AGEING = "ageing"  # a visible warning
    OLD = "old"  # listed last, no contact requests
    GONE = "gone"  # off the three-click pages


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month (31 August + 6 months = 28 February)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def freshness_periods(review: Confirmed | None, limits: FreshnessLimits) -> dict[Freshness, Period]:
    """When each rung of the ladder holds. Never confirmed counts as old, for ever."""
    if review is None:
        return {Freshness.OLD: Period()}
    warn, last, hide = (
        add_months(review.confirmed_on, months) for months in (limits.warn_months, limits.last_months, limits.hide_months)
    )
    return {
        Freshness.FRESH: Period(None, warn - DAY),
        Freshness.AGEING: Period(warn, last),
        Freshness.OLD: Period(last + DAY, hide),
        Freshness.GONE: Period(hide + DAY, None),
    }


def requests_until(built: date, limits: FreshnessLimits) -> date:
    """The last day on which a site built on this day takes contact requests, unless it is built again."""
    return add_months(built, limits.unbuilt_months)


def freshness_on(day: date, review: Confirmed | None, limits: FreshnessLimits) -> Freshness:
    return next(rung for rung, period in freshness_periods(review, limits).items() if period.includes(day))


def capacity_on(day: date, activity: HasPlaces) -> CapacityStatus:
    """The state that holds on a day: a written one ends with its `until`, and places end with enrolment and the season."""
    capacity, season = activity.capacity, activity.season
    if capacity.until and day > capacity.until:
        return "ask"
    if season and capacity.status in ("open", "waitlist") and day > (season.enrol_by or season.last):
        return "ask"
    return capacity.status


def capacity_periods(activity: Activity) -> list[tuple[Period, CapacityStatus]]:
    """The states one after another over all time, without gaps."""
    season = activity.season
    ends = {activity.capacity.until, season and season.enrol_by, season and season.last} - {None}
    starts = [date.min, *sorted(end + DAY for end in ends if end)]
    changes: list[tuple[date, CapacityStatus]] = []
    for start in starts:
        status = capacity_on(start, activity)
        if not changes or changes[-1][1] != status:
            changes.append((start, status))
    following = [start - DAY for start, _ in changes[1:]]
    return [
        (Period(None if start == date.min else start, last), status)
        for (start, status), last in zip(changes, [*following, None], strict=True)
    ]


def turning_days(organisation: Organisation, limits: FreshnessLimits) -> Iterator[date]:
    """Each written day and the day after, and the same of the ends that follow from the confirmation. More than are needed, so
    that no rule of dates can be forgotten here."""
    days = [day for _, day in each(organisation, date)]
    if organisation.review:
        months = (limits.warn_months, limits.last_months, limits.hide_months)
        days += [add_months(organisation.review.confirmed_on, one) for one in months]
    for day in days:
        yield from (day, day + DAY)
