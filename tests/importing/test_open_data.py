"""What was published comes back: export, import, export."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.exports.files import data_files
from generator.importing.drafts import put_over
from generator.pipeline import Settings, load_content
from generator.rendering.environment import load_voice
from tests.builders import TODAY, WRITTEN_REFERRAL, write_project, written_organisation
from tests.conftest import copy_project

SOURCES = ("hsds.json", "datapackage.json")


def exported(project: Path) -> dict[str, bytes]:
    content = load_content(Settings(project, TODAY))
    made = data_files(content, load_voice("fi", content.site))
    return {path.rpartition("/")[2]: raw for path, raw in made}


def published(project: Path, folder: Path) -> Path:
    """The open data of a project as files in a folder."""
    folder.mkdir()
    for name, raw in exported(project).items():
        (folder / name).write_bytes(raw)
    return folder


def imported(project: Path, file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(project), "--today", str(TODAY), "import", str(file), *options])


def organisations(project: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (project / "content" / "organisations").iterdir()}


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Two associations, the second with comments in its file."""
    written = {
        "kerho": written_organisation(name="Kerho ry", part_of="liitto", website="https://kerho.example.fi"),
        "liitto": written_organisation(
            name="Liitto ry",
            scope="national",
            pauses=[{"from": "2026-12-01", "to": "2027-01-06", "note": {"fi": "Joulu.", "sv": "Jul."}}],
            activities=[{"municipalities": [], "season": {"from": "2026-09-01", "to": "2027-05-15", "enrol_by": "2026-12-15"}}],
        ),
    }
    project = write_project(tmp_path / "region", written, sample=TODAY)
    file = project / "content" / "organisations" / "liitto.yaml"
    file.write_text("# Soita ensin.\n" + file.read_text("utf-8"), "utf-8")
    return project


@pytest.mark.parametrize("source", SOURCES)
def test_sample_content_comes_back_as_it_was(tmp_path: Path, root: Path, source: str) -> None:
    """Into an empty region without a private folder; everything that is published afterwards is the same, byte for byte."""
    empty = copy_project(tmp_path / "empty")
    shutil.rmtree(empty / "content" / "private")
    for file in (empty / "content" / "organisations").iterdir():
        file.unlink()
    folder = published(root, tmp_path / "data")
    result = imported(empty, folder / source, "--write")
    assert result.exit_code == 0, result.output
    assert "49 uutta järjestöä" in result.output
    assert exported(empty) == exported(root)


@pytest.mark.parametrize("source", SOURCES)
def test_own_data_over_itself_changes_nothing(tmp_path: Path, project: Path, source: str) -> None:
    before = organisations(project)
    result = imported(project, published(project, tmp_path / "data") / source, "--write")
    assert "0 uutta järjestöä, 0 muuttuu, 49 ennallaan." in result.output
    assert organisations(project) == before


@pytest.mark.parametrize("source", SOURCES)
def test_without_write_nothing_is_written(tmp_path: Path, region: Path, source: str) -> None:
    folder = published(region, tmp_path / "data")
    (region / "content" / "organisations" / "kerho.yaml").unlink()
    before = organisations(region)
    result = imported(region, folder / source)
    assert result.exit_code == 0
    assert "uusi     kerho" in result.output
    assert "Mitään ei kirjoitettu" in result.output
    assert organisations(region) == before


@pytest.mark.parametrize("source", SOURCES)
def test_update_changes_what_differs_and_keeps_the_rest_of_the_file(tmp_path: Path, region: Path, source: str) -> None:
    folder = published(region, tmp_path / "data")
    file = region / "content" / "organisations" / "liitto.yaml"
    newer = (
        file.read_text("utf-8")
        .replace("Liitto ry", "Liitto rf")
        .replace("confirmed_on: '2026-09-01'", "confirmed_on: '2026-10-01'")
    )
    file.write_text(newer, "utf-8")
    result = imported(region, folder / source, "--write")
    assert "muuttuu  liitto: name" in result.output
    after = file.read_text("utf-8")
    assert after == newer.replace("name: Liitto rf", 'name: "Liitto ry"')  # the newer confirmation and the comment stay


