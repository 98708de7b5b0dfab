"""Putting files in place so that a reader never meets half a site.

A first build is made in a fresh folder and renamed. Later ones compare each file with what is there, stage only what differs,
write a journal that names every change, and then put each file in place with one atomic step, stale ones last. A kill before the
journal leaves the old site; after it, the next run (or `tarjotin build --recover`) finishes. Folders are never emptied first.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SITE = "site"
LAMBDA = "lambda"
FRESH = "site.new"
STAGED = "staged"
JOURNAL = "journal.json"


@dataclass(frozen=True)
class Written:
    """How many files came, changed, went and stayed."""

    new: int
    changed: int
    removed: int
    unchanged: int

    @property
    def files(self) -> int:
        return self.new + self.changed + self.unchanged


def write_site(build: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    """The files of a site under `build`/site. Raises OSError when the disk refuses; the old site then stands untouched."""
    recover(build)
    build.mkdir(parents=True, exist_ok=True)
    if (build / SITE).is_dir():
        return _update(build, files)
    return _create(build, files)


def write_private(build: Path, name: str, data: dict[str, Any] | None) -> None:
    """A file for the functions, under `build`/lambda: never published, and put in place with one step. None: removed."""
    folder = build / LAMBDA
    if data is None:
        (folder / name).unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{name}.new"
    draft.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    draft.replace(folder / name)


def recover(build: Path) -> bool:
    """Finishes what a journal says was begun, and clears what never came so far. Returns whether there was a journal."""
    journal = build / JOURNAL
    was_begun = journal.is_file()
    if was_begun:
        _put_in_place(build, json.loads(journal.read_text("utf-8")))
    (build / f"{JOURNAL}.new").unlink(missing_ok=True)
    for name in (FRESH, STAGED):
        shutil.rmtree(build / name, ignore_errors=True)
    return was_begun


def _create(build: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    fresh = os.fspath(build / FRESH)
    made: set[str] = set()
    count = 0
    for path, raw in files:
        folder = fresh + path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - 55,000 times a build, where Path objects would cost more
            made.add(folder)
        _write(fresh + path, raw)
        count += 1
    (build / FRESH).rename(build / SITE)
    return Written(count, 0, 0, 0)


def _update(build: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    """Stages what differs under running numbers, which the journal turns into paths."""
    site, staged = os.fspath(build / SITE), os.fspath(build / STAGED)
    (build / STAGED).mkdir()
    stale = set(_stored(site))
    place: list[str] = []
    new = unchanged = 0
    for path, raw in files:
        was_there = path in stale
        stale.discard(path)
        if was_there and _same(site + path, raw):
            unchanged += 1
            continue
        _write(f"{staged}/{len(place)}", raw)
        place.append(path)
        new += not was_there
    if place or stale:
        _commit(build, {"place": place, "remove": sorted(stale)})
    shutil.rmtree(build / STAGED, ignore_errors=True)
    return Written(new, len(place) - new, len(stale), unchanged)


def _write(full: str, raw: bytes) -> None:
    with open(full, "wb", buffering=0) as file:  # noqa: PTH123
        file.write(raw)


def _stored(site: str) -> Iterable[str]:
    """The paths of the files that are there, with / on every system."""
    for folder, _, names in os.walk(site):
        inside = folder.removeprefix(site).replace(os.sep, "/")
        for name in names:
            yield f"{inside}/{name}"


def _same(full: str, raw: bytes) -> bool:
    with open(full, "rb", buffering=0) as file:  # noqa: PTH123
        return os.fstat(file.fileno()).st_size == len(raw) and file.readall() == raw


def _commit(build: Path, changes: dict[str, list[str]]) -> None:
    """From here on the new site is what counts: the journal is whole on the disk before the first file moves."""
    draft = build / f"{JOURNAL}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(changes, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(build / JOURNAL)
    _put_in_place(build, changes)


def _put_in_place(build: Path, changes: dict[str, list[str]]) -> None:
    """Moves and removes what the journal names, as far as it has not been done, and ends the journal."""
    site, staged = os.fspath(build / SITE), os.fspath(build / STAGED)
    for number, path in enumerate(changes["place"]):
        _place(f"{staged}/{number}", site + path)
    for path in changes["remove"]:
        _remove(build / SITE, Path(site + path))
    (build / JOURNAL).unlink()


def _place(source: str, target: str) -> None:
    try:
        os.replace(source, target)  # noqa: PTH105
    except FileNotFoundError:  # the folder is new, or an interrupted run has moved the file already
        if os.path.exists(source):  # noqa: PTH110
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
            os.replace(source, target)  # noqa: PTH105


def _remove(site: Path, target: Path) -> None:
    """A stale file, and the folders that it leaves empty."""
    target.unlink(missing_ok=True)
    for folder in target.parents:
        if folder == site:
            return
        if folder.is_dir():  # an interrupted run may have removed it already
            if any(folder.iterdir()):
                return
            folder.rmdir()
