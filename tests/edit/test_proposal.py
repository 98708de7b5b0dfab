"""POST /api/muokkaus: what becomes of an edit."""

import json
from copy import deepcopy
from typing import Any

import pytest

from generator.content import blob_name, parse_yaml
from lambda_edit.changes import body, references_in
from lambda_edit.desk import organisation_path
from lambda_edit.forge import ANEW, EDIT, Draft
from lambda_edit.merge import Change, changes
from tests.edit.builders import (
    COORDINATOR,
    FILE,
    MAINTAINER,
    NEW_PHONE,
    OTHER,
    PHONE,
    SECOND,
    SLUG,
    Office,
    call_another_number,
    fill_up,
    new_key,
    read_lines,
)

PATH = organisation_path(SLUG)


def test_edit_with_a_link_waits_for_the_coordinator(office: Office) -> None:
    status, body = office.edit(call_another_number)
    assert (status, body["code"]) == (202, "waiting")
    assert body["changes"] == [{"field": "contacts.0.phone", "before": PHONE, "after": NEW_PHONE}]
    assert body["reference"].startswith("ME-")
    assert body["merged"] == []
    [proposal] = office.open_proposals()
    assert (proposal.id, proposal.labels, proposal.files) == (f"muokkaus/{SLUG}", (), (PATH,))
    assert office.file() == FILE, "nothing is published yet"


def test_only_the_changed_line_changes_and_comments_stay(office: Office) -> None:
    office.edit(call_another_number)
    office.approve()
    assert read_lines(FILE, office.file()) == [
        f"-    phone: {PHONE}  # päivystetään arkisin",
        f'+    phone: "{NEW_PHONE}"  # päivystetään arkisin',
    ]


