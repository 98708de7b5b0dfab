"""Every folder of tests/content is one fault: the files that differ from tests/content/_valid, and what must be said of them.

expected.txt is written as the program speaks: `file:line  field`, then pieces of the sentence, indented. A first line
`without <file>` takes a file away, which a folder of files cannot say. Nothing but what is expected may be said.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from tests.builders import SAMPLES, make_project

FAULTS = sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir() and folder.name != "_valid")
ORGANISATION = "content/organisations/esimerkki-ry.yaml"


@dataclass
class Said:
    place: str  # file:line, and the field when there is one
    pieces: list[str] = field(default_factory=list)


def read_said(text: str) -> list[Said]:
    """What is said, from lines `place` and indented lines of sentences."""
    said: list[Said] = []
    for line in text.splitlines():
        if line.startswith("  "):
            said[-1].pieces.append(line.strip())
        else:
            said.append(Said(line))
    return said


def broken_project(fault: str, target: Path) -> tuple[Path, list[Said]]:
    project = make_project(target, fault)
    lines = (SAMPLES / fault / "expected.txt").read_text("utf-8").splitlines()
    for line in lines:
        if line.startswith("without "):
            (project / line.removeprefix("without ")).unlink()
    return project, read_said("\n".join(line for line in lines if not line.startswith("without ")))


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(project), "--today", "2026-11-21", *arguments])


def assert_refused(result: Result) -> None:
    """The run ended by itself, in a sentence, and not in a traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.output.rstrip().endswith("Sivustoa ei muodostettu.")


def assert_says(output: str, expected: list[Said]) -> None:
    *told, last = output.splitlines()
    said = read_said("\n".join(told))
    assert sorted(one.place for one in said) == sorted(one.place for one in expected)
    assert last.startswith("1 virhe " if len(expected) == 1 else f"{len(expected)} virhettä ")
    sentences = {one.place: " ".join(one.pieces) for one in said}
    for one in expected:
        assert [piece for piece in one.pieces if piece not in sentences[one.place]] == []


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_valid_region_has_no_faults(tmp_path: Path) -> None:
    result = run(make_project(tmp_path / "region"), "check")
    assert (result.exit_code, result.output) == (0, "Ei virheitä 10 tiedostossa. Sisältö on kunnossa.\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_check_says_what_is_wrong_and_where_and_nothing_else(fault: str, tmp_path: Path) -> None:
    project, expected = broken_project(fault, tmp_path / "region")
    result = run(project, "check")
    assert_refused(result)
    assert_says(result.output, expected)
    assert not (project / "build" / "site").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_build_refuses_the_same_and_leaves_the_published_site_alone(fault: str, tmp_path: Path) -> None:
    project, expected = broken_project(fault, tmp_path / "region")
    published = project / "build" / "site"
    published.mkdir(parents=True)
    (published / "index.html").write_text("julkaistu")
    result = run(project, "build")
    assert_refused(result)
    assert_says(result.output, expected)
    assert tree(published) == {"index.html": b"julkaistu"}
    assert sorted(path.name for path in published.parent.iterdir()) == ["cache", "site"]


@pytest.mark.parametrize("fault", FAULTS)
def test_json_holds_the_same_faults_as_data(fault: str, tmp_path: Path) -> None:
    project, expected = broken_project(fault, tmp_path / "region")
    result = run(project, "check", "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    places = [f"{one['file']}:{one['line']}  {one['field']}".rstrip() for one in told["problems"]]
    assert sorted(places) == sorted(one.place for one in expected)
    assert {one["severity"] for one in told["problems"]} == {"error"}


@pytest.mark.parametrize("fault", FAULTS)
def test_github_gets_an_annotation_for_each_fault(fault: str, tmp_path: Path) -> None:
    project, expected = broken_project(fault, tmp_path / "region")
    result = run(project, "check", "--format", "github")
    assert result.exit_code == 1
    *annotations, _last = result.output.splitlines()
    wanted = [re.sub(r"(.*):(\d+)(  .*)?", r"::error file=\1,line=\2::", one.place) for one in expected]
    assert [place for place in wanted if not any(told.startswith(place) for told in annotations)] == []
    assert len(annotations) == len(wanted)


# Faults that git or an editor would not keep as they are


def not_utf8(path: Path) -> None:
    path.write_bytes("name: Savon Esimerkki ry\npitch: Täällä\n".encode("latin-1"))


def utf16(path: Path) -> None:
    path.write_text("name: Savon Esimerkki ry\n", encoding="utf-16")


def ten_megabytes(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(10 * 1024 * 1024)


def control_character(path: Path) -> None:
    path.write_text("name: Savon Esimerkki ry\npitch: Täällä\x07\n", encoding="utf-8")


def nul_character(path: Path) -> None:
    path.write_bytes(b"name: Savon\x00 Esimerkki ry\n")


def folder_named_like_a_file(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link_out_of_the_folder(path: Path) -> None:
    secret = path.parents[3] / "salasanat.yaml"
    secret.write_text("name: salaisuus\n")
    path.unlink()
    path.symlink_to(secret)


def link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("olematon.yaml")


def named_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


MADE: list[tuple[Callable[[Path], None], int, str]] = [
    (not_utf8, 2, "ei ole UTF-8-muotoista"),
    (utf16, 1, "ei ole UTF-8-muotoista"),
    (ten_megabytes, 1, "liian suuri (10240 kt, enintään 64 kt)"),
    (control_character, 2, "merkki, jota ei voi lukea"),
    (nul_character, 1, "merkki, jota ei voi lukea"),
    (folder_named_like_a_file, 1, "saa olla vain .yaml-tiedostoja"),
    (link_out_of_the_folder, 1, "linkki, joka osoittaa kansion ulkopuolelle"),
    (link_to_itself, 1, "ei voi lukea"),
    (broken_link, 1, "Tiedosto puuttuu"),
    (named_pipe, 1, "saa olla vain .yaml-tiedostoja"),
]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights on Windows")
@pytest.mark.parametrize(("spoil", "line", "piece"), MADE, ids=[spoil.__name__ for spoil, _, _ in MADE])
@pytest.mark.parametrize("command", ["check", "build"])
def test_unreadable_file_is_told_in_a_sentence(
    spoil: Callable[[Path], None], line: int, piece: str, command: str, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "region")
    spoil(project / ORGANISATION)
    result = run(project, command)
    assert_refused(result)
    assert_says(result.output, [Said(f"{ORGANISATION}:{line}", [piece])])
    assert "salaisuus" not in result.output
    assert not (project / "build" / "site").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_file_without_reading_rights_is_told_in_a_sentence(tmp_path: Path) -> None:
    project = make_project(tmp_path / "region")
    (project / ORGANISATION).chmod(0)
    result = run(project, "check")
    assert_refused(result)
    assert_says(result.output, [Said(f"{ORGANISATION}:1", ["ei voi lukea (PermissionError)"])])


@pytest.mark.parametrize("name", ["\n::error file=väärä::kaapattu.yaml", "a,b.yaml", "a:b.yaml", "a%0Ab.yaml", "Ääkköset.yaml"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_file_name_cannot_forge_an_annotation(name: str, tmp_path: Path) -> None:
    project = make_project(tmp_path / "region")
    (project / "content" / "organisations" / name).write_text("")
    result = run(project, "check", "--format", "github")
    *annotations, _last = result.output.splitlines()
    assert len(annotations) == 1
    properties = annotations[0].split("::")[1]
    assert properties.startswith("error file=content/organisations/")
    assert properties.endswith(",line=1")
    assert properties.count(",") == 1