def hsds(region: Path, change: Callable[[Any], None]) -> Path:
    """Our own export with something changed in it, as a file."""
    document = json.loads(exported(region)["hsds.json"])
    change(document)
    file = region / "tuotava.json"
    file.write_text(json.dumps(document), "utf-8")
    return file


@pytest.mark.parametrize("slug", ["../../taxonomy", "uusi", "Iso Kirjain", "a/b"])
def test_file_cannot_choose_where_it_is_written(region: Path, slug: str) -> None:
    def rename(document: Any) -> None:
        for attribute in document["organizations"][0]["attributes"]:
            if attribute["label"] == "slug":
                attribute["value"] = slug

    before = {path: path.read_bytes() for path in region.rglob("*") if path.is_file()}
    result = imported(region, hsds(region, rename), "--write")
    now = {path: path.read_bytes() for path in region.rglob("*") if path.is_file() and path.name != "tuotava.json"}
    assert slug == "uusi" or result.exit_code == 1
    assert now == before or slug == "uusi"
    assert not (region / "content" / "organisations" / "uusi.yaml").exists()


def test_one_fault_keeps_everything_unwritten(region: Path) -> None:
    def spoil(document: Any) -> None:
        document["organizations"][0]["name"] = "Uusi nimi ry"
        document["organizations"][1]["contacts"][0]["email"] = "ei osoite"

    before = organisations(region)
    result = imported(region, hsds(region, spoil), "--write")
    assert result.exit_code == 1
    assert 'Sähköpostiosoite "ei osoite" ei kelpaa' in result.output
    assert "Korjaa virheet" in result.output
    assert organisations(region) == before


def test_requests_wait_for_an_address(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source", {"kerho": written_organisation(referral=WRITTEN_REFERRAL)}, sample=TODAY)
    target = write_project(tmp_path / "target", {}, sample=TODAY)
    (target / "content" / "private").mkdir()
    result = imported(target, published(source, tmp_path / "data") / "hsds.json", "--write")
    assert result.exit_code == 0, result.output
    assert "content/private/kerho.yaml" in result.output
    assert "referral" not in organisations(target)["kerho"]


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("a.json", b"{", "ei ole JSON-muotoa"),
        ("a.json", b"\xff", "ei ole JSON-muotoa"),
        ("a.json", b"[" * 100_000, "ei ole JSON-muotoa"),
        ("a.json", b"[]", "ei ole HSDS-muotoisia"),
        ("a.json", b"3", "ei ole HSDS-muotoisia"),
        ("a.docx", b"", "pääte ei ole .xlsx eikä .csv"),
        ("datapackage.json", b"{}", "Hae samasta paikasta kaikki taulukot"),
    ],
)
def test_file_of_another_kind_gets_a_sentence(region: Path, name: str, raw: bytes, told: str) -> None:
    (region / name).write_bytes(raw)
    result = imported(region, region / name)
    assert result.exit_code == 1
    assert told in result.output


def test_table_without_its_columns_gets_a_sentence(tmp_path: Path, region: Path) -> None:
    folder = published(region, tmp_path / "data")
    (folder / "toiminta.csv").write_text("organisation,id\n", "utf-8")
    assert "puuttuu sarakkeita: type, name_fi" in imported(region, folder / "datapackage.json").output


@pytest.mark.parametrize(
    ("under", "over", "together"),
    [
        ({"fi": "a", "sv": "b"}, "c", {"fi": "c", "sv": "b"}),
        ({"fi": "a", "sv": "b"}, {"fi": "c"}, {"fi": "c", "sv": "b"}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ([1, 2], [3], [3]),
        ("a", "b", "b"),
    ],
)
def test_what_the_source_does_not_mention_stays(under: Any, over: Any, together: Any) -> None:
    assert put_over(under, over) == together
