"""Who receives a request, and the reasons why an association does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from lambda_referral.recipients import Recipients
from tests.referral.builders import (
    ACTIVITY,
    MAILBOX,
    NOW,
    ORGANISATION,
    RESIDENT,
    SOMEONE_CLOSE,
    Counter,
    make_settings,
    written_organisation,
    written_recipients,
    written_request,
)


def counter_with(**changes: Any) -> Counter:
    return Counter(make_settings(organisations={ORGANISATION: written_organisation(**changes)}))


REASONS = {
    "closed": ({"status": "closed"}, "closed"),
    "paused": ({"status": "paused"}, "paused"),
    "on a pause": ({"pauses": [["2026-11-23", "2026-11-23"]]}, "paused"),
    "first day of a pause": ({"pauses": [["2026-11-23", "2026-12-31"]]}, "paused"),
    "last day of a pause": ({"pauses": [["2026-11-01", "2026-11-23"]]}, "paused"),
    "second pause": ({"pauses": [["2026-01-01", "2026-01-02"], ["2026-11-20", "2026-11-30"]]}, "paused"),
    "never confirmed": ({"stale_after": None}, "stale"),
    "confirmed too long ago": ({"stale_after": "2026-11-22"}, "stale"),
    "facts have changed": ({"facts": "f" * 16}, "facts_changed"),
    "activity takes no requests": ({"activities": {"toinen": {"name": {"fi": "Toinen"}}}}, "not_taken"),
    "closed before all else": ({"status": "closed", "stale_after": None, "facts": "f" * 16}, "closed"),
}


@pytest.mark.parametrize(("changes", "reason"), REASONS.values(), ids=REASONS)
def test_association_that_does_not_take_the_request_is_told_why(changes: dict[str, Any], reason: str) -> None:
    counter = counter_with(**changes)
    assert counter.refer() == (422, {"code": reason})
    assert (counter.outbox, counter.store.items) == ([], {})


@pytest.mark.parametrize("slug", ["toinen-yhdistys", "constructor", "a"])
def test_unknown_association_is_refused(counter: Counter, slug: str) -> None:
    assert counter.refer(organisation=slug) == (422, {"code": "unknown"})


@pytest.mark.parametrize(
    "changes",
    [
        {"pauses": [["2026-11-24", "2026-12-31"]]},
        {"pauses": [["2026-11-01", "2026-11-22"]]},
        {"pauses": []},
        {"stale_after": "2026-11-23"},
    ],
    ids=["pause begins tomorrow", "pause ended yesterday", "no pauses", "confirmed until today"],
)
def test_day_before_or_after_makes_the_difference(changes: dict[str, Any]) -> None:
    assert counter_with(**changes).refer()[0] == 202


def test_finnish_day_counts_and_not_that_of_greenwich() -> None:
    counter = counter_with(pauses=[["2026-11-24", "2026-11-24"]])
    counter.now = NOW.replace(hour=22, minute=30)  # half past midnight in Finland
    assert counter.refer() == (422, {"code": "paused"})


def test_region_without_a_decision_lets_no_professional_send() -> None:
    counter = Counter(make_settings(protection="none"))
    assert counter.refer() == (403, {"code": "protection"})
    assert counter.outbox == []


@pytest.mark.parametrize("changes", [{}, RESIDENT, SOMEONE_CLOSE], ids=["professional", "self", "close"])
def test_function_that_was_packed_long_ago_takes_no_requests(changes: dict[str, Any]) -> None:
    counter = Counter(make_settings(requests_until="2026-11-22"))
    assert counter.refer(**changes) == (422, {"code": "site_old"})
    assert (counter.outbox, counter.store.items) == ([], {})


def test_function_takes_requests_until_its_last_day() -> None:
    assert Counter(make_settings(requests_until="2026-11-23")).refer()[0] == 202


@pytest.mark.parametrize("changes", [RESIDENT, SOMEONE_CLOSE], ids=["self", "close"])
def test_residents_may_send_in_a_region_without_a_decision(changes: dict[str, Any]) -> None:
    assert Counter(make_settings(protection="none")).refer(**changes)[0] == 202


def test_mail_goes_to_the_address_in_the_file(counter: Counter) -> None:
    counter.refer()
    assert [mail.to for mail in counter.outbox] == [MAILBOX]


def test_activity_with_an_address_of_its_own_gets_the_mail() -> None:
    own = {ACTIVITY: {"name": {"fi": "Torstairyhmä"}, "email": "ryhmat@savon-esimerkki.example.fi"}}
    counter = counter_with(activities=own)
    counter.refer()
    assert [mail.to for mail in counter.outbox] == ["ryhmat@savon-esimerkki.example.fi"]


def test_file_that_names_the_places_lets_only_those_through() -> None:
    counter = Counter(make_settings(municipalities={"siilinjarvi": {"fi": "Siilinjärvi"}}))
    assert counter.refer(municipality="kuopio") == (422, {"code": "invalid", "fields": {"municipality": "choice"}})
    counter.refer(municipality="siilinjarvi")
    assert "Kunta: Siilinjärvi" in counter.outbox[0].text


@pytest.mark.parametrize("missing", written_recipients())
def test_file_without_a_part_does_not_start(tmp_path: Path, missing: str) -> None:
    raw = {name: value for name, value in written_recipients().items() if name != missing}
    file = tmp_path / "recipients.json"
    file.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(KeyError, match=missing):
        Recipients.load(file)


@pytest.mark.parametrize("changes", [{"version": 2}, {"protection": "smime"}, {"protection": ""}, {"senders": "known"}], ids=str)
def test_file_that_means_something_else_does_not_start(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="version, protection or senders"):
        Recipients.from_json(written_recipients(**changes))


@pytest.mark.parametrize("missing", ["per_organisation_hour", "per_sender_day", "all_day"])
def test_missing_limit_stops_the_start(missing: str) -> None:
    limits = {name: number for name, number in written_recipients()["limits"].items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        Recipients.from_json(written_recipients(limits=limits))


@pytest.mark.parametrize("missing", ["email", "status", "stale_after", "facts", "pauses", "phone"])
def test_association_without_a_part_stops_the_start_and_not_a_request(missing: str) -> None:
    found = {name: value for name, value in written_organisation().items() if name != missing}
    with pytest.raises(KeyError, match=ORGANISATION):
        Recipients.from_json(written_recipients(organisations={ORGANISATION: found}))


def test_request_never_carries_an_address(counter: Counter) -> None:
    raw = counter.prove(written_request())
    assert counter.send({**raw, "to": "x@example.org"}) == (422, {"code": "invalid", "fields": {"body": "unknown_key"}})
    assert counter.outbox == []
