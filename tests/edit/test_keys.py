"""POST /api/avain: a key is used only after the mailbox of the requests has agreed and the coordinator has approved."""

from typing import Any

import pytest

from generator.content import parse_yaml
from tests.edit.builders import MAILBOX, MAINTAINER, OTHER, PRIVATE_FILE, SLUG, Office, call_another_number, new_key, token_in
from tests.sealing import KnownKey

FIRST, SECOND, THIRD = (KnownKey(name, "aurinko kettu") for name in ("eka", "toka", "kolmas"))
NEW_MAILBOX = "pyynnot@savon-esimerkki.example.fi"


@pytest.fixture(params=["one forge", "two forges"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office() if request.param == "one forge" else Office.of_two_forges()


def offer(office: Office, made: KnownKey, **changes: Any) -> tuple[int, dict[str, Any]]:
    written = made.written()
    body = {"token": office.token(), "key": new_key(), "public": written["public"], "wrapped": written["wrapped"], **changes}
    return office.post("/api/avain", body)


def agree(office: Office) -> tuple[int, dict[str, Any]]:
    return office.post("/api/osoite", {"token": token_in(office.mails_to(MAILBOX)[-1])})


def take_into_use(office: Office, key: KnownKey) -> None:
    assert offer(office, key)[0] == 202
    assert agree(office)[0] == 202
    assert office.approve()[0] == 200


def published(office: Office) -> list[str]:
    keys = parse_yaml(office.file()).get("request_keys", [])
    return [key["public"] for key in keys]


def test_key_waits_for_the_mailbox_and_for_the_coordinator(office: Office) -> None:
    status, told = offer(office, FIRST)
    assert (status, told["code"]) == (202, "waiting")
    [waiting] = office.waiting()
    assert waiting["awaiting"] == ["new_key"]
    assert {change["field"].partition(".")[0] for change in waiting["changes"]} == {"request_keys"}
    assert office.approve() == (409, {"code": "awaiting", "awaiting": ["new_key"]})
    assert published(office) == []
    [mail] = office.mails_to(MAILBOX)
    assert mail.subject == "Vahvista uusi avain"
    assert "/osoite/#t=" in mail.text


def test_key_is_used_when_both_have_said_yes_and_the_addresses_stay_as_they_were(office: Office) -> None:
    take_into_use(office, FIRST)
    assert published(office) == [FIRST.written()["public"]]
    assert parse_yaml(office.file())["request_keys"][0]["created_on"] == "2026-11-21"
    assert parse_yaml(office.private_file()) == parse_yaml(PRIVATE_FILE)
    assert office.waiting() == []
    told = office.mails_to(MAINTAINER)[-1]
    assert told.subject == "Yhdistyksenne tietoja on muutettu"


def test_key_before_the_newest_still_opens_and_the_one_before_it_goes(office: Office) -> None:
    for key in (FIRST, SECOND):
        take_into_use(office, key)
    assert published(office) == [key.written()["public"] for key in (SECOND, FIRST)]
    take_into_use(office, THIRD)
    assert published(office) == [key.written()["public"] for key in (THIRD, SECOND)]


def test_only_an_edit_link_offers_a_key(office: Office) -> None:
    for token in ("", "x", office.token("confirm"), office.token("approve"), office.token(generation=1)):
        assert offer(office, FIRST, token=token) == (403, {"code": "link"})
    assert office.waiting() == []
    assert office.outbox == []


@pytest.mark.parametrize(
    "changes",
    [{"public": "x"}, {"wrapped": "x"}, {"public": FIRST.written()["public"][:-1]}, {"key": "x"}, {"slug": OTHER}],
    ids=str,
)
def test_broken_offer_is_refused(office: Office, changes: dict[str, Any]) -> None:
    status, told = offer(office, FIRST, **changes)
    assert (status, told["code"]) == (422, "invalid")
    assert office.waiting() == []


def test_agreement_counts_for_the_key_that_was_asked_about_only(office: Office) -> None:
    offer(office, FIRST)
    earlier = token_in(office.mails_to(MAILBOX)[-1])
    offer(office, SECOND)
    assert office.post("/api/osoite", {"token": earlier}) == (409, {"code": "changed"})
    assert office.waiting()[0]["awaiting"] == ["new_key"]
    agree(office)
    office.approve()
    assert published(office) == [SECOND.written()["public"]]


def test_agreeing_twice_changes_nothing_more(office: Office) -> None:
    offer(office, FIRST)
    agree(office)
    head = office.waiting()[0]["head"]
    assert agree(office)[0] == 202
    assert office.waiting()[0]["head"] == head
    office.approve()
    assert agree(office)[0] == 202


def test_same_offer_again_is_one_question(office: Office) -> None:
    key = new_key()
    assert offer(office, FIRST, key=key)[0] == offer(office, FIRST, key=key)[0] == 202
    assert len(office.mails_to(MAILBOX)) == 1
    assert len(office.waiting()) == 1


def test_only_the_mailbox_of_the_requests_can_agree(office: Office) -> None:
    offer(office, FIRST)
    for address in (MAINTAINER, NEW_MAILBOX):
        forged = office.token("request-key", address=address, k=FIRST.id)
        assert office.post("/api/osoite", {"token": forged}) == (403, {"code": "link"})
    assert office.waiting()[0]["awaiting"] == ["new_key"]


def test_changing_the_mailbox_meanwhile_does_not_take_the_question_away(office: Office) -> None:
    offer(office, FIRST)
    office.edit(addresses={"referral_email": NEW_MAILBOX})
    assert office.waiting()[0]["awaiting"] == ["old_address", "new_address", "new_key"]
    office.post("/api/osoite", {"token": token_in(office.mails_to(NEW_MAILBOX)[-1])})
    agree(office)
    assert office.waiting()[0]["awaiting"] == ["new_key"]
    assert office.approve()[0] == 409


def test_other_edits_neither_change_the_key_nor_lose_it(office: Office) -> None:
    take_into_use(office, FIRST)

    def with_another_key(written: dict[str, Any]) -> None:
        call_another_number(written)
        written["request_keys"] = [SECOND.written()]

    assert office.edit(with_another_key)[0] == 202
    [waiting] = office.waiting()
    assert [change["field"] for change in waiting["changes"]] == ["contacts.0.phone"]
    office.approve()
    assert published(office) == [FIRST.written()["public"]]


def test_key_and_an_edit_that_waits_are_one_proposal_and_both_are_published(office: Office) -> None:
    office.edit(call_another_number)
    offer(office, FIRST)
    [waiting] = office.waiting()
    assert {change["field"].partition(".")[0] for change in waiting["changes"]} == {"contacts", "request_keys"}
    agree(office)
    assert office.approve()[0] == 200
    assert published(office) == [FIRST.written()["public"]]


def test_association_that_has_no_mailbox_for_requests_cannot_have_a_key(office: Office) -> None:
    path = f"content/private/{SLUG}.yaml"
    office.addresses.main[path] = "\n".join(line for line in PRIVATE_FILE.splitlines() if "referral_email" not in line) + "\n"
    status, told = offer(office, FIRST)
    assert (status, told["code"]) == (422, "invalid")


def test_question_that_did_not_leave_is_asked_when_the_offer_is_made_again(office: Office) -> None:
    key = new_key()
    office.mailer.mood = "not_sent"
    assert offer(office, FIRST, key=key) == (503, {"code": "not_saved"})
    office.mailer.mood = "ok"
    assert offer(office, FIRST, key=key)[0] == 202
    assert len(office.mails_to(MAILBOX)) == 1
    assert len(office.waiting()) == 1