def test_commit_message_names_the_association_and_groups_of_fields_only(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        call_another_number(written)
        written["pitch"]["fi"] = "Tervetuloa @everyone, Fixes #1."

    office.edit(change)
    office.approve()
    first_line, _, rest = office.public.log[-1].partition("\n")
    assert first_line == f"[{SLUG}] Muuttaa tietoja: esittelylause, yhteystiedot"
    assert rest.strip().startswith("Viite: ME-")


def test_edit_without_a_link_is_labelled(office: Office) -> None:
    status, body = office.edit(call_another_number, token="")
    assert (status, body["code"]) == (202, "waiting")
    [proposal] = office.open_proposals()
    assert proposal.labels == ("vahvistamaton",)
    assert office.waiting()[0]["is_verified"] is False


def test_strangers_proposal_does_not_mix_with_the_associations_own(office: Office) -> None:
    office.edit(call_another_number)
    office.edit(lambda written: written.update(website="https://vieras.example.org"), token="")
    strange, own = office.waiting()
    assert [change["field"] for change in own["changes"]] == ["contacts.0.phone"]
    assert [change["field"] for change in strange["changes"]] == ["website"]
    assert (own["is_verified"], strange["is_verified"]) == (True, False)


BY_ITSELF = {
    "capacity": fill_up,
    "season": lambda written: written["activities"][1].update(season={"from": "2027-01-10", "to": "2027-05-15"}),
    "pause": lambda written: written.update(pauses=[{"from": "2027-07-01", "to": "2027-07-31"}]),
}


@pytest.mark.parametrize("change", BY_ITSELF.values(), ids=BY_ITSELF)
def test_capacity_season_and_pauses_publish_themselves_with_a_link(office: Office, change: Any) -> None:
    status, body = office.edit(change)
    assert (status, body["code"]) == (202, "published")
    assert office.open_proposals() == []
    assert office.file() != FILE
    assert {mail.to for mail in office.outbox} == {MAINTAINER, SECOND}, "everyone listed is told"


@pytest.mark.parametrize("change", BY_ITSELF.values(), ids=BY_ITSELF)
def test_nothing_publishes_itself_without_a_link(office: Office, change: Any) -> None:
    assert office.edit(change, token="")[1]["code"] == "waiting"
    assert office.file() == FILE


def test_nothing_else_publishes_itself_in_the_company_of_capacity(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        fill_up(written)
        call_another_number(written)

    assert office.edit(change)[1]["code"] == "waiting"
    assert office.file() == FILE


def test_new_activity_does_not_publish_itself(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        written["activities"].append({**written["activities"][0], "id": "uusi-ryhma"})

    assert office.edit(change)[1]["code"] == "waiting"


def test_capacity_passes_a_proposal_that_waits(office: Office) -> None:
    office.edit(call_another_number)
    assert office.edit(fill_up)[1]["code"] == "published"
    assert office.approve() == (200, {"code": "published", "mails_not_sent": 0})
    written = parse_yaml(office.file())
    assert written["contacts"][0]["phone"] == NEW_PHONE
    assert written["activities"][0]["capacity"] == {"status": "full", "until": "2027-01-31"}


def test_what_publishes_itself_waits_while_the_forge_checks_it(office: Office) -> None:
    office.public.is_checking = True
    status, body = office.edit(fill_up)
    assert (status, body["code"]) == (202, "waiting")
    office.public.is_checking = False
    asked = {"slug": SLUG, "reference": body["reference"]}
    assert office.post("/api/muokkaustila", asked) == (200, {"code": "published"})
    assert office.file() != FILE


def test_second_edit_joins_the_open_proposal(office: Office) -> None:
    office.edit(call_another_number)
    status, body = office.edit(lambda written: written.update(website="https://uusi.example.fi"))
    assert (status, body["merged"]) == (202, ["contacts.0.phone"])
    assert [change["field"] for change in body["changes"]] == ["website"]
    [waiting] = office.waiting()
    assert {change["field"] for change in waiting["changes"]} == {"contacts.0.phone", "website"}
    assert len(waiting["references"]) == 2


# Somebody else was there


def test_edits_of_different_fields_are_both_kept(office: Office) -> None:
    edit = office.written_edit(call_another_number)
    office.public.edit(PATH, "Torstaisin klo 17", "Torstaisin klo 18")
    status, body = office.send(edit)
    assert (status, body["merged"]) == (202, ["activities.vertaisryhma.when"])
    office.approve()
    written = parse_yaml(office.file())
    assert written["contacts"][0]["phone"] == NEW_PHONE
    assert written["activities"][0]["when"] == "Torstaisin klo 18"


def test_edits_of_the_same_field_are_both_shown_and_nothing_is_saved(office: Office) -> None:
    edit = office.written_edit(call_another_number)
    office.public.edit(PATH, PHONE, "017 000 0288")
    status, body = office.send(edit)
    assert (status, body["code"]) == (409, "conflict")
    assert body["conflicts"] == [{"field": "contacts.0.phone", "yours": NEW_PHONE, "theirs": "017 000 0288"}]
    assert body["base"] == blob_name(office.file().encode())
    assert body["written"] == parse_yaml(office.file())
    assert office.open_proposals() == []


def test_conflict_is_settled_by_sending_again_from_the_version_that_was_shown(office: Office) -> None:
    edit = office.written_edit(call_another_number)
    office.public.edit(PATH, PHONE, "017 000 0288")
    _, shown = office.send(edit)
    written = deepcopy(shown["written"])
    call_another_number(written)
    status, body = office.send({**edit, "key": new_key(), "base": shown["base"], "written": written})
    assert (status, body["changes"]) == (202, [{"field": "contacts.0.phone", "before": "017 000 0288", "after": NEW_PHONE}])


def test_two_editors_of_one_waiting_field_meet_a_conflict(office: Office) -> None:
    office.edit(call_another_number)
    status, body = office.edit(lambda written: written["contacts"][0].update(phone="017 000 0277"))
    assert (status, body["conflicts"]) == (409, [{"field": "contacts.0.phone", "yours": "017 000 0277", "theirs": NEW_PHONE}])


BASES = {"foreign": "f" * 40, "missing": "", "another file's": blob_name(b"name: x\n")}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_unknown_base_makes_a_conflict_of_every_difference(office: Office, base: str) -> None:
    status, body = office.edit(call_another_number, base=base)
    assert status == 409
    assert [conflict["field"] for conflict in body["conflicts"]] == ["contacts.0.phone"]


@pytest.mark.parametrize("base", ["xyz", "F" * 40, "f" * 39, "../../etc/passwd", "-" * 40])
def test_malformed_base_is_refused(office: Office, base: str) -> None:
    status, body = office.edit(call_another_number, base=base)
    assert (status, body["code"], body["problems"][0]["field"]) == (422, "invalid", "base")


def test_edit_is_tried_anew_when_somebody_was_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    propose, interrupted = office.public.propose, []

    def slow(draft: Any) -> Any:
        if not interrupted:
            interrupted.append(True)
            office.public.edit(PATH, "Torstaisin klo 17", "Torstaisin klo 18")
        return propose(draft)

    monkeypatch.setattr(office.public, "propose", slow)
    assert office.edit(call_another_number)[1]["merged"] == ["activities.vertaisryhma.when"]


# Nothing to do, and done before


def test_edit_that_changes_nothing_makes_no_proposal(office: Office) -> None:
    assert office.edit() == (200, {"code": "unchanged"})
    assert office.public.said == []


@pytest.mark.parametrize("token", [None, ""])
def test_same_edit_from_another_form_changes_nothing_more(office: Office, token: str | None) -> None:
    changes_ = {} if token is None else {"token": token}
    office.edit(call_another_number, **changes_)
    assert office.edit(call_another_number, **changes_) == (200, {"code": "unchanged"})


def test_text_written_as_a_mapping_of_one_language_is_the_same_text(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        written["name"] = {"fi": written["name"]} if False else written["name"]
        written["description"] = {"fi": written["description"]}
        written["activities"][0]["when"] = {"fi": "Torstaisin klo 17"}

    assert office.edit(change) == (200, {"code": "unchanged"})


def test_empty_answers_are_missing_answers(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        written |= {"website": "", "pauses": [], "register_number": None, "part_of": "  "}
        written["activities"][0] |= {"where": {"fi": "", "sv": ""}, "target_groups": [], "season": {}}

    assert office.edit(change) == (200, {"code": "unchanged"})


def test_repeated_request_is_answered_the_same_and_does_nothing_more(office: Office) -> None:
    edit = office.written_edit(call_another_number, note="Numero vaihtui.")
    _, first = office.send(edit)
    calls, mails = len(office.public.calls), len(office.outbox)
    status, again = office.send(edit)
    assert (status, again["code"], again["reference"]) == (202, first["code"], first["reference"])
    assert (len(office.public.calls), len(office.outbox)) == (calls, mails)


@pytest.mark.parametrize("fault", ["late proposal", "proposal down", "read down", "no mail", "store down at the end"])
def test_same_request_completes_what_a_failure_left_undone(office: Office, fault: str) -> None:
    edit = office.written_edit(call_another_number, note="Numero vaihtui.")
    if fault == "late proposal":
        office.public.late = {"propose"}
    elif fault == "no mail":
        office.mailer.mood = "not_sent"
    elif fault == "store down at the end":
        office.store.failing = {"put_new"}
    else:
        office.public.failing = {"propose" if fault == "proposal down" else "read"}
    assert office.send(edit) == (503, {"code": "not_saved"})
    office.public.failing, office.mailer.mood, office.store.failing = set(), "ok", set()
    status, body = office.send(edit)
    assert (status, body["code"]) == (202, "waiting")
    assert [change["field"] for change in body["changes"]] == ["contacts.0.phone"]
    assert len(office.open_proposals()) == 1
    assert len(office.mails_to(COORDINATOR)) == 1


# What a form cannot do


def test_form_cannot_set_what_only_the_coordinator_sets(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        written |= {
            "review": {"confirmed_on": "2026-11-21", "confirmed_by": "minä"},
            "status": "closed",
            "merged_into": OTHER,
            "former_slugs": ["vanha"],
            "part_of": OTHER,
        }

    assert office.edit(change) == (200, {"code": "unchanged"})


def test_form_that_leaves_them_out_does_not_remove_them(office: Office) -> None:
    office.public.edit(PATH, "review:", f"status: paused\npart_of: {OTHER}\nreview:")

    def change(written: dict[str, Any]) -> None:
        for key in ("status", "part_of", "review"):
            del written[key]

    assert office.edit(change) == (200, {"code": "unchanged"})


SLUGS = ["../x", "%2e%2e", ".github/workflows/x", "a/b", "A", "x" * 61, "savon esimerkki", "\x00", "-", "kaikki/", "..", 5, ["x"]]


@pytest.mark.parametrize("slug", SLUGS, ids=repr)
def test_id_that_could_be_a_path_is_refused(office: Office, slug: Any) -> None:
    status, body = office.send({**office.written_edit(call_another_number), "slug": slug, "proof": "x"})
    assert (status, body["code"]) == (422, "invalid")
    assert office.public.calls == []


def test_unknown_association_is_refused(office: Office) -> None:
    written = parse_yaml(FILE)
    assert office.edit(slug="ei-ole", written=written, token="") == (422, {"code": "unknown"})


# What the content may be


def _in(place: str, value: Any) -> Any:
    def change(written: dict[str, Any]) -> None:
        *path, last = place.split(".")
        for part in path:
            written = written[int(part) if part.isdigit() else part]
        written[last] = value

    return change


BAD = [
    ("website", "javascript:alert(1)", "website"),
    ("website", "data:text/html,x", "website"),
    ("website", "https://x@evil", "website"),
    ("website", "//evil", "website"),
    ("website", "http://example.fi", "website"),
    ("contacts.0.phone", "soita", "contacts.0.phone"),
    ("contacts.0.email", "ei-osoite", "contacts.0.email"),
    ("activities.0.needs", ["masenus"], "activities.0.needs.0"),
    ("activities.0.needs", ["masennus"] * 2, "activities.0.needs.1"),
    ("activities.0.needs", ["masennus"] * 500, "activities.0.needs"),
    ("activities.0.needs", [], "activities.0.needs"),
    ("activities.0.type", "tuntematon", "activities.0.type"),
    ("activities.0.municipalities", ["esbo"], "activities.0.municipalities.0"),
    ("activities.0.municipalities", [], "activities.0"),
    ("activities.0.capacity", {"status": "full"}, "activities.0.capacity"),
    ("activities.0.id", "../x", "activities.0.id"),
    ("activities.1.id", "vertaisryhma", "activities.1.id"),
    ("activities.0.season", {"from": "2027-05-01", "to": "2027-01-01"}, "activities.0.season"),
    ("name", "", "name"),
    ("name", "x" * 121, "name"),
    ("pitch.fi", "x" * 151, "pitch"),
    ("pitch.fi", "tekstiä \u202e toisin päin", "pitch.fi"),
    ("pitch.fi", "nolla \x00", "pitch.fi"),
    ("pitch.fi", "NEL \x85", "pitch.fi"),
    ("description", "[linkki](/tarve/ei-ole/)", "description.fi"),
    ("contacts", [], "contacts"),
    ("contacts", "ei luettelo", "contacts"),
    ("referral.within_working_days", "monta", "referral.within_working_days"),
    ("tuntematon", "avain", "tuntematon"),
    ("name", True, "name"),
    ("name", 5, "name"),
    ("name", {"fi": {"fi": "x"}}, "name"),
]


@pytest.mark.parametrize(("place", "value", "field"), BAD, ids=lambda one: repr(one)[:40])
def test_what_the_build_would_refuse_is_refused_with_its_sentence_and_field(
    office: Office, place: str, value: Any, field: str
) -> None:
    status, body = office.edit(_in(place, value))
    assert (status, body["code"]) == (422, "invalid")
    assert field in [problem["field"] for problem in body["problems"]]
    assert all(problem["message"].endswith((".", "?")) for problem in body["problems"])
    assert office.public.said == []


NASTY = [
    "no", "070", "2026-05-01", "12:30:00", "- x", "a: b # c", "!!python/object/apply:os.system ['ls']", "&a *a", "emoji 🎉",
    "</script><script>alert(1)</script>", "```", "````\n```diff", "@everyone", "Fixes #1", "| a | b |", "'\"", "{}", "[]", "~",
    "null", "%YAML 1.1", "---", "...", "| >", "? x", "#", "\\n", "<!-- -->", "ä" * 1000,
]  # fmt: skip


@pytest.mark.parametrize("value", NASTY, ids=lambda one: one[:20])
def test_nasty_text_is_kept_as_it_was_written(office: Office, value: str) -> None:
    status, _ = office.edit(_in("description", value))
    assert status == 202
    office.approve()
    written = parse_yaml(office.file())
    assert written["description"] == value
    assert changes(parse_yaml(FILE), written) == [("description", "Esimerkki.", value)]


@pytest.mark.parametrize("value", NASTY, ids=lambda one: one[:20])
def test_nothing_of_it_stands_outside_the_fence(office: Office, value: str) -> None:
    office.edit(_in("description", f"zq {value} zq"))
    [proposal] = office.open_proposals()
    before, fence, rest = _fenced(proposal.body)
    inside, after = rest.split(f"\n{fence}\n")
    assert "zq" in inside
    assert not any("zq" in words for words in (before, after, proposal.title, *proposal.labels, *office.public.said[:2]))


def _fenced(body: str) -> tuple[str, str, str]:
    before, opening, rest = body.partition("diff\n")
    fence = before.rpartition("\n")[2]
    assert opening
    assert set(fence) == {"`"}
    assert fence not in rest.split(f"\n{fence}\n")[0]
    return before, fence, rest


def test_carriage_returns_of_a_form_are_line_ends(office: Office) -> None:
    office.edit(_in("description", "yksi\r\nkaksi\rkolme"))
    office.approve()
    assert parse_yaml(office.file())["description"] == "yksi\nkaksi\nkolme"


def test_file_that_would_grow_too_large_is_refused(office: Office) -> None:
    def change(written: dict[str, Any]) -> None:
        words = {"fi": "a" * 290, "sv": "b" * 290}
        one = {**written["activities"][0], "for_whom": words, "accessibility": words, "summary": words}
        written["activities"] = [{**one, "id": f"ryhma-{number}"} for number in range(38)]

    status, body = office.edit(change)
    assert (status, body["code"]) == (422, "invalid")
    assert "liian suuri" in body["problems"][0]["message"]


BODIES: list[tuple[Any, int, str]] = [
    (b"", 400, "json"),
    (b"[]", 400, "json"),
    (b"{", 400, "json"),
    (b'{"a":1,"a":1}', 400, "json"),
    (b"\xff\xfe", 400, "json"),
    (b'{"written":' + b"[" * 100_000 + b"}", 413, "too_large"),
    (b'{"written":' + b"[" * 50_000 + b"}", 400, "json"),
    (b"x" * 200_000, 413, "too_large"),
    ({}, 422, "invalid"),
    ({"tuntematon": 1}, 422, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES, ids=lambda one: repr(one)[:30])
def test_body_that_is_no_request_is_refused(office: Office, body: Any, status: int, code: str) -> None:
    found, told = office.post("/api/muokkaus", body)
    assert (found, told["code"]) == (status, code)


def test_written_data_that_is_too_deep_is_refused(office: Office) -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = {"fi": deep}
    status, body = office.edit(_in("description", deep))
    assert (status, body["code"]) == (422, "invalid")


@pytest.mark.parametrize("name", ["token", "note", "proof", "written", "addresses", "commitment", "key", "website"])
@pytest.mark.parametrize("value", [None, 5, [], {}, "x" * 70_000, True], ids=lambda one: repr(one)[:10])
def test_no_odd_field_brings_the_service_down(office: Office, name: str, value: Any) -> None:
    body = {**office.written_edit(call_another_number), "proof": "x", name: value}
    status, told = office.post("/api/muokkaus", json.loads(json.dumps(body)))
    assert status in (202, 400, 403, 413, 422), told


# Who, and how often


def test_proof_of_work_is_needed(office: Office) -> None:
    edit = office.written_edit(call_another_number)
    assert office.send({**edit, "proof": "x"}) == (403, {"code": "proof"})
    assert office.send({**edit, "proof": office.proof(OTHER, edit["key"])}) == (403, {"code": "proof"})
    assert office.send({**edit, "proof": office.proof(SLUG, new_key())}) == (403, {"code": "proof"})
    assert office.public.calls == []


def test_robot_that_fills_the_hidden_field_believes_that_it_succeeded(office: Office) -> None:
    status, body = office.edit(call_another_number, website="https://myyn.example.org")
    assert (status, body["code"]) == (202, "waiting")
    assert office.public.calls == []


def test_other_sites_may_not_post(office: Office) -> None:
    edit = office.written_edit(call_another_number)
    assert office.post("/api/muokkaus", edit, origin="https://muu.example.org") == (403, {"code": "origin"})
    assert office.post("/api/muokkaus", edit, content_type="text/plain") == (415, {"code": "content_type"})


def test_association_may_be_edited_only_so_often_in_an_hour(office: Office) -> None:
    for number in range(20):
        status, _ = office.edit(lambda written, number=number: written.update(website=f"https://a{number}.example.fi"), token="")
        for proposal in office.open_proposals():
            office.public.close(proposal)
        assert status == 202
    assert office.edit(call_another_number) == (429, {"code": "limit"})
    office.wait(hours=1)
    assert office.edit(call_another_number)[0] == 202


def test_failed_edits_do_not_use_up_the_limit(office: Office) -> None:
    office.public.failing = {"propose"}
    for _ in range(25):
        assert office.edit(call_another_number)[0] == 503
    office.public.failing = set()
    assert office.edit(call_another_number)[0] == 202


def test_note_goes_to_the_coordinator_by_mail_and_never_into_git(office: Office) -> None:
    office.edit(call_another_number, note="Soita minulle </script> @everyone\nNumero vaihtui.")
    [mail] = office.mails_to(COORDINATOR)
    assert "Soita minulle </script> @everyone" in mail.text
    assert "</script>" not in mail.html
    assert "Soita minulle" not in "".join((*office.public.said, *office.public.main.values()))
    assert "Soita" not in mail.subject


def test_proposal_that_waits_is_rebuilt_upon_what_was_published_beside_it(office: Office) -> None:
    """Git cannot merge neighbouring lines; fields can be."""
    office.edit(call_another_number)
    office.public.edit(PATH, "    email: toimisto@", "    email: uusi@")
    status, body = office.approve()
    assert (status, body["code"]) == (200, "published")
    contact = parse_yaml(office.file())["contacts"][0]
    assert (contact["phone"], contact["email"]) == (NEW_PHONE, "uusi@savon-esimerkki.example.fi")
    assert office.open_proposals() == []


def test_proposal_whose_field_was_changed_meanwhile_cannot_be_merged(office: Office) -> None:
    office.edit(call_another_number)
    office.public.edit(PATH, PHONE, "017 000 0288")
    assert office.approve() == (409, {"code": "not_mergeable"})
    assert len(office.open_proposals()) == 1, "and is not lost"


def test_returned_edit_is_never_published_by_what_comes_after_it(office: Office) -> None:
    """A merge that the forge's own checks refuse leaves no copy behind that a later edit could take along."""
    office.edit(call_another_number)
    office.public.edit(PATH, "    email: toimisto@", "    email: uusi@")
    office.public.is_checking = True
    assert office.approve() == (409, {"code": "not_mergeable"})
    assert [one.id for one in office.open_proposals()] == [f"{EDIT}/{SLUG}"]
    (one,) = office.waiting()
    assert office.decide("return", id=one["id"], head=one["head"], reason="Numero on väärä.")[0] == 200
    office.public.is_checking = False
    assert office.edit(fill_up)[1]["code"] == "published"
    assert NEW_PHONE not in office.file()


def test_approval_whose_answer_was_lost_is_completed_by_the_next_one(office: Office) -> None:
    office.edit(call_another_number)
    office.public.edit(PATH, "description: Esimerkki.", "description: Uusi teksti.")
    office.public.late = {"merge"}
    assert office.approve()[0] == 503
    office.public.late = set()
    assert NEW_PHONE in office.file()
    assert office.approve()[0] == 200
    assert office.open_proposals() == []


def test_two_proposals_of_the_same_change_can_both_be_approved(office: Office) -> None:
    office.edit(call_another_number)
    office.edit(call_another_number, token="")
    assert [office.approve()[0] for _ in range(2)] == [200, 200]
    assert office.open_proposals() == []
    assert NEW_PHONE in office.file()


def test_what_a_cut_approval_has_left_is_neither_shown_nor_in_the_way(office: Office) -> None:
    office.edit(call_another_number)
    left = office.file().replace(PHONE, "017 000 0277")
    office.public.propose(Draft(f"{ANEW}/{SLUG}", {PATH: left}, "", "", ""))
    office.public.edit(PATH, "    email: toimisto@", "    email: uusi@")
    assert len(office.waiting()) == 1
    assert office.approve()[0] == 200
    assert office.open_proposals() == []
    assert parse_yaml(office.file())["contacts"][0]["phone"] == NEW_PHONE


def test_text_of_a_long_proposal_is_what_a_forge_takes() -> None:
    many = [Change(f"activities.ryhma-{number}.capacity.status", "open", "full") for number in range(1000)]
    written = body("Alku.", many, "", "a" * 100_000, ["ME-ABCD-23"])
    assert len(written) < 65_000
    assert references_in(written) == ["ME-ABCD-23"]
    assert "(Loput riveistä" in written
