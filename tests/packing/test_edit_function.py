"""The edit function's zip, and how its libraries are chosen. Nothing is fetched: the installed libraries take their place."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from generator.building.output import JOURNAL, LAMBDA, write_private
from generator.checked import Content
from generator.cli import main
from generator.edits import edit_record
from generator.packing import edit_function, referral_function, wheels
from generator.packing.edit_function import ARCHIVE, ENTRY, LIBRARIES, RECORD, package_edit
from generator.packing.imports import needed_by
from generator.packing.referral_function import KEPT, Refused
from generator.packing.wheels import NoWheels, fetch_wheels, pins, wheel_files
from tests.builders import ROOT

ASKED_ONLY_WHEN_TOLD = {"dnspython"}  # by email-validator, for a check that we switch off


@pytest.fixture
def build(tmp_path: Path, content: Content) -> Path:
    write_private(tmp_path / "build", RECORD, edit_record(content))
    return tmp_path / "build"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, content: Content) -> Path:
    """The zip of the sample region, without compiled code."""
    build = tmp_path_factory.mktemp("edit") / "build"
    write_private(build, RECORD, edit_record(content))
    return package_edit(build, compiled=False, libraries=installed()).path


def installed() -> Iterator[tuple[str, bytes]]:
    """This machine's own libraries, as the wheels would give them."""
    for name, left_out in LIBRARIES.items():
        for path in distribution(name).files or ():
            written = path.as_posix()
            if written in KEPT or (path.suffix in {".py", ".so", ".pyd"} and not written.startswith(left_out)):
                yield written, path.read_binary()


# What Lambda does: the zip unpacked in a folder of its own, nothing else installed.
CLEAN_RUN = """
import json, os, pkgutil, sys, zoneinfo
zoneinfo.reset_tzpath([])
sys.path.insert(0, os.getcwd())
import lambda_edit
for module in pkgutil.walk_packages(lambda_edit.__path__, "lambda_edit."):
    __import__(module.name)
from generator.models import Organisation
from pydantic import ValidationError
it = json.loads(sys.stdin.read())
Organisation.model_validate(it)
faults = []
for key, value in {"business_id": "1234567-8", "website": "http://x.fi", "contacts": [{"role": "x", "email": "x"}]}.items():
    try:
        Organisation.model_validate({**it, key: value})
    except ValidationError as error:
        faults.append(error.errors()[0]["loc"][0])
assert faults == ["business_id", "website", "contacts"], faults
from generator.markdown import internal_links
assert internal_links("[Ohjeet](/ohjeet/)") == ["/ohjeet/"]
from lambda_edit.entry import handler
class Context:
    def get_remaining_time_in_millis(self):
        return 15000
asked = {"method": "GET", "path": "/api/haaste"}
event = {"version": "2.0", "rawPath": "/api/haaste", "headers": {}, "requestContext": {"http": asked},
         "queryStringParameters": {"jarjesto": "uusi", "avain": "0b6f7f2e-6d0b-4b6e-9d0e-3f3a5b7c9d11"}}
print(json.dumps(handler(event, Context())))
outside = {name for name, module in sys.modules.items() if getattr(module, "__file__", None)
           and not module.__file__.startswith((os.getcwd(), os.path.dirname(os.__file__)))}
assert not outside, outside
assert {"pydantic_core", "yaml", "phonenumbers", "stdnum", "markdown_it"} <= set(sys.modules)
assert not [name for name in sys.modules if name.startswith("generator.rendering")]
"""
SETTINGS = {
    "SECRETS": "for-tests-only-for-tests-only-for-tests-only",
    "REGION": RECORD,
    "FROM_ADDRESS": "muokkaus@tarjotin.example.fi",
    "CONFIGURATION_SET": "tests",
    "TABLE": "tests",
    "REPOSITORY": "alue/sisalto",
    "GITHUB_APP": "1",
    "GITHUB_INSTALLATION": "2",
    "GITHUB_KEY": "tests",
    "AWS_REGION": "eu-north-1",
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
}
ORGANISATION = {
    "name": "Esimerkki ry",
    "pitch": "Tule.",
    "description": "**Esimerkki.**",
    "contacts": [{"role": "toimisto", "phone": "017 000 0101", "email": "toimisto@esimerkki.example.fi"}],
    "website": "https://esimerkki.example.fi",
    "activities": [
        {
            "id": "ryhma",
            "type": "vertaisryhma",
            "name": "Ryhmä",
            "summary": "Ryhmä.",
            "needs": ["masennus"],
            "municipalities": ["kuopio"],
        }
    ],
}


