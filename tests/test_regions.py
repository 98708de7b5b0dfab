"""The table of municipalities, and the regions that a site can be made for."""

import re

import pytest
import yaml

from generator.fields import RESERVED_SLUGS
from generator.models import LANGUAGES, Municipality
from generator.postal import postal_codes_of
from generator.regions import COUNTRY, Place, counties, find_county, places, places_of
from tests.builders import ROOT

SIZES = {
    "pohjois-pohjanmaa": 30,
    "lappi": 21,
    "pohjois-savo": 19,
    "ahvenanmaa": 16,
    "kainuu": 8,
    "vantaa-kerava": 2,
    "helsinki": 1,
}


def place(identifier: str) -> Place:
    return next(one for one in places() if one.id == identifier)


def test_every_municipality_is_in_one_of_the_counties() -> None:
    assert len(counties()) == 21 + 2
    assert len(places()) == 308 == len(places_of(COUNTRY))
    assert {one.county for one in places()} == set(counties())
    assert {county: len(places_of(counties()[county])) for county in SIZES} == SIZES


def test_ids_and_codes_are_each_municipality_s_own() -> None:
    assert len({one.id for one in places()}) == len({one.code for one in places()}) == 308
    assert not {one.id for one in places()} & set(RESERVED_SLUGS)
    assert [one.id for one in places() if not postal_codes_of(one.code)] == []


def test_every_municipality_has_the_shape_that_the_taxonomy_wants() -> None:
    for one in places():
        label = {"fi": one.name_fi, "sv": one.name_sv}
        Municipality.model_validate(
            {"id": one.id, "code": one.code, "label": label, "locative": one.locative, "centre": list(one.centre)}
        )


def test_municipalities_stand_in_the_finnish_order() -> None:
    names = [one.name_fi for one in places()]
    assert names[0] == "Akaa"
    assert names[-2:] == ["Ähtäri", "Äänekoski"]


def test_sample_region_and_the_table_agree() -> None:
    told = yaml.load((ROOT / "taxonomy.yaml").read_text("utf-8"), yaml.BaseLoader)["municipalities"]
    table = [
        {
            "id": one.id,
            "code": one.code,
            "label": {"fi": one.name_fi, "sv": one.name_sv},
            "locative": one.locative,
            "centre": list(one.centre),
        }
        for one in places_of(counties()["pohjois-savo"])
    ]
    assert table == told


@pytest.mark.parametrize(
    ("identifier", "locative"),
    [
        ("tampere", "Tampereella"),
        ("vantaa", "Vantaalla"),
        ("iisalmi", "Iisalmessa"),
        ("aanekoski", "Äänekoskella"),
        ("isokyro", "Isossakyrössä"),
        ("punkalaidun", "Punkalaitumella"),
        ("loppi", "Lopella"),
        ("jokioinen", "Jokioisissa"),
        ("kaustinen", "Kaustisella"),
        ("ii", "Iissä"),
        ("saltvik", None),
    ],
)
def test_locative_is_what_people_say_and_missing_where_they_differ(identifier: str, locative: str | None) -> None:
    assert place(identifier).locative == locative


def test_locatives_are_local_forms_of_their_own_names() -> None:
    forms = {one.name_fi: one.locative for one in places() if one.locative}
    assert len(forms) == 305
    assert [name for name, form in forms.items() if not re.search(r"(ss|ll)[aä]$", form) or form[:2] != name[:2]] == []


def test_no_two_municipalities_share_a_centre_and_none_is_far_from_its_county() -> None:
    """A place of the same name elsewhere would show here: the farthest pair of a county's neighbours is Enontekiö's."""
    assert len({one.centre for one in places()}) == 308
    for county in counties().values():
        points = {one.id: tuple(map(float, one.centre)) for one in places_of(county)}
        for one, (north, east) in points.items():
            others = [abs(north - other[0]) + abs(east - other[1]) / 2 for id_, other in points.items() if id_ != one]
            assert min(others, default=0) < 1.1, one


def test_county_s_names_are_there_in_every_language() -> None:
    for county in (*counties().values(), COUNTRY):
        for names in (county.region, county.whole, county.publisher):
            assert set(names) == set(LANGUAGES)
            assert all(names.values())


@pytest.mark.parametrize("written", ["pohjois-karjala", "Pohjois-Karjala", "POHJOIS-KARJALA", "pohjois karjala"])
def test_county_is_found_by_id_or_name(written: str) -> None:
    assert find_county(written).region["en"] == "North Karelia"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pohjois-karjla", 'Tarkoititko "pohjois-karjala"?'),
        ("uusimaa", "Tarkoititko"),
        ("xyz", "Sallitut: ita-uusimaa, keski-uusimaa"),
    ],
)
def test_unknown_county_is_told_with_what_it_could_be(written: str, said: str) -> None:
    with pytest.raises(LookupError, match=f'Aluetta "{written}" ei ole.') as caught:
        find_county(written)
    assert said in str(caught.value)
