"""Counting without people: how many requests, answers and bounces each association has had, by month, and how long the answers
took. Numbers and ids only; nothing here tells one client, sender or request from another.

Everything is counted in the month of the request, so that answers never outnumber what they answer. Counting happens after the
mail, and is left undone rather than done twice: the numbers may be too small, never too large.
"""

from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from lambda_common import once
from lambda_common.services import Item, Services, Store, StoreDown
from lambda_common.working_days import finnish_day, working_days_between
from lambda_referral.fields import ALL_ANSWERS

MONTHS_KEPT = 25
DAYS_OF_WEEK_KEPT = 21
REQUESTS, CANCELLED, BOUNCED = "requests", "cancelled", "bounced"
# By the last working day of each class, counted from the day of the request; the rest took longer.
TIMES: Mapping[str, int] = {"days_1": 1, "days_2": 2, "days_5": 5}
LONGER = "longer"
KINDS = (REQUESTS, CANCELLED, BOUNCED, *ALL_ANSWERS, *TIMES, LONGER)

SECONDS_BESIDE = 5.0  # more than a step's few calls to the store take, as long as it answers at all
Step = Callable[[Store], object]


def beside(services: Services, *steps: Step) -> None:
    """What is done for numbers and reminders once the mail has gone. It never fails what it stands beside: at the first step for
    which the store or the time is missing, the rest is left."""
    with suppress(StoreDown):
        for step in steps:
            if services.seconds_left() < SECONDS_BESIDE:
                return
            step(services.store)


def count(organisation: str, asked_at: datetime, *kinds: str) -> Step:
    """One more of each kind, in the month of the request."""
    day = finnish_day(asked_at)
    amounts = {field_of(day.month, kind): 1 for kind in kinds}
    return lambda store: store.add(sheet_key(organisation, day.year), amounts, expiry(day.year))


def count_bounce(organisation: str, now: datetime) -> Step:
    """One more in this week's sheet, of which the coordinator's weekly mail tells."""
    expires = int((now + timedelta(days=DAYS_OF_WEEK_KEPT)).timestamp())
    return lambda store: store.add(bounces_key(finnish_day(now)), {organisation: 1}, expires)


def first(about: str, organisation: str, expires: int, *steps: Step) -> Step:
    """The steps, only for the first who comes with `about`; a repeat changes nothing."""
    item = Item("counted", once.new_attempt(), expires, organisation=organisation)

    def step(store: Store) -> None:
        if store.put_new(f"n#{about}", item):
            for one in steps:
                one(store)

    return step


def time_of(asked_at: datetime, answered_at: datetime, holidays: Set[date]) -> str:
    days = working_days_between(finnish_day(asked_at), finnish_day(answered_at), holidays)
    return next((name for name, last in TIMES.items() if days <= last), LONGER)


def sheet_key(organisation: str, year: int) -> str:
    return f"c#{organisation}#{year}"


def field_of(month: int, kind: str) -> str:
    return f"{month:02}.{kind}"


def expiry(year: int) -> int:
    """When the sheet of a year may be forgotten: its January has then been kept for MONTHS_KEPT."""
    years, months = divmod(MONTHS_KEPT, 12)
    return int(datetime(year + years, 1 + months, 1, tzinfo=UTC).timestamp())


def bounces_key(day: date) -> str:
    """The sheet of the bounces of the week of `day`, by association."""
    year, week, _ = day.isocalendar()
    return f"b#{year}-W{week:02}"
