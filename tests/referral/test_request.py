"""The strict reader of requests: what is refused, with which code, and never with a value."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_common.web import Refusal, read_object
from lambda_referral.fields import CODES, FIELDS, MAX_BYTES
from lambda_referral.request import Referral, read_referral
from tests.referral.builders import RESIDENT, SENDER, SOMEONE_CLOSE, written_request
from tests.referral.test_values import BAD_EMAILS, BAD_PHONES, IDENTITY_CODES

DOMAINS = frozenset({"pohjois-savo.example.fi"})


def refused(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Refusal) as refusal:
        read_referral(raw, DOMAINS)
    assert (refusal.value.status, refusal.value.code) == (422, "invalid")
    return refusal.value.fields


def read(**changes: Any) -> Referral:
    return read_referral(written_request(**changes), DOMAINS)


def tried(reading: Callable[[], object]) -> Refusal | None:
    """The refusal, or None when it was taken; anything else that is raised fails the test."""
    try:
        reading()
    except Refusal as refusal:
        return refusal
    return None


def test_request_is_read_into_checked_values() -> None:
    referral = read(phone="040-123 4567", sender_email="Maija.Esimerkki@Pohjois-Savo.example.fi", note="  Kulkee  hitaasti ")
    assert (referral.phone, referral.email) == ("+358401234567", "")
    assert referral.sender_email == "Maija.Esimerkki@pohjois-savo.example.fi"
    assert referral.note == "Kulkee hitaasti"


def test_everything_optional_may_be_missing_and_the_defaults_are_careful() -> None:
    optional = [name for name, field in FIELDS.items() if not field.required and name not in ("phone", "consent")]
    referral = read(**dict.fromkeys(optional))
    assert (referral.client_name, referral.note, referral.municipality, referral.safe_time) == ("", "", "", "")
    assert not any((referral.voicemail, referral.may_name, referral.interpreter, referral.under_15))


@pytest.mark.parametrize("changes", [{}, RESIDENT, SOMEONE_CLOSE], ids=["professional", "self", "close"])
def test_each_kind_of_sender_is_heard(changes: dict[str, Any]) -> None:
    assert read(**changes).sender == changes.get("sender", "professional")


BODIES = {
    "empty": b"",
    "spaces": b"  ",
    "null": b"null",
    "list": b"[]",
    "text": b'"key"',
    "number": b"1",
    "broken JSON": b'{"key": ',
    "two objects": b"{}{}",
    "trailing comma": b'{"a": "b",}',
    "single quotes": b"{'a': 'b'}",
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "huge number": b'{"a": ' + b"9" * 5000 + b"}",
    "nested 4,000 deep": b"[" * 4000 + b"]" * 4000,
    "only opening brackets": b"[" * 8000,
    "invalid UTF-8": b'{"a": "\xff"}',
    "cut UTF-8": b'{"a": "\xc3',
    "Latin-1": '{"a": "päivä"}'.encode("latin-1"),
    "UTF-16": '{"a": "b"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "repeated key": b'{"key": "a", "key": "b"}',
    "repeated key, escaped": b'{"key": "a", "k\\u0065y": "b"}',
    "repeated deeper": b'{"a": {"b": 1, "b": 2}}',
    "NUL bytes": b"\x00" * 10,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_body_that_is_not_one_plain_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        read_object(body, MAX_BYTES)
    assert (refusal.value.status, refusal.value.code) == (400, "json")


@pytest.mark.parametrize("size", [8 * 1024 + 1, 9 * 1024, 1024 * 1024])
def test_large_body_is_refused_before_it_is_read(size: int) -> None:
    with pytest.raises(Refusal) as refusal:
        read_object(b"[" * size, MAX_BYTES)
    assert refusal.value.status == 413


def test_body_of_exactly_the_limit_is_read() -> None:
    filling = 8 * 1024 - len(b'{"note": ""}')
    assert read_object(b'{"note": "' + b"a" * filling + b'"}', MAX_BYTES) == {"note": "a" * filling}


@pytest.mark.parametrize("name", ["to", "bcc", "recipient", "__proto__", "constructor", "Key", "key ", "", "diagnosis"])
def test_unknown_key_is_refused_without_naming_it(name: str) -> None:
    assert refused({**written_request(), name: "x"}) == {"body": "unknown_key"}


WRONG = {
    "no key": ("key", None, "required"),
    "empty key": ("key", "", "required"),
    "key of 500 characters": ("key", "a" * 500, "form"),
    "key in capitals": ("key", "40EEB214-A506-4C16-8A15-C8BE2812E5EE", "form"),
    "key of another version": ("key", "40eeb214-a506-1c16-8a15-c8be2812e5ee", "form"),
    "key with a line feed": ("key", "40eeb214-a506-4c16-8a15-c8be2812e5ee\n", "form"),
    "key as number": ("key", 1, "type"),
    "organisation __proto__": ("organisation", "__proto__", "form"),
    "organisation ../x": ("organisation", "../x", "form"),
    "organisation as number": ("organisation", 7, "type"),
    "organisation as list": ("organisation", ["savon-esimerkki"], "type"),
    "organisation as object": ("organisation", {"a": "b"}, "type"),
    "organisation as true": ("organisation", True, "type"),
    "organisation in capitals": ("organisation", "Savon", "form"),
    "organisation with NUL": ("organisation", "savon\x00", "form"),
    "organisation too long": ("organisation", "a" * 61, "too_long"),
    "organisation far too long": ("organisation", "a" * 4000, "too_long"),
    "activity with a dot": ("activity", "a.b", "form"),
    "no facts": ("facts", None, "required"),
    "facts in another form": ("facts", "xyz", "form"),
    "proof as list": ("proof", [], "type"),
    "proof far too long": ("proof", "a" * 5000, "too_long"),
    "website as number": ("website", 1, "type"),
    "unknown sender": ("sender", "admin", "choice"),
    "sender as list": ("sender", ["self"], "type"),
    "no name": ("sender_name", None, "required"),
    "blank name": ("sender_name", "", "required"),
    "long name": ("sender_name", "a" * 61, "too_long"),
    "very long name": ("sender_name", "a" * 5000, "too_long"),
    "bidi name": ("sender_name", "Maija \u202eikkremisE", "control"),
    "NUL in name": ("sender_name", "Maija\x00", "control"),
    "U+2028 in name": ("sender_name", "Maija\u2028Bcc: x", "control"),
    "long unit": ("sender_unit", "a" * 81, "too_long"),
    "stranger's domain": ("sender_email", "maija@example.org", "email_domain"),
    "look-alike domain": ("sender_email", "maija@pohjois-savo.example.fi.example.org", "email_domain"),
    "look-alike end": ("sender_email", "maija@xpohjois-savo.example.fi", "email_domain"),
    "subdomain": ("sender_email", "maija@mail.pohjois-savo.example.fi", "email_domain"),
    "look-alike letter": ("sender_email", "maija@pohjois-s\u0430vo.example.fi", "email_form"),
    "long first name": ("client_name", "a" * 41, "too_long"),
    "unknown way": ("contact_by", "fax", "choice"),
    "mail without an address": ("contact_by", "email", "reach"),
    "unknown owner of the number": ("whose", "neighbour", "choice"),
    "language too long": ("language", "suomi", "form"),
    "language of one letter": ("language", "f", "form"),
    "language with digits": ("language", "f1", "form"),
    "municipality with digits": ("municipality", "0401234567", "form"),
    "municipality with a path": ("municipality", "../kuopio", "form"),
    "long time": ("safe_time", "a" * 101, "too_long"),
    "long note": ("note", "a" * 201, "too_long"),
    "address in note": ("note", "maija@example.fi", "text_email"),
    "number in note": ("note", "040 123 4567", "text_phone"),
    "link in note": ("note", "https://example.fi", "text_link"),
    "voicemail as text": ("voicemail", "true", "type"),
    "voicemail as number": ("voicemail", 1, "type"),
    "interpreter as list": ("interpreter", [], "type"),
    'consent "false"': ("consent", "false", "type"),
    'consent "true"': ("consent", "true", "type"),
    "consent 1": ("consent", 1, "type"),
    "consent false": ("consent", False, "consent"),
    "no consent": ("consent", None, "consent"),
    "no version of consent": ("consent_version", None, "required"),
    "version of consent with spaces": ("consent_version", "a b", "form"),
    "under 15 with the child's own number": ("under_15", True, "guardian"),
    "professional who says knows": ("knows", True, "not_for_sender"),
}


@pytest.mark.parametrize(("name", "value", "code"), WRONG.values(), ids=WRONG)
def test_wrong_value_is_refused_by_its_field(name: str, value: Any, code: str) -> None:
    field = "whose" if code == "guardian" else name
    assert refused(written_request(**{name: value})) == {field: code}


@pytest.mark.parametrize(("written", "code"), BAD_PHONES.values(), ids=BAD_PHONES)
def test_bad_number_is_refused(written: str, code: str) -> None:
    assert refused(written_request(phone=written))["phone"] in {code, "too_long"}


@pytest.mark.parametrize("field", ["sender_email", "email"])
@pytest.mark.parametrize("written", BAD_EMAILS.values(), ids=BAD_EMAILS)
def test_bad_address_is_refused(field: str, written: str) -> None:
    changes = {"email": {"phone": None, "contact_by": "email"}}.get(field, {})
    assert refused(written_request(**changes, **{field: written}))[field] in {"email_form", "too_long"}


WORDED = [name for name, field in FIELDS.items() if field.kind not in ("boolean", "proof", "honeypot")]


@pytest.mark.parametrize("name", WORDED)
@pytest.mark.parametrize("code", IDENTITY_CODES.values(), ids=IDENTITY_CODES)
def test_identity_code_passes_in_no_field(name: str, code: str) -> None:
    assert name in refused(written_request(**{name: code}))


@pytest.mark.parametrize("field", ["sender_name", "sender_unit", "client_name", "safe_time", "note"])
def test_words_that_try_to_be_headers_stay_one_line_of_words(field: str) -> None:
    read_words = getattr(read(**{field: "Maija\r\nBcc: x"}), field)
    assert read_words == "Maija Bcc: x"


def test_neither_phone_nor_email_is_refused() -> None:
    assert refused(written_request(phone=None)) == {"phone": "one_of", "contact_by": "reach"}


def test_phone_and_email_together_are_refused() -> None:
    assert refused(written_request(email="matti@example.fi")) == {"phone": "one_of"}


@pytest.mark.parametrize("way", ["call", "text"])
def test_call_or_text_needs_a_phone(way: str) -> None:
    assert refused(written_request(phone=None, email="matti@example.fi", contact_by=way)) == {"contact_by": "reach"}


def test_email_is_enough_for_an_answer_by_email() -> None:
    assert read(phone=None, email="matti@example.fi", contact_by="email").email == "matti@example.fi"


@pytest.mark.parametrize("name", ["sender_name", "sender_unit", "sender_email"])
@pytest.mark.parametrize("resident", [RESIDENT, SOMEONE_CLOSE], ids=["self", "close"])
def test_resident_gives_nothing_of_a_professional(resident: dict[str, Any], name: str) -> None:
    assert refused(written_request(**{**resident, name: SENDER})) == {name: "not_for_sender"}


@pytest.mark.parametrize("knows", [None, False], ids=["missing", "false"])
def test_someone_close_must_say_that_the_person_knows(knows: bool | None) -> None:
    assert refused(written_request(**{**SOMEONE_CLOSE, "knows": knows})) == {"knows": "knows"}


def test_guardian_is_contacted_about_a_child() -> None:
    assert read(under_15=True, whose="guardian").under_15


def test_every_wrong_field_is_told_at_once() -> None:
    wrong = refused(written_request(phone="112", note="maija@example.fi", language="suomi", consent=False))
    assert wrong == {"phone": "phone_form", "note": "text_email", "language": "form", "consent": "consent"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
CANARY = "zqxj-canary-7391"
unhurried = settings(deadline=None, max_examples=150)


@unhurried
@given(st.dictionaries(st.sampled_from([*FIELDS, "to", "__proto__"]), JSON_VALUES))
def test_reader_refuses_whatever_it_gets_with_known_codes_only(changes: dict[str, Any]) -> None:
    refusal = tried(lambda: read_referral({**written_request(), **changes}, DOMAINS))
    if refusal is not None:
        assert refusal.fields.keys() <= {*FIELDS, "body"}
        assert set(refusal.fields.values()) <= set(CODES)


@unhurried
@given(st.sampled_from([*FIELDS, "to"]), st.text(max_size=20), st.text(max_size=20))
def test_refusal_never_repeats_what_was_sent(name: str, before: str, after: str) -> None:
    raw = {**written_request(), name: before + CANARY + after, CANARY: "x"}
    refusal = tried(lambda: read_referral(raw, DOMAINS))
    assert refusal is not None
    assert CANARY not in repr((refusal, refusal.fields, refusal.__cause__, refusal.args))


@unhurried
@given(st.binary(max_size=300) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    refusal = tried(lambda: read_object(body, MAX_BYTES))
    assert refusal is not None or isinstance(json.loads(body), dict)
    assert refusal is None or refusal.status == 400


@unhurried
@given(st.text(max_size=250))
def test_words_that_pass_are_one_short_visible_line(words: str) -> None:
    if tried(lambda: read(note=words)) is None:
        note = read(note=words).note
        assert len(note) <= 200
        assert note == " ".join(note.split())
        assert not {unicodedata.category(character) for character in note} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
