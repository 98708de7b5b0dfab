"""Rules across fields, files and dates: what is told, where, and of what weight."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from unittest.mock import Mock

import pytest
import yaml

from generator.checked import Surroundings
from generator.content import Document, PageDocument, Sources, load_page, load_sources, parse_yaml
from generator.problems import SENTENCES, ContentError, Problem, Severity
from generator.referrals import recipients_record, referral_slugs
from generator.rules.addresses import looks_personal
from generator.validation import check_organisation, validate
from tests.builders import SAMPLES, TODAY, WRITTEN_POLICY, make_site, written_organisation

VALID = load_sources(SAMPLES / "_valid")
CODES = {code: re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(sentence)), re.DOTALL) for code, sentence in SENTENCES.items()}
Told = set[tuple[str, str, str]]
FIRST = {"name": "Savon Sydänyhdistys ry", "contacts": [{"role": "Toimisto", "phone": "017 000 0101"}]}
OTHER = {"name": "Pielisen Kerho ry", "contacts": [{"role": "Toimisto", "phone": "017 000 0202"}]}
REFERRAL = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": "3", "promise": "Soitamme."}


def document(file: str, data: dict[str, Any]) -> Document:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return Document(file, PurePosixPath(file).stem, text, parse_yaml(text))


def documents(folder: str, written: dict[str, dict[str, Any]]) -> tuple[Document, ...]:
    return tuple(document(f"content/{folder}/{slug}.yaml", data) for slug, data in sorted(written.items()))


def sources(private: dict[str, dict[str, Any]] | None = None, **organisations: dict[str, Any]) -> Sources:
    """The valid region with these associations, and their private addresses, instead of its own."""
    return replace(
        VALID,
        organisations=documents("organisations", organisations),
        private=None
        if private is None
        else tuple(document(f"content/private/{slug}.yaml", data) for slug, data in private.items()),
    )


def problems(given: Sources, today: date = TODAY) -> list[Problem]:
    try:
        return list(validate(given, today).warnings)
    except ContentError as error:
        return error.problems


def code_of(problem: Problem) -> str:
    return next(code for code, pattern in CODES.items() if pattern.fullmatch(problem.message))


def told(given: Sources, today: date = TODAY) -> Told:
    """(file, field, code) of everything that is told, the file without its folder and ending."""
    return {(PurePosixPath(one.file).stem, one.field, code_of(one)) for one in problems(given, today)}


def test_valid_region_has_nothing_to_tell() -> None:
    assert problems(VALID) == []
    assert told(sources(kerho=written_organisation(), private={"kerho": {"data_maintainers": ["toimisto@x.fi"]}})) == set()


# One association


CROSS_FIELD = [
    pytest.param({"activities": [{"needs": ["masenus"]}]}, "activities.0.needs.0", "unknown.need", id="need"),
    pytest.param({"activities": [{"type": "kerho"}]}, "activities.0.type", "unknown.type", id="type"),
    pytest.param({"activities": [{"target_groups": ["x"]}]}, "activities.0.target_groups.0", "unknown.target_group", id="group"),
    pytest.param({"activities": [{"municipalities": ["x"]}]}, "activities.0.municipalities.0", "unknown.municipality", id="town"),
    pytest.param({"activities": [{"languages": ["fi", "x"]}]}, "activities.0.languages.1", "unknown.language", id="language"),
    pytest.param({"activities": [{}, {"needs": ["x"]}]}, "activities.1.needs.0", "unknown.need", id="second-activity"),
    pytest.param({"activities": [{"needs": ["diabetes"] * 2}]}, "activities.0.needs.1", "repeated.value", id="need-twice"),
    pytest.param(
        {"activities": [{"languages": ["fi", "fi"]}]}, "activities.0.languages.1", "repeated.value", id="language-twice"
    ),
    pytest.param({"activities": [{"id": "a"}, {"id": "a"}]}, "activities.1.id", "repeated.id", id="activity-twice"),
    pytest.param({"activities": []}, "activities", "activities.none", id="no-activities"),
    pytest.param({"activities": [], "status": "paused"}, "activities", "activities.none", id="paused-without-activities"),
    pytest.param({"activities": [{"municipalities": []}]}, "activities.0", "municipalities.missing", id="nowhere"),
    pytest.param({"scope": "national"}, "activities.0.municipalities", "municipalities.national", id="national-somewhere"),
    pytest.param({"referral": {**REFERRAL, "activities": ["x"]}}, "referral.activities.0", "unknown.activity", id="referral"),
    pytest.param({"part_of": "liitto"}, "part_of", "unknown.organisation", id="part-of-nothing"),
    pytest.param({"part_of": "kerho"}, "part_of", "self.reference", id="part-of-itself"),
    pytest.param({"status": "closed", "merged_into": "x"}, "merged_into", "unknown.organisation", id="merged-into-nothing"),
    pytest.param({"former_slugs": ["kerho"]}, "former_slugs.0", "repeated.slug", id="former-slug-is-its-own"),
    pytest.param({"former_slugs": ["a", "a"]}, "former_slugs.1", "repeated.slug", id="former-slug-twice"),
    pytest.param({"description": "[x](/ohje/)"}, "description.fi", "page.link", id="dead-link"),
    pytest.param({"description": "[x](/jarjesto/x/)"}, "description.fi", "page.link", id="link-to-unknown-association"),
]


@pytest.mark.parametrize(("changes", "field", "code"), CROSS_FIELD)
def test_fault_within_an_association(changes: dict[str, Any], field: str, code: str) -> None:
    assert told(sources(kerho=written_organisation(**changes))) == {("kerho", field, code)}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"activities": [{"municipalities": ["koko-alue"]}]}, id="whole-region"),
        pytest.param({"activities": [{"municipalities": [], "remote": "true"}]}, id="remote-only"),
        pytest.param({"activities": [{"municipalities": []}], "scope": "national"}, id="national"),
        pytest.param({"activities": [], "status": "closed"}, id="closed-without-activities"),
        pytest.param({"review": None}, id="never-confirmed"),
        pytest.param({"former_slugs": ["vanha-kerho"]}, id="former-slug"),
        pytest.param({"referral": {**REFERRAL, "activities": ["toiminta-0"]}}, id="referral-for-its-own-activity"),
        pytest.param({"description": "[a](/) [b](/ohjeet/) [c](/tarve/masennus/) [d](/jarjesto/kerho/)"}, id="own-links"),
        pytest.param({"description": "[a](https://x.fi) [b](mailto:a@x.fi) [c](#d)"}, id="links-elsewhere"),
    ],
)
def test_what_is_allowed_within_an_association(changes: dict[str, Any]) -> None:
    assert told(sources(kerho=written_organisation(**changes))) == set()


@pytest.mark.parametrize(("days", "is_valid"), [(-1, True), (0, True), (1, False), (365, False)])
def test_confirmation_cannot_be_in_the_future(days: int, is_valid: bool) -> None:
    review = {"confirmed_on": (TODAY + timedelta(days)).isoformat(), "confirmed_by": "sihteeri"}
    expected = set() if is_valid else {("kerho", "review.confirmed_on", "date.future")}
    assert told(sources(kerho=written_organisation(review=review))) == expected


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("masenus", 'Tarkoititko "masennus"?'),
        ("diabetis", 'Tarkoititko "diabetes"?'),
        ("xyz", "Sallitut: masennus, diabetes."),
    ],
)
def test_unknown_word_gets_its_nearest_match_or_the_list(written: str, hint: str) -> None:
    (problem,) = problems(sources(kerho=written_organisation(activities=[{"needs": [written]}])))
    assert problem.message == f'Tarvetta "{written}" ei ole luettelossa taxonomy.yaml. {hint}'


def test_unknown_association_is_not_looked_for_in_the_taxonomy() -> None:
    many = {f"yhdistys-{chr(97 + at) * 5}": written_organisation(name=chr(97 + at) * 9, contacts=[]) for at in range(26)}
    for at, one in enumerate(many.values()):
        one["contacts"] = [{"role": "Toimisto", "phone": f"017 000 {at:04}"}]
    (problem,) = problems(sources(**many, kerho=written_organisation(part_of="xyz")))
    assert "taxonomy.yaml" not in problem.message


def test_everything_wrong_is_told_at_once() -> None:
    broken = written_organisation(activities=[{"needs": ["x"], "type": "y"}, {"municipalities": []}], part_of="z")
    shapeless = written_organisation(pitch=None, website="x")
    assert told(sources(kerho=broken, toinen=shapeless, private={"kolmas": {"data_maintainers": ["a"]}})) == {
        ("kerho", "activities.0.needs.0", "unknown.need"),
        ("kerho", "activities.0.type", "unknown.type"),
        ("kerho", "activities.1", "municipalities.missing"),
        ("kerho", "part_of", "unknown.organisation"),
        ("toinen", "pitch", "missing"),
        ("toinen", "website", "url_form"),
        ("kolmas", "", "private.orphan"),
        ("kolmas", "data_maintainers.0", "email_form"),
    }


def test_problems_come_in_the_order_of_files_and_lines() -> None:
    broken = {"activities": [{"needs": ["x"], "type": "y"}], "part_of": "z"}
    found = problems(sources(b=written_organisation(**FIRST, **broken), a=written_organisation(**OTHER, **broken)))
    places = [(PurePosixPath(one.file).stem, one.field) for one in found]
    fields = ["activities.0.type", "activities.0.needs.0", "part_of"]
    assert places == [(slug, field) for slug in "ab" for field in fields]


# Associations one against another


def closed(**changes: Any) -> dict[str, Any]:
    """A closed association that resembles no other."""
    return written_organisation(**{"status": "closed", "activities": [], **changes})


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        pytest.param({"a": "kerho"}, set(), id="into-a-working-one"),
        pytest.param({"a": "b", "b": "kerho"}, set(), id="two-steps"),
        pytest.param({"a": "b", "b": "a"}, {("a", "merge.loop"), ("b", "merge.loop")}, id="pair"),
        pytest.param({"a": "b", "b": "c", "c": "a"}, {(one, "merge.loop") for one in "abc"}, id="ring-of-three"),
        pytest.param({"a": "b", "b": "c", "c": "b"}, {(one, "merge.loop") for one in "abc"}, id="into-a-ring"),
        pytest.param({"a": "b", "b": None}, {("a", "merge.closed")}, id="into-a-closed-one"),
        pytest.param({"a": "b", "b": "c", "c": None}, {("a", "merge.closed"), ("b", "merge.closed")}, id="two-steps-to-closed"),
        pytest.param({"a": "x"}, {("a", "unknown.organisation")}, id="into-nothing"),
        pytest.param({"a": "b", "b": "x"}, {("b", "unknown.organisation")}, id="two-steps-to-nothing"),
        pytest.param({"a": None}, set(), id="closed-for-good"),
    ],
)
def test_mergers_end_in_an_association_that_works(chain: dict[str, str | None], expected: set[tuple[str, str]]) -> None:
    merged = {slug: closed(merged_into=target) for slug, target in chain.items()}
    found = told(sources(kerho=written_organisation(), **merged))
    assert found == {(slug, "merged_into", code) for slug, code in expected}


@pytest.mark.parametrize("status", ["active", "paused"])
def test_only_a_closed_association_can_have_merged(status: str) -> None:
    given = sources(a=written_organisation(**FIRST, status=status, merged_into="b"), b=written_organisation(**OTHER))
    assert told(given) == {("a", "merged_into", "merged_not_closed")}


def test_merger_into_itself_is_a_fault() -> None:
    assert ("a", "merged_into", "self.reference") in told(sources(a=closed(merged_into="a")))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(["b"], [], {("a", "former_slugs.0")}, id="name-of-a-working-one"),
        pytest.param([], ["a"], {("b", "former_slugs.0")}, id="name-of-an-earlier-one"),
        pytest.param(["x"], ["x"], {("b", "former_slugs.0")}, id="claimed-by-two"),
        pytest.param(["b"], ["a"], {("a", "former_slugs.0"), ("b", "former_slugs.0")}, id="swapped"),
        pytest.param(["x"], ["y"], set(), id="different"),
    ],
)
def test_former_address_belongs_to_one_association(first: list[str], second: list[str], expected: set[tuple[str, str]]) -> None:
    given = sources(a=closed(former_slugs=first), b=closed(former_slugs=second))
    assert told(given) == {(slug, field, "repeated.slug") for slug, field in expected}


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        pytest.param({}, {}, None, id="different"),
        pytest.param({"business_id": "9011427-0"}, {"business_id": "9011427-0"}, "same.business_id", id="business-id"),
        pytest.param({"business_id": "9011427-0"}, {"business_id": "1234567-1"}, None, id="other-business-id"),
        pytest.param({}, {"contacts": [{"role": "x", "phone": "+358 17 0000 101"}]}, "same.phone", id="phone-written-otherwise"),
        pytest.param({}, {"contacts": [*OTHER["contacts"], *FIRST["contacts"]]}, "same.phone", id="second-phone"),
        pytest.param({}, {"name": "Savon Sydänyhdistys"}, "same.name", id="without-legal-form"),
        pytest.param({}, {"name": "Sydänyhdistys Savon r.y."}, None, id="legal-form-with-dots-is-not-known"),
        pytest.param({}, {"name": "SAVON SYDÄNYHDISTYS RY"}, "same.name", id="capitals"),
        pytest.param({}, {"name": "Savon Sydänyhdistys rf"}, "same.name", id="other-legal-form"),
        pytest.param({}, {"name": "Sydänyhdistys, Savon"}, "same.name", id="word-order"),
        pytest.param({}, {"name": "Savon Sydänyhdisty ry"}, "same.name", id="letter-left-out"),
        pytest.param({}, {"name": "Savon Sydännyhdistys ry"}, "same.name", id="letter-added"),
        pytest.param({}, {"name": "Savon Sydänyhdistus ry"}, "same.name", id="letter-changed"),
        pytest.param({}, {"name": "Saron Sydäneyhdistus ry"}, None, id="three-letters-changed"),
        pytest.param({}, {"name": "Savon Keuhkoyhdistys ry"}, None, id="other-name"),
    ],
)
def test_two_files_that_look_like_one_association_are_warned_about(
    first: dict[str, Any], second: dict[str, Any], code: str | None
) -> None:
    given = sources(a=written_organisation(**{**FIRST, **first}), b=written_organisation(**{**OTHER, **second}))
    found = problems(given)
    assert [(one.file, code_of(one), one.severity) for one in found] == (
        [("content/organisations/b.yaml", code, Severity.WARNING)] if code else []
    )
    assert all("content/organisations/a.yaml" in one.message for one in found)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"part_of": "a"}, id="branch"),
        pytest.param({"status": "closed", "activities": []}, id="closed"),
    ],
)
def test_branch_and_closed_association_may_share_with_another(changes: dict[str, Any]) -> None:
    shared = {"business_id": "9011427-0", "contacts": FIRST["contacts"]}
    given = sources(
        a=written_organisation(name="Savon Sydänyhdistys ry", **shared),
        b=written_organisation(**{"name": "Pielisen Kerho ry", **shared, **changes}),
    )
    assert told(given) == set()


def test_closed_association_may_have_the_name_of_its_successor() -> None:
    assert told(sources(a=written_organisation(**FIRST), b=closed(**FIRST, merged_into="a"))) == set()


# Broken neighbours: what cannot be read is not called missing


def with_broken(given: Sources, slug: str, *, folder: str = "organisations") -> Sources:
    """The same with one file that could not be read."""
    broken = Problem(f"content/{folder}/{slug}.yaml", 1, "", SENTENCES["file.empty"])
    if folder == "private":
        return replace(given, private=(*(given.private or ()), broken))
    return replace(given, organisations=(*given.organisations, broken))


def test_association_that_cannot_be_read_is_not_called_missing() -> None:
    given = sources(private={"liitto": {"data_maintainers": ["a@x.fi"]}}, kerho=written_organisation(part_of="liitto"))
    assert told(with_broken(given, "liitto")) == {("liitto", "", "file.empty")}


def test_association_with_a_fault_of_shape_is_not_called_missing() -> None:
    given = sources(
        private={"liitto": {"data_maintainers": ["a@x.fi"]}},
        kerho=written_organisation(part_of="liitto", description="[Liitto](/jarjesto/liitto/)"),
        liitto=written_organisation(pitch=None),
    )
    assert told(given) == {("liitto", "pitch", "missing")}


def test_private_file_that_cannot_be_read_is_not_called_missing() -> None:
    given = sources(private={}, kerho=written_organisation(referral=REFERRAL))
    assert told(with_broken(given, "kerho", folder="private")) == {("kerho", "", "file.empty")}


def test_page_that_cannot_be_read_is_not_called_missing() -> None:
    broken = Problem("content/pages/ohjeet.fi.md", 1, "", SENTENCES["page.front_matter"])
    pages = tuple(page for page in VALID.pages if isinstance(page, PageDocument) and page.slug != "ohjeet")
    assert told(replace(VALID, pages=(*pages, broken))) == {("ohjeet.fi", "", "page.front_matter")}


# Translations


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="only-finnish"),
        pytest.param({"pitch": {"fi": "a", "sv": "b"}}, [("sv", "description", "4 kohdasta")], id="begun-in-swedish"),
        pytest.param(
            {"pitch": {"fi": "a", "sv": "b", "en": "c"}},
            [("sv", "description", "4 kohdasta"), ("en", "description", "4 kohdasta")],
            id="begun-in-both",
        ),
        pytest.param(
            {one: {"fi": "a", "en": "b"} for one in ("pitch", "description")}
            | {"contacts": [{"role": {"fi": "a", "en": "b"}, "phone": "017 000 0101"}]}
            | {"activities": [{"name": {"fi": "a", "en": "b"}, "summary": "x"}]},
            [("en", "activities.0.summary", "yhdestä kohdasta")],
            id="one-left",
        ),
        pytest.param(
            {one: {"fi": "a", "en": "b"} for one in ("pitch", "description")}
            | {"contacts": [{"role": {"fi": "a", "en": "b"}, "phone": "017 000 0101"}]}
            | {"activities": [{one: {"fi": "a", "en": "b"} for one in ("name", "summary")}]},
            [],
            id="whole-in-english",
        ),
    ],
)
def test_translation_that_is_begun_is_asked_to_be_finished(changes: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    found = problems(sources(kerho=written_organisation(**changes)))
    assert {one.severity for one in found} <= {Severity.WARNING}
    assert {one.field for one in found} == {field for _, field, _ in expected}
    wanted = [f"Käännös ({language}) puuttuu {count}: ensimmäinen on {field}." for language, field, count in expected]
    assert [one for one in wanted if not any(problem.message.startswith(one) for problem in found)] == []
    assert len(found) == len(expected)


def test_warnings_never_block() -> None:
    given = sources(
        private={"a": {"referral_email": "maija.meikalainen@x.fi", "data_maintainers": ["a@x.fi"]}},
        a=written_organisation(pitch={"fi": "a", "sv": "b"}, referral=REFERRAL),
        b=written_organisation(),
    )
    content = validate(given, TODAY)
    assert list(content.organisations) == ["a", "b"]
    assert {code_of(one) for one in content.warnings} == {"translation.partial", "private.personal", "same.phone"}
    assert content.files == 2 + 2 + 1 + 6


# A real region


REAL_SITE = {
    **dict.fromkeys(("name", "region", "whole_region", "publisher"), "Savo"),
    **dict.fromkeys(("url", "quick_exit"), "https://tarjotin.fi"),
    "guidance": {"name": "Neuvonta", "phone": "017 123 4567", "hours": "arkisin"},
    "coordinator": {"phone": "017 123 4567", "email": "koordinaattori@tarjotin.fi"},
    "feedback_email": "palaute@tarjotin.fi",
}
GENUINE = {"website": "https://yhdistys.fi", "contacts": [{"role": "x", "phone": "017 123 4567", "email": "a@yhdistys.fi"}]}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        pytest.param({}, None, None, id="genuine"),
        pytest.param({"contacts": [{"role": "x", "phone": "017 000 0101"}]}, "contacts.0.phone", "sample.phone", id="phone"),
        pytest.param({"contacts": [{"role": "x", "phone": "+35817000 0101"}]}, "contacts.0.phone", "sample.phone", id="+358"),
        pytest.param({"contacts": [{"role": "x", "phone": "017-000 0101"}]}, "contacts.0.phone", "sample.phone", id="hyphen"),
        pytest.param({"contacts": [{"role": "x", "phone": "(017) 0000101"}]}, "contacts.0.phone", "sample.phone", id="brackets"),
        pytest.param({"contacts": [{"role": "x", "phone": "00358 17 000 0101"}]}, "contacts.0.phone", "sample.phone", id="00358"),
        pytest.param({"website": "https://example.fi"}, "website", "sample.domain", id="website"),
        pytest.param({"website": "https://kerho.example.org/a"}, "website", "sample.domain", id="subdomain"),
        pytest.param({"website": "https://yhdistys.fi/?a=example.fix"}, None, None, id="only-resembles"),
        pytest.param({"website": "https://notexample.fi"}, None, None, id="ends-alike"),
        pytest.param({"contacts": [{"role": "x", "email": "a@example.org"}]}, "contacts.0.email", "sample.domain", id="email"),
    ],
)
def test_real_region_refuses_sample_numbers_and_addresses(changes: dict[str, Any], field: str | None, code: str | None) -> None:
    written = document("content/organisations/kerho.yaml", written_organisation(**{**GENUINE, **changes}))
    given = replace(VALID, organisations=(written,), private=None)
    assert told(given) == set()
    real = replace(given, site=document("content/site.yaml", REAL_SITE))
    assert told(real) == ({("kerho", field, code)} if field else set())


# Private addresses


@pytest.mark.parametrize(
    ("changes", "private", "expected"),
    [
        pytest.param({"referral": REFERRAL}, {}, {("kerho", "referral", "private.missing")}, id="no-file"),
        pytest.param({}, {}, set(), id="no-file-and-no-requests"),
        pytest.param({"referral": REFERRAL, "status": "closed"}, {}, set(), id="no-file-and-closed"),
        pytest.param({"referral": REFERRAL}, {"kerho": {}}, {("kerho", "", "private.email")}, id="no-address"),
        pytest.param({}, {"kerho": {}}, set(), id="no-address-and-no-requests"),
        pytest.param({"referral": REFERRAL}, {"kerho": {"referral_email": "ohjaus@x.fi"}}, set(), id="complete"),
        pytest.param({}, {"kehro": {}}, {("kehro", "", "private.orphan")}, id="other-name"),
        pytest.param(
            {},
            {"kerho": {"activity_emails": {"toiminta-1": "a@x.fi"}}},
            {("kerho", "activity_emails.toiminta-1", "unknown.activity")},
            id="unknown-activity",
        ),
        pytest.param({}, {"kerho": {"activity_emails": {"toiminta-0": "a@x.fi"}}}, set(), id="its-own-activity"),
        pytest.param(
            {}, {"kerho": {"awaiting": {"old_address": "true"}}}, {("kerho", "awaiting", "private.awaiting")}, id="old-not-asked"
        ),
        pytest.param(
            {},
            {"kerho": {"awaiting": {"new_address": ["uusi@x.fi"]}}},
            {("kerho", "awaiting", "private.awaiting")},
            id="new-not-confirmed",
        ),
        pytest.param({}, {"kerho": {"awaiting": {"test_request": "true"}}}, set(), id="test-request-not-answered"),
    ],
)
def test_private_addresses_fit_the_association(changes: dict[str, Any], private: dict[str, Any], expected: Told) -> None:
    written = {slug: {"data_maintainers": ["toimisto@x.fi"], **one} for slug, one in private.items()}
    assert told(sources(private=written, kerho=written_organisation(**changes))) == expected


def test_association_that_has_not_answered_its_test_request_takes_no_requests() -> None:
    organisation = written_organisation(referral=REFERRAL)
    for awaiting, is_taken in ((None, True), ({"test_request": "true"}, False), ({"register_check": "true"}, False)):
        private = {"referral_email": "ohjaus@x.fi", "data_maintainers": ["toimisto@x.fi"], "awaiting": awaiting}
        written = {"kerho": {key: value for key, value in private.items() if value}}
        content = validate(sources(private=written, kerho=organisation), TODAY)
        assert referral_slugs(replace(content, site=make_site(referral=WRITTEN_POLICY)), TODAY) == ["kerho"] * is_taken
        site = content.site.model_copy(update={"referral": make_site(referral=WRITTEN_POLICY).referral})
        assert list(recipients_record(replace(content, site=site), TODAY)["organisations"]) == ["kerho"] * is_taken


def test_one_association_alone_is_checked_as_the_build_checks_it() -> None:
    written = written_organisation(
        part_of="ei-ole",
        activities=[{"needs": ["masenus"]}],
        review={"confirmed_on": "2027-01-01", "confirmed_by": "sihteeri"},
        description="Katso [sivu](/tarve/ei-ole/).",
    )
    given = sources(kerho=written)
    alone = document("content/organisations/kerho.yaml", written)
    content = validate(VALID, TODAY)
    _, found = check_organisation(alone, Surroundings(content.site, content.taxonomy, {"kerho"}, (), TODAY))
    assert found == problems(given)
    assert len(found) == 4


def test_copy_without_the_private_folder_is_valid() -> None:
    assert told(sources(private=None, kerho=written_organisation(referral=REFERRAL))) == set()


@pytest.mark.parametrize(
    ("email", "is_personal"),
    [
        ("maija.meikalainen@x.fi", True),
        ("Maija.Meikäläinen@x.fi", True),
        ("anna-maija.oy-virtanen@x.fi", True),
        ("toimisto@x.fi", False),
        ("toimisto.kuopio1@x.fi", False),
        ("m.m@x.fi", False),
        ("sihteeri@maija.meikalainen.fi", False),
    ],
)
def test_address_of_one_person_is_noticed(email: str, is_personal: bool) -> None:
    assert looks_personal(email) is is_personal


# The taxonomy, the site and the pages


def with_taxonomy(**changes: Any) -> Sources:
    assert isinstance(VALID.taxonomy, Document)
    return replace(VALID, taxonomy=document("taxonomy.yaml", {**VALID.taxonomy.data, **changes}))


def need(**changes: Any) -> dict[str, Any]:
    return {"id": "masennus", "group": "mielenterveys", "label": "x", "description": "x", **changes}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        pytest.param({"needs": [need(), need()]}, "needs.1.id", "repeated.id", id="need-twice"),
        pytest.param({"needs": [need(group="x")]}, "needs.0.group", "unknown.group", id="group"),
        pytest.param({"needs": [need(helplines=["x"])]}, "needs.0.helplines.0", "unknown.helpline", id="helpline"),
        pytest.param({"needs": [need(icpc2=["P76", "P79-P70"])]}, "needs.0.icpc2.1", "code.order", id="codes-backwards"),
        pytest.param({"needs": [need(icd10=["F32.9-F32.1"])]}, "needs.0.icd10.0", "code.order", id="decimal-codes-backwards"),
        pytest.param(
            {"languages": [{"id": "fi", "label": "x"}, {"id": "fi", "label": "y"}]},
            "languages.1.id",
            "repeated.id",
            id="language-twice",
        ),
    ],
)
def test_fault_within_the_taxonomy(changes: dict[str, Any], field: str, code: str) -> None:
    assert told(with_taxonomy(**changes)) == {("taxonomy", field, code)}


@pytest.mark.parametrize("span", ["F32-F33.1", "F32.1-F33", "F32.1-F33.2"])
def test_code_range_that_cannot_be_listed_is_a_problem_and_not_a_crash(span: str) -> None:
    assert {field for _, field, _ in told(with_taxonomy(needs=[need(icd10=[span])]))} == {"needs.0.icd10.0"}


def test_associations_are_still_checked_when_the_taxonomy_is_broken() -> None:
    missing = Problem("taxonomy.yaml", 1, "", SENTENCES["file.missing"])
    given = replace(sources(kerho=written_organisation(pitch=None), toinen=written_organisation(part_of="x")), taxonomy=missing)
    assert told(given) == {
        ("taxonomy", "", "file.missing"),
        ("kerho", "pitch", "missing"),
        ("toinen", "part_of", "unknown.organisation"),
    }


def test_site_that_cannot_be_read_is_told_once() -> None:
    given = replace(VALID, site=Problem("content/site.yaml", 1, "", SENTENCES["file.missing"]))
    assert told(given) == {("site", "", "file.missing")}


@pytest.mark.parametrize("slug", ["ohjeet", "jarjestoille", "tietoa", "saavutettavuus", "tietosuoja", "selkokieli"])
def test_every_page_exists_in_finnish(slug: str) -> None:
    pages = tuple(page for page in VALID.pages if isinstance(page, PageDocument) and page.slug != slug)
    assert told(replace(VALID, pages=pages)) == {(f"{slug}.fi", "", "page.missing")}


def test_dead_link_is_told_on_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "ohjeet.sv.md"
    links = ["[a](/tietoa/)", "", "[b](/tieto/)", "[c](/tarve/masennus/x/)", "[d](/tieto/)"]
    path.write_text("\n".join(["---", "title: x", "description: x", "---", *links]))
    found = problems(replace(VALID, pages=(*VALID.pages, load_page(path, tmp_path, tmp_path))))
    assert [(one.line, code_of(one)) for one in found] == [(line, "page.link") for line in (7, 8, 9)]


# Size


def test_file_with_a_hundred_faults_is_not_read_again_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Mock(wraps=yaml.compose)
    monkeypatch.setattr(yaml, "compose", reader)
    unknown = [f"kunta-{number}" for number in range(100)]
    assert len(problems(sources(kerho=written_organisation(activities=[{"municipalities": unknown}])))) == 100
    assert reader.call_count <= 2
