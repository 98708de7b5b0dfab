"""Associations from a table: what is read, what is told, what is written."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from generator import writing
from generator.cli import main
from generator.exports.csv_files import held, released
from generator.importing.columns import COLUMNS
from generator.importing.sheet import MOST_ROWS, read_sheet
from generator.models import LANGUAGES
from tests.builders import ROOT, TODAY, write_project, written_organisation

Row = Mapping[str, Any]

KERHO: Row = {
    "Järjestö": "Kuvitteellinen Kerho ry",
    "Lause asiakkaalle": "Täällä voi jutella kahvin ääressä.",
    "Kuvaus": "Olemme pieni kerho.",
    "Yhteystiedon rooli": "Toimisto",
    "Puhelin": "010 234 5670",
    "Toiminta": "Tiistairyhmä",
    "Toiminnan tyyppi": "Vertaisryhmä",
    "Toiminnan kuvaus": "Kahvia ja keskustelua.",
    "Tarpeet": "Masennus ja mieliala; diabetes",
    "Kunnat": "Kuopio; Siilinjärvi",
}
SLUG = "kuvitteellinen-kerho-ry"
FILE = f"content/organisations/{SLUG}.yaml"
OLD = "content/organisations/vanha-yhdistys.yaml"
WRITTEN_OLD = """\
# Tämän kirjoitti koordinaattori.
name: Vanha Yhdistys ry
business_id: "9031746-5"
pitch: Tule mukaan. # sovittu puhelimessa
description: |
  Ensimmäinen rivi.

  - toinen
contacts:
  - role: Toimisto
    phone: "010 234 5678" # vaihde
  - {role: Puheenjohtaja, phone: "010 234 5679"}
activities:
  # Ryhmä jatkuu.
  - id: ryhma
    type: vertaisryhma
    name: {fi: Ryhmä, sv: Grupp}
    summary: Jutellaan.
    needs: [masennus]
    municipalities: [kuopio]
    season: {from: 2026-09-01, to: 2027-05-15}
    price: free
  - id: neuvonta
    type: neuvonta
    name: Neuvonta
    summary: Neuvotaan.
    needs: [diabetes]
    municipalities: koko-alue
