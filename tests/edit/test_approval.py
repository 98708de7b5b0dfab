"""POST /api/hyvaksynta: what the coordinator sees, and does."""

from typing import Any

import pytest

from generator.content import parse_yaml
from lambda_edit.desk import organisation_path
from lambda_edit.links import make_link
from tests.edit.builders import (
    COORDINATOR,
    DEPUTY,
    FILE,
    MAINTAINER,
    NEW_PHONE,
    OTHER,
    PHONE,
    SECOND,
    SECRETS,
    SLUG,
    Office,
    call_another_number,
    token_in,
)


def test_coordinator_sees_what_waits_field_by_field(office: Office) -> None:
    _, edited = office.edit(call_another_number)
    [one] = office.waiting()
    assert one["changes"] == [{"field": "contacts.0.phone", "before": PHONE, "after": NEW_PHONE}]
    assert (one["slug"], one["name"], one["is_verified"]) == (SLUG, "Savon Esimerkkiyhdistys ry", True)
    assert (one["opened_on"], one["references"]) == ("2026-11-23", [edited["reference"]])
    assert one["written"]["contacts"][0]["phone"] == NEW_PHONE
    assert one["awaiting"] == one["duplicates"] == []


def test_what_was_published_meanwhile_is_not_shown_as_a_change(office: Office) -> None:
    office.edit(call_another_number)
    office.public.edit(organisation_path(SLUG), "Torstaisin klo 17", "Torstaisin klo 18")
    [one] = office.waiting()
    assert [change["field"] for change in one["changes"]] == ["contacts.0.phone"]
    assert one["written"]["activities"][0]["when"] == "Torstaisin klo 18"


def test_possible_duplicate_is_named(office: Office) -> None:
    office.edit(lambda written: written["contacts"][0].update(phone="017 000 0202"))
    assert office.waiting()[0]["duplicates"] == [{"slug": OTHER, "name": "Pielisen Esimerkkikerho ry"}]


def test_problems_of_the_whole_file_are_shown(office: Office) -> None:
    office.edit(call_another_number)
    [one] = office.waiting()
    assert [(problem["field"], problem["severity"]) for problem in one["problems"]] == [("description", "warning")]


def test_file_that_has_become_faulty_is_not_published(office: Office) -> None:
    office.edit(lambda written: written["activities"][0]["needs"].append("diabetes"))
    office.public.edit(organisation_path(SLUG), "type: vertaisryhma", "type: poistettu")
    [one] = office.waiting()
    assert ("activities.0.type", "error") in [(problem["field"], problem["severity"]) for problem in one["problems"]]
    status, body = office.approve()
    assert (status, body["code"]) == (422, "invalid")
    assert len(office.open_proposals()) == 1


def test_every_maintainer_is_told_what_was_published(office: Office) -> None:
    office.edit(call_another_number)
    assert office.outbox == []
    office.approve()
    assert [mail.to for mail in office.outbox] == [MAINTAINER, SECOND]
    assert f"Yhteystiedot: puhelin: {PHONE} → {NEW_PHONE}" in office.outbox[0].text


def test_mail_that_does_not_leave_is_told_to_the_coordinator(office: Office) -> None:
    office.edit(call_another_number)
    office.mailer.mood = "not_sent"
    assert office.approve() == (200, {"code": "published", "mails_not_sent": 2})
    assert NEW_PHONE in office.file()


def test_proposal_that_has_changed_since_it_was_looked_at_is_not_approved(office: Office) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    office.edit(lambda written: written.update(website="https://uusi.example.fi"))
    for action, more in (("approve", {}), ("return", {"reason": "x"}), ("ask_more", {"note": "x"}), ("address_by_phone", {})):
        assert office.decide(action, id=seen["id"], head=seen["head"], **more) == (409, {"code": "changed"})
    assert len(office.open_proposals()) == 1


def test_proposal_cannot_be_approved_twice(office: Office) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    assert office.decide("approve", id=seen["id"], head=seen["head"])[0] == 200
    assert office.decide("approve", id=seen["id"], head=seen["head"]) == (409, {"code": "changed"})


def test_returned_proposal_closes_and_the_reason_is_mailed(office: Office) -> None:
    _, edited = office.edit(call_another_number)
    [seen] = office.waiting()
    reason = "Numero ei vastaa.\nTarkistatteko?"
    assert office.decide("return", id=seen["id"], head=seen["head"], reason=reason) == (
        200,
        {"code": "returned", "mails_sent": 2},
    )
    assert "Numero ei vastaa." in office.mails_to(MAINTAINER)[0].text
    assert office.waiting() == []
    assert office.file() == FILE
    asked = {"slug": SLUG, "reference": edited["reference"]}
    assert office.post("/api/muokkaustila", asked) == (200, {"code": "returned"})
    assert "Numero ei vastaa." not in "".join(office.public.said)


