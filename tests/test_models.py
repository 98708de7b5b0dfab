"""The shape of what people write: which values are accepted, what becomes of them, and the code of each refusal."""

from datetime import date
from typing import Any

import pytest
from email_validator import validate_email
from pydantic import BaseModel, ValidationError

from generator import fields
from generator.content import Document, parse_yaml
from generator.models import (
    Activity,
    Capacity,
    Contact,
    FreshnessLimits,
    Helpline,
    Municipality,
    Need,
    Organisation,
    PageHead,
    Pause,
    PrivateAddresses,
    Referral,
    Season,
    Site,
    Taxonomy,
)
from generator.shapes import shape
from tests.builders import written_activity, written_organisation


def faults(model: type[BaseModel], written: Any) -> set[tuple[str, str]]:
    """(place, code) of every fault."""
    try:
        model.model_validate(written)
    except ValidationError as error:
        return {(".".join(map(str, detail["loc"])), detail["type"]) for detail in error.errors()}
    return set()


def contact(**changes: Any) -> dict[str, Any]:
    return {"role": "Toimisto", "phone": "017 000 0101", **changes}


def referral(**changes: Any) -> dict[str, Any]:
    return {"responsible": "sihteeri", "first_contact": "call", "within_working_days": "3", "promise": "Soitamme.", **changes}


def test_what_the_builders_write_is_valid() -> None:
    assert faults(Organisation, written_organisation()) == set()
    assert faults(Activity, written_activity()) == set()


# Single values


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("017 000 0101", "+358170000101"),
        ("0401234567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("040-123 4567", "+358401234567"),
        ("(017) 123 4567", "+358171234567"),
        ("00358 40 123 4567", "+358401234567"),
        ("+46 8 123 456 78", "+46812345678"),
        ("0800 98877", "+35880098877"),
        ("112", "112"),
        ("116 117", "116117"),
        ("10022", "10022"),
    ],
)
def test_phone_is_stored_in_the_form_that_can_be_dialled(written: str, stored: str) -> None:
    assert Contact.model_validate(contact(phone=written)).phone == stored


NOT_A_NUMBER = ["0101", "12", "+358", "soita meille", "017 000 01010", "040 123 4567 / 040 765 4321", "0401234567 (klo 9–15)"]
NOT_AS_WRITTEN = ["131052-308T", "017 AAA BBBB", "0800 HELPPI", "017 000 0101x", "<script>0401234567", "１１２"]


@pytest.mark.parametrize("written", [*NOT_A_NUMBER, *NOT_AS_WRITTEN])
def test_what_cannot_be_dialled_as_written_is_not_a_phone(written: str) -> None:
    assert faults(Contact, contact(phone=written)) == {("phone", "phone_form")}


def test_helpline_keeps_its_number_as_people_know_it() -> None:
    helpline = Helpline.model_validate({"id": "apu", "name": "Apu", "phone": "080  005 005", "note": "Aina."})
    assert (helpline.phone, helpline.dialled) == ("080 005 005", "+35880005005")


@pytest.mark.parametrize("written", ["toimisto@esimerkki.example.fi", "a.b+c@esimerkki.fi", "ää@ääkköset.fi"])
def test_email_is_accepted(written: str) -> None:
    assert Contact.model_validate(contact(email=written)).email == written


NOT_AN_ADDRESS = ["toimisto", "toimisto(at)x.fi", "a@b", "a@localhost", "a@x..fi", "a b@x.fi", "<a@x.fi>", "Maija <a@x.fi>"]
NOT_ONE_ADDRESS = ["a@x.fi, b@x.fi", "a@x.fi\nBcc: b@x.fi", "mailto:a@x.fi", "a@[127.0.0.1]", "'\"><script>'@x.fi"]


@pytest.mark.parametrize("written", [*NOT_AN_ADDRESS, *NOT_ONE_ADDRESS])
def test_what_is_not_one_plain_address_is_not_an_email(written: str) -> None:
    assert faults(Contact, contact(email=written)) == {("email", "email_form")}


