"""Counting without people: the numbers never exceed the truth, count nothing twice, and cost no request anything."""

from collections import Counter as Tally
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lambda_common.letter import KIND_HEADER, UPKEEP
from lambda_common.local import METHODS, event_about
from lambda_common.services import Mail, Services
from lambda_referral import counting
from lambda_referral.alerts import AlertsNotSent
from lambda_referral.counting import KINDS, TIMES
from lambda_referral.fields import ALL_ANSWERS
from tests.referral.builders import COORDINATOR, FROM, NOW, ORGANISATION, RESIDENT, Counter, make_settings, written_request
from tests.referral.test_canary import CANARY, canaries_in
from tests.referral.test_reminders import answered, asked, link_in

HOLIDAYS = make_settings().recipients.holidays


def numbers(counter: Counter, year: int = 2026, month: int = 11) -> dict[str, int]:
    """What has been counted in a month."""
    sheet = counter.store.sheets.get(counting.sheet_key(ORGANISATION, year), {})
    return {name[3:]: int(value) for name, value in sheet.items() if name[:3] == f"{month:02}."}


def token_of(mail: Mail) -> str:
    return link_in(mail, "vastaa", r"\.full")


def cancel(counter: Counter, body: dict[str, Any]) -> int:
    return counter.post("/api/peruutus", {"key": body["key"], "organisation": ORGANISATION})[0]


def bounce(counter: Counter, mail: Mail) -> None:
    counter.hear(event_about(mail, "Bounce", counter.now, FROM))


# What is counted


def test_request_that_left_is_counted_once_however_often_it_is_repeated(counter: Counter) -> None:
    body = asked(counter)
    counter.send(body)
    counter.send(counter.prove(body))
    assert numbers(counter) == {"requests": 1}


@pytest.mark.parametrize("mood", ["not_sent", "uncertain"])
def test_request_that_did_not_surely_leave_is_not_counted(counter: Counter, mood: Any) -> None:
    counter.mailer.mood = mood
    counter.refer()
    assert numbers(counter) == {}


def test_filled_honeypot_is_not_counted(counter: Counter) -> None:
    counter.refer(website="x")
    assert counter.store.sheets == {}


@pytest.mark.parametrize("answer", ["contacted", "not_reached", "full", "unsuitable", "unopened"])
def test_answer_is_counted_by_its_kind_and_its_time(counter: Counter, answer: str) -> None:
    asked(counter)
    counter.wait(days=2)
    answered(counter, token_of(counter.outbox[0]), answer)
    assert numbers(counter) == {"requests": 1, answer: 1, "days_2": 1}


def test_only_the_first_answer_to_a_request_is_counted(counter: Counter) -> None:
    asked(counter)
    token = token_of(counter.outbox[0])
    for answer in ("not_reached", "not_reached", "contacted", "full"):
        answered(counter, token, answer)
    assert numbers(counter) == {"requests": 1, "not_reached": 1, "days_1": 1}


def test_answer_that_did_not_leave_is_counted_when_it_does(counter: Counter) -> None:
    asked(counter)
    token = token_of(counter.outbox[0])
    counter.mailer.mood = "not_sent"
    answered(counter, token)
    assert numbers(counter) == {"requests": 1}
    counter.mailer.mood = "ok"
    answered(counter, token)
    assert numbers(counter)["contacted"] == 1


def test_cancellation_is_counted_once(counter: Counter) -> None:
    body = asked(counter)
    assert [cancel(counter, body) for _ in range(3)] == [202] * 3
    assert numbers(counter) == {"requests": 1, "cancelled": 1}


def test_bounce_is_counted_once_and_told_to_the_week(counter: Counter) -> None:
    asked(counter)
    mail = counter.outbox[0]
    for _ in range(3):
        bounce(counter, mail)
    assert numbers(counter) == {"requests": 1, "bounced": 1}
    assert counter.store.sheets["b#2026-W48"] == {ORGANISATION: "1"}


