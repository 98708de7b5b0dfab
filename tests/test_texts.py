from collections.abc import Iterator
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
import yaml
from jinja2.compiler import CodeGenerator

from generator.catalogue.facts import catalogue_facts
from generator.checked import Content
from generator.models import LANGUAGES, TIMES, Counts, Figures
from generator.posters.facts import facts_of
from generator.posters.region import Region
from generator.posters.wanted import Order, choose
from generator.rendering import site
from generator.rendering.environment import TEMPLATES, Voice, load_voice
from generator.rendering.templates import QuickEnvironment
from tests.builders import (
    TODAY,
    WRITTEN_POLICY,
    WRITTEN_REFERRAL,
    make_content,
    make_organisation,
    make_original,
    make_plan,
    make_site,
    render,
)
from tests.everything import everything
from tests.sealing import KnownKey


def read_texts(language: str) -> dict[tuple[str, ...], str]:
    written = yaml.load((TEMPLATES / "texts" / f"{language}.yaml").read_text("utf-8"), yaml.BaseLoader)
    return dict(leaves(written))


def leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value inside, with the keys that lead to it."""
    if isinstance(value, dict | tuple):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*place, str(key)))
    else:
        yield place, value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_interface_has_the_same_keys_in_every_language(language: str) -> None:
    assert read_texts(language).keys() ^ read_texts("fi").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_texts_have_the_same_placeholders_in_every_language(language: str) -> None:
    finnish, other = read_texts("fi"), read_texts(language)
    assert {key: other[key] for key in finnish if placeholders(other[key]) != placeholders(finnish[key])} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_interface_is_empty(language: str) -> None:
    assert [key for key, text in read_texts(language).items() if not text.strip()] == []


class Recorded(dict[str, Any]):
    """Texts that remember which of them were asked for."""

    def __init__(self, written: dict[str, Any], used: set[tuple[str, ...]], place: tuple[str, ...] = ()) -> None:
        inner = {
            key: Recorded(value, used, (*place, key)) if isinstance(value, dict) else value for key, value in written.items()
        }
        super().__init__(inner)
        self._used, self._place = used, place

    def __getitem__(self, key: str) -> Any:
        self._used.add((*self._place, key))
        return super().__getitem__(key)

    def items(self) -> Any:
        """A whole mapping is asked for: by a loop of a template, or for the words that a script is given."""
        self._used.update((*self._place, key) for key in self)
        return super().items()


def test_every_text_of_the_interface_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region in which everything happens asks for every text; one that nothing asks for is a leftover."""
    used: set[tuple[str, ...]] = set()

    def load_recorded(language: str, settings: Any) -> Voice:
        voice = load_voice(language, settings)
        return Voice(voice.language, voice.prefix, Recorded(voice.texts, used))

    # Templates that ask for each word when they draw it, instead of having it in them.
    monkeypatch.setattr(QuickEnvironment, "code_generator_class", CodeGenerator)
    monkeypatch.setattr("generator.rendering.environment.CompiledTemplates", lambda *_: None)
    monkeypatch.setattr(site, "load_voice", load_recorded)
    monkeypatch.setattr("generator.posters.region.load_voice", load_recorded)
    monkeypatch.setattr("generator.pages.LISTINGS_PER_PAGE", 1)
    render(eventful_region())
    render(region_of_proven_senders())
    make_every_paper(eventful_region())
    assert [".".join(key) for key in read_texts("fi") if key not in used] == []


def make_every_paper(content: Content) -> None:
    """In regions that have decided each way about contact requests."""
    for protection in ("tls", "none", None):
        policy = {**WRITTEN_POLICY, "protection": protection} if protection else None
        region_content = replace(content, site=make_site(sample={"today": str(TODAY)}, referral=policy))
        region = Region(region_content, make_plan(region_content), TODAY)
        for poster in choose(Order(), region).posters:
            facts_of(poster, region)
        catalogue_facts(region, "fi")


def region_of_proven_senders() -> Content:
    site = make_site(referral={**WRITTEN_POLICY, "senders": "verified"})
    return make_content(site=site, pyynnot=make_organisation(referral=WRITTEN_REFERRAL))


def eventful_region() -> Content:
    """Everything that changes the words of a page, at least once."""
    content = everything(lambda field: field)
    states = [{"status": status, "until": "2027-01-01"} for status in ("open", "waitlist", "full", "ask")]
    content.organisations.update(
        suljettu=make_organisation(status="closed"),
        tauolla=make_organisation(status="paused"),
        unohdettu=make_organisation(review={"confirmed_on": "2020-01-01", "confirmed_by": "sihteeri"}),
        vahvistamaton=make_organisation(review=None, former_slugs=["vanha"], business_id="9011427-0"),
        tulkit=make_organisation(activities=[{"interpreter": interpreter} for interpreter in ("yes", "no", "ask")]),
        tilat=make_organisation(activities=[{"capacity": state} for state in states]),
        pyynnot=make_organisation(referral=WRITTEN_REFERRAL),
        salatut=make_organisation(referral=WRITTEN_REFERRAL, request_keys=[KnownKey("salatut", "kissa").written()]),
        alue=make_organisation(activities=[{"needs": ["vakivalta"], "municipalities": "koko-alue"}]),
    )
    for usual in TIMES:
        content.organisations[f"vastaa-{usual.replace('_', '-')}"] = make_organisation(referral=WRITTEN_REFERRAL)
    content.originals["alue"] = make_original(content.organisations["alue"])
    sample = make_site(
        sample={"today": str(TODAY)},
        unfinished=True,
        embedding={"allowed": ["https://intra.example.fi"]},
        history_url="https://example.fi/historia/",
        referral={**WRITTEN_POLICY, "protection": "none"},
    )
    return replace(content, site=sample, counts=all_counts())


def all_counts() -> Counts:
    """Every figure, and every time in which an association may usually answer."""
    answering = {f"vastaa-{usual.replace('_', '-')}": {"requests": 5, "answers": 5, "usual": usual} for usual in TIMES}
    region = dict.fromkeys(Figures.model_fields, 5)
    return Counts.model_validate({"from": "2025-11-01", "to": "2026-10-31", "region": region, "associations": answering})


def test_every_term_of_the_region_is_written_in_every_language(content: Content) -> None:
    """Terms stand inside sentences of the interface, where a word in another language cannot be marked."""
    terms = {"taxonomy.yaml": content.taxonomy.model_dump(exclude={"municipalities"}), "site.yaml": content.site.model_dump()}
    missing = [place for place, text in leaves(terms) if place[-1] in content.site.languages and text is None]
    assert missing == []