@pytest.mark.parametrize(
    ("written", "is_valid"),
    [
        ("9011427-0", True),
        ("1234567-1", True),
        ("9011427-1", False),  # the check digit
        ("1000000-1", False),  # remainder 1 is never given out
        ("90114270", False),
        ("9011427–0", False),
        ("FI90114270", False),
        ("11427-0", False),
        ("٩٠١١٤٢٧-٠", False),
    ],
)
def test_business_id_has_its_form_and_its_check_digit(written: str, is_valid: bool) -> None:
    expected = set() if is_valid else {("business_id", "business_id_form")}
    assert faults(Organisation, written_organisation(business_id=written)) == expected


@pytest.mark.parametrize("written", ["https://example.fi", "https://a.b-c.fi/polku/?a=b&c=%C3%A4#d", "https://example.fi:8443/"])
def test_https_address_is_accepted(written: str) -> None:
    assert Organisation.model_validate(written_organisation(website=written)).website == written


NOT_HTTPS = ["http://example.fi", "example.fi", "//example.fi", "https://", "https://localhost", "https:/a.fi", "ftp://a.fi"]
NOT_SAFE = ["javascript:alert(1)", "data:text/html,x", "https://a b.fi", "https://a.fi/a b", 'https://a.fi/"><script>']
NOT_PLAIN = ["https://pankki.fi@a.fi/", "https://a.fi\\@b.fi", "https://-a.fi", "https://a.fi/{x}", "https://a.fi\u200b/"]


@pytest.mark.parametrize("written", [*NOT_HTTPS, *NOT_SAFE, *NOT_PLAIN])
def test_what_is_not_an_https_address_is_refused(written: str) -> None:
    assert faults(Organisation, written_organisation(website=written)) == {("website", "url_form")}


@pytest.mark.parametrize("written", ["2026-09-01", "2028-02-29"])
def test_day_is_read(written: str) -> None:
    review = {"confirmed_on": written, "confirmed_by": "sihteeri"}
    organisation = Organisation.model_validate(written_organisation(review=review))
    assert organisation.review
    assert organisation.review.confirmed_on == date.fromisoformat(written)


NOT_A_DAY = ["1.9.2026", "2026-9-1", "20260901", "2026-02-29", "2026-13-01", "0000-01-01", "2026-09-01T10:00", "huomenna"]


@pytest.mark.parametrize("written", [*NOT_A_DAY, "2026-09-01 10:00", "２０２６-09-01", "-2026-09-01"])
def test_what_is_not_a_day_of_the_calendar_is_refused(written: str) -> None:
    review = {"confirmed_on": written, "confirmed_by": "sihteeri"}
    assert faults(Organisation, written_organisation(review=review)) == {("review.confirmed_on", "date_form")}


@pytest.mark.parametrize("written", ["a", "1", "torstairyhma", "ryhma-2", "a" * 60])
def test_identifier_is_accepted(written: str) -> None:
    assert Activity.model_validate(written_activity(id=written)).id == written


@pytest.mark.parametrize(
    "written",
    ["A", "ystäväryhmä", "a b", "a_b", "a.b", "-a", "a-", "a--b", "a" * 61, "../a", "a/b", "a\nb", "ａ", "a\u200bb", "?"],
)
def test_identifier_that_would_not_make_a_plain_address_is_refused(written: str) -> None:
    assert faults(Activity, written_activity(id=written)) == {("id", "slug_form")}
    assert faults(Activity, written_activity(needs=[written])) >= {("needs.0", "slug_form")}


@pytest.mark.parametrize("written", ["uusi", "kaikki", "koko-alue"])
def test_addresses_of_the_site_itself_are_reserved(written: str) -> None:
    assert faults(Activity, written_activity(id=written)) == {("id", "slug_reserved")}
    assert faults(Organisation, written_organisation(former_slugs=[written])) == {("former_slugs.0", "slug_reserved")}
    assert faults(Need, {"id": written, "label": "x", "group": "x", "description": "x"}) == {("id", "slug_reserved")}


@pytest.mark.parametrize(
    ("written", "is_valid"),
    [("F32", True), ("E10.1", True), ("F30-F39", True), ("K74-K78", True)]
    + [(one, False) for one in ("f32", "F3", "F322", "F32-", "F32–F39", "F32, F33", "masennus", "F٣٢", "../F32", "F32-F33-F34")],
)
def test_code_is_one_bare_code_or_range(written: str, is_valid: bool) -> None:
    need = {"id": "masennus", "group": "x", "label": "x", "description": "x"}
    expected = set() if is_valid else {("icd10.0", "code_form")}
    assert faults(Need, {**need, "icd10": [written]}) == expected


