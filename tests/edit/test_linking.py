"""POST /api/muokkauslinkki and POST /api/virhe."""

import re

import pytest

from tests.edit.builders import COORDINATOR, MAINTAINER, SECOND, SLUG, Office, call_another_number, new_key, token_in

STRANGER = "vieras@example.org"


def test_listed_maintainer_gets_a_link_that_works_for_seven_days(office: Office) -> None:
    assert office.ask_link(MAINTAINER) == (202, {"code": "sent_if_known"})
    [mail] = office.outbox
    assert mail.to == MAINTAINER
    assert re.search(r"https://tarjotin\.example\.fi/muokkaa/savon-esimerkki/#t=\S+", mail.text)
    assert office.edit(call_another_number, token=token_in(mail))[1]["code"] == "waiting"
    office.wait(days=7, seconds=1)
    assert office.edit(call_another_number, token=token_in(mail)) == (403, {"code": "link"})


def test_letters_of_any_size_find_the_address(office: Office) -> None:
    office.ask_link(SECOND.upper().replace("EXAMPLE.FI", "example.fi"))
    assert [mail.to for mail in office.outbox] == [SECOND]


OTHERS = {
    "stranger": (STRANGER, SLUG),
    "unknown association": (MAINTAINER, "ei-ole"),
    "without private file": (MAINTAINER, "toinen-esimerkki"),
    "requests' mailbox": ("ohjaus@savon-esimerkki.example.fi", SLUG),
}


@pytest.mark.parametrize(("email", "slug"), OTHERS.values(), ids=OTHERS)
def test_everybody_hears_the_same(office: Office, email: str, slug: str) -> None:
    assert office.ask_link(email, slug) == office.ask_link(MAINTAINER)
    assert [mail.to for mail in office.outbox] == [MAINTAINER]


@pytest.mark.parametrize("email", [MAINTAINER, STRANGER])
def test_every_answer_takes_as_long(office: Office, email: str) -> None:
    office.ask_link(email)
    [paused] = office.paused
    assert 2.5 < paused <= 3.0


@pytest.mark.parametrize("mood", ["not_sent", "uncertain"])
def test_answer_does_not_tell_whether_the_mail_left(office: Office, mood: str) -> None:
    office.mailer.mood = mood  # type: ignore[assignment]
    assert office.ask_link(MAINTAINER) == (202, {"code": "sent_if_known"})


def test_answer_does_not_tell_whether_the_forge_was_there(office: Office) -> None:
    office.public.failing = {"read"}
    assert office.ask_link(MAINTAINER) == (202, {"code": "sent_if_known"})
    assert len(office.paused) == 1


def test_address_gets_three_links_a_day(office: Office) -> None:
    for _ in range(5):
        assert office.ask_link(MAINTAINER) == (202, {"code": "sent_if_known"})
    assert len(office.outbox) == 3
    office.ask_link(SECOND)
    assert office.outbox[-1].to == SECOND
    office.wait(days=1)
    office.ask_link(MAINTAINER)
    assert len(office.mails_to(MAINTAINER)) == 4


def test_proof_is_good_for_one_link(office: Office) -> None:
    proof = office.proof(SLUG, new_key())
    for _ in range(3):
        office.ask_link(MAINTAINER, proof=proof)
    assert len(office.outbox) == 1


@pytest.mark.parametrize("proof", ["", "x", "e30="])
def test_proof_of_work_is_needed(office: Office, proof: str) -> None:
    assert office.ask_link(MAINTAINER, proof=proof) == (403, {"code": "proof"})
    assert office.outbox == []


def test_robot_gets_no_mail(office: Office) -> None:
    assert office.ask_link(MAINTAINER, website="x") == (202, {"code": "sent_if_known"})
    assert office.outbox == []


def test_address_that_is_none_is_told(office: Office) -> None:
    status, body = office.ask_link("ei-osoite")
    assert (status, body["problems"][0]["field"]) == (422, "email")


def test_store_keeps_no_address(office: Office) -> None:
    office.ask_link(MAINTAINER)
    kept = repr((office.store.items, office.store.counts))
    assert "toimisto" not in kept
    assert "example.fi" not in kept


# An error that anybody noticed


def tell(office: Office, **changes: object) -> tuple[int, dict[str, object]]:
    body = {"slug": SLUG, "note": "Numero ei vastaa.", "proof": office.proof(SLUG, new_key()), **changes}
    return office.post("/api/virhe", body)


def test_note_about_an_error_goes_to_the_coordinator_only(office: Office) -> None:
    assert tell(office, email=STRANGER) == (202, {"code": "sent"})
    [mail] = office.outbox
    assert mail.to == COORDINATOR
    assert "Numero ei vastaa." in mail.text
    assert STRANGER in mail.text
    assert "https://tarjotin.example.fi/jarjesto/savon-esimerkki/" in mail.text
    assert STRANGER not in (mail.reply_to, mail.subject)
    assert office.public.said == []


def test_hostile_note_stays_text(office: Office) -> None:
    tell(office, note="<script>alert(1)</script>\n```\n@everyone")
    assert "<script>" not in office.outbox[0].html
    assert office.outbox[0].subject == "Joku kertoi virheestä"


BAD_NOTES = [
    {"slug": "ei-ole"},
    {"slug": "../x"},
    {"note": ""},
    {"note": "x" * 1001},
    {"email": "x"},
    {"note": "\x00"},
    {"liite": "x"},
]


@pytest.mark.parametrize("changes", BAD_NOTES, ids=lambda one: repr(one)[:25])
def test_note_that_says_nothing_is_refused(office: Office, changes: dict[str, object]) -> None:
    assert tell(office, **changes)[0] == 422
    assert office.outbox == []


def test_note_that_did_not_leave_can_be_sent_again(office: Office) -> None:
    proof = office.proof(SLUG, new_key())
    office.mailer.mood = "not_sent"
    assert tell(office, proof=proof) == (503, {"code": "not_saved"})
    office.mailer.mood = "ok"
    assert tell(office, proof=proof) == (202, {"code": "sent"})


def test_ten_notes_a_day_about_one_association(office: Office) -> None:
    for _ in range(10):
        assert tell(office)[0] == 202
    assert tell(office) == (429, {"code": "limit"})


def test_robot_is_told_that_the_note_was_sent(office: Office) -> None:
    assert tell(office, website="x") == (202, {"code": "sent"})
    assert office.outbox == []
