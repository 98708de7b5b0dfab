"""The code of the functions, which has the associations' data in it: it goes out with the site of the same build."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from generator.building.output import LAMBDA
from generator.deploying.checks import Refused
from generator.deploying.region import Function
from generator.packing import edit_function, referral_function

# Its zip, and the record in it that the build writes beside the site.
PACKED = {
    "referral": (referral_function.ARCHIVE, referral_function.RECORD),
    "edit": (edit_function.ARCHIVE, edit_function.RECORD),
}

Tell = Callable[[str], None]


class Functions(Protocol):
    """Methods may raise AwsSaysNo."""

    def has(self, name: str, raw: bytes) -> bool: ...

    def update(self, name: str, raw: bytes) -> None: ...


def read_zips(build: Path, wanted: dict[Function, str]) -> dict[str, bytes]:
    """The function's name at AWS → its zip. Raises Refused for one that was packed from another build."""
    return {name: _zip(build / LAMBDA, *PACKED[kind]) for kind, name in sorted(wanted.items())}


def _zip(folder: Path, archive: str, record: str) -> bytes:
    try:
        with zipfile.ZipFile(folder / archive) as opened:
            if opened.read(record) != (folder / record).read_bytes():
                raise Refused(f"Funktion paketti {archive} on eri tiedoista kuin sivusto. Aja ensin: tarjotin package")
        return (folder / archive).read_bytes()
    except (FileNotFoundError, zipfile.BadZipFile, KeyError):
        raise Refused(f"Funktion paketti {folder / archive} puuttuu tai on rikki. Aja ensin: tarjotin package") from None


def deploy_functions(zips: dict[str, bytes], functions: Functions, tell: Tell, *, dry_run: bool) -> None:
    for name, raw in zips.items():
        is_same = functions.has(name, raw)
        if not (is_same or dry_run):
            functions.update(name, raw)
        tell(f"Funktio {name}: {'ennallaan' if is_same else 'vaihtuisi' if dry_run else 'vaihdettu'}")
