"""Peru pyyntö: one mail with the reference, to the mailbox that got the request."""

from typing import Any

import pytest

from tests.referral.builders import (
    ACTIVITY,
    MAILBOX,
    ORGANISATION,
    Counter,
    make_settings,
    new_key,
    written_organisation,
    written_request,
)


def cancelled(counter: Counter, key: Any, organisation: Any = ORGANISATION) -> tuple[int, dict[str, Any]]:
    return counter.post("/api/peruutus", {"key": key, "organisation": organisation})


@pytest.fixture
def key(counter: Counter) -> str:
    asked = counter.prove(written_request())
    assert counter.send(asked)[0] == 202
    return str(asked["key"])


def test_association_hears_that_the_request_is_cancelled(counter: Counter, key: str) -> None:
    reference = counter.outbox[0].tags["viite"]
    assert cancelled(counter, key) == (202, {"reference": reference})
    mail = counter.outbox[-1]
    assert (mail.to, mail.subject) == (MAILBOX, f"Peruttu yhteydenottopyyntö {reference}")
    assert f"Yhteydenottopyyntö {reference} on peruttu." in mail.text
    assert mail.headers == {"X-Tarjotin-Viite": reference, "Auto-Submitted": "auto-generated"}


def test_cancellation_tells_nothing_but_the_reference(counter: Counter, key: str) -> None:
    cancelled(counter, key)
    mail = counter.outbox[-1]
    for word in ("Matti", "4567", "rollaattori", "Torstairyhmä", "Maija", "vastaa/#"):
        assert word not in mail.text + mail.html


def test_cancelling_twice_is_one_mail(counter: Counter, key: str) -> None:
    assert cancelled(counter, key) == cancelled(counter, key)
    assert len(counter.outbox) == 2


def test_cancellation_goes_where_the_request_went() -> None:
    own = {ACTIVITY: {"name": {"fi": "Torstairyhmä"}, "email": "ryhmat@savon-esimerkki.example.fi"}}
    counter = Counter(make_settings(organisations={ORGANISATION: written_organisation(activities=own)}))
    asked = counter.prove(written_request())
    counter.send(asked)
    cancelled(counter, asked["key"])
    assert [mail.to for mail in counter.outbox] == ["ryhmat@savon-esimerkki.example.fi"] * 2


def test_unknown_key_is_404(counter: Counter, key: str) -> None:
    assert cancelled(counter, new_key()) == (404, {"code": "unknown"})
    assert cancelled(counter, key, "toinen") == (404, {"code": "unknown"})
    assert len(counter.outbox) == 1


def test_request_that_was_not_sent_cannot_be_cancelled(counter: Counter) -> None:
    counter.mailer.mood = "not_sent"
    asked = counter.prove(written_request())
    counter.send(asked)
    counter.mailer.mood = "ok"
    assert cancelled(counter, asked["key"])[0] == 404


def test_request_of_uncertain_fate_can_be_cancelled(counter: Counter) -> None:
    counter.mailer.mood = "uncertain"
    asked = counter.prove(written_request())
    counter.send(asked)
    counter.mailer.mood = "ok"
    assert cancelled(counter, asked["key"])[0] == 202


def test_cancelling_ends_after_two_days(counter: Counter, key: str) -> None:
    counter.wait(hours=48, seconds=1)
    assert cancelled(counter, key)[0] == 404


def test_association_on_a_pause_still_hears(counter: Counter, key: str) -> None:
    counter.settings = make_settings(organisations={ORGANISATION: written_organisation(status="paused")})
    assert cancelled(counter, key)[0] == 202


def test_association_that_has_left_cannot_be_told(counter: Counter, key: str) -> None:
    counter.settings = make_settings(organisations={})
    assert cancelled(counter, key) == (404, {"code": "unknown"})


@pytest.mark.parametrize(
    ("mood", "told", "again"),
    [("not_sent", (503, {"code": "not_sent"}), 202), ("uncertain", (502, {"code": "uncertain"}), 409)],
)
def test_cancelling_tells_the_truth_about_its_mail(counter: Counter, key: str, mood: Any, told: Any, again: int) -> None:
    counter.mailer.mood = mood
    assert cancelled(counter, key) == told
    counter.mailer.mood = "ok"
    assert cancelled(counter, key)[0] == again


@pytest.mark.parametrize("method", ["get", "put_new"])
def test_cancelling_without_the_store_is_not_sent(counter: Counter, key: str, method: str) -> None:
    counter.store.failing = {method}
    assert cancelled(counter, key) == (503, {"code": "not_sent"})
    assert len(counter.outbox) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"key": "x", "organisation": ORGANISATION}, {"key": "form"}),
        ({"key": 1, "organisation": ORGANISATION}, {"key": "type"}),
        ({"organisation": ORGANISATION}, {"key": "type"}),
        ({"key": new_key()}, {"organisation": "type"}),
        ({"key": new_key(), "organisation": ["x"]}, {"organisation": "type"}),
        ({"key": new_key(), "organisation": ORGANISATION, "to": "x"}, {"body": "unknown_key"}),
    ],
)
def test_cancellation_in_another_form_is_refused(counter: Counter, body: dict[str, Any], fields: dict[str, str]) -> None:
    assert counter.post("/api/peruutus", body) == (422, {"code": "invalid", "fields": fields})
