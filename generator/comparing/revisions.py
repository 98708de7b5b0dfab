"""The content as it was at two points of the repository's history, read without touching the working folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lambda_edit.forge import ForgeDown
from lambda_edit.git import Failed, Git

CONTENT = ("content", "taxonomy.yaml")
_PLAIN_FILES = ("100644", "100755")


class Unknown(Exception):
    """No such revision, or no repository; the sentence says what to do."""


def commit_of(root: Path, name: str) -> str:
    """The commit that a branch, a tag or an abbreviation names. Raises Unknown."""
    try:
        return Git(root).run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except (Failed, ForgeDown):
        raise Unknown(f'Versiota "{name}" ei löydy. Hae historia (git fetch) tai tarkista nimi.') from None


def common_ancestor(root: Path, base: str, head: str) -> str:
    """Where the two parted, so that what others have merged since is not told as a change; `base` itself when that is not known
    (a shallow copy)."""
    try:
        return Git(root).run("merge-base", base, head).decode().strip()
    except Failed:
        return base


def changed_paths(root: Path, base: str, head: str) -> list[str]:
    """Every file that differs, in order."""
    told = Git(root).run("diff", "--name-only", "--relative", "--no-renames", "-z", base, head)
    return sorted(path for path in told.decode("utf-8", "replace").split("\0") if path)


@contextmanager
def content_at(root: Path, commit: str) -> Iterator[Path]:
    """A temporary folder with the content of a commit. Links are left out, and no attribute of the commit's own (export-ignore)
    can hide a file."""
    files = _listed(root, commit)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path, raw in zip(files, _blobs(root, list(files.values())), strict=True):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(raw)
        yield folder


def _listed(root: Path, commit: str) -> dict[str, str]:
    """Path and blob of every plain file of the content."""
    found = {}
    for line in Git(root).run("ls-tree", "-r", "-z", commit, "--", *CONTENT).decode("utf-8", "replace").split("\0"):
        facts, _, path = line.partition("\t")
        if facts and facts.split()[0] in _PLAIN_FILES and ".." not in PurePosixPath(path).parts:
            found[path] = facts.split()[2]
    return found


def _blobs(root: Path, names: list[str]) -> Iterator[bytes]:
    """The bytes of each blob. git answers "<name> blob <size>", a line end, the bytes and a line end."""
    told = Git(root).run("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())
    at = 0
    for _ in names:
        line_end = told.index(b"\n", at)
        size = int(told[at:line_end].split()[2])
        yield told[line_end + 1 : line_end + 1 + size]
        at = line_end + 1 + size + 1
