"""`tarjotin package`: the zip that goes to AWS."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import PackagePath
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.building.output import JOURNAL, LAMBDA, write_private
from generator.checked import Content
from generator.cli import main
from generator.packing import referral_function
from generator.packing.referral_function import ARCHIVE, LEFT_OUT, OWN, RECORD, Refused, package_function
from generator.referrals import recipients_record
from tests.builders import ROOT, TODAY

ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@pytest.fixture
def build(tmp_path: Path, content: Content) -> Path:
    return make_build(tmp_path / "build", content)


def make_build(build: Path, content: Content) -> Path:
    """A build folder with all that packing needs."""
    write_private(build, RECORD, recipients_record(content, TODAY))
    return build


def packed(build: Path, **how: Any) -> bytes:
    return package_function(build, **how).path.read_bytes()


def contents(build: Path, **how: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(package_function(build, **how).path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run_package(root: Path) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "package", "--only", "referral"])


@pytest.mark.parametrize("compiled", [False, True], ids=["sources", "compiled"])
def test_same_input_gives_the_same_bytes_in_any_folder_and_every_time(tmp_path: Path, content: Content, compiled: bool) -> None:
    one, other = make_build(tmp_path / "one", content), make_build(tmp_path / "a longer name" / "other", content)
    first = packed(one, compiled=compiled)
    assert packed(one, compiled=compiled) == first
    assert packed(other, compiled=compiled) == first


def test_names_are_sorted_and_times_and_permissions_fixed(build: Path) -> None:
    with zipfile.ZipFile(package_function(build).path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3)
    }


def test_only_the_record_the_function_and_its_libraries_are_packed(build: Path) -> None:
    names = set(contents(build, compiled=False))
    assert {name.partition("/")[0] for name in names} == {RECORD, *OWN, *LEFT_OUT}
    assert {"lambda_referral/entry.py", "lambda_referral/texts/fi.json", "phonenumbers/data/region_FI.py"} <= names
    unneeded = ("lambda_common/local.py", "phonenumbers/geodata/", "phonenumbers/carrierdata/", "phonenumbers/tzdata/")
    assert not [name for name in names if name.startswith(unneeded) or "test" in name or "__pycache__" in name]
    assert [name for name in names if name.startswith("tzdata/zoneinfo/") and not name.endswith(".py")] == [
        "tzdata/zoneinfo/Europe/Helsinki"
    ]


def test_private_addresses_are_in_the_record_and_nowhere_else(build: Path) -> None:
    files = contents(build, compiled=True)
    private = set(ADDRESS.findall(files.pop(RECORD)))
    assert len(private) > 10
    assert [name for name, raw in files.items() if private & set(ADDRESS.findall(raw))] == []


def test_every_library_that_the_function_imports_is_packed_and_no_other() -> None:
    imported = {name for own in OWN for path in (ROOT / own).rglob("*.py") for name in imported_names(path)}
    outside = imported - set(sys.stdlib_module_names) - set(OWN)
    assert outside | {"tzdata"} == set(LEFT_OUT)  # zoneinfo finds tzdata by itself


def imported_names(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module).partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}


# What Lambda does: the zip unpacked in a folder of its own, nothing else installed, and here no time zones either.
CLEAN_RUN = """
import json, os, pkgutil, sys, zoneinfo
zoneinfo.reset_tzpath([])
sys.path.insert(0, os.getcwd())
import lambda_referral
for module in pkgutil.walk_packages(lambda_referral.__path__, "lambda_referral."):
    if module.name != "lambda_referral.entry":
        __import__(module.name)
from lambda_referral import values
assert values.phone("040 1234567") == "+358401234567"
assert values.phone("+46 70 123 45 67") == "+46701234567"
from lambda_referral.entry import handler
class Context:
    def get_remaining_time_in_millis(self):
        return 15000
