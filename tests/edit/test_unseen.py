"""Nothing is published that nobody has looked at, and nobody takes another's place."""

from collections.abc import Callable
from typing import Any

import pytest

from generator.content import blob_name
from lambda_edit.desk import organisation_path
from lambda_edit.forge import Draft, Proposal
from tests.edit.builders import FILE, MAINTAINER, OTHER, SECOND, SLUG, Office, fill_up, private_files, public_files, token_in
from tests.edit.memory_forge import MemoryForge
from tests.edit.test_joining import MAILBOX, NEW, OFFICE, confirm_addresses, join, written_joining, written_request

ELSEWHERE = "muu@muualla.example.org"
OWN = {"referral_email": ELSEWHERE, "data_maintainers": [ELSEWHERE]}


@pytest.fixture(params=["one forge", "two forges"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office() if request.param == "one forge" else Office.of_two_forges()


# Joining


def test_second_joiner_of_the_same_name_takes_no_place_of_the_first(office: Office) -> None:
    join(office)
    assert join(office, addresses=OWN)[1]["slug"] == f"{NEW}-2"
    assert join(office)[1]["code"] == "unchanged"  # the first one again
    confirm_addresses(office)
    first = next(one for one in office.waiting() if one["slug"] == NEW)
    assert office.decide("approve", id=first["id"], head=first["head"], register_checked=True)[0] == 200
    assert OFFICE in office.private_file(NEW)
    assert ELSEWHERE not in office.private_file(NEW)
    assert MAILBOX in office.private_file(NEW)


def test_joining_under_a_published_name_gets_a_place_of_its_own(office: Office) -> None:
    def correct(written: dict[str, Any]) -> None:
        written["description"] = "Esimerkki!"

    assert office.edit(correct, token="", slug=OTHER)[0] == 202  # an open proposal of anybody's
    status, body = join(office, written=written_joining(name="Toinen Esimerkki ry"), addresses=OWN)
    assert (status, body["slug"]) == (202, f"{OTHER}-2")


# Between looking and publishing


def hidden(written: dict[str, Any]) -> None:
    written["description"] = "Soita 017 000 0666."
    written["website"] = "https://savon-esimerkki.example.fi"


def test_field_that_both_have_changed_is_not_published(office: Office) -> None:
    office.edit(hidden, token="")
    published = FILE.replace("description: Esimerkki.", "description: Parempi esimerkki.")
    office.public.main[organisation_path(SLUG)] = published
    assert office.approve() == (409, {"code": "not_mergeable"})
    assert office.file() == published


def meanwhile(forge: MemoryForge, act: Callable[[], object]) -> None:
    """Somebody else's edit, right after the function's next own commit."""
    propose = forge.propose

    def and_then(draft: Draft) -> Proposal:
        made = propose(draft)
        forge.propose = propose  # type: ignore[method-assign]
        act()
        return made

    forge.propose = and_then  # type: ignore[method-assign]


def test_edit_that_lands_while_an_activitys_address_goes_is_not_published_with_it(office: Office) -> None:
    def drop(written: dict[str, Any]) -> None:
        written["activities"].pop(1)

    def drop_and_more(written: dict[str, Any]) -> None:
        drop(written)
        written["contacts"][0]["phone"] = "017 000 0666"

    office.edit(drop, token="")
    meanwhile(office.addresses, lambda: office.edit(drop_and_more, token=""))
    assert office.approve() == (409, {"code": "changed"})
    assert "0666" not in office.file()


def test_edit_that_lands_while_the_register_is_ticked_is_not_published_with_it(office: Office) -> None:
    join(office)
    confirm_addresses(office)
    [one] = office.waiting()
    proposed = office.public.read(organisation_path(NEW), one["id"])
    base = blob_name(proposed.text.encode()) if proposed else ""
    other = written_joining(contacts=[{"role": "Sihteeri", "phone": "017 000 0666"}])
    meanwhile(office.addresses, lambda: office.edit(**written_request(written=other, base=base)))
    assert office.decide("approve", id=one["id"], head=one["head"], register_checked=True) == (409, {"code": "changed"})
    assert organisation_path(NEW) not in office.public.main


# What is asked, and is not forgotten


def test_addresses_are_asked_also_when_the_first_try_got_no_further_than_the_wish() -> None:
    office = Office.of_two_forges()
    new = "uusi@savon-esimerkki.example.fi"
    body = office.written_edit(fill_up, addresses={"data_maintainers": [MAINTAINER, SECOND, new]})
    office.public.failing = {"propose"}
    assert office.send(body)[0] == 503
    office.public.failing = set()
    status, answer = office.send(body)
    assert (status, answer["code"]) == (202, "waiting")
    assert office.mails_to(new)


def test_mailbox_that_has_not_answered_its_test_waits_on_when_maintainers_change() -> None:
    private = {path: f"{text}awaiting: {{test_request: true}}\n" for path, text in private_files().items() if SLUG in path}
    office = Office(MemoryForge({**public_files(), **private}))
    new = "kolmas@savon-esimerkki.example.fi"
    office.edit(addresses={"data_maintainers": [MAINTAINER, SECOND, new]})
    for address in (new, SECOND):
        office.post("/api/osoite", {"token": token_in(office.mails_to(address)[0])})
    assert office.approve()[0] == 200
    assert "test_request" in office.private_file()


def test_test_request_leaves_with_the_approval_that_comes_through(office: Office) -> None:
    join(office)
    confirm_addresses(office)
    office.public.failing = {"merge"}
    [one] = office.waiting()
    first = office.decide("approve", id=one["id"], head=one["head"], register_checked=True)
    assert first[0] == 503
    office.public.failing = set()
    before = len(office.mails_to(MAILBOX))
    assert office.approve(register_checked=True)[0] == 200
    assert any("oepyyntö" in mail.subject for mail in office.mails_to(MAILBOX)[before:])


def test_second_question_to_the_association_is_sent_too(office: Office) -> None:
    office.edit(hidden)
    [one] = office.waiting()
    for note in ("Mikä aika?", "Entä paikka?"):
        before = len(office.outbox)
        assert office.decide("ask_more", id=one["id"], head=one["head"], note=note)[0] == 200
        assert len(office.outbox) > before
