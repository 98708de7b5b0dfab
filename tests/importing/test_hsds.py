"""HSDS of others: it maps as well as it can, and what is left out is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.importing.drafts import Reading
from generator.importing.hsds import read_hsds, shortened
from tests.builders import make_content, make_organisation, make_taxonomy

NEEDS = ("masennus", {"id": "diabetes", "synonyms": {"fi": ["sokeritauti"]}, "label": {"fi": "Diabetes", "en": "Diabetes care"}})
CONTENT = make_content(make_taxonomy(needs=NEEDS), kerho=make_organisation(name="Kerho ry"))


def term(name: str, **more: Any) -> dict[str, Any]:
    return {"id": "1", "taxonomy_term": {"id": "2", "name": name, "description": name, **more}}


def service(**changes: Any) -> dict[str, Any]:
    return {
        "id": "s",
        "name": "Drop-in",
        "status": "active",
        "description": "Come and have coffee.",
        "service_areas": [{"id": "3", "name": "Kuopio"}],
        "attributes": [term("Masennus"), term("vertaisryhma")],
        **changes,
    }


def organization(**changes: Any) -> dict[str, Any]:
    contacts = [{"id": "4", "title": "Office", "phones": [{"id": "5", "number": "017 000 0101"}]}]
    return {"id": "o", "name": "Charity", "description": "First. Second.", "contacts": contacts, **changes}


def read(tmp_path: Path, whole: Any) -> Reading:
    file = tmp_path / "muu.json"
    file.write_text(json.dumps(whole), "utf-8")
    taxonomy = CONTENT.taxonomy.model_copy(update={"municipalities": tuple(_named(CONTENT.taxonomy.municipalities))})
    return read_hsds(file, make_content(taxonomy, kerho=CONTENT.organisations["kerho"]))


def _named(municipalities: Any) -> Any:
    for one in municipalities:
        yield one.model_copy(update={"label": one.label.model_copy(update={"fi": one.id.capitalize()})})


def one_activity(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    (draft,) = read(tmp_path, [service(organization=organization(), **changes)]).drafts
    (activity,) = draft.written["activities"]
    return dict(activity)


SHAPES = {
    "our collections": {"organizations": [organization()], "services": [service(organization_id="o")]},
    "a page of the API": {"total_items": 1, "contents": [service(organization=organization())]},
    "organizations with services": {"contents": [organization(services=[service()])]},
    "a list": [service(organization=organization())],
    "one service": service(organization=organization()),
    "repeated shortly": [
        service(organization=organization()),
        service(id="t", name="B", organization={"id": "o", "name": "Charity"}),
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_that_goes_around_is_read(tmp_path: Path, shape: str) -> None:
    (draft,) = read(tmp_path, SHAPES[shape]).drafts
    assert draft.slug == "charity"
    assert draft.written["description"] == "First. Second."
    assert draft.written["contacts"] == [{"role": "Office", "phone": "017 000 0101"}]
    assert draft.written["activities"][0]["needs"] == ["masennus"]


def test_importing_is_not_confirming(tmp_path: Path) -> None:
    (draft,) = read(tmp_path, [service(organization=organization(), assured_date="2026-09-01")]).drafts
    assert "review" not in draft.written


def test_association_of_the_same_name_is_the_same(tmp_path: Path) -> None:
    (draft,) = read(tmp_path, [service(organization=organization(name="KERHO  ry"))]).drafts
    assert draft.slug == "kerho"


@pytest.mark.parametrize("word", ["Diabetes care", "SOKERITAUTI", "diabetes"])
def test_terms_of_others_are_found_by_their_words(tmp_path: Path, word: str) -> None:
    assert one_activity(tmp_path, attributes=[term(word), term("vertaisryhma")])["needs"] == ["diabetes"]


def test_term_that_stands_elsewhere_in_the_file_is_found(tmp_path: Path) -> None:
    attributes = [{"id": "1", "taxonomy_term_id": "d"}, term("vertaisryhma")]
    terms = [{"id": "d", "name": "Diabetes care", "description": "x", "taxonomy_id": "t"}]
    whole = {"services": [service(organization=organization(), attributes=attributes)], "taxonomy_terms": terms}
    (draft,) = read(tmp_path, whole).drafts
    assert draft.written["activities"][0]["needs"] == ["diabetes"]


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"eligibility_description": "Adults"}, "for_whom", {"fi": "Adults"}),
        ({"schedules": [{"id": "1", "description": "Mondays"}]}, "when", {"fi": "Mondays"}),
        (
            {"schedules": [{"id": "1", "valid_from": "2026-09-01", "valid_to": "2027-05-15"}]},
            "season",
            {"from": "2026-09-01", "to": "2027-05-15"},
        ),
        ({"cost_options": [{"id": "1", "amount": 5}]}, "price", "paid"),
        ({"languages": [{"id": "1", "code": "fi"}]}, "languages", ["fi"]),
        ({"service_areas": [{"id": "1", "name": "Pohjois-Savo"}]}, "municipalities", "koko-alue"),
        ({"service_areas": [{"id": "1", "name": "002"}]}, "municipalities", ["tervo"]),
        ({"name": "x" * 100}, "name", {"fi": "x" * 79 + "…"}),
    ],
)
def test_fields_find_their_places(tmp_path: Path, changes: dict[str, Any], field: str, value: Any) -> None:
    assert one_activity(tmp_path, **changes)[field] in (value, value.get("fi") if isinstance(value, dict) else value)


def test_address_is_the_place_and_its_town_the_municipality(tmp_path: Path) -> None:
    location = {"id": "1", "location_type": "physical", "addresses": [{"id": "2", "address_1": "Katu 1", "city": "Kuopio"}]}
    activity = one_activity(tmp_path, service_areas=[], service_at_locations=[{"id": "3", "location": location}])
    assert (activity["where"], activity["municipalities"]) == ("Katu 1, Kuopio", ["kuopio"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"attributes": [term("vertaisryhma")]}, "ei löytynyt tarvetta"),
        ({"attributes": [term("masennus")]}, "ei löytynyt toimintaa"),
        ({"status": "defunct"}, "on päättynyt"),
        ({"service_areas": [{"id": "1", "name": "London"}]}, 'Aluetta "London" ei ole'),
        ({"languages": [{"id": "1", "name": "Klingon"}]}, 'Kieltä "Klingon" ei ole'),
        ({"contacts": [{"id": "1", "name": "Jane Doe", "email": "jane@example.org"}]}, 'nimi "Jane Doe" jäi pois'),
        ({"organization": organization(website="http://example.org")}, "ei ala https://"),
        ({"organization": None, "organization_id": "x"}, 'Järjestöä "x" ei ole tiedostossa'),
    ],
)
def test_what_is_left_out_is_told(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    reading = read(tmp_path, [service(**{"organization": organization(), **changes})])
    assert any(told in note.message for note in reading.notes)
    assert "Jane" not in str(reading.drafts)
    assert "London" not in str(reading.drafts)


@pytest.mark.parametrize("junk", [None, 3, "x", [], {}, [None], {"contacts": "x", "attributes": 3}, [[{}]]])
def test_junk_inside_is_no_accident(tmp_path: Path, junk: Any) -> None:
    keys = ("attributes", "service_areas", "service_at_locations", "languages", "schedules", "contacts", "cost_options", "name")
    for key in keys:
        read(tmp_path, [service(organization=organization(), **{key: junk})])
    for key in ("contacts", "attributes", "organization_identifiers", "services", "name", "description"):
        read(tmp_path, [service(organization=organization(**{key: junk}))])


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Yksi.", "Yksi."),
        ("Ensimmäinen lause. Toinen lause, joka on pitkä.", "Ensimmäinen lause."),
        ("Yhdessä pitkässä lauseessa on monta sanaa", "Yhdessä pitkässä…"),
    ],
)
def test_long_texts_are_cut_at_a_sentence_or_a_word(text: str, short: str) -> None:
    assert shortened(text, 20) == short
