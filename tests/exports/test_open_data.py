"""What every file of open data has in common."""

import json
from uuid import uuid5

import pytest

from generator.checked import Content
from generator.exports import public
from generator.exports.ids import NAMESPACE, activity_id, organisation_id, stable_id
from generator.exports.leftovers import leftovers, put_together
from tests.builders import make_content, make_organisation, make_site, render
from tests.exports.builders import files, rich_region

NAMES = {
    *("jarjestot.csv", "toiminta.csv", "yhteystiedot.csv", "tauot.csv", "luokitukset.csv", "datapackage.json"),
    *("hsds.json", "fhir.json", "muutokset.xml"),
}
WITH_ASSOCIATIONS = ("jarjestot.csv", "hsds.json", "fhir.json", "muutokset.xml")


@pytest.mark.parametrize("names", [("organisation", "savon-yhdistys"), ("a",), ("activity", "ä", "ö")])
def test_identifiers_are_those_that_anyone_can_derive(names: tuple[str, ...]) -> None:
    assert stable_id(*names) == str(uuid5(NAMESPACE, "/".join(names)))


def test_identifiers_never_change() -> None:
    """Others have stored them: if this fails, the change is wrong."""
    assert organisation_id("savon-yhdistys") == "4bbf56e5-e052-5622-b50a-6cfe1e699a27"
    assert activity_id("savon-yhdistys", "ryhma") == "265468b4-4724-55f2-b390-86e0eadd7ec5"


def test_files_have_these_names() -> None:
    assert files(make_content(kerho=make_organisation())).keys() == NAMES
    assert files(make_content()).keys() == NAMES


@pytest.mark.parametrize("name", WITH_ASSOCIATIONS)
def test_closed_associations_are_left_out_and_paused_ones_are_in(name: str) -> None:
    raw = files(rich_region())[name].decode()
    assert "Tauko ry" in raw
    assert "Lopettanut ry" not in raw


def test_a_parent_that_has_closed_is_not_named() -> None:
    closed, branch = make_organisation(status="closed"), make_organisation(part_of="liitto")
    made = files(make_content(liitto=closed, osasto=branch))
    assert [name for name, raw in made.items() if organisation_id("liitto").encode() in raw or b"liitto," in raw] == []


def test_persons_without_leave_are_not_named() -> None:
    named = {"role": "Ohjaaja", "name": "Veikko Esimerkki", "name_public": True, "phone": "017 000 0101"}
    content = make_content(kerho=make_organisation(contacts=[named], activities=[{"contact": named}]))
    told = {name for name, raw in files(content).items() if b"Veikko Esimerkki" in raw}
    assert told == {"yhteystiedot.csv", "hsds.json", "fhir.json"}
    kerho = content.organisations["kerho"]
    hidden = kerho.contacts[0].model_copy(update={"name_public": False})  # no file may say so, and no format trusts that
    activity = kerho.activities[0].model_copy(update={"contact": hidden})
    content.organisations["kerho"] = kerho.model_copy(update={"contacts": (hidden,), "activities": (activity,)})
    assert [name for name, raw in files(content).items() if b"Veikko" in raw] == []


def test_a_great_region_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "PER_FILE", 2)
    content = make_content(**{f"y{number}": make_organisation() for number in range(5)})
    made = files(content)
    assert made.keys() - NAMES == {"hsds-2.json", "hsds-3.json", "fhir-2.json", "fhir-3.json"}
    parts = [json.loads(made[name])["organizations"] for name in ("hsds.json", "hsds-2.json", "hsds-3.json")]
    assert [one["id"] for part in parts for one in part] == [organisation_id(f"y{number}") for number in range(5)]
    page = render(content)["/en/avoin-data/index.html"]
    assert all(f'href="/avoin-data/{name}"' in page for name in made)


def test_data_do_not_depend_on_the_day() -> None:
    content = rich_region()
    assert files(content) == files(content)  # nothing else is given to them: no day, no clock


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (set(), [("nimi.fi", "Kerho"), ("nimi.sv", "Klubb"), ("tauot.0.alku", "2027"), ("etana", "true"), ("paivia", "3")]),
        ({"nimi.fi", "tauot"}, [("nimi.sv", "Klubb"), ("etana", "true"), ("paivia", "3")]),
        ({"nimi", "tauot.0.alku", "etana"}, [("paivia", "3")]),
    ],
    ids=["nothing told", "a text and a list told", "whole mappings told"],
)
def test_what_has_no_field_is_left_over(told: set[str], left: list[tuple[str, str]]) -> None:
    written = {"nimi": {"fi": "Kerho", "sv": "Klubb"}, "tauot": [{"alku": "2027"}], "etana": True, "paivia": 3}
    assert list(leftovers(written, told)) == left


def test_leftovers_are_put_together_again() -> None:
    written = {"a": {"fi": "x", "sv": "y"}, "b": [{"from": "1"}, {"from": "2"}], "c": ["x"] * 11, "d": "e"}
    assert put_together(leftovers(written, set())) == written


@pytest.mark.parametrize(
    "leaves", [[("a", "x"), ("a.b", "y")], [("a.b", "y"), ("a", "x")], [("a.0", "x"), ("a.b", "y")], [("", "x")]]
)
def test_leftovers_of_others_that_contradict_each_other_are_no_accident(leaves: list[tuple[str, str]]) -> None:
    assert isinstance(put_together(leaves), dict)


def test_page_tells_what_there_is_in_each_language() -> None:
    pages = render(make_content(kerho=make_organisation()))
    for prefix in ("", "/sv", "/en"):
        page = pages[f"{prefix}/avoin-data/index.html"]
        assert all(f'href="/avoin-data/{name}"' in page for name in NAMES)
        assert str(NAMESPACE) in page
        assert "https://creativecommons.org/licenses/by/4.0/" in page


def test_catalogues_find_the_data_set_on_the_page() -> None:
    page = render(make_content(kerho=make_organisation()))["/sv/avoin-data/index.html"]
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    (found,) = json.loads(block)["@graph"]
    assert found["@type"] == "Dataset"
    assert found["@id"] == "https://tarjotin.example.fi/sv/avoin-data/"
    assert {one["contentUrl"].rpartition("/")[2] for one in found["distribution"]} == NAMES
    assert all(one["contentUrl"].startswith("https://tarjotin.example.fi/avoin-data/") for one in found["distribution"])


def test_sample_content_says_that_it_is_fictional() -> None:
    sample = make_content(site=make_site(sample={"today": "2026-11-21"}))
    told = "järjestöt, osoitteet ja puhelinnumerot ovat keksittyjä"
    assert told in json.loads(files(sample)["datapackage.json"])["description"]
    assert told not in json.loads(files(make_content())["datapackage.json"])["description"]
    page = render(sample)["/avoin-data/index.html"]
    assert told in page.partition("application/ld+json")[2].partition("</script>")[0]


def test_sub_path_is_in_the_addresses_and_not_in_the_places(content: Content) -> None:
    moved = make_content(site=make_site(base_path="/tarjotin/"), kerho=make_organisation())
    rendered = render(moved)
    assert '"uri":"https://tarjotin.example.fi/tarjotin/jarjesto/kerho/"' in rendered["/avoin-data/hsds.json"]
    assert 'href="/tarjotin/avoin-data/hsds.json"' in rendered["/en/avoin-data/index.html"]