print(json.dumps(handler(json.loads(sys.stdin.read()), Context())))
assert {name.partition(".")[0] for name in sys.modules} >= {"altcha", "phonenumbers"}
assert all(module.__file__.startswith(os.getcwd()) for name, module in sys.modules.items() if name.startswith("phonenumbers"))
"""
SETTINGS = {
    "SECRETS": "for-tests-only-for-tests-only-for-tests-only",
    "RECIPIENTS": RECORD,
    "FROM_ADDRESS": "yhteydenotto@tarjotin.example.fi",
    "CONFIGURATION_SET": "tests",
    "TABLE": "tests",
    "AWS_REGION": "eu-north-1",
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
}


@pytest.mark.parametrize("compiled", [False, True], ids=["sources", "compiled"])
def test_packed_function_answers_a_challenge_with_nothing_else_installed(build: Path, tmp_path: Path, compiled: bool) -> None:
    folder = tmp_path / "task"
    with zipfile.ZipFile(package_function(build, compiled=compiled).path) as archive:
        archive.extractall(folder)
    slug = next(iter(json.loads((folder / RECORD).read_text("utf-8"))["organisations"]))
    event = {
        "version": "2.0",
        "rawPath": "/api/haaste",
        "headers": {},
        "queryStringParameters": {"jarjesto": slug, "avain": "0b6f7f2e-6d0b-4b6e-9d0e-3f3a5b7c9d11"},
        "requestContext": {"http": {"method": "GET", "path": "/api/haaste"}},
    }
    command = [sys.executable, "-I", "-S", "-B", "-c", CLEAN_RUN]
    done = subprocess.run(command, cwd=folder, env=SETTINGS, input=json.dumps(event), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["challenge"]["signature"]


def test_compiled_code_is_never_compared_with_its_source_at_start(build: Path) -> None:
    files = contents(build, compiled=True)
    sources = [name for name in files if name.endswith(".py")]
    compiled = [raw for name, raw in files.items() if name.endswith(".pyc")]
    assert len(compiled) == len(sources)
    assert {int.from_bytes(raw[4:8], "little") for raw in compiled} == {0b01}  # PEP 552: by hash, unchecked


def test_code_is_compiled_only_by_the_python_that_the_function_runs_on(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referral_function, "RUNTIME", (3, 9))
    made = package_function(build)
    assert not made.is_compiled
    assert "Paketoi käyttöön Python 3.9:lla." in str(made)
    monkeypatch.setattr(referral_function, "RUNTIME", sys.version_info[:2])
    made = package_function(build)
    assert made.is_compiled
    assert "lähdekoodi" not in str(made)


def test_command_tells_size_and_fingerprint(build: Path) -> None:
    result = run_package(build.parent)
    assert result.exit_code == 0, result.output
    assert re.search(r"referral\.zip: [01],\d\d Mt, \d+ tiedostoa\.\nsha256 [0-9a-f]{64}\n", result.output)


def test_without_the_record_the_command_says_to_build_first(tmp_path: Path) -> None:
    result = run_package(tmp_path)
    assert result.exit_code == 1
    assert "Aja ensin: tarjotin build" in result.output


def test_unfinished_publishing_is_not_packed(build: Path) -> None:
    (build / JOURNAL).write_text("{}")
    result = run_package(build.parent)
    assert (result.exit_code, result.output) == (1, "Sivuston julkaisu on jäänyt kesken. Aja ensin: tarjotin build\n")


def test_too_large_a_package_is_refused_and_the_old_one_stays(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (build / LAMBDA / ARCHIVE).write_bytes(b"old")
    monkeypatch.setattr(referral_function, "LARGEST", 100_000)
    with pytest.raises(Refused, match=r"Paketti olisi [01],\d Mt"):
        package_function(build)
    assert (build / LAMBDA / ARCHIVE).read_bytes() == b"old"


def test_library_with_a_compiled_file_is_refused(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        referral_function, "_installed", lambda name: [PackagePath(f"{name}/fast.cpython-313-x86_64-linux-gnu.so")]
    )
    with pytest.raises(Refused, match="koneelle käännetty tiedosto"):
        package_function(build)


def test_missing_library_is_refused(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referral_function, "LEFT_OUT", {"no-such-library": ()})
    with pytest.raises(Refused, match="no-such-library puuttuu"):
        package_function(build)
