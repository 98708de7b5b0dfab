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

SITE = "site"
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


def recover(build: Path) -> bool:
    """Finishes what a journal says was begun, and clears what never came so far. Returns whether there was a journal."""
    journal = build / JOURNAL
    was_begun = journal.is_file()
    if was_begun:
        _put_in_place(build, json.loads(journal.read_text("utf-8")))
    for name in (FRESH, STAGED):
        shutil.rmtree(build / name, ignore_errors=True)
    return was_begun


def has_journal(build: Path) -> bool:
    return (build / JOURNAL).is_file()


def _create(build: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    target = _Folder(build / FRESH)
    count = 0
    for path, raw in files:
        target.write(path, raw)
        count += 1
    (build / FRESH).rename(build / SITE)
    return Written(count, 0, 0, 0)


def _update(build: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    site, staged = os.fspath(build / SITE), _Folder(build / STAGED)
    stale = set(_stored(site))
    new: list[str] = []
    changed: list[str] = []
    unchanged = 0
    for path, raw in files:
        was_there = path in stale
        stale.discard(path)
        if was_there and _same(site + path, raw):
            unchanged += 1
            continue
        staged.write(path, raw)
        (changed if was_there else new).append(path)
    if new or changed or stale:
        _commit(build, {"place": [*new, *changed], "remove": sorted(stale)})
    return Written(len(new), len(changed), len(stale), unchanged)


class _Folder:
    """Writes files, making each folder once."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._made: set[str] = set()

    def write(self, path: str, raw: bytes) -> None:
        full = self._root + path
        parent = os.path.dirname(full)  # noqa: PTH120 - 55,000 times a build, where Path objects would cost more than the writing
        if parent not in self._made:
            os.makedirs(parent, exist_ok=True)  # noqa: PTH103
            self._made.add(parent)
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
    shutil.rmtree(build / STAGED, ignore_errors=True)


def _put_in_place(build: Path, changes: dict[str, list[str]]) -> None:
    """Moves and removes what the journal names, as far as it has not been done, and ends the journal."""
    site, staged = build / SITE, build / STAGED
    for path in changes["place"]:
        source, target = staged / path.removeprefix("/"), site / path.removeprefix("/")
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for path in changes["remove"]:
        _remove(site, site / path.removeprefix("/"))
    (build / JOURNAL).unlink()


def _remove(site: Path, target: Path) -> None:
    """A stale file, and the folders that it leaves empty."""
    target.unlink(missing_ok=True)
    parent = target.parent
    while parent != site and parent.is_dir() and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
