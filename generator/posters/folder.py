"""Putting papers in place: every one is made before the first is put there, so a full disk leaves the old ones whole."""

import shutil
from collections.abc import Iterable
from pathlib import Path

POSTERS, CATALOGUE = "julisteet", "luettelo"
KINDS = (".pdf", ".html")


def put_papers(folder: Path, made: Iterable[tuple[str, bytes]], *, is_everything: bool) -> Path:
    """Writes the folder. When everything was made, papers that are no longer made go: nobody may print them by mistake.
    Raises OSError when the disk refuses."""
    staged = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        paths = [_stage(staged, path, raw) for path, raw in made]
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).replace(folder / path)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    if is_everything:
        _remove_others(folder, set(paths))
    return folder


def _stage(staged: Path, path: str, raw: bytes) -> str:
    (staged / path).parent.mkdir(parents=True, exist_ok=True)
    (staged / path).write_bytes(raw)
    return path


def _remove_others(folder: Path, paths: set[str]) -> None:
    for one in folder.rglob("*"):
        if one.suffix in KINDS and one.relative_to(folder).as_posix() not in paths:
            one.unlink()
