"""Sealed requests behind the function's paths: what it takes, what it refuses, and that it never meets the client."""

import json
import re
from typing import Any

import pytest

from lambda_common.local import as_received, event_about
from lambda_referral.fields import FIELDS, MAX_SEALED, SEALED_FIELDS
from lambda_referral.request import read_referral
from tests import sealing
from tests.referral.builders import (
    ACTIVITY,
    FACTS,
    FROM,
    MAILBOX,
    NOW,
    ORGANISATION,
    SENDER,
    SITE,
    Counter,
    make_settings,
    new_key,
    post_event,
    written_organisation,
)
from tests.referral.test_canary import CANARY, EMAIL, canaries_in
from tests.sealing import KnownKey

KEY = KnownKey("kerho", "aurinko kettu lampi omena polku saari tuuli vene")
TIME = "20261123T0900Z"
PRIVATE = ("client_name", "phone", "email", "whose", "contact_by", "language", "interpreter", "municipality", "safe_time")
PRIVATE += ("voicemail", "may_name", "under_15", "note", "sender_name", "sender_unit")


def make_counter(**changes: Any) -> Counter:
    return Counter(make_settings(organisations={ORGANISATION: written_organisation(key_id=KEY.id)}, **changes))


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def sealed_request(plain: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """As the sender's browser posts it; None leaves a field out."""
    info = sealing.info_of(ORGANISATION, KEY.id, "HT-7K3M-9Q", TIME)
    written = {
        "key": new_key(),
        "organisation": ORGANISATION,
        "activity": ACTIVITY,
        "facts": FACTS,
        "website": "",
        "sender": "professional",
        "sender_email": SENDER,
        "consent": True,
        "consent_version": "2026-11",
        "sealed": sealing.as_text(sealing.seal(KEY.public, info, sealing.padded(plain or CANARY))),
        "key_id": KEY.id,
        "sealed_at": TIME,
        **changes,
    }
    return {name: value for name, value in written.items() if value is not None}


def refer(counter: Counter, **changes: Any) -> tuple[int, dict[str, Any]]:
    return counter.send(counter.prove(sealed_request(**changes)))


SELF: dict[str, Any] = {"sender": "self", "sender_email": None}
CLOSE: dict[str, Any] = {"sender": "close", "sender_email": None, "knows": True}


@pytest.mark.parametrize("changes", [{}, SELF, CLOSE], ids=["professional", "self", "close"])
def test_sealed_request_becomes_a_mail_whose_link_carries_it_whole(counter: Counter, changes: dict[str, Any]) -> None:
    asked = counter.prove(sealed_request(**changes))
    status, told = counter.send(asked)
    [mail] = counter.outbox
    assert (status, mail.to, mail.subject) == (202, MAILBOX, f"Yhteydenottopyyntö {told['reference']}")
    links = re.findall(rf"{SITE}/avaa/#(\S+)", mail.text)
    assert len(links) == 1
    said, _ = sealing.read_code(links[0])
    assert said["sealed"] == asked["sealed"]
    assert int(said["length"]) == len(asked["sealed"])
    about = {name: said[name] for name in ("version", "organisation", "key", "reference", "time", "due")}
    assert about == {
        "version": "HT1",
        "organisation": ORGANISATION,
        "key": KEY.id,
        "reference": told["reference"],
        "time": TIME,
        "due": told["due"],
    }
    assert mail.text.count(links[0]) == 2, "as a link and as a code to paste"
    assert links[0] in mail.html
    assert mail.headers.get("X-Tarjotin-Sender") == asked.get("sender_email")


def test_mail_has_five_answers_and_the_fifth_says_that_it_could_not_be_opened(counter: Counter) -> None:
    refer(counter)
    token = re.search(r"/vastaa/#(\S+)\.unopened", counter.outbox[0].text)
    assert token
    assert len(set(re.findall(r"/vastaa/#\S+\.(\w+)", counter.outbox[0].text))) == 5
    assert sealing.read_code(re.findall(r"/avaa/#(\S+)", counter.outbox[0].text)[0])[0]["token"] == token[1]
    assert counter.post("/api/vastaus", {"token": token[1], "answer": "unopened"})[0] == 202
    answer = counter.outbox[-1]
    assert answer.to == SENDER
    assert "ei saanut pyyntöä auki" in answer.text
    assert "could not open the request" in answer.text


def test_plain_request_has_four_answers() -> None:
    counter = Counter()
    counter.refer()
    assert ".unopened" not in counter.outbox[0].text


# What the function may meet


def test_nothing_about_the_client_is_a_field_of_a_sealed_request() -> None:
    assert set(PRIVATE) & SEALED_FIELDS.keys() == set()
    assert set(FIELDS) - set(SEALED_FIELDS) == set(PRIVATE)


@pytest.mark.parametrize("name", PRIVATE)
def test_client_field_in_the_open_beside_a_seal_is_refused(counter: Counter, name: str) -> None:
    status, told = refer(counter, **{name: CANARY.get(name, "x")})
    assert (status, told["fields"]) == (422, {"body": "unknown_key"})
    assert counter.outbox == []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"sealed": ""}, {"sealed": "required"}),
        ({"sealed": "a b"}, {"sealed": "form"}),
        ({"sealed": "å"}, {"sealed": "form"}),
        ({"sealed": "A" * (MAX_SEALED + 1)}, {"sealed": "too_long"}),
        ({"sealed": ["A"]}, {"sealed": "type"}),
        ({"key_id": "0123"}, {"key_id": "form"}),
        ({"key_id": None}, {"key_id": "required"}),
        ({"sealed_at": "2026-11-23T09:00Z"}, {"sealed_at": "form"}),
        ({"sealed_at": "20261323T0900Z"}, {"sealed_at": "form"}),
        ({"sealed_at": "20261123T0900Z\n"}, {"sealed_at": "form"}),
        ({"consent": False}, {"consent": "consent"}),
        ({"sender_email": None}, {"sender_email": "required"}),
        ({"sender_email": "a@muualla.fi"}, {"sender_email": "email_domain"}),
        ({"sender": "close", "sender_email": None}, {"knows": "knows"}),
    ],
    ids=str,
)
def test_wrong_field_is_told_by_its_code(counter: Counter, changes: dict[str, Any], faults: dict[str, str]) -> None:
    status, told = refer(counter, **changes)
    assert (status, told.get("fields")) == (422, faults)


