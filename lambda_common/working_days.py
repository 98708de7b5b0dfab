"""Working days: by which day the association has promised to answer, and how many an answer has taken."""

from collections.abc import Set
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
_SATURDAY = 5


def finnish_day(now: datetime) -> date:
    return now.astimezone(HELSINKI).date()


def due_day(start: date, working_days: int, holidays: Set[date]) -> date:
    """The last of so many working days, of which the first is the one after `start`."""
    day = start
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day, holidays)
    return day


def is_working_day(day: date, holidays: Set[date]) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays


def working_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """How many working days have come since `start`, which is not counted itself; `end` is."""
    days = (start + timedelta(number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)
