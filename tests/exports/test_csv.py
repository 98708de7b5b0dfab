import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, system

from generator.checked import Content
from generator.exports.csv_files import as_csv, held, released
from generator.exports.leftovers import leftovers
from generator.exports.tables import ACTIVITIES, CONTACTS, LISTS, ORGANISATIONS, PAUSES
from tests.builders import make_content, make_organisation
from tests.exports.builders import files, rich_region


def rows(content: Content, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(content)[name].decode(), newline="")))


def checked(folder: Path, made: dict[str, bytes]) -> list[list[Any]]:
    """What the library of Frictionless says of the package."""
    for name, raw in made.items():
        (folder / name).write_bytes(raw)
    with system.use_context(trusted=True):  # the path of a folder of ours
        return Package(str(folder / "datapackage.json")).validate().flatten(["fieldName", "type", "note"])


def test_package_of_a_small_region_is_valid(tmp_path: Path) -> None:
    assert checked(tmp_path, files(rich_region())) == []


def test_package_of_the_sample_content_is_valid(tmp_path: Path, content: Content) -> None:
    assert checked(tmp_path, files(content)) == []


def test_package_check_notices_a_row_that_leads_nowhere(tmp_path: Path) -> None:
    made = files(rich_region())
    made["toiminta.csv"] = made["toiminta.csv"].replace(b"\r\nrunsas,", b"\r\nolematon,")
    assert "foreign-key" in {kind for _, kind, _ in checked(tmp_path, made)}


def test_package_check_notices_a_date_that_is_none(tmp_path: Path) -> None:
    made = files(rich_region())
    made["tauot.csv"] = made["tauot.csv"].replace(b"2026-11-01", b"1.11.2026")
    assert ["from", "type-error"] in [found[:2] for found in checked(tmp_path, made)]


def test_every_value_of_an_association_has_a_column() -> None:
    """Nothing is lost: a new key of the model needs a column."""
    for one in rich_region().organisations.values():
        elsewhere = {"contacts", "activities", "pauses", "merged_into"}
        assert places(one.model_dump(mode="json", by_alias=True), elsewhere) <= {column.place for column in ORGANISATIONS}
        for activity in one.activities:
            assert places(activity.model_dump(mode="json", by_alias=True), {"contact"}) <= {one.place for one in ACTIVITIES}
        for contact in one.contacts:
            assert places(contact.model_dump(mode="json"), {"name_public"}) <= {column.place for column in CONTACTS}
        for pause in one.pauses:
            assert places(pause.model_dump(mode="json", by_alias=True), set()) <= {column.place for column in PAUSES}


def places(written: dict[str, Any], elsewhere: set[str]) -> set[str]:
    """The places of values, those of a list as one."""
    found = (place for place, value in leftovers(written, elsewhere) if value != "None")
    return {place.rpartition(".")[0] if place.split(".")[-2:-1] and place.split(".")[-2] in LISTS else place for place in found}


def test_rows_hold_what_was_written() -> None:
    activities = [{"needs": ["masennus", "diabetes"], "municipalities": ["kuopio"], "remote": True, "interpreter": "yes"}]
    content = make_content(kerho=make_organisation(name='Kerho, "se" ry', description="Rivi.\n\nToinen.", activities=activities))
    (association,), (activity,), (contact,) = (rows(content, f"{name}.csv") for name in ("jarjestot", "toiminta", "yhteystiedot"))
    assert (association["slug"], association["name"], association["status"]) == ("kerho", 'Kerho, "se" ry', "active")
    assert association["description_fi"] == "Rivi.\n\nToinen."
    assert association["review_confirmed_on"] == "2026-09-01"
    assert association["page"] == "https://tarjotin.example.fi/jarjesto/kerho/"
    assert (activity["organisation"], activity["needs"], activity["remote"]) == ("kerho", "masennus;diabetes", "true")
    assert (activity["season_from"], activity["capacity_status"], activity["price"]) == ("", "ask", "free")
    assert (contact["position"], contact["role_fi"], contact["phone"]) == ("1", "Toimisto", "'+358170000101")


def test_lines_end_as_the_standard_says_and_there_is_no_mark_at_the_beginning() -> None:
    raw = files(make_content(kerho=make_organisation(description="a\nb")))["jarjestot.csv"]
    assert raw.startswith(b"slug,name,")
    assert raw.count(b"\r\n") == 2
    assert b"a\nb" in raw


@pytest.mark.parametrize("cell", ["=1+1", "+358170000101", "-kerho", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-2"])
def test_cell_that_a_spreadsheet_would_run_is_held(cell: str) -> None:
    assert held(cell) == f"'{cell}"
    assert released(held(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Kerho", "a=1", "'tämä", "''", " =1", "2026-11-21", "Åkerö"])
def test_other_cells_are_as_they_are(cell: str) -> None:
    assert held(cell) == cell == released(held(cell))


def test_hostile_text_stays_text_in_every_table() -> None:
    content = make_content(kerho=make_organisation(name='=cmd|"/c calc"!A1', pitch="@SUM(1)", description="- luettelo"))
    (association,) = rows(content, "jarjestot.csv")
    assert [released(association[name]) for name in ("name", "pitch_fi")] == ['=cmd|"/c calc"!A1', "@SUM(1)"]
    for name, raw in files(content).items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(raw.decode(), newline="")) for cell in row]
            assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []


def test_empty_table_has_its_header() -> None:
    assert as_csv(("a", "b"), []) == b"a,b\r\n"


def test_columns_are_explained_in_finnish(content: Content) -> None:
    package = json.loads(files(content)["datapackage.json"])
    titles = {field["name"]: field["title"] for one in package["resources"] for field in one["schema"]["fields"]}
    assert titles["season_enrol_by"] == "Kausi: ilmoittautuminen viimeistään"
    assert titles["pitch_sv"] == "Esittelylause (ruotsiksi)"
    assert titles["organisation"] == "Järjestö"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