def test_largest_request_still_fits(counter: Counter) -> None:
    full = {name: "å" * (field.max or 0) for name, field in FIELDS.items() if field.kind == "text"}
    full |= {"activity": "ä" * 80, "municipality": "ä" * 80, "email": "a" * 254, "phone": "1" * 24}
    plain = sealing.padded({**dict.fromkeys(PRIVATE, True), **full, "sender": "professional", "consent_version": "x" * 20})
    assert len(plain) <= 2048
    assert refer(counter, plain={**dict.fromkeys(PRIVATE, True), **full})[0] == 202


@pytest.mark.parametrize("changes", [{"key_id": "0123456789abcdef"}, {"facts": "f" * 16}], ids=str)
def test_page_that_seals_to_another_key_is_told_to_refresh_itself(counter: Counter, changes: dict[str, Any]) -> None:
    assert refer(counter, **changes) == (422, {"code": "facts_changed"})
    assert counter.outbox == []


def test_association_with_a_key_gets_nothing_in_the_open(counter: Counter) -> None:
    assert counter.refer() == (422, {"code": "facts_changed"})


def test_association_without_a_key_gets_nothing_sealed() -> None:
    assert refer(Counter()) == (422, {"code": "facts_changed"})


@pytest.mark.parametrize("changes", [{}, {"sender": "self"}], ids=["professional", "self"])
def test_region_that_seals_everything_refuses_what_others_could_read(changes: dict[str, Any]) -> None:
    counter = Counter(make_settings(protection="sealed"))
    resident = {"sender_name": None, "sender_unit": None, "sender_email": None} if changes else {}
    assert counter.refer(**changes, **resident) == (403, {"code": "protection"})
    assert refer(make_counter(protection="sealed"))[0] == 202


def test_same_request_again_is_one_mail_and_another_seal_is_another_body(counter: Counter) -> None:
    asked = counter.prove(sealed_request())
    assert counter.send(asked) == counter.send(asked)
    assert len(counter.outbox) == 1
    again = {**asked, "sealed": sealed_request()["sealed"]}
    assert counter.send(again) == (409, {"code": "other_body"})


def test_requests_of_residents_count_for_the_association_and_the_day_only(counter: Counter) -> None:
    refer(counter, **SELF)
    assert sorted(key[0] for key in counter.store.counts) == ["d", "o"]
    refer(counter)
    assert sorted(key[0] for key in counter.store.counts) == ["d", "o", "s"]


# Canaries


def test_client_is_nowhere_in_input_log_store_mail_event_or_answer(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    plain = {**CANARY, "email": EMAIL}
    told: list[str] = []
    for changes in ({}, SELF, CLOSE):
        for mood in ("ok", "not_sent", "uncertain"):
            counter.mailer.mood = mood  # type: ignore[assignment]
            asked = counter.prove(sealed_request(plain=plain, **changes))
            event = post_event("/api/ohjaus", asked)
            told += [json.dumps(event), json.dumps(counter.call(event)), json.dumps(counter.send(asked))]
            told.append(json.dumps(counter.post("/api/peruutus", {"key": asked["key"], "organisation": ORGANISATION})))
    counter.mailer.mood = "ok"
    request = next(mail for mail in counter.outbox if "/avaa/" in mail.text)
    bounce = event_about(request, "Bounce", NOW, FROM)  # also what the queue of failed events would keep
    counter.hear(bounce)
    for mail in counter.outbox:
        told += [as_received(mail, FROM).as_bytes().decode("latin-1"), repr(mail)]
    assert canaries_in("".join(told) + json.dumps(bounce)) == set()
    assert canaries_in(counter.kept) == set()
    assert canaries_in("".join(capfd.readouterr())) == set()
    info = sealing.info_of(ORGANISATION, KEY.id, "HT-7K3M-9Q", TIME)
    [code] = re.findall(r"/avaa/#(\S+)", request.text)
    assert json.loads(sealing.unseal(KEY.private, info, sealing.read_code(code)[1])) == plain, "and it was there all the time"


def test_referral_that_is_sealed_holds_no_client_even_in_the_functions_memory() -> None:
    asked = {**sealed_request(), "proof": ""}
    referral = read_referral(asked, frozenset({"pohjois-savo.example.fi"}))
    assert {name: getattr(referral, name) for name in PRIVATE if getattr(referral, name)} == {}
