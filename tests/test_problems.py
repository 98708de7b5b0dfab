"""The sentences: each fault has one, each is used, and each is Finnish that says what to do."""

import ast
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from generator.content import Document, load_sources
from generator.models import Organisation, PageHead, PrivateAddresses, Site, Taxonomy
from generator.problems import SENTENCES, YAML_SENTENCES, Problem, Severity, counted, sentence, suggestion, yaml_sentence
from generator.shapes import SAME_SENTENCE, shape
from tests.builders import ROOT, SAMPLES, written_activity, written_organisation

FILES = [path for folder in ("generator", "lambda_edit") for path in sorted((ROOT / folder).rglob("*.py"))]
NODES = [node for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
TELLERS = {ast.Name: ("fault", "sentence"), ast.Attribute: ("problem",)}  # document.problem(…); advice has sentences of its own


def told_codes() -> Iterator[tuple[str, ast.Call]]:
    """Where the program tells of a fault by a code that is written there."""
    calls = (node for node in NODES if isinstance(node, ast.Call))
    tellers = (call for call in calls if _name(call.func) in TELLERS.get(type(call.func), ()))
    for call in tellers:
        if isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value), call


def _name(function: ast.expr) -> str:
    return str(getattr(function, "id", getattr(function, "attr", "")))


def written_words() -> set[str]:
    """Every string of the program that is not a key: a code may be told through a table."""
    keys = {id(key) for node in NODES if isinstance(node, ast.Dict) for key in node.keys}
    return {str(node.value) for node in NODES if isinstance(node, ast.Constant) and id(node) not in keys}


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


# Whatever may stand in a place where something else is meant

VALID = load_sources(SAMPLES / "_valid")
CONTACT = {"role": "x", "name": "x", "name_public": "true", "phone": "112", "email": "a@x.fi"}
ACTIVITY = written_activity(
    **dict.fromkeys(("when", "where", "price_note", "accessibility", "for_whom"), "x"),
    target_groups=["x"],
    languages=["fi"],
    remote="true",
    interpreter="ask",
    price="free",
    season={"from": "2026-09-01", "to": "2027-05-15", "enrol_by": "2026-09-15"},
    capacity={"status": "full", "until": "2027-01-31"},
    contact=CONTACT,
)
FULL: dict[type[BaseModel], dict[str, Any]] = {
    Organisation: {
        **written_organisation(contacts=[CONTACT], former_slugs=["x"], part_of="x", website="https://x.fi", scope="regional"),
        "activities": [ACTIVITY],
        "pauses": [{"from": "2026-12-20", "to": "2027-01-06", "note": {"fi": "x", "sv": "x", "en": "x"}}],
        "referral": {"responsible": "x", "first_contact": "call", "within_working_days": "3", "promise": "x"},
        "status": "closed",
        "merged_into": "x",
        "business_id": "9011427-0",
        "register_number": "1",
    },
    PrivateAddresses: {
        "referral_email": "a@x.fi",
        "activity_emails": {"x": "a@x.fi"},
        "data_maintainers": ["a@x.fi"],
        "link_generation": "1",
    },
    Site: {
        **(VALID.site.data if isinstance(VALID.site, Document) else {}),
        "base_path": "/",
        "languages": ["fi"],
        "freshness": {"warn_months": "6", "last_months": "12", "hide_months": "18"},
    },
    Taxonomy: VALID.taxonomy.data if isinstance(VALID.taxonomy, Document) else {},
    PageHead: {"title": "x", "description": "x"},
}
TEXTS = ["x", "x" * 6000, " ", "0", "999", "-1.5", "ei {found}", "\u200b"]
HOSTILE = [*TEXTS, [], ["x"], [["x"]], ["x"] * 50, {}, {"x": "y"}, {"fi": ["x"]}]


def spoiled(value: Any) -> Iterator[Any]:
    """The value with each of its parts, one at a time, as something else, missing, or with an unknown key beside it."""
    yield from HOSTILE
    if isinstance(value, dict):
        yield {**value, "tuntematon": "x"}
        for key, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            yield from ({**value, key: worse} for worse in spoiled(inner))
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], worse, *value[at + 1 :]] for worse in spoiled(inner))


def types_of_faults(model: type[BaseModel]) -> set[str]:
    types = set()
    for data in spoiled(FULL[model]):
        try:
            model.model_validate(data)
        except ValidationError as error:
            types |= {SAME_SENTENCE.get(detail["type"], detail["type"]) for detail in error.errors()}
    return types


@pytest.mark.parametrize("model", FULL, ids=lambda model: model.__name__)
def test_whatever_is_written_wrong_has_a_sentence(model: type[BaseModel]) -> None:
    assert model.model_validate(FULL[model])
    assert types_of_faults(model) - set(SENTENCES) == set()