@pytest.mark.parametrize("compiled", [False, True], ids=["sources", "compiled"])
def test_packed_function_checks_and_answers_with_nothing_else_installed(
    build: Path, sources: Path, tmp_path: Path, compiled: bool
) -> None:
    folder = tmp_path / "task"
    with zipfile.ZipFile(package_edit(build, compiled=True, libraries=installed()).path if compiled else sources) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-I", "-S", "-B", "-c", CLEAN_RUN]
    done = subprocess.run(
        command, cwd=folder, env=SETTINGS, input=json.dumps(ORGANISATION), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout.splitlines()[-1])
    assert (answer["statusCode"], "challenge" in json.loads(answer["body"])) == (200, True)


def test_every_library_that_is_imported_is_packed_and_no_other() -> None:
    names = packages_distributions()
    waiting = {canonicalize_name(name) for top in needed_by(ENTRY).libraries for name in names[top]} | {"tzdata"}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        asked = [Requirement(one) for one in distribution(name).requires or ()]
        waiting |= {
            canonicalize_name(one.name) for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})
        } - found
    assert found - ASKED_ONLY_WHEN_TOLD == set(LIBRARIES)


def test_only_what_the_function_needs_of_the_program_is_packed(sources: Path) -> None:
    with zipfile.ZipFile(sources) as archive:
        names = set(archive.namelist())
    assert {RECORD, "lambda_edit/entry.py", "lambda_edit/texts/sv.json", "generator/models.py", "lambda_common/aws.py"} <= names
    unneeded = ("generator/rendering", "generator/deploying", "generator/cli", "lambda_referral/", "lambda_edit/local_git")
    assert [name for name in names if name.startswith((*unneeded, "pydantic/v1/"))] == []


def test_private_addresses_are_not_in_the_zip(sources: Path, content: Content) -> None:
    with zipfile.ZipFile(sources) as archive:
        raw = b"".join(archive.read(name) for name in archive.namelist())
    private = {address for one in content.private.values() for address in one.data_maintainers}
    assert len(private) > 10
    assert [address for address in private if address.encode() in raw] == []


def test_same_input_gives_the_same_bytes(build: Path, sources: Path) -> None:
    assert package_edit(build, compiled=False, libraries=installed()).path.read_bytes() == sources.read_bytes()


# What is refused


def refuse(build: Path) -> str:
    with pytest.raises(Refused) as caught:
        package_edit(build, libraries=[])
    return str(caught.value)


def test_unfinished_publishing_a_missing_and_a_broken_record(build: Path) -> None:
    (build / LAMBDA / RECORD).write_text("{")
    assert "on rikki. Aja ensin: tarjotin build" in refuse(build)
    (build / LAMBDA / RECORD).unlink()
    assert "puuttuu tai on rikki. Aja ensin: tarjotin build" in refuse(build)
    (build / JOURNAL).write_text("{}")
    assert refuse(build) == "Sivuston julkaisu on jäänyt kesken. Aja ensin: tarjotin build"


def test_too_large_a_package_is_refused(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_function, "LARGEST", 1000)
    assert "ja raja on" in refuse(build)
    assert not (build / LAMBDA / ARCHIVE).exists()


