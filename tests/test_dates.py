from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.dates import DAY, Freshness, Period, add_months, capacity_on, capacity_periods, freshness_on, freshness_periods
from generator.models import FreshnessLimits, Review
from tests.builders import LIMITS, TODAY, make_activity

SPRING = {"from": "2027-01-15", "to": "2027-05-15"}
ENROLLED = {**SPRING, "enrol_by": "2027-01-31"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def confirmed(on: date) -> Review:
    return Review(confirmed_on=on, confirmed_by="sihteeri")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param("2026-05-21", 6, "2026-11-21", id="same day"),
        pytest.param("2026-11-21", 6, "2027-05-21", id="over the new year"),
        pytest.param("2025-12-31", 12, "2026-12-31", id="december stays december"),
        pytest.param("2026-08-31", 6, "2027-02-28", id="last day of a shorter month"),
        pytest.param("2027-08-31", 6, "2028-02-29", id="last day of a leap february"),
        pytest.param("2028-02-29", 12, "2029-02-28", id="leap day a year later"),
        pytest.param("2028-02-29", 48, "2032-02-29", id="leap day to leap day"),
        pytest.param("2026-10-31", 18, "2028-04-30", id="31st to a month of 30"),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_a_shorter_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("confirmed_on", "today", "rung"),
    [
        pytest.param("2026-05-21", "2026-05-21", "fresh", id="on the day itself"),
        pytest.param("2026-05-21", "2026-11-20", "fresh", id="a day under 6 months"),
        pytest.param("2026-05-21", "2026-11-21", "ageing", id="6 months to the day"),
        pytest.param("2026-05-21", "2027-05-21", "ageing", id="12 months to the day"),
        pytest.param("2026-05-21", "2027-05-22", "old", id="a day over 12 months"),
        pytest.param("2026-05-21", "2027-11-21", "old", id="18 months to the day"),
        pytest.param("2026-05-21", "2027-11-22", "gone", id="a day over 18 months"),
        pytest.param("2026-05-21", "2099-01-01", "gone", id="decades later"),
        pytest.param("2026-08-31", "2027-02-27", "fresh", id="short february: a day under"),
        pytest.param("2026-08-31", "2027-02-28", "ageing", id="short february: its last day is 6 months"),
        pytest.param("2027-08-31", "2028-02-28", "fresh", id="leap february: the 28th is under 6 months"),
        pytest.param("2027-08-31", "2028-02-29", "ageing", id="leap february: the 29th is 6 months"),
        pytest.param("2026-08-31", "2028-02-29", "old", id="leap february: the 29th is 18 months"),
        pytest.param("2026-08-31", "2028-03-01", "gone", id="leap february: a day over 18 months"),
        pytest.param("2028-02-29", "2029-02-28", "ageing", id="leap day: 12 months"),
        pytest.param("2028-02-29", "2029-03-01", "old", id="leap day: a day over 12 months"),
        pytest.param("2028-02-29", "2029-08-29", "old", id="leap day: 18 months"),
        pytest.param("2028-02-29", "2029-08-30", "gone", id="leap day: a day over 18 months"),
    ],
)
def test_freshness_follows_from_months_since_confirmation(confirmed_on: str, today: str, rung: str) -> None:
    assert freshness_on(day(today), confirmed(day(confirmed_on)), LIMITS) == rung


@pytest.mark.parametrize("today", [date.min, TODAY, date.max])
def test_never_confirmed_counts_as_over_twelve_months_for_ever(today: date) -> None:
    assert freshness_on(today, None, LIMITS) == Freshness.OLD


def test_freshness_limits_are_the_regions_own() -> None:
    limits = FreshnessLimits(warn_months=1, last_months=2, hide_months=3)
    review = confirmed(day("2026-01-10"))
    rungs = [freshness_on(day(f"2026-{month:02}-15"), review, limits) for month in (1, 2, 3, 4)]
    assert rungs == ["fresh", "ageing", "old", "gone"]


@settings(deadline=None)
@given(st.dates(day("2000-01-01"), day("2060-12-31")), st.sets(st.integers(1, 60), min_size=3, max_size=3).map(sorted))
def test_freshness_rungs_follow_one_another_without_gap_or_overlap(confirmed_on: date, months: list[int]) -> None:
    limits = FreshnessLimits(warn_months=months[0], last_months=months[1], hide_months=months[2])
    assert_tiles(list(freshness_periods(confirmed(confirmed_on), limits).values()))


