"""The failure table of design.md, row by row: what is answered, what the same key gets again, and how many mails there are."""

from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lambda_common.local import LocalMailer, LocalStore
from lambda_common.reference import reference_of
from lambda_common.services import Item, Mail, Services, StoreDown
from tests.referral.builders import NOW, ORGANISATION, Counter, make_settings, solved_for, written_organisation, written_request

NOT_SENT, UNCERTAIN, REPEATED = (503, {"code": "not_sent"}), (502, {"code": "uncertain"}), (409, {"code": "uncertain"})


@pytest.fixture
def asked(counter: Counter) -> dict[str, Any]:
    return counter.prove(written_request())


def accepted(asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 202, {"reference": reference_of(asked["key"]), "due": "2026-11-26"}


def test_row_1_accepted_is_202_with_the_reference_and_the_day(counter: Counter, asked: dict[str, Any]) -> None:
    assert counter.send(asked) == accepted(asked)
    assert len(counter.outbox) == 1


def test_row_1_same_key_again_is_the_same_202_without_a_second_mail(counter: Counter, asked: dict[str, Any]) -> None:
    first = counter.send(asked)
    counter.wait(days=1)
    assert counter.send(asked) == first
    assert len(counter.outbox) == 1


def test_row_2_refused_by_ses_is_503_and_the_claim_is_gone(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood = "not_sent"
    assert counter.send(asked) == NOT_SENT
    assert (counter.outbox, counter.store.items) == ([], {})


def test_row_2_same_key_again_is_tried_anew(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood = "not_sent"
    counter.send(asked)
    counter.send(asked)
    counter.mailer.mood = "ok"
    assert counter.send(asked) == accepted(asked)
    assert len(counter.outbox) == 1


def test_row_2_failed_tries_do_not_use_up_the_limits(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood = "not_sent"
    for _ in range(30):
        assert counter.send(asked) == NOT_SENT
    assert set(counter.store.counts.values()) == {0}


def test_row_2_claim_that_cannot_be_removed_stays_closed(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood, counter.store.failing = "not_sent", {"delete"}
    assert counter.send(asked) == NOT_SENT
    counter.mailer.mood, counter.store.failing = "ok", set()
    assert counter.send(asked) == REPEATED
    assert counter.outbox == []


def test_row_3_uncertain_is_502_and_the_same_key_409(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood = "uncertain"
    assert counter.send(asked) == UNCERTAIN
    counter.mailer.mood = "ok"
    assert counter.send(asked) == REPEATED
    assert len(counter.outbox) == 1


def test_row_3_uncertain_and_the_store_fails_afterwards(counter: Counter, asked: dict[str, Any]) -> None:
    counter.mailer.mood, counter.store.failing = "uncertain", {"set_state"}
    assert counter.send(asked) == UNCERTAIN
    counter.mailer.mood, counter.store.failing = "ok", set()
    assert counter.send(asked) == REPEATED
    assert len(counter.outbox) == 1


@pytest.mark.parametrize("error", [RuntimeError("040 123 4567"), TimeoutError(), MemoryError(), KeyError("Matti")], ids=repr)
def test_row_3_whatever_else_the_mailer_raises_is_uncertain(counter: Counter, asked: dict[str, Any], error: Exception) -> None:
    class Broken(LocalMailer):
        def send(self, mail: Mail) -> None:
            self.outbox.append(mail)
            raise error

    counter.mailer = Broken()
    assert counter.send(asked) == UNCERTAIN
    assert counter.send(asked) == REPEATED
    assert len(counter.outbox) == 1


def test_row_3_function_killed_while_sending_leaves_the_key_closed(counter: Counter, asked: dict[str, Any]) -> None:
    class Killed(LocalMailer):
        def send(self, mail: Mail) -> None:
            self.outbox.append(mail)
            raise SystemExit  # nothing of ours runs after this, as when Lambda stops the function

    counter.mailer = Killed()
    with pytest.raises(SystemExit):
        counter.send(asked)
    counter.mailer = LocalMailer()
    assert counter.send(asked) == REPEATED
    assert counter.outbox == []


def test_row_4_sent_but_the_store_fails_afterwards_is_202_and_then_409(counter: Counter, asked: dict[str, Any]) -> None:
    counter.store.failing = {"set_state"}
    assert counter.send(asked) == accepted(asked)
    counter.store.failing = set()
    assert counter.send(asked) == REPEATED
    assert len(counter.outbox) == 1


@pytest.mark.parametrize("method", ["get", "put_new", "count"])
def test_row_5_store_down_before_sending_is_503_and_tried_anew(counter: Counter, asked: dict[str, Any], method: str) -> None:
    counter.store.failing = {method}
    assert counter.send(asked) == NOT_SENT
    assert (counter.outbox, counter.store.items) == ([], {})
    counter.store.failing = set()
    assert counter.send(asked) == accepted(asked)
    assert len(counter.outbox) == 1


def test_row_5_claim_that_was_written_although_the_store_failed_is_taken_back(counter: Counter, asked: dict[str, Any]) -> None:
    class Late(LocalStore):
        def put_new(self, key: str, item: Item) -> bool:
            super().put_new(key, item)
            raise StoreDown  # written, but the answer was lost

    counter.store = Late()
    assert counter.send(asked) == NOT_SENT
    assert counter.store.items == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"status": "paused"}, "paused"), ({"status": "closed"}, "closed"), ({"stale_after": None}, "stale")],
    ids=str,
)
def test_row_6_association_that_takes_none_is_422_and_nothing_is_kept(changes: dict[str, Any], code: str) -> None:
    counter = Counter(make_settings(organisations={ORGANISATION: written_organisation(**changes)}))
    assert counter.refer() == (422, {"code": code})
    assert (counter.outbox, counter.store.items, counter.store.counts) == ([], {}, {})


def test_same_key_with_another_body_is_409(counter: Counter, asked: dict[str, Any]) -> None:
    counter.send(asked)
    assert counter.send({**asked, "phone": "050 123 4567"}) == (409, {"code": "other_body"})
    assert len(counter.outbox) == 1


def test_same_key_for_another_association_is_409(counter: Counter, asked: dict[str, Any]) -> None:
    counter.send(asked)
    assert counter.send({**asked, "organisation": "toinen"}) == (409, {"code": "other_body"})


def test_new_proof_for_the_same_key_is_the_same_request(counter: Counter, asked: dict[str, Any]) -> None:
    first = counter.send(asked)
    assert counter.send(counter.prove(asked)) == first
    assert len(counter.outbox) == 1


def test_key_is_looked_up_before_everything_that_may_have_changed(counter: Counter, asked: dict[str, Any]) -> None:
    first = counter.send(asked)
    counter.settings = make_settings(organisations={ORGANISATION: written_organisation(status="paused", facts="f" * 16)})
    counter.wait(hours=2)
    assert counter.send({**asked, "proof": "expired and broken"}) == first
    assert len(counter.outbox) == 1


def test_repeat_after_a_change_of_secrets_is_still_the_same_request(counter: Counter, asked: dict[str, Any]) -> None:
    first = counter.send(asked)
    settings = make_settings()
    counter.settings = type(settings)((b"n" * 32, *settings.secrets), settings.from_address, settings.site, settings.recipients)
    assert counter.send(asked) == first


def test_too_little_time_left_is_503_instead_of_a_mail_cut_short(counter: Counter, asked: dict[str, Any]) -> None:
    counter.services = Services(counter.mailer, counter.store, lambda: NOW, seconds_left=lambda: 5.0)
    assert counter.send(asked) == NOT_SENT
    counter.services = None
    assert counter.send(asked) == accepted(asked)


FAULTS: dict[str, Callable[[Counter], None]] = {
    "nothing fails": lambda counter: None,
    "SES refuses": lambda counter: setattr(counter.mailer, "mood", "not_sent"),
    "SES does not tell": lambda counter: setattr(counter.mailer, "mood", "uncertain"),
    "store fails after sending": lambda counter: counter.store.failing.add("set_state"),
    "store cannot remove": lambda counter: counter.store.failing.add("delete"),
    "limits cannot be counted": lambda counter: counter.store.failing.add("count"),
    "SES does not tell and store fails": lambda counter: (
        setattr(counter.mailer, "mood", "uncertain"),
        counter.store.failing.add("set_state"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_twenty_at_once_with_one_key_make_one_mail_at_most(counter: Counter, asked: dict[str, Any], fault: Any) -> None:
    fault(counter)
    with ThreadPoolExecutor(20) as pool:
        statuses = Tally(status for status, _ in pool.map(counter.send, [asked] * 20))
    counter.mailer.mood, counter.store.failing = "ok", set()
    counter.send(asked)
    assert len(counter.outbox) <= 1
    assert set(statuses) <= {202, 409, 502, 503}


def test_twenty_at_once_with_keys_of_their_own_make_twenty_mails(counter: Counter) -> None:
    asked = [counter.prove(written_request()) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        assert {status for status, _ in pool.map(counter.send, asked)} == {202}
    assert len(counter.outbox) == 20


@pytest.mark.parametrize("value", ["x", "https://example.org", " "])
def test_filled_honeypot_looks_accepted_and_sends_nothing(counter: Counter, value: str) -> None:
    asked = counter.prove(written_request(website=value))
    assert counter.send(asked) == accepted(asked)
    assert (counter.outbox, counter.store.items) == ([], {})


@pytest.mark.parametrize(
    "raw", [{}, {"organisation": {"a": 1}, "key": 7}, {"organisation": "x", "key": "\ud800"}, {"extra": "x"}]
)
def test_honeypot_catches_whatever_the_robot_filled_in(counter: Counter, raw: dict[str, Any]) -> None:
    status, body = counter.send({**raw, "website": "x"})
    assert (status, body.keys()) == (202, {"reference", "due"})
    assert counter.outbox == []


def test_proof_is_only_asked_for_a_new_key(counter: Counter) -> None:
    raw = written_request()
    assert counter.send({**raw, "proof": solved_for(ORGANISATION, raw["key"])})[0] == 202
    assert counter.send(raw)[0] == 202
