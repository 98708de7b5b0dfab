"""Known names, numbers and addresses go through every bad input and every fault, and are found nowhere they should not be:
not in the log, not in the store, not in alerts and answers, not in what is told to the browser; in no spelling."""

import base64
import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from lambda_common.local import METHODS, LocalMailer, event_about
from lambda_common.services import Mail
from lambda_referral import alerts
from tests.referral.builders import (
    FROM,
    NOW,
    RESIDENT,
    SOMEONE_CLOSE,
    Counter,
    in_base64,
    post_event,
    solved_for,
    written_request,
)
from tests.referral.test_limits import BAD_PROOFS
from tests.referral.test_request import BODIES, WRONG
from tests.referral.test_values import BAD_EMAILS, BAD_PHONES, BAD_WORDS, IDENTITY_CODES

CANARY: dict[str, Any] = {
    "client_name": "Kanarialintu",
    "phone": "050 739 1846",
    "note": "Viherpeippo odottaa pihalla",
    "safe_time": "keltasirkun aikaan",
    "sender_name": "Punarinta Esimerkki",
    "sender_unit": "Västäräkkiyksikkö",
    "municipality": "pikkutervaskyla",
}
EMAIL = "hippiainen.kuha@example.fi"
BY_EMAIL: dict[str, Any] = {"phone": None, "email": EMAIL, "contact_by": "email"}
WORDS = ("Kanarialintu", "Viherpeippo", "keltasirkun", "Punarinta", "Västäräkki", "hippiainen", "pikkutervaskyla", EMAIL)
NUMBERS = ("0507391846", "507391846", "+358507391846", "050 739 1846", "050 7391846", "7391846", "6481937050")


def _in_base64(text: str) -> Iterator[str]:
    """Whatever stands before it in the encoded text, one of three windows of its base64 shows."""
    for shift in range(3):
        encoded = base64.b64encode(b"\x00" * shift + text.encode()).decode().rstrip("=")
        yield encoded[4 if shift else 0 : -1]


def spellings() -> set[str]:
    """Each canary plain, escaped as JSON and in percent, in hexadecimal, in base64, and backwards."""
    found: set[str] = set()
    for text in (*WORDS, *NUMBERS):
        found |= {text, text.upper(), json.dumps(text)[1:-1], quote(text), text.encode().hex(), text[::-1], *_in_base64(text)}
        found |= {"".join(f"%{byte:02X}" for byte in text.encode()), repr(text.encode())[2:-1]}
    return {one.lower() for one in found if len(one) > 5}


SPELLINGS = spellings()
EVERY_PATH = ("/api/ohjaus", "/api/peruutus", "/api/vastaus", f"/api/{EMAIL}")
ODD_BODIES: list[dict[str, str]] = [
    {word: word for word in WORDS},
    {"token": EMAIL, "answer": EMAIL},
    {"key": NUMBERS[0], "organisation": EMAIL},
]


def canaries_in(text: str) -> set[str]:
    low = text.lower()
    return {one for one in SPELLINGS if one in low}


class Broken(LocalMailer):
    def send(self, mail: Mail) -> None:
        raise RuntimeError(mail.text)


def everything_bad() -> Iterator[tuple[str, Any]]:
    """Requests that are refused, each with canaries in all its other fields."""
    valid = written_request(**CANARY)
    for name, (field, value, _) in WRONG.items():
        yield name, {**valid, field: value}
    for name, (value, _) in BAD_PHONES.items():
        yield name, {**valid, "phone": value + CANARY["phone"]}
    for name, value in BAD_EMAILS.items():
        yield name, {**valid, "sender_email": value + EMAIL}
    for name, (value, _) in BAD_WORDS.items():
        yield name, {**valid, "note": f"{CANARY['note']} {value}"}
    for name, value in IDENTITY_CODES.items():
        yield name, {**valid, "client_name": f"Kanarialintu {value}"}
    for name, spoil in BAD_PROOFS.items():
        yield name, {**valid, "proof": spoil(solved_for(valid["organisation"], valid["key"]))}
    for word in WORDS:
        yield f"key {word}", {**valid, word: word}
        yield f"organisation {word}", {**valid, "organisation": word, "key": word, "facts": word, "proof": word}


def everything_broken() -> Iterator[bytes]:
    whole = json.dumps(written_request(**CANARY)).encode()
    yield from (body + whole for body in BODIES.values())
    yield from (whole[:-1], whole * 2, whole[:-1] + b"\xff}", b"[" + whole + b"]", whole[:-1] + b',"key":1}', whole + b" " * 9000)


def refer_through_every_fault(counter: Counter) -> None:
    for changes in ({}, RESIDENT, SOMEONE_CLOSE, BY_EMAIL):
        said: dict[str, Any] = {**CANARY, **changes}
        counter.refer(**said)
        for mood in ("not_sent", "uncertain"):
            counter.mailer.mood = mood  # type: ignore[assignment]
            asked = counter.prove(written_request(**said))
            counter.send(asked)
            counter.send({**asked, "note": "muuta"})
        counter.mailer.mood = "ok"
        for method in METHODS:
            counter.store.failing = {method}
            counter.refer(**said)
        counter.store.failing = set()