@pytest.mark.parametrize("model", FULL, ids=lambda model: model.__name__)
def test_sentence_of_whatever_is_written_wrong_is_whole(model: type[BaseModel]) -> None:
    problems: list[Problem] = []
    for data in spoiled(FULL[model]):
        shape(model, Document("x.yaml", "x", "", data if isinstance(data, dict) else {"x": data}), problems)
    gaps = {one.message for one in problems if placeholders(re.sub(r'"[^"]*"', "", one.message)) or "None" in one.message}
    assert gaps == set()
    assert len(problems) > 20


# Each has one, each is used


def test_every_fault_that_is_told_has_a_sentence() -> None:
    codes = {code for code, _ in told_codes()}
    assert len(codes) > 50
    assert codes | set(YAML_SENTENCES.values()) | set(SAME_SENTENCE.values()) <= set(SENTENCES)


def test_every_sentence_is_used() -> None:
    from_shapes = {kind for model in FULL for kind in types_of_faults(model)}
    assert set(SENTENCES) - from_shapes - written_words() == set()


def test_every_fault_is_told_with_the_facts_of_its_sentence() -> None:
    for code, call in told_codes():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or getattr(call.func, "id", "") == "fault":  # facts from elsewhere; the value itself is added to a fault
            continue
        assert placeholders(SENTENCES[code]) <= given, f"{code} on line {call.lineno}"


def test_code_without_a_sentence_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        sentence("tuntematon")


# Finnish that says what to do

DO = (
    "Aloita|Anna|Jätä|Katso|Kirjoita|Korjaa|Korvaa|Käytä|Käännä|Lisää|Luo|Lyhennä|Nimeä|Ota|Palauta|Poista|Pyydä|Siirrä|Sisennä"
    "|Tallenna|Tarkista|Tee|Tehkää|Valitse|Vaihda|Tähän tarvitaan|pitää|Pienin sallittu|Suurin sallittu"
)


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_says_what_to_do(code: str) -> None:
    assert re.search(rf"\b({DO})\b|\{{hint\}}", SENTENCES[code], re.IGNORECASE)


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_begins_with_a_capital_and_ends_in_punctuation_or_a_command(code: str) -> None:
    assert re.fullmatch(r"[A-ZÄÖ].*(\.|\{hint\}|: tarjotin [a-z-]+ [a-z-]+)", SENTENCES[code])


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_is_not_english(code: str) -> None:
    words = set(re.findall(r"[a-z]+", re.sub(r'"[^"]*"|`[^`]*`', "", SENTENCES[code].lower())))
    assert words & {"the", "is", "not", "must", "should", "invalid", "error", "file", "value", "field", "expected"} == set()


# The small tools of a sentence


@pytest.mark.parametrize(
    ("found", "allowed", "hint"),
    [
        pytest.param("esbo", ["espoo", "kuopio"], 'Tarkoititko "espoo"?', id="near"),
        pytest.param("kuopoi", ["espoo", "kuopio"], 'Tarkoititko "kuopio"?', id="letters-swapped"),
        pytest.param("xyz", ["espoo", "kuopio"], "Sallitut: espoo, kuopio.", id="far"),
        pytest.param("", ["espoo"], "Sallitut: espoo.", id="empty"),
    ],
)
def test_hint_is_the_nearest_match_or_what_is_allowed(found: str, allowed: list[str], hint: str) -> None:
    assert suggestion(found, allowed) == hint


def test_hint_does_not_list_more_than_a_person_would_read() -> None:
    many = [f"kunta-{letter}" * 3 for letter in string.ascii_lowercase]
    assert "kunta-b" not in suggestion("zzz", many)
    assert "kunta-b" in suggestion("zzz", many[:25])


@pytest.mark.parametrize(("count", "words"), [(0, "0 virhettä"), (1, "1 virhe"), (2, "2 virhettä"), (11, "11 virhettä")])
def test_one_is_counted_otherwise_than_many(count: int, words: str) -> None:
    assert counted(count, "virhe", "virhettä") == words


@pytest.mark.parametrize(
    ("said", "line", "code"),
    [
        ("mapping values are not allowed in this context", "a: b: c", "yaml.colon"),
        ("while scanning a quoted scalar found unexpected end of stream", "a: 'b", "yaml.quote"),
        ("found character '@' that cannot start any token", "a: @b", "yaml.start"),
        ("found character '\\t' that cannot start any token", "\ta: b", "yaml.tab"),
        ("something new that a later parser says", "a", "yaml.broken"),
    ],
)
def test_parser_is_translated(said: str, line: str, code: str) -> None:
    assert yaml_sentence(said, [line]) == SENTENCES[code]


def test_what_a_person_wrote_is_not_read_as_part_of_the_sentence() -> None:
    assert '"{hint} {0} %s"' in sentence("choice", found="{hint} {0} %s", hint="")


def test_problem_is_data_for_other_programs() -> None:
    problem = Problem("x.yaml", 3, "a.0", "Korjaa.", Severity.WARNING)
    expected = {"file": "x.yaml", "line": 3, "field": "a.0", "message": "Korjaa.", "severity": "warning"}
    assert problem.as_json() == expected