@pytest.mark.parametrize(
    ("capacity", "season", "today", "status"),
    [
        pytest.param({"status": "ask"}, None, TODAY, "ask", id="ask"),
        pytest.param({"status": "open"}, None, TODAY, "open", id="open without end"),
        pytest.param({"status": "open", "until": TODAY}, None, TODAY, "open", id="open on its last day"),
        pytest.param({"status": "open", "until": TODAY - DAY}, None, TODAY, "ask", id="open a day too long"),
        pytest.param({"status": "waitlist", "until": TODAY}, None, TODAY, "waitlist", id="waitlist on its last day"),
        pytest.param({"status": "waitlist", "until": TODAY - DAY}, None, TODAY, "ask", id="waitlist a day too long"),
        pytest.param({"status": "full", "until": TODAY}, None, TODAY, "full", id="full on its last day"),
        pytest.param({"status": "full", "until": TODAY - DAY}, None, TODAY, "ask", id="full a day too long"),
        pytest.param({"status": "open"}, SPRING, day("2026-12-01"), "open", id="open before the season"),
        pytest.param({"status": "open"}, SPRING, day("2027-05-15"), "open", id="open on the season's last day"),
        pytest.param({"status": "open"}, SPRING, day("2027-05-16"), "ask", id="open after the season"),
        pytest.param({"status": "open"}, ENROLLED, day("2027-01-31"), "open", id="open on the last day of enrolment"),
        pytest.param({"status": "open"}, ENROLLED, day("2027-02-01"), "ask", id="open after enrolment"),
        pytest.param(
            {"status": "waitlist", "until": "2027-12-31"}, SPRING, day("2027-05-15"), "waitlist", id="waitlist in season"
        ),
        pytest.param({"status": "waitlist", "until": "2027-12-31"}, SPRING, day("2027-05-16"), "ask", id="waitlist after season"),
        pytest.param(
            {"status": "waitlist", "until": "2027-12-31"}, ENROLLED, day("2027-02-01"), "ask", id="waitlist after enrolment"
        ),
        pytest.param({"status": "full", "until": "2027-12-31"}, ENROLLED, day("2027-02-01"), "full", id="full after enrolment"),
        pytest.param({"status": "full", "until": "2027-12-31"}, SPRING, day("2027-05-16"), "full", id="full after the season"),
        pytest.param(
            {"status": "open", "until": "2027-03-01"}, ENROLLED, day("2027-02-15"), "ask", id="the earlier end holds: enrolment"
        ),
        pytest.param(
            {"status": "open", "until": "2027-01-20"}, ENROLLED, day("2027-01-25"), "ask", id="the earlier end holds: until"
        ),
    ],
)
def test_capacity_ends_with_its_last_day_and_places_with_enrolment_and_season(
    capacity: dict[str, object], season: dict[str, str] | None, today: date, status: str
) -> None:
    assert capacity_on(today, make_activity(capacity=capacity, season=season)) == status


WINTER = [day("2026-12-01") + timedelta(days=n) for n in range(90)]
DAYS = st.sampled_from(WINTER)


@st.composite
def seasons(draw: st.DrawFn) -> dict[str, date]:
    first, last = sorted([draw(DAYS), draw(DAYS)])
    enrol_by = draw(st.none() | DAYS.filter(lambda one: one <= last))
    return {"from": first, "to": last, **({"enrol_by": enrol_by} if enrol_by else {})}


CAPACITIES = st.builds(
    lambda status, until: {"status": status, "until": until}, st.sampled_from(["open", "waitlist", "ask", "full"]), DAYS
) | st.sampled_from([{"status": "open"}, {"status": "ask"}])


@settings(deadline=None)
@given(CAPACITIES, st.none() | seasons())
def test_capacity_periods_cover_every_day_once_and_agree_with_the_day(
    capacity: dict[str, object], season: dict[str, date] | None
) -> None:
    activity = make_activity(capacity=capacity, season=season)
    periods = capacity_periods(activity)
    assert_tiles([period for period, _ in periods])
    for today in [date.min, *(WINTER[0] + timedelta(days=n) for n in range(-2, 95)), date.max]:
        assert [status for period, status in periods if period.includes(today)] == [capacity_on(today, activity)]


def assert_tiles(periods: list[Period]) -> None:
    """All time from the beginning to the end, each period from the day after the one before."""
    assert periods[0].first is None
    assert periods[-1].last is None
    for before, after in pairwise(periods):
        assert before.last is not None
        assert after.first == before.last + DAY
    assert all(period.first is None or period.last is None or period.first <= period.last for period in periods)