@pytest.mark.parametrize("kind", ["Complaint", "DeliveryDelay", "Reject"])
def test_other_events_are_no_bounces(counter: Counter, kind: str) -> None:
    asked(counter)
    counter.hear(event_about(counter.outbox[0], kind, NOW, FROM))
    assert numbers(counter) == {"requests": 1}


def test_bounce_of_a_check_mail_is_told_to_the_week_and_is_no_request(counter: Counter) -> None:
    headers, tags = {KIND_HEADER: UPKEEP}, {"laji": UPKEEP, "organisation": ORGANISATION}
    bounce(counter, Mail("tiedot@yhdistys.example.fi", "Tiedot", "", "", COORDINATOR, headers, tags))
    assert numbers(counter) == {}
    assert counter.store.sheets["b#2026-W48"] == {ORGANISATION: "1"}


# When


@pytest.mark.parametrize(
    ("asked_at", "answered_at", "time"),
    [
        ("2026-11-23T09:00", "2026-11-23T10:00", "days_1"),
        ("2026-11-23T09:00", "2026-11-24T21:59", "days_1"),
        ("2026-11-23T09:00", "2026-11-24T22:00", "days_2"),  # midnight in Finland
        ("2026-11-27T09:00", "2026-11-30T09:00", "days_1"),  # over a weekend
        ("2026-12-23T09:00", "2026-12-28T09:00", "days_1"),  # over Christmas
        ("2026-12-31T09:00", "2027-01-04T09:00", "days_1"),  # New Year
        ("2027-01-04T09:00", "2027-01-07T09:00", "days_2"),  # Epiphany
        ("2026-11-23T09:00", "2026-11-26T09:00", "days_5"),
        ("2026-11-23T09:00", "2026-11-30T09:00", "days_5"),
        ("2026-11-23T09:00", "2026-12-01T09:00", "longer"),
        ("2027-03-26T22:30", "2027-03-29T20:59", "days_1"),  # the change to summer time, at its edges
        ("2027-03-26T22:30", "2027-03-29T21:00", "days_2"),
        ("2026-10-23T20:59", "2026-10-26T21:59", "days_1"),  # and back
        ("2026-10-23T20:59", "2026-10-26T22:00", "days_2"),
        ("2026-06-30T09:00", "2026-07-02T09:00", "days_2"),  # July has working days
    ],
)
def test_time_of_an_answer_is_counted_in_finnish_working_days(asked_at: str, answered_at: str, time: str) -> None:
    moments = (datetime.fromisoformat(f"{one}:00+00:00") for one in (asked_at, answered_at))
    assert counting.time_of(*moments, HOLIDAYS) == time


def test_everything_about_a_request_is_counted_in_its_own_finnish_month(counter: Counter) -> None:
    counter.now = datetime(2026, 11, 30, 21, 59, tzinfo=UTC)  # 23:59 in Finland
    body = asked(counter)
    counter.wait(minutes=1)
    answered(counter, token_of(counter.outbox[0]))
    cancel(counter, body)
    asked(counter)
    assert numbers(counter) == {"requests": 1, "contacted": 1, "days_1": 1, "cancelled": 1}
    assert numbers(counter, month=12) == {"requests": 1}


def test_answer_in_the_next_year_is_counted_in_the_year_of_the_request(counter: Counter) -> None:
    counter.settings = make_settings(holidays=[])
    counter.now = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
    asked(counter)
    counter.now = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
    answered(counter, token_of(counter.outbox[0]))
    assert numbers(counter, month=12) == {"requests": 1, "contacted": 1, "longer": 1}
    assert numbers(counter, 2027, 1) == {}


def test_numbers_are_kept_for_twenty_five_months() -> None:
    assert datetime.fromtimestamp(counting.expiry(2026), UTC).date() == date(2028, 2, 1)
    assert counting.MONTHS_KEPT == (2028 - 2026) * 12 + (2 - 1)


# Whom it costs nothing


