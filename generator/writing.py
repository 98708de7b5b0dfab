"""Files put in place together: all, or none when the disk refuses one."""

from collections.abc import Mapping
from pathlib import Path


def write_all(root: Path, files: Mapping[str, bytes]) -> None:
    """Each file is first written beside its place. When one cannot be put there, those before it are put back. Raises OSError.
    (A run that is killed between two files leaves whole files; the next run does the rest.)"""
    staged: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    try:
        for name, raw in files.items():
            target = root / name
            staged[target] = target.with_name(f".{target.name}.new")
            staged[target].write_bytes(raw)
        for target, draft in staged.items():
            before[target] = target.read_bytes() if target.exists() else None
            draft.replace(target)
    except OSError:
        _put_back(before)
        raise
    finally:
        for draft in staged.values():
            draft.unlink(missing_ok=True)


def _put_back(before: Mapping[Path, bytes | None]) -> None:
    for target, raw in before.items():
        if raw is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(raw)
