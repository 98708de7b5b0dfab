"""The Nu Html Checker on a page of every template in every language, and on the style sheet and the icon."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.browser.templates import ADDRESSES
from tests.builders import ROOT

pytestmark = pytest.mark.vnu

FORWARDS = ("/jarjesto/siilin-esimerkkikerho/", "/jarjesto/vanha-esimerkki/", "/koodi/E10/")


@pytest.fixture(scope="session")
def checker() -> Path:
    jars = sorted((ROOT / ".tools").glob("vnu-*.jar"))
    if not jars or not shutil.which("java"):
        pytest.skip("The Nu Html Checker or Java is not here; to run the markup tests: make test, or tests/tools/install_vnu.sh")
    return jars[-1]


def errors(checker: Path, files: Iterable[Path]) -> list[str]:
    command = ["java", "-jar", checker, "--errors-only", "--also-check-css", "--also-check-svg", "--format", "json", "--stdout"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    messages = json.loads(done.stdout)["messages"]
    return [f"{one.get('url', '')}:{one.get('lastLine', '')} {one['message']}" for one in messages]


def pages(site: Path) -> list[Path]:
    bare = {path.removeprefix("/sv").removeprefix("/en") for path in (*ADDRESSES, *FORWARDS) if path.endswith("/")}
    return [site / language / path[1:] / "index.html" for path in sorted(bare) for language in ("", "sv", "en")]


def test_markup_and_styles_have_no_errors(checker: Path, site: Path) -> None:
    files = [*pages(site), site / "404.html", *(site / "assets").glob("*.css"), *(site / "assets").glob("*.svg")]
    assert len(files) > 60
    assert all(file.is_file() for file in files)
    assert errors(checker, files) == []


WRONG = {
    "repeated-id.html": "<!doctype html><html lang=fi><title>T</title><p id=a><p id=a>",
    "wrong-place.html": "<!doctype html><html lang=fi><title>T</title><ul><p>a</p></ul>",
    "style.css": "p { colr: red }",
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'><p/></svg>",
}


def test_checker_notices_an_error_of_every_kind(checker: Path, tmp_path: Path) -> None:
    for name, text in WRONG.items():
        (tmp_path / name).write_text(text)
    found = errors(checker, [tmp_path / name for name in WRONG])
    assert [name for name in WRONG if not any(f"/{name}:" in one for one in found)] == []
