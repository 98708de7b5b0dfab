"""Proof of work and caps."""

import base64
import json
import time
from typing import Any

import pytest

from lambda_common import proof
from tests.referral.builders import (
    NOW,
    ORGANISATION,
    RESIDENT,
    SECRETS,
    Counter,
    make_settings,
    new_key,
    solved,
    solved_for,
    written_organisation,
    written_request,
)

REFUSED = (403, {"code": "proof"})


def reopened(proof: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(proof))
    return found


def closed(payload: Any) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def with_parameters(proof: str, **changes: Any) -> str:
    payload = reopened(proof)
    payload["challenge"]["parameters"].update(changes)
    return closed(payload)


def test_challenge_from_the_function_is_solved_and_taken(counter: Counter) -> None:
    raw = written_request()
    status, body = counter.get("/api/haaste", jarjesto=ORGANISATION, avain=raw["key"])
    assert status == 200
    assert counter.send({**raw, "proof": solved(body["challenge"])})[0] == 202


def test_challenge_of_the_real_weight_takes_a_moment_to_solve_and_none_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "COST", 5000)
    monkeypatch.setattr(proof, "FEWEST_TRIES", 100)
    challenge = proof.make_challenge(SECRETS, ORGANISATION, new_key(), NOW)
    assert challenge["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert reopened(solved(challenge))["solution"]["counter"] >= 100


def test_proof_may_be_shown_again_for_its_own_key(counter: Counter) -> None:
    asked = counter.prove(written_request())
    counter.mailer.mood = "not_sent"
    counter.send(asked)
    counter.mailer.mood = "ok"
    assert counter.send(asked)[0] == 202


def test_proof_lasts_half_an_hour(counter: Counter) -> None:
    asked = counter.prove(written_request())
    counter.wait(minutes=30, seconds=1)
    assert counter.send(asked) == REFUSED


def test_proof_still_holds_in_the_last_minute(counter: Counter) -> None:
    asked = counter.prove(written_request())
    counter.wait(minutes=29)
    assert counter.send(asked)[0] == 202


def test_proof_from_before_a_change_of_secrets_still_holds(counter: Counter) -> None:
    raw = written_request()
    assert counter.send({**raw, "proof": solved_for(ORGANISATION, raw["key"], secrets=SECRETS[1:])})[0] == 202


BAD_PROOFS = {
    "missing": lambda good: None,
    "empty": lambda good: "",
    "not base64": lambda good: "!!!",
    "not JSON": lambda good: base64.b64encode(b"[[").decode(),
    "a list": lambda good: closed([]),
    "a number": lambda good: closed(1),
    "empty object": lambda good: closed({}),
    "challenge as text": lambda good: closed({"challenge": "x", "solution": "y"}),
    "parameters as list": lambda good: closed({"challenge": {"parameters": []}, "solution": {}}),
    "solution as text": lambda good: closed({**reopened(good), "solution": "x"}),
    "no signature": lambda good: closed(
        {**reopened(good), "challenge": {"parameters": reopened(good)["challenge"]["parameters"]}}
    ),
    "forged cost": lambda good: with_parameters(good, cost=2_000_000_000),
    "lighter cost": lambda good: with_parameters(good, cost=0),
    "forged end": lambda good: with_parameters(good, data={**reopened(good)["challenge"]["parameters"]["data"], "expires": 9e12}),
    "no data": lambda good: with_parameters(good, data=None),
    "data as list": lambda good: with_parameters(good, data=[]),
    "wrong answer": lambda good: closed({**reopened(good), "solution": {"counter": 1, "derivedKey": "00" * 32}}),
    "answer as list": lambda good: closed({**reopened(good), "solution": {"counter": [], "derivedKey": []}}),
    "nested deep": lambda good: base64.b64encode(b"[" * 1400).decode(),
    "signed with another secret": lambda good: solved_for(ORGANISATION, new_key(), secrets=(b"x" * 32,)),
}


@pytest.mark.parametrize("spoil", BAD_PROOFS.values(), ids=BAD_PROOFS)
def test_bad_proof_is_refused_at_once(counter: Counter, spoil: Any) -> None:
    asked = counter.prove(written_request())
    proof = spoil(asked["proof"])
    began = time.process_time()
    assert counter.send({**asked, "proof": proof}) == REFUSED
    assert time.process_time() - began < 1  # a forged cost of 2·10⁹ would take half an hour
    assert (counter.outbox, counter.store.items, counter.store.counts) == ([], {}, {})


def test_proof_for_another_key_is_refused(counter: Counter) -> None:
    spent = counter.prove(written_request())
    counter.send(spent)
    assert counter.send(written_request(proof=spent["proof"])) == REFUSED
    assert len(counter.outbox) == 1


def test_proof_for_another_association_is_refused() -> None:
    counter = Counter(make_settings(organisations={ORGANISATION: written_organisation(), "toinen": written_organisation()}))
    raw = written_request()
    assert counter.send({**raw, "proof": solved_for("toinen", raw["key"])}) == REFUSED


def counter_with(**caps: int) -> Counter:
    return Counter(make_settings(limits={"per_organisation_hour": 20, "per_sender_day": 40, "all_day": 500, **caps}))


TOO_MANY = (429, {"code": "too_many"})


def test_association_gets_so_many_an_hour() -> None:
    counter = counter_with(per_organisation_hour=3)
    assert [counter.refer()[0] for _ in range(4)] == [202, 202, 202, 429]
    counter.wait(hours=1)
    assert counter.refer()[0] == 202


def test_sender_sends_so_many_a_day() -> None:
    counter = counter_with(per_sender_day=2)
    assert [counter.refer()[0] for _ in range(3)] == [202, 202, 429]
    assert counter.refer(sender_email="toinen@pohjois-savo.example.fi")[0] == 202
    counter.wait(days=1)
    assert counter.refer()[0] == 202


def test_sender_is_the_same_in_capitals() -> None:
    counter = counter_with(per_sender_day=1)
    counter.refer()
    assert counter.refer(sender_email="MAIJA.ESIMERKKI@pohjois-savo.example.fi") == TOO_MANY


def test_nobodys_telephone_is_made_to_ring_by_many_requests() -> None:
    counter = counter_with(per_sender_day=2)
    assert [counter.refer(**RESIDENT)[0] for _ in range(3)] == [202, 202, 429]
    assert counter.refer(**RESIDENT, phone="050 123 4567")[0] == 202


def test_all_together_send_so_many_a_day() -> None:
    counter = counter_with(all_day=2)
    people = [f"a{number}@pohjois-savo.example.fi" for number in range(3)]
    assert [counter.refer(sender_email=person)[0] for person in people] == [202, 202, 429]


def test_request_over_a_limit_leaves_no_claim_and_may_be_tried_later() -> None:
    counter = counter_with(per_organisation_hour=1)
    counter.refer()
    asked = counter.prove(written_request())
    assert counter.send(asked) == TOO_MANY
    assert len(counter.store.items) == 1
    counter.wait(hours=1)
    assert counter.send(counter.prove(asked))[0] == 202


def test_what_one_limit_refuses_uses_up_no_other() -> None:
    counter = counter_with(per_sender_day=1, per_organisation_hour=2, all_day=2)
    counter.refer()
    for _ in range(5):
        assert counter.refer() == TOO_MANY
    assert counter.refer(sender_email="toinen@pohjois-savo.example.fi")[0] == 202


def test_repeats_of_a_key_use_up_nothing() -> None:
    counter = counter_with(all_day=2)
    asked = counter.prove(written_request())
    for _ in range(5):
        assert counter.send(asked)[0] == 202
    assert counter.refer()[0] == 202


def test_limits_are_kept_without_addresses_or_numbers(counter: Counter) -> None:
    counter.refer()
    counter.refer(**RESIDENT)
    kept = " ".join(counter.store.counts)
    assert "maija" not in kept
    assert "401234567" not in kept
