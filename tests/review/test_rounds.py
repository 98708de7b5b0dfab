"""The twice-a-year check: who is asked on which day, what the mail says, and that nobody is asked twice."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.checked import Content
from generator.dates import DAY, Freshness, freshness_on
from generator.models import Organisation, Review
from generator.review.rounds import (
    DAYS_BY_MAIL,
    GRACE,
    Due,
    Round,
    all_due,
    asking_days_between,
    check_days,
    due,
    is_quiet,
    last_check_day,
    national_check_day,
    round_on,
)
from tests.builders import LIMITS, make_content, make_organisation

SLUG = "savon-esimerkkiyhdistys"
slugs = st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10}){0,3}", fullmatch=True)
days = st.dates(date(2025, 1, 1), date(2035, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def confirmed(on: date | None, **changes: Any) -> Organisation:
    return make_organisation(review={"confirmed_on": str(on), "confirmed_by": "sihteeri"} if on else None, **changes)


def round_of(organisation: Organisation, today: date) -> Round | None:
    found = due(SLUG, organisation, LIMITS, today)
    return found.round if found else None


# The days


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("2027-06-30", False),
        ("2027-07-01", True),
        ("2027-07-31", True),
        ("2027-08-01", False),
        ("2027-12-14", False),
        ("2027-12-15", True),
        ("2028-01-01", True),
        ("2028-01-06", True),
        ("2028-01-07", False),
        ("2028-02-29", False),
    ],
)
def test_july_and_christmas_are_quiet(text: str, quiet: bool) -> None:
    assert is_quiet(day(text)) is quiet


@given(slugs, st.integers(2025, 2060))
def test_two_check_days_a_year_are_never_quiet(slug: str, year: int) -> None:
    first, second = check_days(slug, year)
    assert first < second
    assert not is_quiet(first)
    assert not is_quiet(second)


@given(slugs)
def test_check_days_are_the_same_every_year_and_at_most_thirty_weeks_apart(slug: str) -> None:
    found = [one for year in range(2026, 2034) for one in check_days(slug, year)]
    assert len({(one.month, one.day) for one in found}) == 2
    assert all(timedelta(weeks=22) < after - before <= timedelta(weeks=30) for before, after in pairwise(found))


def test_check_days_of_a_region_are_spread_over_the_year() -> None:
    by_month = Counter(one.month for number in range(458) for one in check_days(f"yhdistys-{number}", 2027))
    assert by_month[7] == 0
    assert all(by_month[month] >= 50 for month in (2, 3, 4, 5, 6, 8, 9, 10, 11))
    assert max(by_month.values()) <= 130


@given(slugs, days)
def test_last_check_day_is_the_latest_that_has_come(slug: str, today: date) -> None:
    last = last_check_day(slug, today)
    following = min(one for year in (today.year, today.year + 1) for one in check_days(slug, year) if one > last)
    assert last <= today < following


# The rounds


def after(check_day: date, days_gone: int) -> date:
    """The day when so many asking days have gone."""
    today = check_day
    while days_gone:
        today += DAY
        days_gone -= not is_quiet(today)
    return today


FIRST, SECOND = check_days(SLUG, 2027)


@pytest.mark.parametrize(
    ("days_gone", "expected"),
    [(0, "request"), (20, "request"), (21, "reminder"), (41, "reminder"), (42, "phone"), (60, "phone")],
)
def test_rounds_are_three_weeks_each_and_then_the_phone(days_gone: int, expected: str) -> None:
    assert round_of(confirmed(None), after(FIRST, days_gone)) == expected


def test_nobody_is_due_the_day_before() -> None:
    newly = confirmed(check_days(SLUG, 2026)[1])
    assert round_of(newly, FIRST - DAY) is None
    assert round_of(newly, FIRST) == "request"


def test_quiet_days_are_not_counted_so_the_reminder_waits_for_august() -> None:
    assert asking_days_between(day("2027-06-20"), day("2027-08-11")) == 21
    assert round_on(day("2027-06-20"), day("2027-08-10")) == Round.REQUEST
    assert round_on(day("2027-06-20"), day("2027-08-11")) == Round.REMINDER


@given(slugs, days, st.none() | days, st.booleans())
def test_nobody_is_asked_on_a_quiet_day(slug: str, today: date, on: date | None, is_national: bool) -> None:
    scope = {"scope": "national", "activities": [{"municipalities": []}]} if is_national else {}
    if is_quiet(today):
        assert due(slug, confirmed(on, **scope), LIMITS, today) is None


@pytest.mark.parametrize(
    ("confirmed_on", "expected"),
    [
        pytest.param(FIRST + DAY, None, id="answered the check"),
        pytest.param(FIRST, None, id="on the check day"),
        pytest.param(FIRST - GRACE + DAY, None, id="within six weeks before"),
        pytest.param(FIRST - GRACE, "reminder", id="six weeks before to the day"),
        pytest.param(FIRST - 400 * DAY, "reminder", id="long ago"),
        pytest.param(None, "reminder", id="never"),
    ],
)
def test_confirmation_answers_the_check_from_six_weeks_before_it(confirmed_on: date | None, expected: str | None) -> None:
    assert round_of(confirmed(confirmed_on), after(FIRST, 25)) == expected


@pytest.mark.parametrize(("status", "expected"), [("active", "request"), ("paused", "request"), ("closed", None)])
def test_closed_association_is_not_asked_and_a_paused_one_is(status: str, expected: str | None) -> None:
    assert round_of(confirmed(None, status=status), FIRST) == expected


ORGANISATION = make_organisation()
SEVERAL_YEARS = settings(deadline=None, max_examples=15)


def confirmed_again(organisation: Organisation, on: date) -> Organisation:
    return organisation.model_copy(update={"review": Review(confirmed_on=on, confirmed_by="sihteeri")})


@SEVERAL_YEARS
@given(slugs, days, st.integers(0, DAYS_BY_MAIL))
def test_who_answers_by_mail_every_time_never_loses_contact_requests(slug: str, start: date, lag: int) -> None:
    organisation = confirmed_again(ORGANISATION, start)
    for number in range(900):
        today = start + timedelta(number)
        found = due(slug, organisation, LIMITS, today)
        if found and asking_days_between(found.check_day, today) >= lag:
            organisation = confirmed_again(organisation, today)
        assert freshness_on(today, organisation.review, LIMITS) in (Freshness.FRESH, Freshness.AGEING)


# National associations


NATIONAL = {"scope": "national", "activities": [{"municipalities": []}]}


def test_national_association_is_asked_once_a_year_before_its_data_is_too_old() -> None:
    organisation = confirmed(day("2026-09-01"), **NATIONAL)
    asked = [today for number in range(400) if round_of(organisation, today := day("2026-09-02") + timedelta(number))]
    assert asked[0] == day("2027-06-30")  # six weeks before 1.9.2027 is in July


def test_national_check_day_moves_before_a_quiet_time() -> None:
    review = Review(confirmed_on=day("2026-09-01"), confirmed_by="sihteeri")
    assert national_check_day(SLUG, review, LIMITS, day("2027-08-02")) == day("2027-06-30")


@SEVERAL_YEARS
@given(slugs, days)
def test_national_association_that_answers_is_asked_at_most_once_in_nine_months(slug: str, start: date) -> None:
    organisation, answered = confirmed(start, **NATIONAL), [start]
    for number in range(1, 1200):
        today = start + timedelta(number)
        if due(slug, organisation, LIMITS, today):
            organisation = confirmed_again(organisation, today)
            answered.append(today)
    assert len(answered) > 3
    assert all(timedelta(weeks=39) < after - before <= timedelta(days=366) for before, after in pairwise(answered))


def test_national_association_that_never_answers_is_asked_again_each_year() -> None:
    organisation = confirmed(day("2024-10-20"), **NATIONAL)
    assert [round_of(organisation, day(f"{year}-09-08")) for year in (2025, 2026, 2027)] == ["request"] * 3


# The region


def test_everybody_due_is_listed_longest_waiting_first() -> None:
    content = make_content(**{name: confirmed(None) for name in ("eka", "toka", "kolmas", "neljas")})
    found = all_due(content, day("2027-03-01"))
    assert {one.slug for one in found} == set(content.organisations)
    assert [one.check_day for one in found] == sorted(one.check_day for one in found)


def test_confirmation_that_waits_to_be_merged_counts() -> None:
    content = make_content(eka=confirmed(None), toka=confirmed(None))
    assert [one.slug for one in all_due(content, day("2027-03-01"), confirmed={"eka"})] == ["toka"]


def test_checks_from_before_the_region_began_to_ask_are_left_alone() -> None:
    content = make_content(eka=confirmed(None))
    began = last_check_day("eka", day("2027-03-01"))
    assert all_due(content, day("2027-03-01"), since=began) == [Due("eka", began, round_on(began, day("2027-03-01")))]
    assert all_due(content, day("2027-03-01"), since=began + DAY) == []


def test_sample_region_on_a_day_of_march(content: Content) -> None:
    found = all_due(content, day("2027-03-01"))
    by_round = Counter(one.round for one in found)
    assert (len(found), by_round["request"], by_round["reminder"], by_round["phone"]) == (36, 11, 7, 18)
    assert not {one.slug for one in found if content.organisations[one.slug].status == "closed"}
