"""The one table of what may be in a request."""

import json

import pytest

from lambda_referral import fields
from lambda_referral.fields import FIELDS, FORM
from lambda_referral.request import READERS


def test_form_can_be_written_as_json_for_the_site() -> None:
    assert json.loads(json.dumps(FORM)) == FORM


def test_form_tells_what_a_page_needs_of_a_field() -> None:
    assert FORM["fields"]["note"] == {"kind": "text", "max": 200}
    assert FORM["fields"]["sender_name"] == {"kind": "text", "required": True, "max": 60, "only_for": "professional"}
    assert FORM["fields"]["voicemail"] == {"kind": "boolean", "default": False}
    assert FORM["fields"]["contact_by"]["choices"] == ["call", "text", "email"]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_reader_and_every_text_a_limit(name: str) -> None:
    field = FIELDS[name]
    assert field.kind in {"boolean", "choice", *READERS}
    assert field.max or field.kind in {"boolean", "choice", "uuid", "facts", "honeypot"}


def test_table_names_no_default_that_would_allow_more_than_was_asked() -> None:
    assert all(field.default is False for field in FIELDS.values() if field.kind == "boolean")
    assert sorted(fields.CODES) == list(fields.CODES)
