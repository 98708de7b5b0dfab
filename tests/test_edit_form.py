"""What the edit form asks, and the pages that ask it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser

from generator.content import Document, blob_name, load_document
from generator.edit_form import NOT_ASKED, PARTS, Field, fields_of, most_items
from generator.models import LANGUAGES, Organisation, PrivateAddresses, Text
from generator.pages import (
    NEVER_STORED,
    AnswerPage,
    ApprovalPage,
    ConfirmationPage,
    EditPage,
    Page,
    ReferralPage,
    RemindersPage,
    TrayPage,
)
from generator.rendering.edit import ASKED_FOR
from generator.shapes import model_inside
from tests.builders import WRITTEN_REFERRAL, make_content, make_organisation, make_plan, make_site, render
from tests.test_texts import read_texts

FIELDS = {one.key: one for part in PARTS for group in fields_of(part).values() for one in group}


def paths_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The dotted path of every single field inside a model; a text is one field."""
    for name, info in model.model_fields.items():
        path = f"{prefix}{info.alias or name}"
        inside = model_inside(info.annotation)
        if inside and inside is not Text:
            yield from paths_of(inside, f"{path}.")
        else:
            yield path


def test_every_field_of_an_association_is_asked_or_left_out_for_a_reason() -> None:
    stood_for = {one.stands_for for one in FIELDS.values() if one.stands_for}
    asked = {key for key, one in FIELDS.items() if not one.stands_for} | stood_for
    known = {*paths_of(Organisation), *paths_of(PrivateAddresses, "addresses.")}
    assert {path for path in known - asked if not path.startswith(tuple(NOT_ASKED))} == set()
    assert asked - known == set()
    assert asked & NOT_ASKED.keys() == set()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("pitch", {"longest": 150, "is_text": True, "is_required": True}),
        ("description", {"longest": 5000, "is_text": True}),
        ("name", {"longest": 120, "is_text": False, "is_required": True}),
        ("website", {"longest": 300, "is_required": False}),
        ("contacts.role", {"longest": 80, "is_required": True}),
        ("activities.needs", {"longest": 12, "is_required": True}),
        ("activities.capacity.status", {"choices": ("open", "waitlist", "ask", "full"), "default": "ask"}),
        ("activities.languages", {"default": "fi", "terms": "languages"}),
        ("activities.price", {"choices": ("free", "paid"), "default": "free"}),
        ("activities.contact.role", {"longest": 80}),
        ("referral.within_working_days", {"least": 1, "most": 10, "is_required": True}),
        ("addresses.data_maintainers", {"longest": 5, "is_required": True}),
    ],
)
def test_limits_and_choices_are_those_of_the_models(key: str, expected: dict[str, Any]) -> None:
    field: Field = FIELDS[key]
    assert {name: getattr(field, name) for name in expected} == expected


def test_lists_hold_as_many_as_the_models_allow() -> None:
    assert {part.name: most_items(part) for part in PARTS if part.kind == "items"} == {
        "contacts": 8,
        "activities": 40,
        "pauses": None,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_words(language: str) -> None:
    texts = {".".join(place) for place in read_texts(language)}
    assert [key for key in FIELDS if f"edit.labels.{key.replace('activities.contact.', 'contacts.')}" not in texts] == []


def test_coordinator_asks_only_for_fields_that_there_are() -> None:
    assert set(ASKED_FOR) <= FIELDS.keys()


# The version that an edit begins from


@pytest.mark.parametrize("raw", [b"", b"name: a\n", "name: \u00e4\u00f6\r\n".encode(), b"\xef\xbb\xbfname: a\n"])
def test_version_of_a_file_is_what_git_calls_its_bytes(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(raw)
    said = subprocess.run(
        ["git", "hash-object", "--no-filters", "a.yaml"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert blob_name(raw) == said.stdout.strip()
    if raw:
        document = load_document(tmp_path / "a.yaml", tmp_path, tmp_path)
        assert isinstance(document, Document)
        assert document.blob == blob_name(raw)


# The pages

PAGES = render(make_content(kerho=make_organisation(referral=WRITTEN_REFERRAL), suljettu=make_organisation(status="closed")))


def data_of(page: str) -> dict[str, Any]:
    block = LexborHTMLParser(page).css_first("#association")
    assert block is not None
    return json.loads(block.text())  # type: ignore[no-any-return]


def test_edit_page_carries_what_is_written_and_its_version() -> None:
    data = data_of(PAGES["/muokkaa/kerho/index.html"])
    assert data.keys() == {"slug", "base", "written"}
    assert data["slug"] == "kerho"
    assert re.fullmatch(r"[0-9a-f]{40}", data["base"])
    assert Organisation.model_validate(data["written"]) == make_organisation(referral=WRITTEN_REFERRAL)


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "&amp; \"'"])
def test_data_of_an_edit_page_cannot_be_broken_out_of(text: str) -> None:
    page = render(make_content(kerho=make_organisation(name=f"Kerho {text}")))["/muokkaa/kerho/index.html"]
    assert data_of(page)["written"]["name"] == f"Kerho {text}"
    assert "</script><script>" not in page
    assert "<!--" not in page


def test_form_stands_on_one_page_of_a_language_only() -> None:
    with_form = [path for path, page in PAGES.items() if "<template" in page and "data-item=" in page]
    assert sorted(with_form) == ["/en/muokkaa/uusi/index.html", "/muokkaa/uusi/index.html", "/sv/muokkaa/uusi/index.html"]


def test_association_that_has_closed_is_not_edited() -> None:
    assert not [path for path in PAGES if re.search("/(muokkaa|vahvista)/suljettu/", path)]
    assert "/muokkaa/suljettu/" not in PAGES["/jarjesto/suljettu/index.html"]


def test_history_is_linked_when_the_repository_is_public() -> None:
    site = make_site(history_url="https://example.fi/historia/main")
    page = render(make_content(site=site, kerho=make_organisation()))["/jarjesto/kerho/index.html"]
    assert 'href="https://example.fi/historia/main/content/organisations/kerho.yaml"' in page
    assert "historia" not in PAGES["/jarjesto/kerho/index.html"]


PERSONAL: tuple[type[Page], ...] = (ReferralPage, TrayPage, AnswerPage, RemindersPage, EditPage, ConfirmationPage, ApprovalPage)


def test_pages_with_something_personal_are_never_stored_or_indexed() -> None:
    content = make_content(kerho=make_organisation(referral=WRITTEN_REFERRAL), site=make_site(referral={}))
    pages = [page for page in make_plan(content).pages() if isinstance(page, PERSONAL)]
    assert {type(page) for page in pages} == set(PERSONAL)
    assert [page.path for page in pages if page.is_indexed or not page.path.startswith(NEVER_STORED)] == []