# Texts


LIMITS = [
    pytest.param("pitch", 150, id="pitch"),
    pytest.param("description", 5000, id="description"),
    pytest.param("activities.0.name", 80, id="activity-name"),
    pytest.param("activities.0.summary", 300, id="summary"),
    pytest.param("activities.0.when", 160, id="when"),
    pytest.param("activities.0.where", 160, id="where"),
    pytest.param("activities.0.price_note", 160, id="price-note"),
    pytest.param("activities.0.accessibility", 300, id="accessibility"),
    pytest.param("activities.0.for_whom", 300, id="for-whom"),
    pytest.param("contacts.0.role", 80, id="role"),
    pytest.param("pauses.0.note", 160, id="pause-note"),
    pytest.param("referral.responsible", 80, id="responsible"),
    pytest.param("referral.promise", 300, id="promise"),
]


def organisation_with(place: str, value: Any) -> dict[str, Any]:
    """A full association with one value, at a dotted place, as given."""
    pauses = [{"from": "2026-12-20", "to": "2027-01-06"}]
    organisation = written_organisation(pauses=pauses, referral=referral(), contacts=[contact(), contact()])
    *parents, last = place.split(".")
    inner: Any = organisation
    for parent in parents:
        inner = inner[int(parent) if parent.isdigit() else parent]
    inner[last] = value
    return organisation


@pytest.mark.parametrize(("place", "limit"), LIMITS)
def test_text_has_its_limit_in_each_language(place: str, limit: int) -> None:
    exact, over = "ä" * limit, "ä" * (limit + 1)
    assert faults(Organisation, organisation_with(place, {"fi": exact, "sv": exact, "en": exact})) == set()
    for too_long in (over, {"fi": over}, {"fi": "x", "sv": over}, {"fi": "x", "en": over}):
        assert faults(Organisation, organisation_with(place, too_long)) == {(place, "text_too_long")}


@pytest.mark.parametrize(("place", "limit"), LIMITS)
@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\uf0b7", "\U000f0001"]
)
def test_text_has_no_invisible_characters(place: str, limit: int, hidden: str) -> None:
    assert faults(Organisation, organisation_with(place, {"fi": "x", "sv": f"a{hidden}b"})) == {(place, "text_control")}


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\x1b[31m"])
def test_name_has_no_invisible_characters(hidden: str) -> None:
    assert faults(Organisation, written_organisation(name=f"Esimerkki{hidden} ry")) == {("name", "text_control")}


@pytest.mark.parametrize("kept", ["soft\u00adhyphen", "no\u00a0break", "10–12 €", "“lainaus”", "🙂", "العربية"])
def test_characters_of_good_typography_and_of_any_language_are_kept(kept: str) -> None:
    assert Organisation.model_validate(written_organisation(pitch=kept)).pitch.fi == kept


def test_text_alone_is_finnish_and_the_others_are_missing() -> None:
    pitch = Organisation.model_validate(written_organisation(pitch="Tule mukaan.")).pitch
    assert (pitch.fi, pitch.sv, pitch.en) == ("Tule mukaan.", None, None)


@pytest.mark.parametrize(
    ("written", "code", "place"),
    [
        ({"sv": "Välkommen."}, "missing", "pitch.fi"),
        ({}, "missing", "pitch.fi"),
        ({"fi": "x", "se": "y"}, "extra_forbidden", "pitch.se"),
        ({"fi": ["x"]}, "string_type", "pitch.fi"),
        ({"fi": "  "}, "string_too_short", "pitch.fi"),
        (["x"], "text_shape", "pitch"),
    ],
    ids=["only-swedish", "no-language", "unknown-language", "list-inside", "only-spaces", "list"],
)
def test_text_needs_finnish_and_knows_three_languages(written: Any, code: str, place: str) -> None:
    assert faults(Organisation, written_organisation(pitch=written)) == {(place, code)}


def test_short_text_is_one_line_and_description_keeps_its_lines() -> None:
    written = "Ensin  yksi\nja sitten\ttoinen.\n"
    organisation = Organisation.model_validate(written_organisation(pitch=written, description=written, name=written))
    assert organisation.pitch.fi == "Ensin yksi ja sitten toinen."
    assert organisation.name == "Ensin yksi ja sitten toinen."
    assert organisation.description.fi == written.strip()


# Fields together


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        pytest.param({"phone": "017 000 0101"}, set(), id="phone"),
        pytest.param({"email": "a@x.fi"}, set(), id="email"),
        pytest.param({}, {("", "contact_reach")}, id="neither"),
        pytest.param({"name": "Maija Esimerkki", "phone": "112"}, {("", "contact_name")}, id="name"),
        pytest.param({"name": "Maija E.", "phone": "112", "name_public": "false"}, {("", "contact_name")}, id="not-public"),
        pytest.param({"name": "Maija Esimerkki", "phone": "112", "name_public": "true"}, set(), id="public-name"),
        pytest.param({"name_public": "true", "phone": "112"}, set(), id="permission-without-name"),
        pytest.param({"phone": "112", "name_public": "ehkä"}, {("name_public", "bool_parsing")}, id="perhaps"),
    ],
)
def test_contact_can_be_reached_and_names_a_person_only_with_permission(
    written: dict[str, str], codes: set[tuple[str, str]]
) -> None:
    assert faults(Contact, {"role": "Toimisto", **written}) == codes