@pytest.fixture
def told() -> list[str]:
    """What the browser was answered."""
    return []


def test_canaries_would_be_noticed() -> None:
    for text in (*WORDS, *NUMBERS):
        for leak in (
            text,
            quote(text),
            json.dumps({"a": text}),
            base64.b64encode(f"ab{text}cd".encode()).decode(),
            text.encode().hex(),
        ):
            assert canaries_in(f"x {leak} y"), leak


def test_no_bad_input_leaves_a_trace(counter: Counter, capfd: pytest.CaptureFixture[str], told: list[str]) -> None:
    for name, raw in everything_bad():
        event = post_event("/api/ohjaus", raw)
        for one in (event, in_base64(event), {**event, "headers": {**event["headers"], "origin": f"https://{EMAIL}"}}):
            status, body = counter.call(one)
            assert status >= 400, name
            told.append(json.dumps(body))
    told += [json.dumps(counter.post("/api/ohjaus", body)) for body in everything_broken()]
    told += [json.dumps(counter.post(path, raw)) for path, raw in product(EVERY_PATH, ODD_BODIES)]
    told.append(json.dumps(counter.get("/api/haaste", jarjesto=EMAIL, avain=NUMBERS[0])))
    told.append(json.dumps(counter.call({"requestContext": EMAIL, "body": NUMBERS[0]})))
    assert counter.outbox == []
    assert canaries_in("".join(told)) == set()
    assert canaries_in(counter.kept) == set()
    assert canaries_in("".join(capfd.readouterr())) == set()


def test_no_fault_leaves_a_trace(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    refer_through_every_fault(counter)
    assert counter.outbox, "the canaries did reach the association"
    assert canaries_in(counter.outbox[0].text)
    assert canaries_in(counter.kept) == set()
    assert canaries_in("".join(capfd.readouterr())) == set()


def test_unforeseen_errors_leave_no_trace(
    counter: Counter, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*what: object, **more: object) -> None:
        raise RuntimeError(repr((what, more)))

    counter.mailer = Broken()
    counter.refer(**CANARY)
    for target in (
        "lambda_referral.referral.read_referral",
        "lambda_referral.referral.request_mail",
        "lambda_common.proof.check_proof",
        "lambda_common.once.take",
        "lambda_referral.handler.read_post",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, fail)
            status, body = counter.refer(**CANARY)
            assert (status, body) == (502, {"code": "uncertain"})
    out = "".join(capfd.readouterr())
    assert '"code":"RuntimeError"' in out
    assert canaries_in(out) == set()


def test_nothing_but_the_mail_itself_carries_the_client(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    """Headers, tags, events, alerts, answers and cancellations."""
    for changes in ({}, RESIDENT, BY_EMAIL):
        asked = counter.prove(written_request(**{**CANARY, **changes}))
        counter.send(asked)
        mail = counter.outbox[-1]
        counter.post("/api/peruutus", {"key": asked["key"], "organisation": asked["organisation"]})
        token = mail.text.partition("/vastaa/#")[2].partition(".contacted")[0]
        for answer in ("contacted", "not_reached", "full", "unsuitable"):
            counter.post("/api/vastaus", {"token": token, "answer": answer})
        event = event_about(mail, "Bounce", NOW, FROM)
        assert canaries_in(json.dumps(event)) == set()
        counter.hear(event)
        assert canaries_in(repr((mail.subject, mail.headers, mail.tags, mail.to, mail.reply_to))) == set()
        assert canaries_in(token + base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1")) == set()
    others = [mail for mail in counter.outbox if "vastaa/#" not in mail.text]
    assert len(others) == 3 + 3 * 4 + 5
    assert canaries_in(repr(others)) == set()
    assert canaries_in(counter.kept) == set()
    assert canaries_in("".join(capfd.readouterr())) == set()


def test_events_that_carry_canaries_pass_none_on(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    """As when somebody's own mail bounces with a whole message in its diagnosis."""
    counter.refer()
    mail = counter.outbox.pop()
    message = json.loads(event_about(mail, "Bounce", NOW, FROM)["Records"][0]["Sns"]["Message"])
    message["bounce"] = {"bouncedRecipients": [{"diagnosticCode": " ".join((*WORDS, *NUMBERS))}]}
    message["mail"]["headers"] += [{"name": "Subject", "value": CANARY["note"]}, {"name": "X-Tarjotin-Sender", "value": EMAIL}]
    message["mail"]["messageId"] = EMAIL
    message["mail"]["timestamp"] = NUMBERS[0]
    counter.hear({"Records": [{"Sns": {"Message": json.dumps(message)}}, {"Sns": {"Message": EMAIL}}]})
    counter.mailer.mood = "not_sent"
    counter.store.items.clear()
    with pytest.raises(alerts.AlertsNotSent):
        counter.hear({"Records": [{"Sns": {"Message": json.dumps(message)}}]})
    assert counter.outbox
    assert canaries_in(repr(counter.outbox)) == set()
    assert canaries_in("".join(capfd.readouterr()) + counter.kept) == set()