@pytest.mark.parametrize("method", ["add", "note", "amend", "drop", "read"])
def test_store_that_cannot_count_fails_nobody(counter: Counter, method: str) -> None:
    counter.store.failing = {method}
    body = asked(counter, tell_late=True)
    mail = counter.outbox[0]
    assert answered(counter, token_of(mail)) == 202
    assert cancel(counter, body) == 202
    bounce(counter, mail)
    counter.store.failing = set()
    counter.send(body)
    answered(counter, token_of(mail))
    assert len([one for one in counter.outbox if one.subject.startswith("Yhteydenottopyyntö HT")]) == 1


def test_function_about_to_be_stopped_counts_nothing(counter: Counter) -> None:
    left = iter([12.0, 4.9])
    counter.services = Services(counter.mailer, counter.store, lambda: NOW, seconds_left=lambda: next(left))
    assert counter.refer()[0] == 202
    assert counter.store.sheets == {}


def test_counting_stops_at_the_first_failure(counter: Counter) -> None:
    """A store that answers slowly is waited for once, not for every step."""
    counter.store.failing = {"add"}
    asked(counter)
    assert counter.store.sheets == {}


# Nothing about people


def test_sheets_hold_ids_months_and_numbers_only(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    for changes in ({}, RESIDENT):
        body = asked(counter, **{**CANARY, **changes})
        mail = counter.outbox[-1]
        answered(counter, token_of(mail))
        cancel(counter, body)
        bounce(counter, mail)
    sheet = counter.store.sheets[counting.sheet_key(ORGANISATION, 2026)]
    assert {name[3:] for name in sheet} <= set(KINDS)
    assert all(value.isdigit() for value in sheet.values())
    assert sheet == {f"11.{kind}": "2" for kind in ("requests", "contacted", "days_1", "cancelled", "bounced")}
    assert canaries_in(counter.kept + "".join(capfd.readouterr())) == set()


DEEDS = ("ask", "again", "answer", "cancel", "bounce", "wait", "mail", "store", "mend")
MOODS: dict[str, list[Any]] = {"mail": ["ok", "not_sent", "uncertain"]}


@examples(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(DEEDS), max_size=30), st.randoms(use_true_random=False))
def test_numbers_never_exceed_the_truth(deeds: list[str], chance: Any) -> None:
    """Whatever is repeated, and whichever call of the store fails."""
    counter = Counter()
    bodies: list[dict[str, Any]] = []
    sent: list[tuple[dict[str, Any], Mail]] = []
    truth: Tally[str] = Tally()
    told: set[tuple[str, str]] = set()

    def happened(kind: str, about: str) -> None:
        if (kind, about) not in told:
            told.add((kind, about))
            truth[kind] += 1

    for deed in deeds:
        if deed in ("ask", "again"):
            body = chance.choice(bodies) if deed == "again" and bodies else counter.prove(written_request(tell_late=True))
            bodies.append(body)
            before = len(counter.outbox)
            counter.send(body)
            if len(counter.outbox) > before:
                sent.append((body, counter.outbox[-1]))
                happened("requests", body["key"])
        elif deed == "answer" and sent:
            body, mail = chance.choice(sent)
            answered(counter, token_of(mail), chance.choice(["contacted", "full", "unopened"]))
            happened("answers", body["key"])
        elif deed == "cancel" and sent:
            body, _ = chance.choice(sent)
            cancel(counter, body)
            happened("cancelled", body["key"])
        elif deed == "bounce" and sent:
            body, mail = chance.choice(sent)
            happened("bounced", body["key"])
            with suppress(AlertsNotSent):
                bounce(counter, mail)
        elif deed == "wait":
            counter.wait(hours=chance.randint(1, 30))
        elif deed == "mail":
            counter.mailer.mood = chance.choice(MOODS["mail"])
        elif deed == "store":
            counter.store.failing = set(chance.sample(METHODS, chance.randint(1, 3)))
        elif deed == "mend":
            counter.store.failing = set()
    found = Tally(numbers(counter)) + Tally(numbers(counter, month=12))
    answers = sum(found[kind] for kind in ALL_ANSWERS)
    assert answers == sum(found[kind] for kind in (*TIMES, counting.LONGER))
    assert answers <= truth["answers"]
    assert all(found[kind] <= truth[kind] for kind in ("requests", "cancelled", "bounced"))
