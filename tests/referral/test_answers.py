"""The association's answers: signed links, and one mail for each answer."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from lambda_common.services import Item
from lambda_common.signed_word import write_word
from lambda_referral.answers import ANSWERS, Token, write_token
from tests.referral.builders import (
    ACTIVITY,
    COORDINATOR,
    NOW,
    ORGANISATION,
    RESIDENT,
    SECRETS,
    SENDER,
    SOMEONE_CLOSE,
    Counter,
    make_settings,
)

EXPIRES = int(NOW.timestamp()) + 60 * 86400


def token_in(counter: Counter) -> str:
    found = re.search(r"/vastaa/#(\S+)\.contacted", counter.outbox[0].text)
    assert found
    return found[1]


def answered(counter: Counter, token: Any, answer: Any = "contacted") -> tuple[int, dict[str, Any]]:
    return counter.post("/api/vastaus", {"token": token, "answer": answer})


@pytest.fixture
def token(counter: Counter) -> str:
    counter.refer()
    return token_in(counter)


@pytest.mark.parametrize("answer", ANSWERS)
def test_professional_hears_the_answer_the_reference_and_the_association(counter: Counter, token: str, answer: str) -> None:
    reference = counter.outbox[0].tags["viite"]
    place_to_edit = {"organisation": ORGANISATION, "activity": ACTIVITY} if answer == "full" else {}
    assert answered(counter, token, answer) == (202, {"reference": reference, **place_to_edit})
    mail = counter.outbox[-1]
    assert mail.to == SENDER
    assert mail.subject == f"Vastaus yhteydenottopyyntöön {reference}"
    assert f"Viite: {reference}" in mail.text
    assert "Yhdistys: Savon Esimerkkiyhdistys ry" in mail.text


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("contacted", "Yhdistys on ottanut yhteyttä."),
        ("not_reached", "Yhdistys ei ole tavoittanut ihmistä."),
        ("full", "Ryhmä on täynnä."),
        ("unsuitable", "Pyyntö ei sovi yhdistykselle."),
    ],
)
def test_each_answer_has_its_own_sentence(counter: Counter, token: str, answer: str, sentence: str) -> None:
    answered(counter, token, answer)
    assert sentence in counter.outbox[-1].text


def test_answer_tells_nothing_of_the_client(counter: Counter, token: str) -> None:
    answered(counter, token)
    mail = counter.outbox[-1]
    everything = mail.text + mail.html + repr((mail.subject, mail.headers, mail.tags))
    for word in ("Matti", "123", "4567", "rollaattori", "Torstairyhmä", "kuopio", "Kuopio", "Maija Esimerkki"):
        assert word not in everything.replace("Savon Esimerkkiyhdistys", "")


@pytest.mark.parametrize("changes", [RESIDENT, SOMEONE_CLOSE], ids=["self", "close"])
def test_coordinator_hears_of_residents_requests(counter: Counter, changes: dict[str, Any]) -> None:
    counter.refer(**changes)
    answered(counter, token_in(counter))
    assert counter.outbox[-1].to == COORDINATOR


def test_answer_mail_can_never_cause_another(counter: Counter, token: str) -> None:
    answered(counter, token)
    assert counter.outbox[-1].headers["Auto-Submitted"] == "auto-replied"
    assert "X-Tarjotin-Viite" not in counter.outbox[-1].headers


def test_same_answer_twice_is_one_mail(counter: Counter, token: str) -> None:
    first = answered(counter, token)
    assert answered(counter, token) == first
    assert len(counter.outbox) == 2


def test_another_answer_to_the_same_request_is_told_too(counter: Counter, token: str) -> None:
    answered(counter, token, "not_reached")
    answered(counter, token, "contacted")
    assert len(counter.outbox) == 3


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_scanner_that_opens_the_link_changes_nothing(counter: Counter, token: str, method: str) -> None:
    assert counter.get("/api/vastaus", token=token, answer="contacted") == (405, {"code": "method"})
    assert len(counter.outbox) == 1


def changed_at(token: str, place: int) -> str:
    return token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]


def test_token_changed_anywhere_is_refused(counter: Counter, token: str) -> None:
    for place in range(len(token)):
        assert answered(counter, changed_at(token, place)) == (403, {"code": "altered"}), place
    assert len(counter.outbox) == 1


ALTERED = {
    "padding": lambda token: token + "=",
    "dot": lambda token: token + ".",
    "space": lambda token: token + " ",
    "cut": lambda token: token[:-1],
    "doubled": lambda token: token * 2,
    "plus signs": lambda token: "+" + token[1:],
    "one character": lambda token: "A",
    "letters outside ASCII": lambda token: "ä" * 20,
    "signature alone": lambda token: token[:22],
    "other payload": lambda token: (
        token[:24] + base64.urlsafe_b64encode(b'["HT-TGEZ-P7","x",1,"x@example.org"]').decode().rstrip("=")
    ),
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_altered_token_is_refused(counter: Counter, token: str, alter: Any) -> None:
    assert answered(counter, alter(token)) == (403, {"code": "altered"})
    assert len(counter.outbox) == 1


def test_every_spelling_but_ours_of_the_same_bytes_is_refused(counter: Counter) -> None:
    """base64 leaves bits unused at the end: a token of such a length has several spellings that decode alike."""
    token = next(
        written
        for sender in ("", "a", "ab")
        if len(written := write_token(SECRETS, Token("HT-TGEZ-P7", ORGANISATION, ACTIVITY, EXPIRES, sender))) % 4 in (2, 3)
    )
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [token[:-1] + last for last in alphabet if last != token[-1]]
    padded = "=" * (-len(token) % 4)
    assert any(base64.urlsafe_b64decode(other + padded) == base64.urlsafe_b64decode(token + padded) for other in others)
    assert {answered(counter, other)[0] for other in others} == {403}


def test_token_lasts_sixty_days(counter: Counter, token: str) -> None:
    counter.wait(days=60)
    assert answered(counter, token)[0] == 202
    counter.wait(seconds=1)
    assert answered(counter, token, "full") == (410, {"code": "expired"})


def test_token_from_before_there_were_reminders_still_holds_and_knows_what_it_has_told(counter: Counter) -> None:
    payload = json.dumps(["HT-TGEZ-P7", ORGANISATION, ACTIVITY, EXPIRES, SENDER], separators=(",", ":")).encode()
    written = write_word(SECRETS, "answer", payload)
    digest = hashlib.sha256(payload).hexdigest()[:32]
    counter.store.put_new(f"v#{digest}#full", Item("sent", "a", EXPIRES))  # as it was kept then
    assert answered(counter, written, "full")[0] == 202
    assert counter.outbox == []
    assert answered(counter, written)[0] == 202
    assert [mail.to for mail in counter.outbox] == [SENDER]


def test_token_from_before_a_change_of_secrets_still_holds(counter: Counter, token: str) -> None:
    settings = make_settings()
    counter.settings = type(settings)((b"n" * 32, SECRETS[0]), settings.from_address, settings.site, settings.recipients)
    assert answered(counter, token)[0] == 202
    counter.settings = type(settings)((b"n" * 32,), settings.from_address, settings.site, settings.recipients)
    assert answered(counter, token, "full") == (403, {"code": "altered"})


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"token": "x", "answer": "maybe"}, {"answer": "choice"}),
        ({"token": "x", "answer": ["full"]}, {"answer": "choice"}),
        ({"token": "x"}, {"answer": "choice"}),
        ({"answer": "full"}, {"token": "form"}),
        ({"token": "", "answer": "full"}, {"token": "form"}),
        ({"token": 1, "answer": "full"}, {"token": "form"}),
        ({"token": "a" * 601, "answer": "full"}, {"token": "form"}),
        ({"token": "x", "answer": "full", "to": "x"}, {"body": "unknown_key"}),
        ({}, {"token": "form"}),
    ],
)
def test_answer_in_another_form_is_refused(counter: Counter, body: dict[str, Any], fields: dict[str, str]) -> None:
    assert counter.post("/api/vastaus", body) == (422, {"code": "invalid", "fields": fields})


def test_answer_that_did_not_leave_may_be_sent_again(counter: Counter, token: str) -> None:
    counter.mailer.mood = "not_sent"
    assert answered(counter, token) == (503, {"code": "not_sent"})
    counter.mailer.mood = "ok"
    assert answered(counter, token)[0] == 202


def test_answer_that_may_have_left_is_not_sent_again(counter: Counter, token: str) -> None:
    counter.mailer.mood = "uncertain"
    assert answered(counter, token) == (502, {"code": "uncertain"})
    counter.mailer.mood = "ok"
    assert answered(counter, token) == (409, {"code": "uncertain"})
    assert len(counter.outbox) == 2


@pytest.mark.parametrize("method", ["put_new", "get"])
def test_answer_without_the_store_is_not_sent(counter: Counter, token: str, method: str) -> None:
    if method == "get":
        answered(counter, token)
        counter.store.failing = {"get"}
    else:
        counter.store.failing = {"put_new"}
    before = len(counter.outbox)
    assert answered(counter, token) == (503, {"code": "not_sent"})
    assert len(counter.outbox) == before


def test_answer_about_an_association_that_has_left_is_still_told(counter: Counter, token: str) -> None:
    counter.settings = make_settings(organisations={})
    assert answered(counter, token)[0] == 202
    assert f"Yhdistys: {ORGANISATION}" in counter.outbox[-1].text


def test_token_holds_the_reference_the_association_its_activity_two_days_and_the_senders_address_only(token: str) -> None:
    payload = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[16:]
    reference, organisation, activity, expires, sender, remind_on = json.loads(payload)
    assert (organisation, activity, expires, sender, remind_on) == (ORGANISATION, ACTIVITY, EXPIRES, SENDER, "2026-11-30")
    assert reference.startswith("HT-")
