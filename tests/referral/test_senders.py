"""Verified senders: a work mailbox is proven by what was mailed to it, and a request comes from the proven address alone."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from lambda_common.local import as_received, event_about
from lambda_common.services import Mail
from lambda_common.signed_word import write_word
from lambda_common.web import Refusal
from lambda_referral import answers, proving, senders
from lambda_referral.fields import MAX_TOKEN, SEALED_FIELDS
from lambda_referral.settings import Settings
from lambda_referral.values import Fault, email
from tests.referral.builders import (
    ACTIVITY,
    COORDINATOR,
    FROM,
    MAILBOX,
    NOW,
    ORGANISATION,
    RESIDENT,
    SECRETS,
    SENDER,
    SITE,
    SOMEONE_CLOSE,
    Counter,
    make_settings,
    new_key,
    solved_for,
    written_organisation,
    written_request,
)
from tests.referral.test_canary import _in_base64
from tests.referral.test_sealed import KEY, sealed_request

OTHER = "pekka.malli@pohjois-savo.example.fi"
LOUD = "Maija.Kanarialintu@Pohjois-Savo.EXAMPLE.fi"
NOT_PROVEN = (403, {"code": "sender"})


def verified(**changes: Any) -> Counter:
    return Counter(make_settings(senders="verified", **changes))


@pytest.fixture
def counter() -> Counter:
    return verified()


def ask(counter: Counter, address: str = SENDER, **changes: Any) -> tuple[int, dict[str, Any]]:
    key = changes.pop("key", None) or new_key()
    body = {"key": key, "email": address, "language": "fi", "proof": solved_for(proving.WORK, key, counter.now), "website": ""}
    return counter.post("/api/lahettaja", {**body, **changes})


def link_token(mail: Mail) -> str:
    [link] = set(re.findall(rf"{SITE}(?:/sv|/en)?/lahettaja/#t=(\S+)", mail.text))
    return str(link)


def code_in(mail: Mail) -> str:
    found = re.search(r"\b([2-9A-Z]{4}) ([2-9A-Z]{4})\b", mail.text)
    assert found
    return found[1] + found[2]


def prove(counter: Counter, **body: str) -> tuple[int, dict[str, Any]]:
    return counter.post("/api/lahettajatunnus", body)


def proof_of(counter: Counter, address: str = SENDER) -> dict[str, str]:
    """What a browser keeps after the whole round."""
    assert ask(counter, address)[0] == 202
    status, proof = prove(counter, token=link_token(counter.mailer.outbox.pop()))
    assert status == 200
    return proof


def refer(counter: Counter, token: str | None, **changes: Any) -> tuple[int, dict[str, Any]]:
    return counter.refer(**{"sender_email": None, "sender_token": token, **changes})


# From the asking to the association's mailbox


def test_address_that_was_proven_by_the_mailed_link_sends_for_ninety_days(counter: Counter) -> None:
    proof = proof_of(counter)
    assert (proof["email"], proof["until"]) == (SENDER, "2027-02-21")
    status, told = refer(counter, proof["token"])
    [mail] = counter.outbox
    assert (status, mail.to, mail.headers["X-Tarjotin-Sender"]) == (202, MAILBOX, SENDER)
    assert "Pyytäjän työsähköposti: Vahvistettu, pohjois-savo.example.fi" in mail.text
    assert SENDER not in mail.text + mail.html
    assert told["reference"] in mail.subject


def test_code_proves_the_address_for_the_page_that_asked(counter: Counter) -> None:
    key = new_key()
    ask(counter, key=key)
    code = code_in(counter.mailer.outbox.pop())
    status, proof = prove(counter, key=key, email=SENDER, code=code)
    assert (status, proof["email"]) == (200, SENDER)
    assert refer(counter, proof["token"])[0] == 202


@pytest.mark.parametrize(
    ("language", "page", "subject"),
    [
        ("fi", "/lahettaja/", "Vahvista työsähköpostisi"),
        ("sv", "/sv/lahettaja/", "Bekräfta din e-postadress i arbetet"),
        ("en", "/en/lahettaja/", "Confirm your work email"),
    ],
)
def test_mail_is_in_the_language_of_the_page_and_its_headers_are_our_own(
    counter: Counter, language: str, page: str, subject: str
) -> None:
    ask(counter, language=language)
    [mail] = counter.outbox
    assert (mail.to, mail.subject, dict(mail.tags)) == (SENDER, subject, {"laji": "ilmoitus"})
    assert f"{SITE}{page}#t=" in mail.text
    received = as_received(mail, FROM)
    assert received["Auto-Submitted"] == "auto-replied"
    said = {name: value for name, value in received.items() if name != "To"}
    assert "maija" not in repr(said).lower()


def test_answers_and_alerts_go_to_the_proven_address_and_never_to_a_typed_one(counter: Counter) -> None:
    refer(counter, proof_of(counter)["token"], sender_email=OTHER)
    request = counter.mailer.outbox.pop()
    link = re.search(r"/vastaa/#(\S+)\.contacted", request.text)
    assert link
    counter.post("/api/vastaus", {"token": link[1], "answer": "contacted"})
    counter.hear(event_about(request, "Bounce", NOW, FROM))
    assert [mail.to for mail in counter.outbox] == [SENDER, SENDER, COORDINATOR]


def test_sealed_request_needs_the_proof_too(counter: Counter) -> None:
    counter = verified(organisations={ORGANISATION: written_organisation(key_id=KEY.id)})
    proof = proof_of(counter)
    sent = counter.prove(sealed_request(sender_email=None, sender_token=proof["token"]))
    assert counter.send(sent)[0] == 202
    assert counter.send(counter.prove(sealed_request())) == NOT_PROVEN
    [mail] = counter.outbox
    assert mail.headers["X-Tarjotin-Sender"] == SENDER
    assert "Vahvistettu, pohjois-savo.example.fi" in mail.text
    assert "sender_token" in SEALED_FIELDS


@pytest.mark.parametrize("changes", [RESIDENT, SOMEONE_CLOSE], ids=["self", "close"])
def test_residents_prove_nothing_and_may_not_carry_a_token(counter: Counter, changes: dict[str, Any]) -> None:
    assert counter.refer(**changes)[0] == 202
    status, told = counter.refer(**{**changes, "sender_token": proof_of(counter)["token"]})
    assert (status, told["fields"]) == (422, {"sender_token": "not_for_sender"})


def test_open_region_believes_what_is_typed_but_no_false_token() -> None:
    counter = Counter()
    assert counter.refer()[0] == 202
    assert "Vahvistettu" not in counter.outbox[0].text
    good = proof_of(verified())["token"]
    assert refer(counter, good)[0] == 202
    assert refer(counter, good[:-1]) == NOT_PROVEN


def test_open_region_mails_no_links() -> None:
    counter = Counter()
    assert ask(counter) == (404, {"code": "not_found"})
    assert prove(counter, token="x") == (404, {"code": "not_found"})
    assert counter.outbox == []


# What does not hold


@pytest.mark.parametrize("token", [None, "", 7, ["x"], {"x": 1}, True, "x", "x" * 601, "AAAA", "ä", "a.b"], ids=repr)
def test_professional_without_a_proof_is_refused_and_nothing_is_sent(counter: Counter, token: Any) -> None:
    assert refer(counter, token) == NOT_PROVEN
    assert refer(counter, token, sender_email=SENDER) == NOT_PROVEN
    assert (counter.outbox, counter.store.items) == ([], {})


def test_proof_ends_after_its_last_day(counter: Counter) -> None:
    token = proof_of(counter)["token"]
    counter.now = datetime(2027, 2, 21, 21, 59, tzinfo=UTC)  # the last minute of the day in Finland
    assert refer(counter, token)[0] == 202
    counter.wait(minutes=1)
    assert refer(counter, token) == NOT_PROVEN


def test_domain_that_the_region_gives_up_sends_no_more(counter: Counter) -> None:
    token = proof_of(counter)["token"]
    counter.settings = make_settings(senders="verified", domains=["muu.example.fi"])
    assert refer(counter, token) == NOT_PROVEN


def settings_with(*secrets: bytes) -> Settings:
    known = make_settings(senders="verified")
    return Settings(secrets, known.from_address, known.site, known.recipients)


def test_proof_lives_through_a_change_of_secret_and_ends_when_the_old_one_is_taken_away(counter: Counter) -> None:
    token = proof_of(counter)["token"]
    newer = b"a-newer-secret-of-thirty-two-byt"
    assert senders.proven_address(settings_with(newer, SECRETS[0]), token, NOW) == SENDER
    with pytest.raises(Refusal):
        senders.proven_address(settings_with(newer), token, NOW)


def tokens_of_other_purposes(counter: Counter) -> dict[str, str]:
    """Whatever else we sign, also with the same words in it."""
    ask(counter)
    proof = json.dumps([SENDER, "2027-02-21"]).encode()
    about = answers.Token("HT-AAAA-AA", ORGANISATION, ACTIVITY, int(NOW.timestamp()) + 1000, SENDER)
    signed = {
        name: write_word(SECRETS, name, proof) for name in ("answer", "sender-link", "sender-code", "sender-address", "link")
    }
    return {**signed, "mail": link_token(counter.mailer.outbox.pop()), "request": answers.write_token(SECRETS, about)}


def test_token_of_another_purpose_proves_nothing(counter: Counter) -> None:
    found = tokens_of_other_purposes(counter)
    assert len(set(found.values())) == 7
    assert {name: refer(counter, token) for name, token in found.items()} == dict.fromkeys(found, NOT_PROVEN)


def test_senders_token_is_good_for_nothing_else(counter: Counter) -> None:
    token = proof_of(counter)["token"]
    assert prove(counter, token=token) == (403, {"code": "altered"})
    assert counter.post("/api/vastaus", {"token": token, "answer": "contacted"})[0] == 403


@pytest.mark.parametrize("character", ["A", "B", "_", "-", "9", "ä", "", "AA"])
def test_token_with_one_character_changed_proves_nothing(counter: Counter, character: str) -> None:
    token = senders.make_proof(counter.settings, SENDER, NOW)["token"]
    for place, old in enumerate(token):
        if character == old:
            continue
        with pytest.raises(Refusal):
            senders.proven_address(counter.settings, token[:place] + character + token[place + 1 :], NOW)


@given(
    st.one_of(
        st.text(), st.text("ABCDEFabcdef0123456789_-"), st.binary().map(lambda raw: write_word((b"x" * 32,), "sender", raw))
    )
)
@trials(deadline=None)
def test_nothing_that_anybody_writes_is_a_proof(written: str) -> None:
    with pytest.raises(Refusal):
        senders.proven_address(make_settings(senders="verified"), written, NOW)


PARTS = st.text("abcdefghijklmnopqrstuvwxyzABCDE0123456789.+_-", min_size=1, max_size=40)


@given(PARTS, st.integers(0, 89))
@trials(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_every_address_of_the_region_comes_back_as_it_was_proven(name: str, days: int) -> None:
    try:
        address = email(f"{name}@pohjois-savo.example.fi")
    except Fault:
        return
    known = make_settings(senders="verified")
    proof = senders.make_proof(known, address, NOW)
    assert senders.proven_address(known, proof["token"], NOW.replace(hour=1)) == address
    assert len(proof["token"]) <= MAX_TOKEN


def test_longest_address_fits_in_a_token() -> None:
    domain = ".".join(("d" * 60, "e" * 60, "f" * 60, "fi"))
    address = email(f"{'a' * 64}@{domain}")
    known = make_settings(senders="verified", domains=[domain])
    assert len(address) > 245
    assert len(senders.make_proof(known, address, NOW)["token"]) <= MAX_TOKEN


# A request that is repeated


def test_request_that_is_repeated_with_a_newer_proof_is_still_the_same(counter: Counter) -> None:
    asked = counter.prove({**written_request(sender_email=None), "sender_token": proof_of(counter)["token"]})
    first = counter.send(asked)
    counter.wait(hours=30)
    assert counter.send({**asked, "sender_token": proof_of(counter)["token"]}) == first
    assert counter.send({**asked, "sender_token": proof_of(counter, OTHER)["token"]}) == (409, {"code": "other_body"})
    assert len(counter.outbox) == 1


# Asking for the mail

WRONG: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "an address elsewhere": ({"address": "minna@gmail.com"}, {"email": "email_domain"}),
    "a domain that only ends so": ({"address": "minna@ei-pohjois-savo.example.fi"}, {"email": "email_domain"}),
    "a part of a domain": ({"address": "minna@x.pohjois-savo.example.fi"}, {"email": "email_domain"}),
    "no address": ({"address": ""}, {"email": "required"}),
    "no form of an address": ({"address": "minna"}, {"email": "email_form"}),
    "two addresses": ({"address": f"{SENDER}, {OTHER}"}, {"email": "email_form"}),
    "a line in the address": ({"address": f"{SENDER}\nBcc: x@example.org"}, {"email": "email_form"}),
    "no text": ({"address": 7}, {"email": "type"}),
    "another language": ({"language": "de"}, {"language": "choice"}),
    "something more": ({"phone": "040 123 4567"}, {"body": "unknown_key"}),
    "no key": ({"key": "1"}, {"key": "form"}),
}


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_wrong_asking_is_told_by_field_and_mails_nothing(counter: Counter, changes: dict[str, Any], told: dict[str, str]) -> None:
    assert ask(counter, **changes) == (422, {"code": "invalid", "fields": told})
    assert (counter.outbox, counter.store.items, counter.store.counts) == ([], {}, {})


def test_asking_needs_work_done_for_it(counter: Counter) -> None:
    key = new_key()
    for proof in ("", "x", solved_for(ORGANISATION, key), solved_for(proving.WORK, new_key())):
        assert ask(counter, key=key, proof=proof) == (403, {"code": "proof"})
    assert counter.outbox == []


def test_asking_must_come_from_our_own_page(counter: Counter) -> None:
    for headers in ({"origin": "https://muu.example.org"}, {"sec_fetch_site": "cross-site"}):
        assert counter.post("/api/lahettaja", {}, **headers)[0] == 403
    assert counter.post("/api/lahettaja", {}, content_type="text/plain")[0] == 415
    assert counter.get("/api/lahettaja")[0] == 405


def test_robot_is_told_that_all_is_well(counter: Counter) -> None:
    assert ask(counter, website="https://example.org") == (202, {})
    assert counter.outbox == []


def test_same_key_mails_once_and_never_to_another(counter: Counter) -> None:
    key = new_key()
    assert [ask(counter, key=key)[0] for _ in range(3)] == [202, 202, 202]
    assert ask(counter, OTHER, key=key) == (409, {"code": "other_body"})
    assert [mail.to for mail in counter.outbox] == [SENDER]


def test_mails_to_one_address_are_counted_by_day(counter: Counter) -> None:
    assert [ask(counter)[0] for _ in range(6)] == [202] * 5 + [429]
    assert ask(counter, SENDER.upper().replace("POHJOIS-SAVO.EXAMPLE.FI", "pohjois-savo.example.fi"))[0] == 429
    assert ask(counter, OTHER)[0] == 202
    counter.wait(days=1)
    assert ask(counter)[0] == 202


def test_mails_of_all_are_counted_by_day(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "MAILS_OF_ALL_A_DAY", 2)
    assert [ask(counter, f"hoitaja{n}@pohjois-savo.example.fi")[0] for n in range(3)] == [202, 202, 429]


@pytest.mark.parametrize(("mood", "told"), [("not_sent", (503, "not_sent")), ("uncertain", (502, "uncertain"))])
def test_mail_that_did_not_leave_is_told(counter: Counter, mood: Any, told: tuple[int, str]) -> None:
    counter.mailer.mood = mood
    status, body = ask(counter)
    assert (status, body["code"]) == told
    counter.mailer.mood = "ok"
    assert ask(counter)[0] == 202


def test_mail_that_certainly_did_not_leave_uses_up_no_limit(counter: Counter) -> None:
    counter.mailer.mood = "not_sent"
    assert [ask(counter)[0] for _ in range(9)] == [503] * 9
    counter.mailer.mood = "ok"
    assert ask(counter)[0] == 202


@pytest.mark.parametrize("method", ["put_new", "count"])
def test_without_the_store_nothing_is_mailed(counter: Counter, method: str) -> None:
    counter.store.failing = {method}
    assert ask(counter) == (503, {"code": "not_sent"})
    assert counter.outbox == []


def test_bounce_of_the_mail_tells_nobody(counter: Counter) -> None:
    ask(counter)
    counter.hear(event_about(counter.mailer.outbox.pop(), "Bounce", NOW, FROM))
    assert counter.outbox == []


# The link and the code


def test_link_and_code_die_within_an_hour(counter: Counter) -> None:
    key = new_key()
    ask(counter, key=key)
    mail = counter.mailer.outbox.pop()
    counter.wait(minutes=59)
    assert prove(counter, token=link_token(mail))[0] == 200
    assert prove(counter, key=key, email=SENDER, code=code_in(mail))[0] == 200
    counter.wait(minutes=2)
    assert prove(counter, token=link_token(mail)) == (410, {"code": "expired"})
    assert prove(counter, key=key, email=SENDER, code=code_in(mail)) == (410, {"code": "expired"})


def test_code_is_tried_five_times_and_then_even_the_right_one_is_refused(counter: Counter) -> None:
    key = new_key()
    ask(counter, key=key)
    code = code_in(counter.outbox[0])
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert [prove(counter, key=key, email=SENDER, code=wrong)[0] for _ in range(5)] == [403] * 5
    assert prove(counter, key=key, email=SENDER, code=code) == (429, {"code": "too_many"})


def test_code_is_good_only_for_the_key_and_the_address_that_asked(counter: Counter) -> None:
    key, other = new_key(), new_key()
    ask(counter, key=key)
    ask(counter, OTHER, key=other)
    code = code_in(counter.outbox[0])
    assert prove(counter, key=key, email=OTHER, code=code) == (403, {"code": "code"})
    assert prove(counter, key=other, email=SENDER, code=code) == (403, {"code": "code"})
    assert prove(counter, key=other, email=OTHER, code=code) == (403, {"code": "code"})
    assert prove(counter, key=new_key(), email=SENDER, code=code) == (410, {"code": "expired"})
    assert prove(counter, key=key, email=SENDER, code=code)[0] == 200


def test_code_of_an_address_that_nobody_mailed_is_refused_even_when_it_is_right(counter: Counter) -> None:
    key = new_key()
    ask(counter, key=key)
    assert prove(counter, key=key, email=OTHER, code=proving.code_of(SECRETS[0], key, OTHER)) == (403, {"code": "code"})


@pytest.mark.parametrize(
    "body", [{}, {"token": ""}, {"token": 7}, {"token": "x", "more": "y"}, {"code": "x"}, {"code": 7}], ids=str
)
def test_broken_exchange_is_refused_by_field(counter: Counter, body: dict[str, Any]) -> None:
    status, told = counter.post("/api/lahettajatunnus", body)
    assert (status, told["code"]) == (422, "invalid")


def test_link_mailed_before_the_region_gave_up_the_domain_proves_nothing(counter: Counter) -> None:
    ask(counter)
    counter.settings = make_settings(senders="verified", domains=["muu.example.fi"])
    assert prove(counter, token=link_token(counter.outbox[0])) == (422, {"code": "invalid", "fields": {"email": "email_domain"}})


def test_codes_are_unlike_each_other_and_easy_to_read() -> None:
    codes = {proving.code_of(SECRETS[0], new_key(), SENDER) for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{8}", code) for code in codes)
    for place in range(8):
        assert len({code[place] for code in codes}) == 31


# Nothing is left behind


def spellings(words: list[str]) -> set[str]:
    return {one.lower() for word in words for one in (word, word.encode().hex(), word[::-1], *_in_base64(word))}


def test_neither_address_token_nor_code_reaches_the_log_or_the_store(counter: Counter, capfd: pytest.CaptureFixture[str]) -> None:
    key = new_key()
    ask(counter, LOUD, key=key)
    mail = counter.mailer.outbox[0]
    link, code = link_token(mail), code_in(mail)
    proof = prove(counter, token=link)[1]
    prove(counter, key=key, email=LOUD, code=code)
    prove(counter, key=key, email=LOUD, code=code[::-1])
    prove(counter, token=link + "x")
    refer(counter, proof["token"])
    refer(counter, proof["token"] + "x")
    for mood in ("not_sent", "uncertain"):
        counter.mailer.mood = mood  # type: ignore[assignment]
        ask(counter, LOUD)
        refer(counter, proof["token"])
    for method in ("get", "put_new", "set_state", "delete", "count", "uncount"):
        counter.store.failing = {method}
        ask(counter, LOUD)
        prove(counter, key=key, email=LOUD, code=code)
    out = "".join(capfd.readouterr()).lower()
    kept = repr((counter.store.items, counter.store.counts)).lower()
    secret = spellings(["Kanarialintu", "maija.kanarialintu", code, link, proof["token"], link[24:], proof["token"][24:]])
    assert '"event":"lahettajatunnus"' in out
    assert {one for one in secret if one in out + kept} == set()
    assert any(one in repr(counter.outbox).lower() for one in secret), "the address did reach its own mailbox"


def test_unforeseen_error_in_the_proving_leaves_no_trace(
    counter: Counter, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*what: object, **more: object) -> None:
        raise RuntimeError(repr((what, more)))

    token = proof_of(counter, LOUD)["token"]
    for target in (
        "lambda_referral.proving.sender_mail",
        "lambda_referral.senders.read_word",
        "lambda_referral.proving.make_proof",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, fail)
            ask(counter, LOUD)
            prove(counter, token=token)
            refer(counter, token)
    out = "".join(capfd.readouterr()).lower()
    assert '"code":"runtimeerror"' in out
    assert {one for one in spellings(["kanarialintu", token, token[24:]]) if one in out} == set()