@pytest.mark.parametrize("status", ["open", "ask"])
def test_capacity_that_holds_until_told_otherwise_needs_no_end(status: str) -> None:
    assert faults(Capacity, {"status": status}) == set()
    assert faults(Capacity, {"status": status, "until": "2027-01-31"}) == set()


@pytest.mark.parametrize("status", ["waitlist", "full"])
def test_capacity_that_turns_clients_away_needs_an_end(status: str) -> None:
    assert faults(Capacity, {"status": status}) == {("", "capacity_until")}
    assert faults(Capacity, {"status": status, "until": "2027-01-31"}) == set()


def test_activity_without_capacity_is_asked_about() -> None:
    assert Activity.model_validate(written_activity()).capacity.status == "ask"


@pytest.mark.parametrize("model", [Season, Pause])
@pytest.mark.parametrize(("first", "last", "is_valid"), [("01", "02", True), ("01", "01", True), ("02", "01", False)])
def test_period_ends_when_it_has_begun(model: type[BaseModel], first: str, last: str, is_valid: bool) -> None:
    written = {"from": f"2026-09-{first}", "to": f"2026-09-{last}"}
    assert faults(model, written) == (set() if is_valid else {("", "period_order")})


@pytest.mark.parametrize(
    ("enrol_by", "code"), [("2026-08-01", None), ("2026-10-01", None), ("2027-05-15", None), ("2027-05-16", "enrol_after_end")]
)
def test_enrolment_ends_by_the_end_of_the_season(enrol_by: str, code: str | None) -> None:
    written = {"from": "2026-09-01", "to": "2027-05-15", "enrol_by": enrol_by}
    assert faults(Season, written) == ({("", code)} if code else set())


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ({"within_working_days": "1"}, set()),
        ({"within_working_days": "10"}, set()),
        ({"within_working_days": "0"}, {("within_working_days", "greater_than_equal")}),
        ({"within_working_days": "11"}, {("within_working_days", "less_than_equal")}),
        ({"within_working_days": "kolme"}, {("within_working_days", "int_parsing")}),
        ({"within_working_days": "2,5"}, {("within_working_days", "int_parsing")}),
        ({"first_contact": "message"}, set()),
        ({"first_contact": "soitto"}, {("first_contact", "literal_error")}),
    ],
    ids=str,
)
def test_referral_promises_something_that_can_be_kept(written: dict[str, str], codes: set[tuple[str, str]]) -> None:
    assert faults(Referral, referral(**written)) == codes


@pytest.mark.parametrize(
    ("months", "is_valid"),
    [((6, 12, 18), True), ((1, 2, 3), True), ((6, 6, 18), False), ((6, 18, 18), False)],
)
def test_freshness_limits_grow(months: tuple[int, int, int], is_valid: bool) -> None:
    written = dict(zip(("warn_months", "last_months", "hide_months"), months, strict=True))
    assert faults(FreshnessLimits, written) == (set() if is_valid else {("", "limits_order")})


