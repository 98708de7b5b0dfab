"""HSDS 3.1. With its schemas at hand (HSDS_SCHEMA_DIR) everything is checked against them, and strictly; the rules that matter
most are always checked."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from generator.checked import Content
from generator.exports.ids import activity_id, organisation_id
from tests.builders import make_content, make_organisation
from tests.exports.builders import read_json, rich_region

# What HSDS 3.1 asks of each thing, by the name under which it stands here.
REQUIRED = {
    "organizations": {"id", "name", "description"},
    "services": {"id", "name", "status"},
    "taxonomies": {"id", "name", "description"},
    "taxonomy_terms": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "phones": {"id", "number"},
    "organization_identifiers": {"id", "identifier_type", "identifier"},
    "capacities": {"id", "unit", "available", "updated"},
    "unit": {"id", "name"},
    **{
        name: {"id"} for name in ("contacts", "schedules", "service_areas", "service_at_locations", "attributes", "accessibility")
    },
    **{name: {"id"} for name in ("languages", "cost_options")},
}
COLLECTIONS = {"organizations": "organization", "services": None, "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term"}


def things(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every thing with the name under which it stands."""
    if isinstance(value, dict):
        if name:
            yield name, value
        for key, inner in value.items():
            yield from things(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner, name)


@pytest.fixture(params=["small", "sample"])
def document(request: pytest.FixtureRequest, content: Content) -> Any:
    return read_json(rich_region() if request.param == "small" else content, "hsds.json")


def test_everything_has_what_is_required(document: Any) -> None:
    found = list(things(document))
    assert {name for name, _ in found} == REQUIRED.keys()
    assert [(name, thing) for name, thing in found if not thing.keys() >= REQUIRED[name]] == []
    assert [thing for _, thing in found if str(UUID(thing["id"])) != thing["id"]] == []
    assert [thing for _, thing in found if any(value in (None, "", []) for value in thing.values())] == []


def test_no_two_things_share_an_identifier(document: Any) -> None:
    by_id: dict[str, Any] = {}
    for name, thing in things(document):
        if name not in ("taxonomy_term", "unit"):  # told again wherever they are needed
            assert by_id.setdefault(thing["id"], thing) is thing


def test_dates_are_dates(document: Any) -> None:
    for service in document["services"]:
        for schedule in service.get("schedules", ()):
            assert all(date.fromisoformat(schedule[key]) for key in ("valid_from", "valid_to") if key in schedule)
        if "assured_date" in service:
            assert date.fromisoformat(service["assured_date"])


# The schemas


@pytest.fixture(scope="module")
def schema() -> Any:
    folder = os.environ.get("HSDS_SCHEMA_DIR")
    if not folder:
        pytest.skip("Needs the schemas of HSDS 3.1: give their folder in HSDS_SCHEMA_DIR")
    return json.loads((Path(folder) / "compiled" / "service_with_definitions.json").read_text("utf-8"))


def faults_of(item: Any, schema: Any, definition: str | None) -> list[str]:
    asked = {"$ref": f"#/definitions/{definition}", "definitions": schema["definitions"]} if definition else schema
    checker = Draft202012Validator.FORMAT_CHECKER
    assert {"uri", "date", "date-time", "uuid", "email"} <= checker.checkers.keys()
    found = [error.message for error in Draft202012Validator(asked, format_checker=checker).iter_errors(item)]
    return found + [f"unknown: {key}" for key in unknown(item, schema["definitions"].get(definition, schema), schema)]


def unknown(item: Any, shape: Any, schema: Any) -> Iterator[str]:
    """Keys that the schema does not name: it lets them pass."""
    for key, value in item.items():
        if key not in shape["properties"]:
            yield key
            continue
        asked = shape["properties"][key]
        reference = asked.get("$ref") or asked.get("items", {}).get("$ref")
        if reference:
            for inner in value if isinstance(value, list) else [value]:
                yield from unknown(inner, schema["definitions"][reference.rpartition("/")[2]], schema)


def test_every_item_is_as_its_schema_says_and_no_more(document: Any, schema: Any) -> None:
    assert document.keys() == COLLECTIONS.keys()
    for name, definition in COLLECTIONS.items():
        assert [(item["id"], fault) for item in document[name] for fault in faults_of(item, schema, definition)] == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "1"}, "is not a 'uuid'"),
        ({"status": "open"}, "is not one of"),
        ({"url": "ei osoite"}, "is not a 'uri'"),
        ({"colour": "red"}, "unknown: colour"),
        ({"schedules": [{"id": organisation_id("a"), "when": "ma"}]}, "unknown: when"),
        ({"last_modified": "eilen"}, "is not a 'date-time'"),
    ],
)
def test_schema_check_notices(schema: Any, changes: dict[str, Any], told: str) -> None:
    service = read_json(make_content(kerho=make_organisation()), "hsds.json")["services"][0]
    assert any(told in fault for fault in faults_of(service | changes, schema, None))


