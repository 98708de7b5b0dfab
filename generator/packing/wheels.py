"""The libraries of the edit function as they are for Lambda (Python 3.13 on arm64), on whatever machine they are packed.

Some are compiled, so the installed ones will not do. pip fetches that machine's wheels from wherever it gets its own, in the
versions and with the hashes of requirements.txt; nothing is built or run. They are kept in build/cache, by their hashes.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

PLATFORM, PYTHON = "manylinux2014_aarch64", "3.13"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;\\]+(?:[^\n]*\\\n)(?:[^\n]*--hash=\S+[^\n]*\n?)+", re.MULTILINE)


class NoWheels(Exception):
    """A library could not be had; the sentence says what to do."""


def pins(lock: str, names: Collection[str]) -> str:
    """The lines of those libraries, without what they say of the machine. Raises NoWheels."""
    found = {_normal(pin[1]): pin[0] for pin in _PIN.finditer(lock)}
    missing = sorted(name for name in names if name not in found)
    if missing:
        raise NoWheels(f"Tiedostossa requirements.txt ei ole kirjastoa {missing[0]}. Aja ohjelman omassa varastossa: make lock")
    chosen = (found[name] for name in sorted(names))
    return "".join(re.sub(r"\s*;[^\\\n]*", " ", pin).rstrip("\n") + "\n" for pin in chosen)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def fetch_wheels(lock: Path, names: Collection[str], cache: Path) -> Path:
    """A folder with one wheel of each. Raises NoWheels."""
    wanted = pins(lock.read_text("utf-8"), names)
    folder = cache / "wheels" / hashlib.sha256(f"{PLATFORM} {PYTHON}\n{wanted}".encode()).hexdigest()[:16]
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            (Path(scratch) / "wanted.txt").write_text(wanted, "utf-8")
            _download(Path(scratch))
            (Path(scratch) / "wheels").rename(folder)
    return folder


def _download(scratch: Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    options += ["--platform", PLATFORM, "--python-version", PYTHON, "--implementation", "cp"]
    command = [sys.executable, "-m", "pip", "download", *options, "--requirement", "wanted.txt", "--dest", "wheels"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "pip puuttuu")
        raise NoWheels(
            f"Kirjastoja ei saatu haettua ({reason.strip()}). Tarkista verkkoyhteys ja aja uudelleen: tarjotin package"
        )


def wheel_files(folder: Path, left_out: Mapping[str, tuple[str, ...]], kept: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Name → bytes of the code in the wheels. `left_out` by library: beginnings of names; `kept`: what is no code, but needed."""
    for wheel in sorted(folder.glob("*.whl")):
        unneeded = left_out[_normal(wheel.name.partition("-")[0])]
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(archive.namelist()):
                if name in kept or (name.endswith((".py", ".so")) and not name.startswith(unneeded)):
                    yield name, archive.read(name)
