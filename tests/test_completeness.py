from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.checked import Content
from generator.completeness import CRITERIA, completeness
from generator.models import LANGUAGES
from tests.builders import WRITTEN_REFERRAL, make_organisation


def told_in_full(text: str) -> dict[str, str]:
    return {"fi": text, "sv": text, "en": text}


FULL_ACTIVITY = {
    "name": told_in_full("Torstairyhmä"),
    "summary": told_in_full("Ryhmässä jutellaan."),
    "when": told_in_full("Torstaisin klo 13"),
    "where": told_in_full("Esimerkkitalo"),
    "for_whom": told_in_full("Aikuisille"),
    "accessibility": told_in_full("Hissi"),
    "capacity": {"status": "open"},
    "target_groups": ["tyoikaiset"],
    "interpreter": "ask",
}
FULL = {
    "pitch": told_in_full("Täällä tapaat muita samassa tilanteessa ja saat voimia arkeen."),
    "description": told_in_full("Esimerkki. " * 20),
    "contacts": [{"role": told_in_full("Toimisto"), "phone": "017 000 0101"}],
    "website": "https://yhdistys.example.fi",
    "register_number": "123.456",
    "referral": WRITTEN_REFERRAL | {"responsible": told_in_full("sihteeri"), "promise": told_in_full("Soitamme.")},
}


def full(activity: dict[str, Any] | None = None, **changes: Any) -> Any:
    return make_organisation(**{**FULL, "activities": [{**FULL_ACTIVITY, **(activity or {})}], **changes})


def keys(organisation: Any) -> list[str]:
    return [one.key for one in completeness(organisation).missing]


def test_points_are_a_hundred_together() -> None:
    assert sum(rule.points for rule in CRITERIA) == 100


def test_association_that_has_told_everything_scores_a_hundred_and_gets_no_advice() -> None:
    assert (completeness(full()).score, completeness(full()).missing) == (100, ())


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        pytest.param({"contacts": [{"role": told_in_full("Toimisto"), "email": "a@yhdistys.example.fi"}]}, "phone", id="phone"),
        pytest.param({"pitch": told_in_full("Tule mukaan.")}, "pitch", id="short pitch"),
        pytest.param({"description": told_in_full("Esimerkki.")}, "description", id="short description"),
        pytest.param({"website": None}, "website", id="website"),
        pytest.param({"register_number": None}, "number", id="number"),
        pytest.param({"referral": None}, "referral", id="referral"),
        pytest.param({"activity": {"when": None}}, "when", id="when"),
        pytest.param({"activity": {"where": None}}, "where", id="where"),
        pytest.param({"activity": {"where": None, "remote": True}}, "where", id="where, when one can also come"),
        pytest.param({"activity": {"for_whom": None}}, "for_whom", id="for whom"),
        pytest.param({"activity": {"accessibility": None}}, "accessibility", id="accessibility"),
        pytest.param({"activity": {"capacity": {"status": "ask"}}}, "capacity", id="capacity"),
        pytest.param({"activity": {"target_groups": []}}, "target_groups", id="target groups"),
        pytest.param({"activity": {"interpreter": None}}, "interpreter", id="interpreter"),
        pytest.param({"activity": {"summary": "Vain suomeksi."}}, "translation", id="translation"),
    ],
)
def test_each_thing_left_out_costs_its_points_and_is_advised(changes: dict[str, Any], key: str) -> None:
    found = completeness(full(**changes))
    points = next(rule.points for rule in CRITERIA if rule.key == key)
    assert ([one.key for one in found.missing], found.score) == ([key], 100 - points)


def test_remote_activity_needs_no_place() -> None:
    assert keys(full({"where": None, "accessibility": None, "remote": True, "municipalities": []})) == []


def test_one_whole_translation_is_enough() -> None:
    swedish_only = {"when": {"fi": "Torstaisin", "sv": "Torsdagar"}}
    assert keys(full(swedish_only)) == []


def test_activities_share_the_points_and_are_named() -> None:
    organisation = make_organisation(
        **{**FULL, "activities": [FULL_ACTIVITY, {**FULL_ACTIVITY, "name": told_in_full("Kahvila"), "when": None}]}
    )
    found = completeness(organisation)
    assert found.score == 94
    assert found.missing[0].sentence("fi").endswith("(Kahvila)")


def test_smallest_gap_keeps_the_score_from_a_hundred() -> None:
    activities = [FULL_ACTIVITY] * 39 + [{**FULL_ACTIVITY, "interpreter": None}]
    assert completeness(make_organisation(**{**FULL, "activities": activities})).score == 99


def test_most_useful_advice_comes_first() -> None:
    points = [one.points for one in completeness(make_organisation()).missing]
    assert points == sorted(points, reverse=True)
    assert len(points) > 8


def test_closed_association_without_activities_loses_nothing_for_them() -> None:
    assert keys(full(status="closed", activities=[])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_advice_is_written_in_every_language(language: str) -> None:
    written = [getattr(rule.advice, language) for rule in CRITERIA]
    assert all(written)
    assert len(set(written)) == len(CRITERIA)


@given(st.sampled_from([1, 2, 3, 7, 40]), st.integers(0, 40))
def test_score_stays_between_nothing_and_a_hundred(activities: int, complete: int) -> None:
    written = [FULL_ACTIVITY if number < complete else {} for number in range(activities)]
    assert 0 <= completeness(make_organisation(activities=written)).score <= 100


def test_sample_region_has_both_full_and_thin_associations(content: Content) -> None:
    scores = [completeness(one).score for one in content.organisations.values() if one.status != "closed"]
    assert min(scores) < 70
    assert max(scores) > 90
