"""Private addresses: nothing is used before its old reader agrees and its new reader has confirmed."""

from typing import Any

import pytest

from generator.content import parse_yaml
from lambda_edit.desk import addresses_path
from tests.edit.builders import (
    COORDINATOR,
    MAILBOX,
    MAINTAINER,
    OTHER,
    PHONE,
    PRIVATE_FILE,
    SECOND,
    SLUG,
    Office,
    call_another_number,
    new_key,
    read_lines,
    token_in,
)

NEW_MAILBOX, NEWCOMER = "pyynnot@savon-esimerkki.example.fi", "puheenjohtaja@savon-esimerkki.example.fi"


@pytest.fixture(params=["one forge", "two forges"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office() if request.param == "one forge" else Office.of_two_forges()


def move_mailbox(office: Office, change: Any = None, **changes: Any) -> tuple[int, dict[str, Any]]:
    return office.edit(change, addresses={"referral_email": NEW_MAILBOX}, **changes)


def agree(office: Office, address: str) -> tuple[int, dict[str, Any]]:
    return office.post("/api/osoite", {"token": token_in(office.mails_to(address)[-1])})


def test_new_mailbox_waits_for_the_old_one_and_for_itself(office: Office) -> None:
    status, body = move_mailbox(office)
    assert (status, body["code"], body["changes"]) == (202, "waiting", [])
    [waiting] = office.waiting()
    assert waiting["awaiting"] == ["old_address", "new_address"]
    assert waiting["changes_addresses"] is True
    assert office.approve() == (409, {"code": "awaiting", "awaiting": ["old_address", "new_address"]})
    assert office.private_file() == PRIVATE_FILE


def test_mailbox_moves_when_both_have_agreed_and_the_coordinator_approves(office: Office) -> None:
    move_mailbox(office)
    status, body = agree(office, MAILBOX)
    assert (status, body["code"], body["purpose"]) == (202, "confirmed", "address-old")
    assert office.waiting()[0]["awaiting"] == ["new_address"]
    assert agree(office, NEW_MAILBOX)[1]["purpose"] == "address-new"
    assert office.waiting()[0]["awaiting"] == []
    assert office.approve()[0] == 200
    assert read_lines(PRIVATE_FILE, office.private_file()) == [f"-referral_email: {MAILBOX}", f'+referral_email: "{NEW_MAILBOX}"']


def test_only_the_mailbox_that_is_replaced_is_asked(office: Office) -> None:
    move_mailbox(office)
    assert {mail.to for mail in office.outbox} == {MAILBOX, NEW_MAILBOX}
    [old], [new] = office.mails_to(MAILBOX), office.mails_to(NEW_MAILBOX)
    assert NEW_MAILBOX in old.text
    assert MAILBOX not in new.text


def test_public_part_waits_with_its_addresses(office: Office) -> None:
    move_mailbox(office, call_another_number)
    [waiting] = office.waiting()
    assert [change["field"] for change in waiting["changes"]] == ["contacts.0.phone"]
    assert office.approve()[0] == 409
    agree(office, MAILBOX)
    agree(office, NEW_MAILBOX)
    assert office.approve()[0] == 200
    assert PHONE not in office.file()
    assert NEW_MAILBOX in office.private_file()
    assert office.waiting() == []


def test_capacity_with_an_address_does_not_publish_itself(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        written["activities"][0]["capacity"] = {"status": "full", "until": "2027-01-31"}

    assert move_mailbox(office, change)[1]["code"] == "waiting"


def test_new_maintainer_confirms_and_any_of_the_old_ones_agrees(office: Office) -> None:
    office.edit(addresses={"data_maintainers": [MAINTAINER, SECOND, NEWCOMER]})
    assert {mail.to for mail in office.outbox} == {MAINTAINER, SECOND, NEWCOMER}
    agree(office, NEWCOMER)
    agree(office, SECOND)
    assert office.approve()[0] == 200
    assert parse_yaml(office.private_file())["data_maintainers"] == [MAINTAINER, SECOND, NEWCOMER]


def test_maintainer_who_is_left_out_loses_every_link(office: Office) -> None:
    link_of_second = office.token(address=SECOND)
    office.edit(addresses={"data_maintainers": [MAINTAINER]})
    assert office.waiting()[0]["awaiting"] == ["old_address"]
    agree(office, MAINTAINER)
    office.approve()
    assert parse_yaml(office.private_file())["link_generation"] == "3"
    assert office.edit(call_another_number, token=link_of_second) == (403, {"code": "link"})
    assert office.edit(call_another_number) == (403, {"code": "link"}), "everyone gets new links"
    assert office.edit(call_another_number, token=office.token(generation=3))[0] == 202


def test_who_was_left_out_hears_of_it(office: Office) -> None:
    office.edit(addresses={"data_maintainers": [MAINTAINER]})
    agree(office, MAINTAINER)
    office.approve()
    assert [mail.subject for mail in office.mails_to(SECOND)][-1] == "Yhdistyksenne tietoja on muutettu"


def test_agreeing_twice_changes_nothing_more(office: Office) -> None:
    move_mailbox(office)
    agree(office, MAILBOX)
    head = office.waiting()[0]["head"]
    assert agree(office, MAILBOX)[0] == 202
    assert office.waiting()[0]["head"] == head


def test_agreement_counts_for_the_address_that_was_shown_only(office: Office) -> None:
    move_mailbox(office)
    earlier = token_in(office.mails_to(MAILBOX)[-1])
    agree(office, MAILBOX)
    office.edit(addresses={"referral_email": "toinen@savon-esimerkki.example.fi"})
    assert office.waiting()[0]["awaiting"] == ["old_address", "new_address"], "asked anew"
    assert office.post("/api/osoite", {"token": earlier}) == (409, {"code": "changed"})


def test_new_address_cannot_agree_for_the_old_one(office: Office) -> None:
    move_mailbox(office)
    agree(office, NEW_MAILBOX)
    assert office.waiting()[0]["awaiting"] == ["old_address"]


def test_agreement_after_the_proposal_was_returned_says_so(office: Office) -> None:
    move_mailbox(office)
    one = office.waiting()[0]
    office.decide("return", id=one["id"], head=one["head"], reason="Osoite on väärin.")
    assert agree(office, MAILBOX) == (409, {"code": "changed"})


def test_link_of_another_purpose_agrees_to_nothing(office: Office) -> None:
    move_mailbox(office)
    for purpose in ("edit", "confirm", "approve"):
        assert office.post("/api/osoite", {"token": office.token(purpose, address=MAILBOX)}) == (403, {"code": "link"})


def test_forged_link_agrees_to_nothing(office: Office) -> None:
    move_mailbox(office)
    for token in ("", "x", token_in(office.mails_to(MAILBOX)[-1])[:-3]):
        assert office.post("/api/osoite", {"token": token}) == (403, {"code": "link"})
    assert office.waiting()[0]["awaiting"] == ["old_address", "new_address"]


def test_opening_the_link_changes_nothing(office: Office) -> None:
    move_mailbox(office)
    event = {"requestContext": {"http": {"method": "GET", "path": "/api/osoite"}}, "headers": {}}
    assert office.call(event)[0] == 405


def test_addresses_cannot_be_changed_without_a_link(office: Office) -> None:
    assert move_mailbox(office, token="") == (403, {"code": "link"})
    assert office.public.said == office.addresses.said == []


def test_addresses_that_stay_as_they_are_need_nothing(office: Office) -> None:
    same = {"referral_email": MAILBOX, "data_maintainers": [MAINTAINER, SECOND]}
    assert office.edit(addresses=same) == (200, {"code": "unchanged"})
    assert office.edit(addresses={}, token="") == (200, {"code": "unchanged"})


BAD = [
    ({"referral_email": "ei-osoite"}, "addresses.referral_email"),
    ({"data_maintainers": []}, "addresses.data_maintainers"),
    ({"data_maintainers": ["a@x.fi"] * 6}, "addresses.data_maintainers"),
    ({"link_generation": "9"}, "addresses.link_generation"),
    ({"awaiting": {}}, "addresses.awaiting"),
    ({"referral_email": "x\n@example.fi"}, "addresses.referral_email"),
]


@pytest.mark.parametrize(("addresses", "field"), BAD, ids=str)
def test_bad_addresses_are_refused_by_field(office: Office, addresses: dict[str, Any], field: str) -> None:
    status, body = office.edit(addresses=addresses)
    assert (status, body["code"]) == (422, "invalid")
    assert field in [problem["field"] for problem in body["problems"]]


def test_requests_cannot_begin_without_a_mailbox() -> None:
    office = Office()
    slug = OTHER
    office.public.main[addresses_path(office.settings, slug)] = "data_maintainers: [toimisto@toinen.example.fi]\n"
    token = office.token(slug=slug, generation=1, address="toimisto@toinen.example.fi")

    def begin(written: dict[str, Any]) -> None:
        promise = {"first_contact": "call", "within_working_days": "3", "promise": "Soitamme.", "responsible": "sihteeri"}
        written["referral"] = promise

    status, body = office.edit(begin, slug=slug, token=token)
    assert (status, body["problems"][0]["field"]) == (422, "addresses.referral_email")
    mailbox = {"referral_email": "ohjaus@toinen.example.fi"}
    assert office.edit(begin, slug=slug, token=token, addresses=mailbox)[0] == 202
    assert office.waiting()[0]["awaiting"] == ["new_address", "test_request"], "a first address confirms itself"


def test_first_mailbox_gets_requests_when_it_has_answered_a_test_request() -> None:
    office = Office()
    office.public.edit(addresses_path(office.settings, SLUG), f"referral_email: {MAILBOX}\n", "")
    office.edit(addresses={"referral_email": NEW_MAILBOX})
    agree(office, NEW_MAILBOX)
    assert office.approve()[0] == 200
    assert parse_yaml(office.private_file())["awaiting"] == {"test_request": "true"}
    assert office.mails_to(NEW_MAILBOX)[-1].subject == "Koepyyntö: luetaanko tätä postilaatikkoa?"
    assert agree(office, NEW_MAILBOX)[1]["purpose"] == "test-request"
    assert "awaiting" not in parse_yaml(office.private_file())
    assert agree(office, NEW_MAILBOX)[0] == 202, "pressing again does no harm"
    assert office.waiting() == []


# The coordinator's call


def call(office: Office, **changes: Any) -> tuple[int, dict[str, Any]]:
    one = office.waiting()[0]
    told = {"number_called": "017 0000 201", "callers": ["koordinaattori", "sijainen"], **changes}
    return office.decide("address_by_phone", id=one["id"], head=one["head"], **told)


def test_two_people_may_call_when_the_old_address_is_dead(office: Office) -> None:
    move_mailbox(office)
    status, body = call(office)
    assert (status, body["code"], body["awaiting"]) == (200, "confirmed", ["new_address"])
    agree(office, NEW_MAILBOX)
    assert office.approve()[0] == 200


def test_call_is_recorded_in_the_history(office: Office) -> None:
    move_mailbox(office)
    call(office)
    assert any("+358170000201, soittajat: koordinaattori ja sijainen" in said for said in office.addresses.said)


def test_answer_to_the_call_has_the_new_head(office: Office) -> None:
    move_mailbox(office)
    assert call(office)[1]["head"] == office.waiting()[0]["head"]


BAD_CALLS = {
    "another number": ({"number_called": "017 000 0999"}, "number_called"),
    "no number": ({"number_called": "soitin"}, "number_called"),
    "one caller": ({"callers": ["koordinaattori"]}, "callers"),
    "the same caller twice": ({"callers": ["koordinaattori", "Koordinaattori "]}, "callers"),
    "a sentence": ({"callers": ["koordinaattori", "@everyone Fixes #1"]}, "callers"),
    "three": ({"callers": ["a", "b", "c"]}, "callers"),
}


@pytest.mark.parametrize(("told", "field"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_call_that_proves_nothing_is_refused(office: Office, told: dict[str, Any], field: str) -> None:
    move_mailbox(office)
    status, body = call(office, **told)
    assert (status, body["problems"][0]["field"]) == (422, field)
    assert office.waiting()[0]["awaiting"] == ["old_address", "new_address"]


def test_call_about_nothing_is_refused(office: Office) -> None:
    office.edit(call_another_number)
    assert call(office) == (409, {"code": "changed"})


# Addresses of activities


def test_address_of_an_activity_goes_with_the_activity(office: Office) -> None:
    office.edit(lambda written: written["activities"].pop(1), token="")
    assert office.approve()[0] == 200
    assert "activity_emails" not in parse_yaml(office.private_file())
    assert "# Ei julkaista." in office.private_file()


def test_repeated_request_asks_nobody_twice(office: Office) -> None:
    edit = office.written_edit(addresses={"referral_email": NEW_MAILBOX})
    office.mailer.mood = "not_sent"
    assert office.send(edit) == (503, {"code": "not_saved"})
    office.mailer.mood = "ok"
    assert office.send(edit)[0] == 202
    assert office.send({**edit, "key": new_key()}) == (200, {"code": "unchanged"})
    assert sorted(mail.to for mail in office.outbox) == sorted([MAILBOX, NEW_MAILBOX])


def test_coordinator_is_not_mailed_addresses(office: Office) -> None:
    move_mailbox(office, note="Osoite vaihtui.")
    [mail] = office.mails_to(COORDINATOR)
    assert NEW_MAILBOX not in mail.text