def test_lock_has_every_library_with_hashes() -> None:
    chosen = pins((ROOT / "requirements.txt").read_text("utf-8"), LIBRARIES)
    blocks = chosen.split("\n")
    assert {line.partition("==")[0] for line in blocks if "==" in line} == set(LIBRARIES)
    assert chosen.count("--hash=sha256:") >= len(LIBRARIES)


def test_pin_is_taken_whole_and_without_its_marker() -> None:
    lock = (
        "one==1 ; sys_platform == 'win32' \\\n    --hash=sha256:a \\\n    --hash=sha256:b\n"
        "Two_Words==2 \\\n    --hash=sha256:c\nthree==3 \\\n    --hash=sha256:d\n"
    )
    assert pins(lock, ["two-words", "one"]) == (
        "one==1 \\\n    --hash=sha256:a \\\n    --hash=sha256:b\nTwo_Words==2 \\\n    --hash=sha256:c\n"
    )
    with pytest.raises(NoWheels, match=r"ei ole kirjastoa four\. Aja ohjelman omassa varastossa: make lock"):
        pins(lock, ["four"])


# The wheels

LOCK = "one==1 \\\n    --hash=sha256:a\n"


def make_wheel(folder: Path, name: str, files: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file in files:
            archive.writestr(file, file)


def test_code_is_taken_from_wheels_and_nothing_else(tmp_path: Path) -> None:
    make_wheel(
        tmp_path, "one_two-1-py3-none-any.whl", ["one/a.py", "one/big/b.py", "one/c.so", "one/d.txt", "one-1.dist-info/RECORD"]
    )
    assert dict(wheel_files(tmp_path, {"one-two": ("one/big/",)}, {"one/d.txt"})) == {
        name: name.encode() for name in ("one/a.py", "one/c.so", "one/d.txt")
    }


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text(LOCK)
    return tmp_path / "requirements.txt"


Run = Callable[..., subprocess.CompletedProcess[str]]


def pip(asked: list[list[str]], fault: str = "") -> Run:
    """A pip that makes an empty wheel, or fails."""

    def run(command: list[str], cwd: Path, **_: object) -> subprocess.CompletedProcess[str]:
        asked.append([*command, (cwd / "wanted.txt").read_text()])
        if not fault:
            make_wheel(cwd / "wheels", "one-1-py3-none-any.whl", [])
        return subprocess.CompletedProcess(command, 1 if fault else 0, "", fault)

    return run


def test_wheels_are_asked_for_once_with_hashes_for_the_other_machine(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(wheels.subprocess, "run", pip(asked))
    folder = fetch_wheels(lock, ["one"], tmp_path / "cache")
    assert [file.name for file in folder.iterdir()] == ["one-1-py3-none-any.whl"]
    assert fetch_wheels(lock, ["one"], tmp_path / "cache") == folder
    (command,) = asked
    assert {"--require-hashes", "--no-deps", "manylinux2014_aarch64", "3.13", LOCK} <= set(command)
    assert command[command.index("--only-binary") + 1] == ":all:"
    assert not [word for word in command if "index" in word or "://" in word]


def test_failed_fetch_is_a_sentence_and_leaves_nothing(lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels.subprocess, "run", pip([], "WARNING: x\nERROR: No matching distribution found for one==1\n"))
    with pytest.raises(NoWheels, match=r"No matching distribution found for one==1\)\. Tarkista verkkoyhteys ja aja uudelleen"):
        fetch_wheels(lock, ["one"], tmp_path / "cache")
    assert list((tmp_path / "cache" / "wheels").iterdir()) == []


def test_command_makes_both(build: Path, content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(build, referral_function.RECORD, {"organisations": {}})
    monkeypatch.setattr(edit_function, "_fetched", lambda build: [("one/__init__.py", b"")])
    told = CliRunner().invoke(main, ["--root", str(build.parent), "package"])
    assert told.exit_code == 0, told.output
    assert "referral.zip: " in told.output
    assert "edit.zip: " in told.output
