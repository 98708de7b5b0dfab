"""The edit function as one zip for AWS Lambda. It checks an association's file as the build does, so a part of the program is in
it, with the libraries of that part.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator import PROGRAM
from generator.building.output import JOURNAL, LAMBDA
from generator.packing.archive import compiled_files, put, zipped
from generator.packing.imports import needed_by
from generator.packing.referral_function import KEPT, LEFT_OUT, MEGABYTE, Package, Refused, is_this_the_runtime
from generator.packing.wheels import NoWheels, fetch_wheels, wheel_files

RECORD = "edit.json"
ARCHIVE = "edit.zip"
ENTRY = "lambda_edit.entry"
TEXTS = "lambda_edit/texts"
LARGEST = 12 * MEGABYTE

# Every distribution that the function needs, and what of each is left out. email-validator asks DNS only when told to.
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    **LEFT_OUT,
    "annotated-types": (),
    "email-validator": (),
    "idna": (),
    "itsdangerous": (),
    "markdown-it-py": ("markdown_it/cli/",),
    "markupsafe": (),
    "mdurl": (),
    "pydantic": ("pydantic/mypy.py", "pydantic/v1/"),
    "pydantic-core": (),
    "python-stdnum": (),
    "pyyaml": (),
    "typing-extensions": (),
    "typing-inspection": (),
}

Files = Iterable[tuple[str, bytes]]


def package_edit(build: Path, *, compiled: bool | None = None, libraries: Files | None = None) -> Package:
    """Writes `build`/lambda/edit.zip. `libraries` by their names in the zip, when they are not to be fetched. Raises Refused."""
    files = {RECORD: _record(build), **_own_files(), **dict(_fetched(build) if libraries is None else libraries)}
    is_compiled = is_this_the_runtime() if compiled is None else compiled
    if is_compiled:
        files = {**files, **compiled_files(files)}
    raw = zipped(files)
    if len(raw) > LARGEST:
        raise Refused(
            f"Paketti olisi {len(raw) // MEGABYTE} Mt, ja raja on {LARGEST // MEGABYTE} Mt, jotta funktio käynnistyy nopeasti. "
            "Jätä tarpeeton pois: generator/packing/edit_function.py, LIBRARIES."
        )
    target = build / LAMBDA / ARCHIVE
    put(target, raw)
    return Package(target, len(files), len(raw), is_compiled)


def _record(build: Path) -> bytes:
    """What the build wrote of the region, as it is. Raises Refused."""
    if (build / JOURNAL).exists():
        raise Refused("Sivuston julkaisu on jäänyt kesken. Aja ensin: tarjotin build")
    try:
        raw = (build / LAMBDA / RECORD).read_bytes()
        json.loads(raw)
    except (FileNotFoundError, ValueError):
        raise Refused(f"Tiedosto {build / LAMBDA / RECORD} puuttuu tai on rikki. Aja ensin: tarjotin build") from None
    return raw


def _own_files() -> dict[str, bytes]:
    texts = {path.relative_to(PROGRAM).as_posix(): path for path in (PROGRAM / TEXTS).glob("*.json")}
    return {name: path.read_bytes() for name, path in {**needed_by(ENTRY).own, **texts}.items()}


def _fetched(build: Path) -> Files:
    try:
        folder = fetch_wheels(PROGRAM / "requirements.txt", LIBRARIES, build / "cache")
    except NoWheels as error:
        raise Refused(str(error)) from None
    except FileNotFoundError:
        raise Refused("Tiedosto requirements.txt puuttuu ohjelman kansiosta. Aja komento varaston kansiossa.") from None
    return wheel_files(folder, LIBRARIES, KEPT)
