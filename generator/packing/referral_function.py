"""The contact request function as one zip for AWS Lambda (Python 3.13 on arm64), made on any machine.

Everything in it is pure Python, so the machine that packs does not matter. The zip itself: archive.py. The edit function, which
also needs compiled libraries: edit_function.py.
"""

import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from generator.building.output import JOURNAL, LAMBDA
from generator.packing.archive import compiled_files, put, zipped

RECORD = "recipients.json"
ARCHIVE = "referral.zip"
OWN = ("lambda_common", "lambda_referral")
RUNTIME = (3, 13)
MEGABYTE = 1_000_000
LARGEST = 5 * MEGABYTE

# What the function imports, and what of each is left out. Of tzdata one zone is taken: Amazon Linux 2023 has come to Lambda
# without time zones (aws/aws-lambda-dotnet#1620), and the function has to know what day it is in Finland.
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "altcha": (),
    "phonenumbers": (
        "phonenumbers/carrier",
        "phonenumbers/geocoder.py",
        "phonenumbers/geodata/",
        "phonenumbers/shortdata/region_",
        "phonenumbers/timezone.py",
        "phonenumbers/tzdata/",
    ),
    "tzdata": ("tzdata/zoneinfo/",),
}
KEPT = frozenset({"tzdata/zoneinfo/__init__.py", "tzdata/zoneinfo/Europe/__init__.py", "tzdata/zoneinfo/Europe/Helsinki"})
PREVIEW_ONLY = frozenset({"lambda_common/local.py"})
COMPILED = (".so", ".pyd", ".dylib", ".dll")


class Refused(Exception):
    """There is nothing to pack, or what there is must not be packed; the sentence says what to do."""


@dataclass(frozen=True)
class Package:
    path: Path
    files: int
    size: int
    is_compiled: bool

    def __str__(self) -> str:
        megabytes = f"{self.size / MEGABYTE:.2f}".replace(".", ",")
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        lines = [f"{self.path}: {megabytes} Mt, {self.files} tiedostoa.", f"sha256 {digest}"]
        return "\n".join(lines if self.is_compiled else [*lines, _why_sources_only()])


def _why_sources_only() -> str:
    running, wanted = ".".join(map(str, sys.version_info[:2])), ".".join(map(str, RUNTIME))
    return (
        f"Mukana on vain lähdekoodi, koska tämä on Python {running} ja funktio ajetaan Python {wanted}:lla: "
        f"se toimii, mutta käynnistyy hitaammin. Paketoi käyttöön Python {wanted}:lla."
    )


def package_function(build: Path, *, compiled: bool | None = None) -> Package:
    """Writes `build`/lambda/referral.zip. Raises Refused, with nothing written.

    Compiled code is packed when this is the Python that the function runs on; `compiled` overrules that, for measuring.
    """
    files = function_files(build)
    is_compiled = is_this_the_runtime() if compiled is None else compiled
    if is_compiled:
        files = {**files, **compiled_files(files)}
    raw = zipped(files)
    _check_size(len(raw))
    target = build / LAMBDA / ARCHIVE
    put(target, raw)
    return Package(target, len(files), len(raw), is_compiled)


def is_this_the_runtime() -> bool:
    return sys.version_info[:2] == RUNTIME


def function_files(build: Path) -> dict[str, bytes]:
    """Name in the zip → bytes: the record, the function's own code, and what that imports."""
    files = {RECORD: _record(build)}
    files.update(_own_files())
    for name in LEFT_OUT:
        files.update(_library_files(name))
    return files


def _record(build: Path) -> bytes:
    if (build / JOURNAL).exists():
        raise Refused("Sivuston julkaisu on jäänyt kesken. Aja ensin: tarjotin build")
    try:
        return (build / LAMBDA / RECORD).read_bytes()
    except FileNotFoundError:
        raise Refused(
            f"Vastaanottajien tiedosto {build / LAMBDA / RECORD} puuttuu. Aja ensin: tarjotin build. "
            "Jos se ei tee tiedostoa, alue ei ota vastaan yhteydenottopyyntöjä (content/site.yaml, referral)."
        ) from None


def _own_files() -> Iterator[tuple[str, bytes]]:
    for package in OWN:
        found = importlib.util.find_spec(package)
        assert found
        assert found.origin
        folder = Path(found.origin).parent
        for path in folder.rglob("*"):
            name = f"{package}/{path.relative_to(folder).as_posix()}"
            if path.suffix in {".py", ".json"} and name not in PREVIEW_ONLY:
                yield name, path.read_bytes()


def _library_files(name: str) -> Iterator[tuple[str, bytes]]:
    """The needed files of an installed distribution. Raises Refused when it is missing or was compiled for one machine."""
    for path in _installed(name):
        written = path.as_posix()
        if written.endswith(COMPILED):
            raise Refused(f"Kirjastossa {name} on koneelle käännetty tiedosto {written}. Asenna siitä pelkkä Python-versio.")
        if _is_needed(name, written):
            yield written, path.read_binary()


def _installed(name: str) -> list[PackagePath]:
    """What the installer wrote down; some systems' own packages have no such list."""
    try:
        files = distribution(name).files
    except PackageNotFoundError:
        files = None
    if not files:
        raise Refused(f"Kirjasto {name} puuttuu tai sen tiedostoluettelo puuttuu. Asenna riippuvuudet: make setup")
    return files


def _is_needed(name: str, path: str) -> bool:
    if path in KEPT:
        return True
    return path.startswith(f"{name}/") and path.endswith(".py") and not path.startswith(LEFT_OUT[name])


def _check_size(size: int) -> None:
    if size > LARGEST:
        megabytes = f"{size / MEGABYTE:.1f}".replace(".", ",")
        raise Refused(
            f"Paketti olisi {megabytes} Mt, ja raja on {LARGEST // MEGABYTE} Mt, jotta funktio käynnistyy nopeasti. "
            "Jätä tarpeeton pois: generator/packing/referral_function.py, LEFT_OUT."
        )
