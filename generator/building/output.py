"""Putting files in place so that a reader never meets half a site.

A first build is made in a fresh folder and renamed. Later ones stage only what differs, write a journal that names every change,
and then put each file in place with one atomic step, stale ones last. A kill before the journal leaves the old site; after it,
the next run (or `tarjotin build --recover`) finishes. Folders are never emptied first. Several processes may stage at once: each
gives its files names of its own, and one process ends the build.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SITE = "site"
LAMBDA = "lambda"
FRESH = "site.new"
STAGED = "staged"
JOURNAL = "journal.json"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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


@dataclass
class Stage:
    """Where one process puts its files until the build ends: the fresh folder of a first build, or aside under names that begin
    with `name`, with `placed` telling where each belongs."""

    build: str
    is_first: bool
    name: str = "0"
    placed: list[tuple[str, str]] = field(default_factory=list)
    _count: int = 0
    _made: set[str] = field(default_factory=set)

    def add(self, path: str, raw: bytes) -> None:
        if self.is_first:
            folder = f"{self.build}/{FRESH}{path.rpartition('/')[0]}"
            if folder not in self._made:
                _make_folder(folder)
                self._made.add(folder)
            _write(f"{self.build}/{FRESH}{path}", raw)
        else:
            staged = f"{self.name}-{self._count}"
            self._count += 1
            _write(f"{self.build}/{STAGED}/{staged}", raw)
            self.placed.append((staged, path))

    def has(self, path: str) -> bool:
        """Whether the site has a file of this path already."""
        return not self.is_first and os.path.exists(f"{self.build}/{SITE}{path}")  # noqa: PTH110

    def is_same(self, path: str, raw: bytes) -> bool:
        """Whether the site has this file already, byte for byte."""
        return not self.is_first and _same(f"{self.build}/{SITE}{path}", raw)


def open_stage(build: Path) -> Stage:
    """A place for the files of a build, after `recover` has cleared what was left of earlier ones."""
    is_first = not (build / SITE).is_dir()
    (build / (FRESH if is_first else STAGED)).mkdir(parents=True)
    return Stage(os.fspath(build), is_first)


def finish(build: Path, is_first: bool, placed: list[tuple[str, str]], stale: Iterable[str]) -> None:
    """From here on the new site is what counts."""
    remove = sorted(stale)
    if is_first:
        (build / FRESH).rename(build / SITE)
        return
    if placed or remove:
        _commit(build, {"place": placed, "remove": remove})
    shutil.rmtree(build / STAGED, ignore_errors=True)


def write_private(build: Path, name: str, data: dict[str, Any] | None) -> None:
    """A file for the functions, under `build`/lambda: never published, and put in place with one step. None: removed."""
    folder = build / LAMBDA
    if data is None:
        (folder / name).unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{name}.new"
    draft.write_text(json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
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


def _make_folder(folder: str) -> None:
    """55,000 times a build: the folder around it is there nearly always."""
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    except FileExistsError:
        pass


def _write(full: str, raw: bytes) -> None:
    """As few calls of the system as can be: open, write, close."""
    file = os.open(full, _NEW_FILE, 0o666)
    try:
        while raw:
            raw = raw[os.write(file, raw) :]
    finally:
        os.close(file)


def stored_paths(build: Path) -> set[str]:
    """The paths of the files that are there, with / on every system."""
    site = os.fspath(build / SITE)
    found: set[str] = set()
    for folder, _, names in os.walk(site):
        inside = folder.removeprefix(site).replace(os.sep, "/")
        found.update(f"{inside}/{name}" for name in names)
    return found


def _same(full: str, raw: bytes) -> bool:
    try:
        with open(full, "rb", buffering=0) as file:  # noqa: PTH123
            return os.fstat(file.fileno()).st_size == len(raw) and file.readall() == raw
    except FileNotFoundError:
        return False


def _commit(build: Path, changes: dict[str, Any]) -> None:
    """The journal is whole on the disk before the first file moves."""
    draft = build / f"{JOURNAL}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(changes, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(build / JOURNAL)
    _put_in_place(build, changes)


def _put_in_place(build: Path, changes: dict[str, Any]) -> None:
    """Moves and removes what the journal names, as far as it has not been done, and ends the journal."""
    site, staged = os.fspath(build / SITE), os.fspath(build / STAGED)
    for name, path in changes["place"]:
        _place(f"{staged}/{name}", site + path)
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