pauses: [{from: 2027-07-01, to: 2027-07-31}]
review: {confirmed_on: 2026-09-01, confirmed_by: sihteeri}
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A real region with one association that has been edited by hand."""
    project = write_project(tmp_path / "alue", {})
    (project / OLD).write_text(WRITTEN_OLD, "utf-8")
    (project / "content/private").mkdir()
    (project / "content/private/vanha-yhdistys.yaml").write_text("data_maintainers: [toimisto@vanha.alue]\n", "utf-8")
    return project


def as_csv(*rows: Row, delimiter: str = ";", encoding: str = "utf-8-sig", newline: str = "\r\n") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue().encode(encoding)


def as_workbook(*rows: Row) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) for name in names])
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def run(region: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(region), "--today", str(TODAY), "import", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def bring(region: Path, *rows: Row, write: bool = False, raw: bytes | None = None, name: str = "taulukko.csv") -> Result:
    table = region / name
    table.write_bytes(as_csv(*rows) if raw is None else raw)
    return run(region, str(table), *(["--write"] if write else []))


def tree(region: Path) -> dict[str, bytes]:
    folders = (region / "content/organisations", region / "content/private")
    return {path.name: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def written(region: Path, file: str = FILE) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((region / file).read_text("utf-8"), yaml.BaseLoader)
    return found


# A new association


def test_row_becomes_an_association_that_nobody_has_confirmed(region: Path) -> None:
    result = bring(region, KERHO, write=True)
    assert result.exit_code == 0, result.output
    assert written(region) == {
        "name": "Kuvitteellinen Kerho ry",
        "pitch": "Täällä voi jutella kahvin ääressä.",
        "description": "Olemme pieni kerho.",
        "contacts": [{"role": "Toimisto", "phone": "010 234 5670"}],
        "activities": [
            {
                "id": "tiistairyhma",
                "type": "vertaisryhma",
                "name": "Tiistairyhmä",
                "summary": "Kahvia ja keskustelua.",
                "needs": ["masennus", "diabetes"],
                "municipalities": ["kuopio", "siilinjarvi"],
            }
        ],
    }
    assert (region / FILE).read_text("utf-8").startswith("# Tuotu taulukosta. Kaikki tässä tiedostossa on julkista.")


def test_without_write_everything_is_told_and_nothing_is_written(region: Path) -> None:
    before = tree(region)
    result = bring(region, KERHO)
    assert result.exit_code == 0
    assert f"Uusi: {SLUG} (1 toiminta)" in result.output
    assert "1 uutta, 0 muuttuvaa, 0 ennallaan. Mitään ei kirjoitettu. Kirjoita tiedostot lisäämällä" in result.output
    assert tree(region) == before


def test_second_run_has_nothing_to_do(region: Path) -> None:
    bring(region, KERHO, write=True)
    before = tree(region)
    result = bring(region, KERHO, write=True)
    assert "0 uutta, 0 muuttuvaa, 1 ennallaan. Mitään kirjoitettavaa ei ole." in result.output
    assert tree(region) == before


@pytest.mark.parametrize(
    "raw",
    [
        as_csv(KERHO, delimiter=";", encoding="cp1252"),
        as_csv(KERHO, delimiter=",", encoding="utf-8"),
        as_csv(KERHO, delimiter="\t"),
        as_csv(KERHO, newline="\n"),
        as_csv({name.upper() + " ": value for name, value in KERHO.items()}),
        as_csv({**KERHO, "Puhelin": "'+358 10 234 5670"}),
        as_csv({**KERHO, "Tarpeet": "masennus, Diabetes", "Kunnat": "KUOPIO\nsiilinjarvi"}),
    ],
    ids=["windows-1252", "commas", "tabs", "unix-lines", "name-in-capitals", "held-plus", "commas-and-lines-in-a-cell"],
)
def test_spreadsheets_write_csv_in_many_ways(region: Path, raw: bytes) -> None:
    assert bring(region, raw=raw, write=True).exit_code == 0
    found = written(region)
    assert found["pitch"] == "Täällä voi jutella kahvin ääressä."
    assert found["contacts"][0]["phone"].replace("+358 ", "0") == "010 234 5670"
    assert found["activities"][0]["needs"] == ["masennus", "diabetes"]
    assert found["activities"][0]["municipalities"] == ["kuopio", "siilinjarvi"]


def test_workbook_keeps_days_yes_and_numbers_as_people_see_them(region: Path) -> None:
    row = {
        **KERHO,
        "Rekisterinumero": 123456,
        "Etänä": True,
        "Kausi alkaa": datetime(2026, 9, 1),  # noqa: DTZ001 - a spreadsheet's day has no zone
        "Kausi päättyy": date(2027, 5, 15),
        "Ilmoittaudu viimeistään": "15.9.2026",
        "Kunnat": "koko alue",
        "Kuvaus": "Ensimmäinen rivi.\r\n\r\n- toinen",
    }
    assert bring(region, raw=as_workbook(row), name="taulukko.XLSX", write=True).exit_code == 0
    found = written(region)
    assert found["register_number"] == "123456"
    assert found["description"] == "Ensimmäinen rivi.\n\n- toinen"
    activity = found["activities"][0]
    assert activity["season"] == {"from": "2026-09-01", "to": "2027-05-15", "enrol_by": "2026-09-15"}
    assert (activity["remote"], activity["municipalities"]) == ("true", "koko-alue")


def test_rows_below_add_activities_whether_the_association_is_repeated_or_not(region: Path) -> None:
    second = {**KERHO, "Toiminta": "Soittorinki", "Toiminnan tyyppi": "neuvonta"}
    activity = {name: value for name, value in second.items() if name.startswith("Toimin") or name in ("Tarpeet", "Kunnat")}
    third = {**activity, "Toiminta": "Uusi"}  # a reserved word in an address
    assert bring(region, KERHO, second, third, write=True).exit_code == 0
    assert [one["id"] for one in written(region)["activities"]] == ["tiistairyhma", "soittorinki", "toiminta"]


def test_translations_go_beside_the_finnish(region: Path) -> None:
    row = {**KERHO, "Lause asiakkaalle (ruotsiksi)": "Här kan man prata.", "Toiminta (englanniksi)": "Tuesday group"}
    result = bring(region, row, write=True)
    assert written(region)["pitch"] == {"fi": "Täällä voi jutella kahvin ääressä.", "sv": "Här kan man prata."}
    assert "Varoitus: Käännös (sv) puuttuu" in result.output


# An association that is there


def lines_changed(region: Path) -> list[tuple[str, str]]:
    old, new = WRITTEN_OLD.splitlines(), (region / OLD).read_text("utf-8").splitlines()
    assert len(old) == len(new)
    return [(was, now) for was, now in zip(old, new, strict=True) if was != now]


@pytest.mark.parametrize(
    "names",
    [{"Tunnus": "vanha-yhdistys", "Järjestö": ""}, {"Järjestö": "Vanha Yhdistys ry", "Y-tunnus": "9031746-5"}],
    ids=["by-slug", "by-business-id"],
)
def test_only_what_the_table_says_changes_and_comments_stay(region: Path, names: Row) -> None:
    row = {**names, "Puhelin": "010 234 5000", "Toiminnan tunnus": "ryhma", "Kausi päättyy": "31.5.2027"}
    result = bring(region, row, write=True)
    assert result.exit_code == 0, result.output
    assert "Muuttuu: vanha-yhdistys: Puhelin, Kausi päättyy (Ryhmä)" in result.output
    assert lines_changed(region) == [
        ('    phone: "010 234 5678" # vaihde', '    phone: "010 234 5000" # vaihde'),
        ("    season: {from: 2026-09-01, to: 2027-05-15}", "    season: {from: 2026-09-01, to: 2027-05-31}"),
    ]


def test_association_is_found_by_business_id_under_a_new_name(region: Path) -> None:
    result = bring(region, {"Järjestö": "Uudempi Yhdistys ry", "Y-tunnus": "9031746-5"}, write=True)
    assert "Muuttuu: vanha-yhdistys: Järjestö" in result.output
    assert lines_changed(region) == [("name: Vanha Yhdistys ry", 'name: "Uudempi Yhdistys ry"')]


def test_activity_is_found_by_its_name_and_the_rest_of_its_languages_stay(region: Path) -> None:
    bring(
        region, {"Tunnus": "vanha-yhdistys", "Järjestö": "", "Toiminta": "Ryhmä", "Toiminta (ruotsiksi)": "Gruppen"}, write=True
    )
    assert lines_changed(region) == [("    name: {fi: Ryhmä, sv: Grupp}", '    name: {fi: Ryhmä, sv: "Gruppen"}')]


def test_confirmation_is_left_to_people(region: Path) -> None:
    bring(region, {"Tunnus": "vanha-yhdistys", "Järjestö": "", "Puhelin": "010 234 5000"}, write=True)
    assert written(region, OLD)["review"] == {"confirmed_on": "2026-09-01", "confirmed_by": "sihteeri"}


def test_dash_takes_a_value_away_and_an_empty_cell_does_not(region: Path) -> None:
    row = {"Tunnus": "vanha-yhdistys", "Järjestö": "", "Y-tunnus": "-", "Verkkosivu": "", "Toiminnan tunnus": "ryhma"}
    assert bring(region, {**row, "Kausi alkaa": "-", "Kausi päättyy": "-"}, write=True).exit_code == 0
    found = written(region, OLD)
    assert "business_id" not in found
    assert "season" not in found["activities"][0]
    assert found["activities"][1]["id"] == "neuvonta"


# Private addresses


def test_new_association_gets_its_address_into_the_private_folder_only(region: Path) -> None:
    row = {**KERHO, "Päivitysosoite (ei julkaista)": "toimisto@kerho.alue; hallitus@kerho.alue"}
    assert bring(region, row, write=True).exit_code == 0
    private = region / f"content/private/{SLUG}.yaml"
    assert (
        yaml.safe_load(private.read_text("utf-8"))
        == {
            "data_maintainers": ["toimisto@kerho.alue", "hallitus@kerho.alue"],
            "link_generation": "1",
        }
        or yaml.load(private.read_text("utf-8"), yaml.BaseLoader)["link_generation"] == "1"
    )
    assert "kerho.alue" not in (region / FILE).read_text("utf-8")


def test_address_in_use_is_never_changed_from_a_table(region: Path) -> None:
    before = tree(region)
    row = {"Tunnus": "vanha-yhdistys", "Järjestö": "", "Päivitysosoite (ei julkaista)": "varas@muualla.alue"}
    result = bring(region, row, write=True)
    assert "Varoitus: Käytössä olevaa osoitetta ei vaihdeta taulukosta." in result.output
    assert tree(region) == before


def test_copy_without_the_private_folder_says_that_the_address_is_not_kept(region: Path) -> None:
    (region / "content/private/vanha-yhdistys.yaml").unlink()
    (region / "content/private").rmdir()
    result = bring(region, {**KERHO, "Päivitysosoite (ei julkaista)": "toimisto@kerho.alue"}, write=True)
    assert "Kansiota content/private ei ole, joten osoitetta ei tallenneta." in result.output
    assert (region / FILE).exists()
    assert not (region / "content/private").exists()


def test_wrong_private_address_is_told_at_its_cell(region: Path) -> None:
    result = bring(region, {**KERHO, "Päivitysosoite (ei julkaista)": "toimisto"}, write=True)
    assert result.exit_code == 1
    assert "Rivi 2, sarake Päivitysosoite (ei julkaista) (K2)" in result.output
    assert not (region / FILE).exists()


# What is wrong


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"Tarpeet": "masennu"}, "Tarpeet (I2)", 'Arvoa "masennu" ei ole luettelossa taxonomy.yaml. Tarkoititko "masennus"?'),
        ({"Toiminnan tyyppi": "kerho"}, "Toiminnan tyyppi (G2)", 'Arvoa "kerho" ei ole luettelossa'),
        ({"Kunnat": "Kuopio; Turku"}, "Kunnat (J2)", 'Arvoa "Turku" ei ole luettelossa'),
        ({"Kunnat": ""}, None, "Rivi 2\n  Toiminnan kunnat puuttuvat."),
        ({"Tarpeet": ""}, "Tarpeet (I2)", 'Pakollinen tieto "Tarpeet" puuttuu.'),
        ({"Puhelin": "402345670"}, "Puhelin (E2)", "alusta puuttuu nolla"),
        ({"Puhelin": "017 12"}, "Puhelin (E2)", 'Puhelinnumero "017 12" ei kelpaa.'),
        ({"Puhelin": "017 000 1234"}, "Puhelin (E2)", "on esimerkkinumero"),
        ({"Y-tunnus": "1234567-8"}, "Y-tunnus (K2)", "muoto tai tarkistusnumero on väärin"),
        ({"Verkkosivu": "www.kerho.alue"}, "Verkkosivu (K2)", "Kirjoita koko osoite"),
        ({"Sähköposti": "toimisto@kerho"}, "Sähköposti (K2)", "ei kelpaa"),
        ({"Kausi alkaa": "syyskuu"}, "Kausi alkaa (K2)", 'Päivä "syyskuu" ei kelpaa. Kirjoita se muodossa 1.9.2026.'),
        ({"Kausi alkaa": "31.2.2027", "Kausi päättyy": "1.5.2027"}, "Kausi alkaa (K2)", "ei kelpaa"),
        ({"Kausi alkaa": "1.9.2027", "Kausi päättyy": "1.5.2027"}, "Kausi alkaa (K2)", "Jakson loppu on ennen alkua"),
        ({"Paikkatilanne": "täynnä"}, "Paikkatilanne (K2)", "pitää olla päättymispäivä"),
        ({"Hinta": "maksulinen"}, "Hinta (K2)", 'Arvoa "maksulinen" ei tunneta. Tarkoititko "maksullinen"?'),
        ({"Lause asiakkaalle": "x" * 151}, "Lause asiakkaalle (B2)", "liian pitkä"),
        ({"Keskusjärjestö": "liitto"}, "Keskusjärjestö (K2)", 'Järjestöä "liitto" ei ole'),
        ({"Tunnus": "Kerho 1"}, "Tunnus (K2)", 'Tunniste "Kerho 1" ei kelpaa.'),
        ({"Tunnus": "uusi"}, "Tunnus (K2)", "on varattu"),
        ({"Tunnus": "kerho", "Y-tunnus": "9031746-5"}, "Y-tunnus (L2)", 'Sama Y-tunnus on järjestöllä "vanha-yhdistys"'),
    ],
)
def test_fault_is_told_by_row_and_column_and_nothing_is_written(region: Path, change: Row, place: str | None, said: str) -> None:
    before = tree(region)
    result = bring(region, {**KERHO, **change}, write=True)
    assert result.exit_code == 1
    assert place is None or f"Rivi 2, sarake {place}" in result.output
    assert said in result.output
    assert result.output.endswith("Mitään ei kirjoitettu. Korjaa taulukko ja aja komento uudelleen.\n")
    assert tree(region) == before


def test_missing_value_is_told_by_the_name_of_its_column(region: Path) -> None:
    result = bring(region, {name: value for name, value in KERHO.items() if name not in ("Kuvaus", "Toiminnan kuvaus")})
    assert 'Pakollinen tieto "Kuvaus" puuttuu. Lisää se.' in result.output
    assert 'Pakollinen tieto "Toiminnan kuvaus" puuttuu. Lisää se.' in result.output


def test_every_fault_is_told_at_once_each_at_its_own_row(region: Path) -> None:
    other = {**KERHO, "Järjestö": "Toinen Kerho ry", "Puhelin": "010 234 5671", "Tarpeet": "x"}
    result = bring(region, {**KERHO, "Kunnat": "y"}, other)
    assert [line for line in result.output.splitlines() if line.startswith("Rivi")] == [
        "Rivi 2, sarake Kunnat (J2)",
        "Rivi 3, sarake Tarpeet (I3)",
    ]
    assert "2 virhettä." in result.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{**KERHO, "Järjestö": ""}], "Järjestön nimi puuttuu."),
        ([KERHO, {**KERHO, "Toiminta": "Toinen", "Kuvaus": "Muuta."}], "Rivillä 2 on samalle järjestölle eri arvo."),
        ([KERHO, KERHO], "Sama toiminta on jo rivillä 2. Poista toinen."),
        ([{**KERHO, "Järjestö": "Vanha  Yhdistys ry!"}], 'Tunnus "vanha-yhdistys-ry"'),
    ],
    ids=["no-name", "two-truths", "same-activity-twice", "unused"],
)
def test_rows_that_disagree_are_told(region: Path, rows: list[Row], said: str) -> None:
    if "vanha-yhdistys-ry" in said:
        (region / "content/organisations/vanha-yhdistys-ry.yaml").write_text(
            WRITTEN_OLD.replace("9031746-5", "2030405-2"), "utf-8"
        )
    result = bring(region, *rows)
    assert result.exit_code == 1
    assert said in result.output


def cut(name: str) -> bytes:
    """A workbook of which one part ends in the middle."""
    book, whole = Workbook(), io.BytesIO()
    book.save(whole)
    damaged = io.BytesIO()
    with ZipFile(whole) as parts, ZipFile(damaged, "w") as target:
        for part in parts.namelist():
            raw = parts.read(part)
            target.writestr(part, raw[: len(raw) // 2] if part == name else raw)
    return damaged.getvalue()


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"", "a.csv", "on tyhjä. Aloita pohjasta"),
        (b"\r\n\r\nTunnus;J\r\n", "a.csv", "Sarakkeiden nimet puuttuvat ensimmäiseltä riviltä."),
        ("Järjestö;Puhelinn\r\n".encode(), "a.csv", 'Saraketta "Puhelinn" ei tunneta. Tarkoititko "Puhelin"?'),
        ("Järjestö;järjestö\r\n".encode(), "a.csv", 'Sarake "Järjestö" on kahdesti.'),
        (b"Tunnus;Puhelin\r\n", "a.csv", 'Sarake "Järjestö" puuttuu.'),
        ('Järjestö\r\n"a"b\r\n'.encode(), "a.csv", "lainausmerkit eivät täsmää"),
        ("Järjestö\r\n".encode("utf-16"), "a.csv", "UTF-16"),
        (b"PK\x03\x04rubbish", "a.xlsx", "ei voi lukea Excel-taulukkona"),
        (b"<html>", "a.xlsx", "ei voi lukea Excel-taulukkona"),
        (cut("xl/worksheets/sheet1.xml"), "a.xlsx", "ei voi lukea Excel-taulukkona"),
        (cut("xl/workbook.xml"), "a.xlsx", "ei voi lukea Excel-taulukkona"),
        (b"x", "a.ods", "pääte ei ole .xlsx eikä .csv"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "on yli 5 Mt"),
        ("Järjestö\r\n".encode() + b"a\r\n" * (MOST_ROWS + 1), "a.csv", f"on yli {MOST_ROWS} riviä"),
    ],
    ids=[
        "empty",
        "no-header",
        "misspelt",
        "twice",
        "no-name",
        "quotes",
        "utf-16",
        "broken-zip",
        "web-page",
        "cut-sheet",
        "cut-workbook",
        "ods",
        "large",
        "long",
    ],
)
def test_table_that_cannot_be_used_is_told_in_one_sentence(region: Path, raw: bytes, name: str, said: str) -> None:
    result = bring(region, raw=raw, name=name)
    assert result.exit_code == 1
    assert said in result.output


def test_value_without_a_column_name_is_told(region: Path) -> None:
    raw = as_csv(KERHO).replace(b"\r\n", b";\r\n", 1) + b""
    first, second = raw.split(b"\r\n")[:2]
    result = bring(region, raw=first + b"\r\n" + second + b";orpo\r\n")
    assert "Rivi 2, sarake ilman nimeä (K2)" in result.output


def test_content_that_is_broken_already_is_told_first(region: Path) -> None:
    (region / OLD).write_text("name: x\n", "utf-8")
    result = bring(region, KERHO, write=True)
    assert result.exit_code == 1
    assert result.output.rstrip().endswith("Korjaa ensin sisältö. Mitään ei kirjoitettu.")
    assert not (region / FILE).exists()


@pytest.mark.parametrize("arguments", [[], ["x.csv", "--template", "y.csv"]], ids=["nothing", "both"])
def test_command_wants_a_table_or_a_template(region: Path, arguments: list[str]) -> None:
    assert "Anna joko tuotava tiedosto" in run(region, *arguments).output


def test_disk_that_fails_on_the_way_leaves_everything_as_it_was(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(region)
    replace, calls = Path.replace, []

    def failing(draft: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return replace(draft, target)

    monkeypatch.setattr(writing.Path, "replace", failing)
    result = bring(region, KERHO, {**KERHO, "Järjestö": "Toinen Kerho ry", "Puhelin": "010 234 5671"}, write=True)
    assert result.exit_code == 1
    assert len(calls) == 2
    assert "No space left on device" in result.output
    assert tree(region) == before


# The template


@pytest.mark.parametrize("name", ["pohja.xlsx", "pohja.csv"])
def test_template_has_every_column_and_brings_nothing(region: Path, name: str) -> None:
    assert run(region, "--template", str(region / name)).exit_code == 0
    assert list(read_sheet(region / name).header.values()) == [column.name for column in COLUMNS]
    assert "Mitään kirjoitettavaa ei ole." in run(region, str(region / name)).output
    again = run(region, "--template", str(region / name))
    assert (again.exit_code, "on jo olemassa" in again.output) == (1, True)


def test_template_offers_the_region_s_own_words(region: Path) -> None:
    run(region, "--template", str(region / "pohja.xlsx"))
    book = load_workbook(region / "pohja.xlsx")
    allowed = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Sallitut"].iter_cols()}
    assert allowed["Kunnat"] == ["koko alue", "Kuopio", "Siilinjärvi", "Tervo"]
    assert allowed["Hinta"] == ["maksuton", "maksullinen"]
    offered = {str(one.sqref).split(":")[0]: one.formula1 for one in book["Järjestöt"].data_validations.dataValidation}
    price = next(cell.column_letter for cell in book["Järjestöt"][1] if cell.value == "Hinta")
    letter = next(cell.column_letter for cell in book["Sallitut"][1] if cell.value == "Hinta")
    assert offered[f"{price}2"] == f"Sallitut!${letter}$2:${letter}$3"


@pytest.mark.parametrize("name", ["pohja.ods", "pohja"])
def test_template_of_another_kind_is_refused(region: Path, name: str) -> None:
    assert "pääte ei ole .xlsx eikä .csv" in run(region, "--template", str(region / name)).output


@pytest.mark.parametrize("name", ["nyt.xlsx", "nyt.csv"])
def test_sample_region_s_own_table_changes_nothing(tmp_path: Path, name: str) -> None:
    assert run(ROOT, "--template", str(tmp_path / name), "--filled").exit_code == 0
    result = run(ROOT, str(tmp_path / name))
    assert result.output == "0 uutta, 0 muuttuvaa, 51 ennallaan. Mitään kirjoitettavaa ei ole.\n"


@pytest.mark.parametrize("name", ["nyt.xlsx", "nyt.csv"])
def test_table_out_in_and_out_again_is_the_same(region: Path, tmp_path: Path, name: str) -> None:
    hostile = {"name": "=SUMMA(A1)", "pitch": {"fi": "-1+1", "sv": "@x"}, "description": '\'=a\n\n+b; "c"\n'}
    for slug, changes in {"yksi": hostile, "kaksi": {"activities": [{"remote": "true"}, {"name": "Toinen"}]}}.items():
        organisation = {**written_organisation(**changes), "contacts": [{"role": "Toimisto", "phone": f"010 234 56{len(slug)}0"}]}
        (region / f"content/organisations/{slug}.yaml").write_text(yaml.safe_dump(organisation, allow_unicode=True), "utf-8")
    run(region, "--template", str(tmp_path / name), "--filled")
    for path in (region / "content/organisations").iterdir():
        path.unlink()
    (region / "content/private/vanha-yhdistys.yaml").unlink()
    result = run(region, str(tmp_path / name), "--write")
    assert "3 uutta, 0 muuttuvaa, 0 ennallaan. Kirjoitettiin 3 tiedostoa." in result.output, result.output
    run(region, "--template", str(tmp_path / f"uudelleen-{name}"), "--filled")
    assert read_sheet(tmp_path / name) == read_sheet(tmp_path / f"uudelleen-{name}")
    assert written(region, "content/organisations/yksi.yaml")["name"] == "=SUMMA(A1)"


def test_nothing_in_the_table_is_a_formula(region: Path, tmp_path: Path) -> None:
    (region / OLD).write_text(WRITTEN_OLD.replace("name: Vanha", 'name: "=HYPERLINK(1)" #'), "utf-8")
    run(region, "--template", str(tmp_path / "a.xlsx"), "--filled")
    run(region, "--template", str(tmp_path / "a.csv"), "--filled")
    cells = [cell for row in load_workbook(tmp_path / "a.xlsx")["Järjestöt"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert b";'=HYPERLINK(1);" in (tmp_path / "a.csv").read_bytes()


@pytest.mark.parametrize("text", ["", "a", "=a", "'=a", "''=a", "'a", "-", "+358", "'"])
def test_what_is_held_is_released_as_it_was(text: str) -> None:
    assert released(held(text)) == text


def test_private_addresses_are_never_in_the_filled_table(region: Path, tmp_path: Path) -> None:
    run(region, "--template", str(tmp_path / "a.csv"), "--filled")
    assert b"vanha.alue" not in (tmp_path / "a.csv").read_bytes()


def test_columns_have_names_of_their_own_and_every_language() -> None:
    names = [column.name for column in COLUMNS]
    assert len(names) == len({name.lower() for name in names})
    texts = [column.place for column in COLUMNS if column.place[-1] in LANGUAGES]
    assert len(texts) % len(LANGUAGES) == 0