def test_proposal_is_not_returned_without_a_word(office: Office) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    status, body = office.decide("return", id=seen["id"], head=seen["head"], reason="  ")
    assert (status, body["problems"][0]["field"]) == (422, "reason")
    office.mailer.mood = "not_sent"
    assert office.decide("return", id=seen["id"], head=seen["head"], reason="Syy.") == (503, {"code": "not_saved"})
    assert len(office.open_proposals()) == 1


def test_more_is_asked_with_a_link_of_ones_own(office: Office) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    fields = ["activities.vertaisryhma.where", "contacts"]
    answer = office.decide("ask_more", id=seen["id"], head=seen["head"], fields=fields, note="Missä kokoonnutte?")
    assert answer == (200, {"code": "asked", "mails_sent": 2})
    [mail] = office.mails_to(SECOND)
    assert "– Toiminta vertaisryhma: paikka\n– Yhteystiedot" in mail.text
    assert "Missä kokoonnutte?" in mail.text
    again = office.edit(lambda written: written["activities"][0].update(where="Kirjastossa"), token=token_in(mail))
    assert again[0] == 202
    assert len(office.open_proposals()) == 1, "it continues the same proposal"


@pytest.mark.parametrize("fields", [["../x"], ["<b>"], ["a b"], ["x" * 300], [5]])
def test_asked_fields_are_names_and_nothing_else(office: Office, fields: Any) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    assert office.decide("ask_more", id=seen["id"], head=seen["head"], fields=fields)[0] == 422


def test_something_must_be_asked(office: Office) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    assert office.decide("ask_more", id=seen["id"], head=seen["head"])[0] == 422


def test_status_follows_the_edit(office: Office) -> None:
    _, edited = office.edit(call_another_number)
    asked = {"slug": SLUG, "reference": edited["reference"]}
    assert office.post("/api/muokkaustila", asked) == (200, {"code": "waiting"})
    office.approve()
    assert office.post("/api/muokkaustila", asked) == (200, {"code": "published"})


@pytest.mark.parametrize("asked", [{"reference": "ME-2345-67"}, {"slug": OTHER}])
def test_status_is_told_of_ones_own_reference_only(office: Office, asked: dict[str, str]) -> None:
    _, edited = office.edit(call_another_number)
    told = {"slug": SLUG, "reference": edited["reference"], **asked}
    assert office.post("/api/muokkaustila", told) == (422, {"code": "unknown"})


# Whose page it is


def test_deputy_may_decide_too(office: Office) -> None:
    token = make_link(SECRETS, "approve", "", 1, DEPUTY, office.now)
    assert office.post("/api/hyvaksynta", {"token": token, "action": "list"})[0] == 200


STRANGERS = {
    "no link": lambda office: "",
    "a maintainer's": lambda office: office.token("approve", "", 1, MAINTAINER),
    "an edit link": lambda office: office.token("edit", "", 1, COORDINATOR),
    "another secret": lambda office: make_link((b"x" * 32,), "approve", "", 1, COORDINATOR, office.now),
    "an old one": lambda office: make_link(SECRETS, "approve", "", 1, COORDINATOR, office.now.replace(month=10)),
}


@pytest.mark.parametrize("token", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("action", ["list", "approve", "return", "ask_more", "address_by_phone", "confirm_by_phone"])
def test_nobody_else_sees_or_does_anything(office: Office, token: Any, action: str) -> None:
    office.edit(call_another_number)
    [seen] = office.waiting()
    body = {"token": token(office), "action": action, "id": seen["id"], "head": seen["head"], "reason": "x", "slug": SLUG}
    assert office.post("/api/hyvaksynta", body) == (403, {"code": "link"})
    assert len(office.open_proposals()) == 1


def test_unknown_action_is_refused(office: Office) -> None:
    status, body = office.decide("merge_everything")
    assert (status, body["problems"][0]["field"]) == (422, "action")


def test_branch_of_somebody_else_cannot_be_named(office: Office) -> None:
    for branch in ("main", "refs/heads/main", "../x", "muokkaus/"):
        assert office.decide("approve", id=branch, head="x" * 40) == (409, {"code": "changed"})


def test_long_list_says_how_many_there_are(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambda_edit.approval.MOST_AT_ONCE", 1)
    office.edit(call_another_number)
    office.edit(call_another_number, token="")
    _, body = office.decide("list")
    assert (len(body["proposals"]), body["total"]) == (1, 2)


def test_forge_that_is_down_is_told_as_not_saved(office: Office) -> None:
    office.public.failing = {"proposals"}
    assert office.decide("list") == (503, {"code": "not_saved"})


def test_unverified_proposal_is_published_like_another(office: Office) -> None:
    office.edit(call_another_number, token="")
    assert office.approve()[0] == 200
    assert parse_yaml(office.file())["contacts"][0]["phone"] == NEW_PHONE
