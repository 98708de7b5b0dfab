"""Words as the search compares them."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from generator.rendering.environment import TEMPLATES
from generator.search.words import key, stems, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yksinäisyyttä", "yksinaisyta"),
        ("MS-tauti", "mstauti"),
        ("Ménièren", "menieren"),
        ("Åäö ÅÄÖ", "aoao"),
        ("Tyypin 2", "typin2"),
        ("Alzheimer", "altsheimer"),
        ("!?", ""),
    ],
)
def test_key_forgives_case_marks_hyphens_and_doubled_letters(text: str, expected: str) -> None:
    assert key(text) == expected


def test_words_keep_what_a_hyphen_joins() -> None:
    assert words_of("Tuki- ja liikuntaelin, MS-tauti") == ["tuki", "ja", "liikuntaelin", "mstauti"]


# A word, and forms of it as they are typed: each must begin with one of the word's stems.
FORMS = {
    "masennus": "masennuksen masennukseen masennusta",
    "yksinäisyys": "yksinäisyyden yksinäisyyttä yksinäisyydestä",
    "yksinäinen": "yksinäisen yksinäiselle yksinäisten",
    "syöpä": "syövän syöpään syöpiä",
    "väkivalta": "väkivallan väkivaltaa väkivaltoja",
    "tauti": "taudin tautia tauteja",
    "leski": "lesken leskelle",
    "sydän": "sydämen sydämestä sydäntä",
    "pelko": "pelon pelkoja",
    "kipu": "kivun kipuja",
    "lapsi": "lapsen lasten lapselle",
    "työtön": "työttömän työttömälle työtöntä",
    "huumeet": "huume huumeita huumeiden",
    "päihteet": "päihde päihteiden päihteitä",
    "potilas": "potilaan potilaalle",
    "läheiset": "läheinen läheisen läheisten",
    "alkoholistin": "alkoholisti alkoholistien alkoholisteja",
    "velka": "velan velkaa velkoja",
    "nukkuminen": "nukkumisen nukuttua nukkua",
    "uupunut": "uupuneen uupunutta",
    "suonenjoki": "suonenjoella suonenjoen",
    "pielavesi": "pielaveden pielavedellä",
    "varkaus": "varkauden varkaudessa",
    "jälki": "jäljen jälkeä",
    "puku": "puvun pukuja",
    "talous": "talouden taloutta",
    "diabetes": "diabeteksen diabetesta",
    "iskias": "iskiaksen iskiaksesta",
    "mies": "miehen miehelle",
}


@pytest.mark.parametrize("word", FORMS)
def test_every_form_begins_with_a_stem_of_the_word(word: str) -> None:
    known = stems(word, "fi")
    assert known[0] == key(word)
    assert [form for form in FORMS[word].split() if not key(form).startswith(known)] == []


def test_stem_is_not_made_where_the_language_has_none() -> None:
    assert not {"veli", "velji"} & set(stems("velka", "fi"))  # veli is a brother
    assert "kelo" not in stems("kello", "sv")[1:]


@pytest.fixture(scope="module")
def engine() -> Iterator[MiniRacer]:
    engine = MiniRacer()
    engine.eval((TEMPLATES / "scripts" / "search" / "find.js").read_text("utf-8"))
    yield engine
    engine.close()


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(max_codepoint=0x2FF), max_size=30))
def test_browser_makes_the_same_key(engine: MiniRacer, text: str) -> None:
    assert engine.eval(f"search.key({json.dumps(text)})") == key(text)
