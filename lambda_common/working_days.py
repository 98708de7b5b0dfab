"""By which day the association has promised to answer."""

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
        if day.weekday() < _SATURDAY and day not in holidays:
            working_days -= 1
    return day