# What is told where


def service_of(**activity: Any) -> dict[str, Any]:
    organisation = {key.removeprefix("its_"): activity.pop(key) for key in list(activity) if key.startswith("its_")}
    content = make_content(kerho=make_organisation(activities=[activity], **organisation))
    found: dict[str, Any] = read_json(content, "hsds.json")["services"][0]
    return found


def attributes(thing: dict[str, Any], kind: str = "field") -> dict[str, str]:
    chosen = [one for one in thing["attributes"] if one["link_type"] == kind]
    return (
        {one["label"]: one["value"] for one in chosen}
        if kind == "field"
        else {one["taxonomy_term"]["code"]: "" for one in chosen}
    )


def test_service_belongs_to_its_association_and_its_terms() -> None:
    service = service_of(needs=["diabetes", "masennus"])
    assert service["id"] == activity_id("kerho", "toiminta-0")
    assert service["organization_id"] == organisation_id("kerho")
    assert list(attributes(service, "need")) == ["diabetes", "masennus"]
    assert list(attributes(service, "activity_type")) == ["vertaisryhma"]
    assert attributes(service) == {"id": "toiminta-0"}


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ({"where": "Talo"}, ["physical"]),
        ({"where": "Talo", "remote": True}, ["physical", "virtual"]),
        ({"where": "Puhelin", "remote": True, "municipalities": []}, ["virtual"]),
        ({"remote": True, "municipalities": []}, ["virtual"]),
        ({"accessibility": "Hissi"}, ["physical"]),
        ({}, []),
    ],
)
def test_places_are_locations(written: dict[str, Any], kinds: list[str]) -> None:
    found = [one["location"] for one in service_of(**written).get("service_at_locations", ())]
    assert [one["location_type"] for one in found] == kinds
    assert [one["name"] for one in found if "name" in one] == ([written["where"]] if "where" in written else [])


@pytest.mark.parametrize(
    ("written", "areas"),
    [
        ({"municipalities": ["kuopio", "tervo"]}, ["Nimi", "Nimi"]),
        ({"municipalities": "koko-alue"}, ["Pohjois-Savo"]),
        ({"municipalities": [], "its_scope": "national"}, ["Suomi"]),
    ],
)
def test_municipalities_are_service_areas(written: dict[str, Any], areas: list[str]) -> None:
    assert [one["name"] for one in service_of(**written)["service_areas"]] == areas


@pytest.mark.parametrize(
    ("state", "available"),
    [({"status": "open"}, 1), ({"status": "full", "until": "2027-01-31"}, 0), ({"status": "waitlist", "until": "2027-01-31"}, 0)],
)
def test_room_is_capacity(state: dict[str, str], available: int) -> None:
    service = service_of(capacity=state)
    assert [one["available"] for one in service["capacities"]] == [available]
    assert attributes(service)["capacity.status"] == state["status"]


def test_unknown_room_and_unconfirmed_room_are_not_told_as_numbers() -> None:
    assert "capacities" not in service_of(capacity={"status": "ask"})
    assert "capacities" not in service_of(capacity={"status": "open"}, its_review=None)


def test_break_of_an_association_is_told() -> None:
    assert service_of(its_status="paused")["status"] == "temporarily closed"
    pauses = [{"from": "2027-07-01", "to": "2027-07-31", "note": "Kesä."}]
    told = service_of(its_pauses=pauses)["alert"]
    assert re.search(r"1\.7\.–31\.7\.2027.*Kesä\.", told)


def test_requests_are_promised_only_where_they_are_taken() -> None:
    referral = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": 3, "promise": "Soitamme."}
    policy = {"protection": "none"}
    from tests.builders import make_site

    two = [{}, {}]
    one = make_organisation(activities=two, referral={**referral, "activities": ["toiminta-1"]})
    services = read_json(make_content(site=make_site(referral=policy), kerho=one), "hsds.json")["services"]
    assert [service.get("application_process") for service in services] == [None, "Soitamme."]
    services = read_json(make_content(kerho=one), "hsds.json")["services"]
    assert [service.get("application_process") for service in services] == [None, None]
