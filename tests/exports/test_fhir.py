"""FHIR R4. The library's models are those of R4B, in which these three resources are what they are in R4; the cardinalities of R4
that matter are asked here as well."""

import re
from collections import Counter
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from generator.checked import Content
from tests.builders import make_content, make_organisation
from tests.exports.builders import read_json, rich_region

# https://hl7.org/fhir/R4/ organization, healthcareservice, location: every element that we use, and how many may stand.
ELEMENTS = {
    "Organization": {
        "identifier": "0..*",
        "active": "0..1",
        "type": "0..*",
        "name": "0..1",
        "telecom": "0..*",
        "partOf": "0..1",
        "contact": "0..*",
    },
    "HealthcareService": {
        "active": "0..1",
        "providedBy": "0..1",
        "type": "0..*",
        "location": "0..*",
        "name": "0..1",
        "comment": "0..1",
        "extraDetails": "0..1",
        "telecom": "0..*",
        "coverageArea": "0..*",
        "serviceProvisionCode": "0..*",
        "eligibility": "0..*",
        "program": "0..*",
        "communication": "0..*",
        "referralMethod": "0..*",
        "notAvailable": "0..*",
        "availabilityExceptions": "0..1",
    },
    "Location": {
        "status": "0..1",
        "name": "0..1",
        "mode": "0..1",
        "address": "0..1",
        "physicalType": "0..1",
        "position": "0..1",
        "managingOrganization": "0..1",
        "partOf": "0..1",
    },
}


@pytest.fixture(params=["small", "sample"])
def bundle(request: pytest.FixtureRequest, content: Content) -> Any:
    return read_json(rich_region() if request.param == "small" else content, "fhir.json")


def resources(bundle: Any, kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def test_bundle_is_as_the_library_knows_it(bundle: Any) -> None:
    assert Bundle.model_validate(bundle).type == "collection"


@pytest.mark.parametrize("change", [{"name": ["a"]}, {"active": "ehkä"}, {"colour": "red"}, {"telecom": [{"system": 1}]}])
def test_library_notices_a_fault(change: dict[str, Any]) -> None:
    bundle = read_json(make_content(kerho=make_organisation()), "fhir.json")
    resources(bundle, "HealthcareService")[0].update(change)
    with pytest.raises(ValueError, match="validation error"):
        Bundle.model_validate(bundle)


def test_every_element_stands_as_often_as_it_may(bundle: Any) -> None:
    for kind, elements in ELEMENTS.items():
        found = resources(bundle, kind)
        assert found
        for resource in found:
            assert resource.keys() <= elements.keys() | {"resourceType", "id"}
            for name, value in resource.items():
                assert isinstance(value, list) == elements.get(name, "1..1").endswith("*")
                assert value not in ("", [], {}, None)


def test_every_reference_leads_to_what_it_should(bundle: Any) -> None:
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert len(kinds) == len(bundle["entry"])
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", url) for url in kinds)
    wanted = {
        "providedBy": "Organization",
        "location": "Location",
        "coverageArea": "Location",
        "partOf": None,
        "managingOrganization": "Organization",
    }
    for entry in bundle["entry"]:
        resource = entry["resource"]
        for name, kind in wanted.items():
            found = resource.get(name, [])
            for one in found if isinstance(found, list) else [found]:
                assert kinds[one["reference"]] == (kind or resource["resourceType"])


def test_there_is_one_of_each_association_and_activity(bundle: Any, request: pytest.FixtureRequest, content: Content) -> None:
    region = content if "sample" in request.node.name else rich_region()
    open_ones = [one for one in region.organisations.values() if one.status != "closed"]
    counts = Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])
    assert counts["Organization"] == len(open_ones)
    assert counts["HealthcareService"] == sum(len(one.activities) for one in open_ones)


def service_of(organisation: dict[str, Any] | None = None, **activity: Any) -> dict[str, Any]:
    content = make_content(kerho=make_organisation(activities=[activity], **(organisation or {})))
    return resources(read_json(content, "fhir.json"), "HealthcareService")[0]


def test_season_and_pauses_are_times_when_it_is_not_available() -> None:
    season = {"from": "2026-09-01", "to": "2027-05-15"}
    found = service_of({"pauses": [{"from": "2026-12-20", "to": "2027-01-06"}]}, season=season)["notAvailable"]
    assert [one["during"] for one in found] == [
        {"start": "2026-12-20", "end": "2027-01-06"},
        {"end": "2026-08-31"},
        {"start": "2027-05-16"},
    ]
    assert all(one["description"] for one in found)


@pytest.mark.parametrize(("written", "codes"), [("free", ["free"]), ("paid", ["cost"])])
def test_price_is_a_code_of_the_terminology(written: str, codes: list[str]) -> None:
    found = service_of(price=written)["serviceProvisionCode"]
    assert [one["coding"][0]["code"] for one in found] == codes


def test_paused_association_and_its_services_are_not_active() -> None:
    bundle = read_json(make_content(kerho=make_organisation(status="paused")), "fhir.json")
    assert [one["active"] for kind in ("Organization", "HealthcareService") for one in resources(bundle, kind)] == [False, False]


def test_room_and_confirmation_are_told_in_words() -> None:
    details = service_of(capacity={"status": "full", "until": "2027-01-31"})["extraDetails"]
    assert "Täynnä 31.1.2027 asti" in details
    assert "Tiedot tarkistettu 1.9.2026" in details
    assert "ei ole vielä vahvistanut" in service_of({"review": None})["extraDetails"]