def test_whole_region_may_be_written_without_a_list() -> None:
    activity = Activity.model_validate(written_activity(municipalities="koko-alue"))
    assert activity.municipalities == ("koko-alue",)
    assert activity.is_region_wide
    assert faults(Activity, written_activity(municipalities="kuopio")) == {("municipalities", "tuple_type")}


@pytest.mark.parametrize(
    ("place", "one", "least", "most"),
    [
        ("contacts", contact(), 1, 8),
        ("activities", written_activity(), 0, 40),
        ("activities.0.needs", "masennus", 1, 12),
        ("activities.0.languages", "fi", 1, None),
    ],
    ids=["contacts", "activities", "needs", "languages"],
)
def test_list_has_at_least_and_at_most_so_many(place: str, one: Any, least: int, most: int | None) -> None:
    assert faults(Organisation, organisation_with(place, [one] * least)) == set()
    if least:
        assert faults(Organisation, organisation_with(place, [one] * (least - 1))) == {(place, "too_short")}
    if most:
        assert faults(Organisation, organisation_with(place, [one] * most)) == set()
        assert faults(Organisation, organisation_with(place, [one] * (most + 1))) == {(place, "too_long")}


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ({"data_maintainers": ["a@x.fi"]}, set()),
        ({"data_maintainers": ["a@x.fi"] * 6}, {("data_maintainers", "too_long")}),
        ({"data_maintainers": []}, {("data_maintainers", "too_short")}),
        ({}, {("data_maintainers", "missing")}),
        ({"data_maintainers": ["a@x.fi"], "activity_emails": {"ryhma": "x"}}, {("activity_emails.ryhma", "email_form")}),
        ({"data_maintainers": ["a@x.fi"], "link_generation": "0"}, {("link_generation", "greater_than_equal")}),
        ({"data_maintainers": ["a@x.fi"], "puhelin": "112"}, {("puhelin", "extra_forbidden")}),
    ],
    ids=["least", "too-many", "empty", "missing", "bad-activity-email", "generation-zero", "unknown-key"],
)
def test_private_addresses_have_a_shape(written: dict[str, Any], codes: set[tuple[str, str]]) -> None:
    assert faults(PrivateAddresses, written) == codes


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ({}, set()),
        ({"code": "97"}, {("code", "municipality_code_form")}),
        ({"centre": ["27.678", "62.892"]}, {("centre.0", "greater_than_equal"), ("centre.1", "less_than_equal")}),
        ({"centre": ["62,892", "27,678"]}, {("centre.0", "float_parsing"), ("centre.1", "float_parsing")}),
        ({"centre": ["nan", "inf"]}, {("centre.0", "less_than_equal"), ("centre.1", "less_than_equal")}),
        ({"centre": ["62.892"]}, {("centre.1", "missing")}),
        ({"locative": None}, set()),
    ],
    ids=["valid", "short-code", "swapped", "comma", "not-a-number", "one-number", "no-locative"],
)
def test_municipality_lies_in_finland(written: dict[str, Any], codes: set[tuple[str, str]]) -> None:
    kuopio = {"id": "kuopio", "code": "297", "label": "Kuopio", "locative": "Kuopiossa", "centre": ["62.892", "27.678"]}
    assert faults(Municipality, {**kuopio, **written}) == codes


@pytest.mark.parametrize(
    ("base_path", "is_valid"),
    [
        ("/", True),
        ("/tarjotin/", True),
        ("/a/b/", True),
        ("tarjotin", False),
        ("/tarjotin", False),
        ("//", False),
        ("/a b/", False),
    ],
)
def test_base_path_begins_and_ends_with_a_slash(base_path: str, is_valid: bool) -> None:
    assert (("base_path", "base_path_form") in faults(Site, {"base_path": base_path})) is not is_valid


# Any shape


WRITTEN = [Organisation, Activity, Contact, Capacity, Season, Pause, Referral, PrivateAddresses, Site, FreshnessLimits, Taxonomy]


