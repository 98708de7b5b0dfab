"""What a build is made from, as short keys: when a key is the same, so is all that depends on it. Only standard library here, so
that a build with nothing to do ends before anything else is imported."""

import os
import stat
import sys
import sysconfig
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

from generator import PROGRAM
from generator.marks import digest

CODE = ("generator", "lambda_common", "lambda_edit", "lambda_referral", "site_templates")


class Inputs:
    """What one build is made from. The program is read once, the content when it is asked for."""

    def __init__(self, root: Path, today: date) -> None:
        self._root, self._today = root, today

    @cached_property
    def code(self) -> bytes:
        """The program with its templates and words, and what it runs on: installing anything changes a folder's time."""
        libraries = Path(sysconfig.get_path("purelib")).stat().st_mtime_ns
        return digest(sys.version, str(libraries), *_contents(PROGRAM, CODE))

    def frame_key(self, *, hashed: bool) -> bytes:
        """What every page depends on, besides the associations."""
        return digest(self.code, str(hashed), *_contents(self._root, ("content/site.yaml", "content/pages", "taxonomy.yaml")))

    def key(self, private_folder: str) -> bytes:
        """Everything that a build depends on."""
        files = _contents(self._root, ("content", "taxonomy.yaml", private_folder))
        return digest(self.code, self._today.isoformat(), private_folder, *_history(self._root), *files)


def _history(root: Path) -> Iterator[bytes]:
    """What changes in git's own folder with every commit: a feed tells when files last changed."""
    git = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if git and git.is_file():  # a work tree of its own
        git = git.parent / git.read_text("utf-8").removeprefix("gitdir: ").strip()
    if not git or not (git / "HEAD").is_file():
        return
    common = git / (git / "commondir").read_text("utf-8").strip() if (git / "commondir").is_file() else git
    head = (git / "HEAD").read_bytes()
    branch = head.decode().removeprefix("ref: ").strip()
    yield head
    yield from (file.read_bytes() for file in (common / branch, common / "packed-refs", common / "shallow") if file.is_file())


def _contents(folder: Path, names: tuple[str, ...]) -> Iterator[bytes | str]:
    """The path and the bytes of every file, in a fixed order; of one folder inside another only once."""
    for path in sorted({path for name in names for path in _files(os.fspath(folder / name))}):
        yield path.removeprefix(os.fspath(folder)).replace(os.sep, "/")
        yield _content(path)


def _content(path: str) -> bytes | str:
    """The bytes of a file; of what is none (a pipe, a broken link) that it is there: who reads it tells what is wrong."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - ten thousand times a build
            return "not a file"
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.readall()
    except OSError as error:
        return type(error).__name__


def _files(path: str) -> Iterator[str]:
    if os.path.isfile(path):  # noqa: PTH113
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = [one for one in folders if one != "__pycache__"]
        yield from (os.path.join(folder, name) for name in names if not name.startswith((".", "~")))  # noqa: PTH118
