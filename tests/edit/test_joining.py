"""An association that is not there yet."""

from typing import Any

import pytest

from generator.content import parse_yaml
from generator.models import Organisation, PrivateAddresses
from lambda_edit.desk import organisation_path
from tests.edit.builders import FILE, SLUG, Office, token_in

NEW = "kallaveden-esimerkkisoutajat"
OFFICE, MAILBOX = "toimisto@soutajat.example.fi", "ohjaus@soutajat.example.fi"


@pytest.fixture(params=["one forge", "two forges"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office() if request.param == "one forge" else Office.of_two_forges()


def written_joining(**changes: Any) -> dict[str, Any]:
    written = {
        "name": "Kallaveden Esimerkkisoutajat ry",
        "pitch": "Soutajien kanssa pääset vesille.",
        "description": "Esimerkki.",
        "contacts": [{"role": "Sihteeri", "phone": "017 000 0303"}],
        "activities": [
            {
                "id": "soutu",
                "type": "vertaisryhma",
                "name": "Soutu",
                "summary": "Soudetaan yhdessä.",
                "needs": ["yksinaisyys"],
                "municipalities": ["kuopio"],
            }
        ],
        "referral": {
            "responsible": "sihteeri",
            "first_contact": "call",
            "within_working_days": "3",
            "promise": "Sihteeri soittaa.",
        },
        **changes,
    }
    return {key: value for key, value in written.items() if value is not None}


def join(office: Office, **changes: Any) -> tuple[int, dict[str, Any]]:
    return office.edit(**written_request(**changes))


def written_request(**changes: Any) -> dict[str, Any]:
    return {
        "slug": "uusi",
        "base": "",
        "token": "",
        "written": written_joining(),
        "addresses": {"referral_email": MAILBOX, "data_maintainers": [OFFICE]},
        "commitment": True,
        **changes,
    }


def confirm_addresses(office: Office) -> None:
    for address in (OFFICE, MAILBOX):
        assert office.post("/api/osoite", {"token": token_in(office.mails_to(address)[0])})[0] == 202


def test_association_joins_step_by_step(office: Office) -> None:
    status, body = join(office)
    assert (status, body["code"], body["slug"]) == (202, "waiting", NEW)
    [waiting] = office.waiting()
    assert (waiting["is_new"], waiting["is_verified"], waiting["name"]) == (True, False, "Kallaveden Esimerkkisoutajat ry")
    assert waiting["awaiting"] == ["new_address", "test_request", "register_check"]
    assert office.approve() == (409, {"code": "awaiting", "awaiting": ["new_address", "register_check"]})

    confirm_addresses(office)
    [waiting] = office.waiting()
    answer = office.decide("register_checked", id=waiting["id"], head=waiting["head"])
    assert (answer[0], answer[1]["awaiting"]) == (200, ["test_request"])
    assert office.approve()[0] == 200

    assert Organisation.model_validate(parse_yaml(office.file(NEW))).review
    addresses = PrivateAddresses.model_validate(parse_yaml(office.private_file(NEW)))
    assert addresses.awaiting
    assert addresses.awaiting.names == ["test_request"], "and takes no requests yet"
    assert office.post("/api/osoite", {"token": token_in(office.mails_to(MAILBOX)[-1])})[0] == 202
    assert PrivateAddresses.model_validate(parse_yaml(office.private_file(NEW))).awaiting is None


def test_register_number_can_be_checked_in_the_approval_itself(office: Office) -> None:
    join(office)
    confirm_addresses(office)
    assert office.approve(register_checked=True)[0] == 200


def test_association_that_takes_no_requests_needs_no_test_request(office: Office) -> None:
    join(office, written=written_joining(referral=None), addresses={"data_maintainers": [OFFICE]})
    assert office.waiting()[0]["awaiting"] == ["new_address", "register_check"]


def test_welcome_goes_to_every_maintainer(office: Office) -> None:
    join(office)
    confirm_addresses(office)
    office.approve(register_checked=True)
    assert "tervetuloa" in office.mails_to(OFFICE)[-1].text


def test_commitment_is_needed(office: Office) -> None:
    status, body = join(office, commitment=False)
    assert (status, [problem["field"] for problem in body["problems"]]) == (422, ["commitment"])
    assert office.public.said == []


@pytest.mark.parametrize("addresses", [None, {}, {"referral_email": MAILBOX}])
def test_somebody_must_get_the_mail(office: Office, addresses: Any) -> None:
    status, body = join(office, addresses=addresses)
    assert (status, body["problems"][0]["field"]) == (422, "addresses.data_maintainers")


def test_requests_need_a_mailbox(office: Office) -> None:
    status, body = join(office, addresses={"data_maintainers": [OFFICE]})
    assert (status, body["problems"][0]["field"]) == (422, "addresses.referral_email")


def test_day_of_joining_is_the_first_confirmation(office: Office) -> None:
    join(office)
    [waiting] = office.waiting()
    assert waiting["written"]["review"] == {"confirmed_on": "2026-11-21", "confirmed_by": "Sihteeri"}


NAMES = {
    "Kallaveden Esimerkkisoutajat ry": NEW,
    "Savon Esimerkki": "savon-esimerkki-2",
    "Uusi": "uusi-2",
    "../../.github/workflows/x": "github-workflows-x",
    "Öljymäen Åbo & ääni rf": "oljymaen-abo-aani",
    "@everyone": "everyone",
}


@pytest.mark.parametrize(("name", "slug"), NAMES.items(), ids=NAMES)
def test_address_of_the_page_comes_from_the_name(office: Office, name: str, slug: str) -> None:
    status, body = join(office, written=written_joining(name=name))
    assert (status, body["slug"]) == (202, slug)


def test_joining_again_continues_the_same_proposal(office: Office) -> None:
    join(office)
    assert join(office) == (200, {"code": "unchanged"})
    status, body = join(office, written=written_joining(website="https://soutajat.example.fi"))
    assert (status, body["slug"]) == (202, NEW)
    assert len(office.waiting()) == 1


def test_joining_cannot_take_over_one_that_is_there(office: Office) -> None:
    status, body = join(office, written=written_joining(name="Savon Esimerkki ry"))
    assert (status, body["slug"]) == (202, f"{SLUG}-2")
    assert office.file() == FILE


def test_likely_duplicate_is_shown_to_the_coordinator(office: Office) -> None:
    join(office, written=written_joining(name="Savon Esimerkkiyhdistys ry"))
    assert [one["slug"] for one in office.waiting()[0]["duplicates"]] == [SLUG]


def test_repeated_joining_after_a_failure_asks_each_address_once(office: Office) -> None:
    edit = office.written_edit(**written_request())
    office.public.late = {"propose"}
    assert office.send(edit) == (503, {"code": "not_saved"})
    assert office.send(edit)[0] == 202
    assert sorted(mail.to for mail in office.outbox) == [MAILBOX, OFFICE]


def test_joining_association_that_is_returned_hears_why(office: Office) -> None:
    join(office)
    [waiting] = office.waiting()
    office.decide("return", id=waiting["id"], head=waiting["head"], reason="Emme löytäneet rekisteristä.")
    assert "Emme löytäneet" in office.mails_to(OFFICE)[-1].text
    assert office.waiting() == []
    assert organisation_path(NEW) not in office.public.main


def test_joining_association_is_asked_for_more_without_a_link_that_leads_nowhere(office: Office) -> None:
    join(office)
    [waiting] = office.waiting()
    office.decide("ask_more", id=waiting["id"], head=waiting["head"], fields=["website"], note="")
    mail = office.mails_to(OFFICE)[-1]
    assert "#t=" not in mail.text
    assert "vastauksena tähän viestiin" in mail.text


def test_only_so_many_join_in_a_day(office: Office) -> None:
    for number in range(30):
        assert join(office, written=written_joining(name=f"Esimerkkiseura numero {number}"))[0] == 202
    assert join(office) == (429, {"code": "limit"})
    office.wait(days=1)
    assert join(office)[0] == 202
