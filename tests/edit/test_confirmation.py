"""POST /api/vahvistus: "all this is still true", by a person who has ticked every part."""

from typing import Any

import pytest

from generator.content import blob_name, parse_yaml
from lambda_edit.desk import organisation_path
from tests.edit.builders import FILE, MAINTAINER, OTHER, SECOND, SLUG, Office, call_another_number, read_lines

TODAY = "2026-11-21"  # the sample region's own day


def test_confirmation_changes_review_and_nothing_else_after_the_weekly_merge(office: Office) -> None:
    status, body = office.confirm(role="puheenjohtaja")
    assert (status, body["code"]) == (202, "confirmed")
    assert body["reference"].startswith("ME-")
    assert office.file() == FILE
    assert office.approve()[0] == 200
    assert read_lines(FILE, office.file()) == [
        "-review: {confirmed_on: 2026-09-01, confirmed_by: sihteeri}",
        f"+review: {{confirmed_on: {TODAY}, confirmed_by: puheenjohtaja}}",
    ]


def test_confirmations_of_a_week_are_one_proposal(office: Office) -> None:
    office.public.main[f"content/private/{OTHER}.yaml"] = f"data_maintainers: [{MAINTAINER}]\n"
    office.confirm()
    token = office.token("confirm", OTHER, 1)
    blob = blob_name(office.public.main[organisation_path(OTHER)].encode())
    assert office.confirm(token=token, blob=blob)[0] == 202
    [proposal] = office.open_proposals()
    assert proposal.id == "vahvistukset/2026-W48"
    assert proposal.title == "[vahvistukset] Vahvistaa tiedot, viikko 48/2026: 2 järjestöä"
    [waiting] = office.waiting()
    assert {change["field"].partition(".review")[0] for change in waiting["changes"]} == {SLUG, OTHER}
    assert all(".review." in change["field"] for change in waiting["changes"])


def test_next_week_has_a_proposal_of_its_own(office: Office) -> None:
    office.confirm()
    office.wait(days=7)
    office.confirm(token=office.token("confirm"), role="toinen")
    assert [proposal.id for proposal in office.open_proposals()] == ["vahvistukset/2026-W48", "vahvistukset/2026-W49"]


def test_confirming_twice_changes_nothing_more(office: Office) -> None:
    token = office.token("confirm")
    first = office.confirm(token=token)
    head = office.waiting()[0]["head"]
    assert office.confirm(token=token) == first
    assert office.waiting()[0]["head"] == head


@pytest.mark.parametrize("parts", [[], ["contacts"], ["contacts", "referral"], ["referral", "activities"], ["kaikki"]])
def test_part_without_a_tick_is_told(office: Office, parts: list[str]) -> None:
    status, body = office.confirm(parts=parts)
    missing = {f"parts.{part}" for part in ("contacts", "referral", "activities") if part not in parts}
    assert (status, {problem["field"] for problem in body["problems"]}) == (422, missing)
    assert office.open_proposals() == []


def test_data_that_is_no_longer_what_was_shown_is_not_confirmed(office: Office) -> None:
    office.public.edit(organisation_path(SLUG), "Torstaisin klo 17", "Torstaisin klo 18")
    assert office.confirm(blob=blob_name(FILE.encode())) == (409, {"code": "changed"})
    assert office.open_proposals() == []


STRANGERS: dict[str, Any] = {
    "no link": lambda office: "",
    "edit link": lambda office: office.token("edit"),
    "earlier generation": lambda office: office.token("confirm", generation=1),
    "no longer listed": lambda office: office.token("confirm", address="entinen@savon-esimerkki.example.fi"),
    "no such association": lambda office: office.token("confirm", slug="ei-ole"),
    "path": lambda office: office.token("confirm", slug="../x"),
}


@pytest.mark.parametrize("token", STRANGERS.values(), ids=STRANGERS)
def test_nobody_else_confirms(office: Office, token: Any) -> None:
    assert office.confirm(token=token(office)) == (403, {"code": "link"})
    assert office.open_proposals() == []


def test_link_lives_for_the_whole_round(office: Office) -> None:
    token = office.token("confirm")
    office.wait(days=60)
    assert office.confirm(token=token)[0] == 202
    office.wait(seconds=1)
    assert office.confirm(token=token) == (403, {"code": "link"})


@pytest.mark.parametrize("role", ["", "x" * 161, "rivi\x00", None, 5])
def test_role_is_one_line(office: Office, role: Any) -> None:
    status, body = office.confirm(role=role)
    assert (status, body["problems"][0]["field"]) == (422, "role")


def test_role_stands_in_the_file_and_nowhere_else_in_git(office: Office) -> None:
    office.confirm(role="@everyone Fixes #1")
    assert "@everyone" not in "".join(office.public.said)
    office.approve()
    assert parse_yaml(office.file())["review"]["confirmed_by"] == "@everyone Fixes #1"


def test_confirmation_and_edit_live_side_by_side(office: Office) -> None:
    office.confirm()
    office.edit(call_another_number)
    assert office.approve()[0] == 200
    assert office.approve()[0] == 200
    written = parse_yaml(office.file())
    assert written["review"]["confirmed_on"] == TODAY
    assert written["contacts"][0]["phone"] != parse_yaml(FILE)["contacts"][0]["phone"]


def test_coordinator_records_a_confirmation_by_phone(office: Office) -> None:
    status, body = office.decide("confirm_by_phone", slug=SLUG, role="sihteeri, puhelimessa")
    assert (status, body["code"]) == (202, "confirmed")
    office.approve()
    assert parse_yaml(office.file())["review"] == {"confirmed_on": TODAY, "confirmed_by": "sihteeri, puhelimessa"}
    assert office.decide("confirm_by_phone", slug="ei-ole", role="x") == (422, {"code": "unknown"})
    assert office.decide("confirm_by_phone", slug=SLUG)[0] == 422


def test_both_maintainers_have_links_of_their_own(office: Office) -> None:
    assert office.confirm(token=office.token("confirm", address=SECOND))[0] == 202


def test_opening_the_link_changes_nothing(office: Office) -> None:
    event = {"requestContext": {"http": {"method": "GET", "path": "/api/vahvistus"}}, "headers": {}}
    assert office.call(event)[0] == 405
    assert office.public.calls == []