@pytest.mark.parametrize("model", [*WRITTEN, Need, Municipality, Helpline, PageHead], ids=lambda model: model.__name__)
def test_unknown_key_is_refused_everywhere(model: type[BaseModel]) -> None:
    assert ("tuntematon", "extra_forbidden") in faults(model, {"tuntematon": "x"})


def test_nothing_changes_after_reading() -> None:
    organisation = Organisation.model_validate(written_organisation())
    with pytest.raises(ValidationError):
        organisation.name = "Toinen"  # type: ignore[misc]


# What is said of it


def told(text: str) -> list[tuple[int, str, str]]:
    """(line, field, message) of an association's faults of shape."""
    problems: list[Any] = []
    shape(Organisation, Document("x.yaml", "x", text, parse_yaml(text)), problems)
    return [(one.line, one.field, one.message) for one in problems]


VALID = """\
name: Savon Esimerkki ry
pitch: Tule mukaan.
description: Esimerkki.
contacts:
  - role: Toimisto
    phone: "017 000 0101"
activities: []
"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        pytest.param(
            "name:",
            "nimi:",
            [(1, "name", 'tieto "name" puuttuu'), (1, "nimi", 'Avainta "nimi" ei tunneta.')],
            id="unknown-and-missing",
        ),
        pytest.param("activities: []", "activities: []\nstatus: clsoed", [(8, "status", '"closed"?')], id="near-choice"),
        pytest.param(
            "activities: []", "activities: []\nstatus: xyz", [(8, "status", "Sallitut: active, paused")], id="far-choice"
        ),
        pytest.param("    phone:", "    puhelin:", [(6, "contacts.0.puhelin", "Sallitut: role, name,")], id="inner-key"),
        pytest.param("    phone:", "    phon:", [(6, "contacts.0.phon", 'Tarkoititko "phone"?')], id="near-inner-key"),
        pytest.param("017 000 0101", "0101", [(6, "contacts.0.phone", 'Puhelinnumero "0101" ei kelpaa.')], id="only-the-item"),
        pytest.param("Savon Esimerkki ry", "S" * 121, [(1, "name", "liian pitkä (121 merkkiä, enintään 120)")], id="long-name"),
        pytest.param("Savon Esimerkki ry", '" "', [(1, "name", "Teksti puuttuu.")], id="blank-name"),
        pytest.param("Tule mukaan.", "T" * 151, [(2, "pitch", "liian pitkä (151 merkkiä, enintään 150)")], id="long-text"),
        pytest.param("activities: []", "activities: {}", [(7, "activities", "tarvitaan luettelo")], id="mapping-for-list"),
        pytest.param("activities: []", "activities:", [(7, "activities", "puuttuu")], id="empty-is-missing"),
    ],
)
def test_fault_of_shape_is_told_on_its_line_with_what_to_do(right: str, wrong: str, expected: list[tuple[int, str, str]]) -> None:
    assert told(VALID) == []
    said = told(VALID.replace(right, wrong))
    assert [one[:2] for one in said] == [one[:2] for one in expected]
    assert [piece for (*_, message), (*_, piece) in zip(said, expected, strict=True) if piece not in message] == []


@pytest.mark.parametrize(
    "address",
    [
        "toimisto@yhdistys.fi",
        "a@b.fi",
        "etunimi.sukunimi@pitka-nimi.yhdistys.org",
        "a_b-c.d@x1.y2.net",
        "1@2.com",
        f"{'a' * 50}@yhdistys.fi",
        f"toimisto@{'a' * 50}.fi",
        "a@xn-a.eu",
        "tuki@example.info",
    ],
)
def test_plain_address_is_what_the_full_check_would_make_of_it(address: str) -> None:
    assert fields._PLAIN_EMAIL.fullmatch(address)
    assert validate_email(address, check_deliverability=False, test_environment=False).normalized == address


@pytest.mark.parametrize(
    "address", ["A@b.fi", "ä@b.fi", "a@ä.fi", "a..b@c.fi", "a@b", "a@b.local", "a@xn--a.fi", f"{'a' * 65}@b.fi"]
)
def test_address_that_is_not_plain_gets_the_full_check(address: str) -> None:
    assert not fields._PLAIN_EMAIL.fullmatch(address)
