"""One build at a time. The system keeps the lock, so that a killed run leaves none behind; on Linux its workers hold it too."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "cache"


class Busy(Exception):
    """Another build is being made in the same folder."""


@contextmanager
def only_build(build: Path) -> Iterator[None]:
    """Raises Busy at once when somebody else is building here."""
    (build / FOLDER).mkdir(parents=True, exist_ok=True)
    file = os.open(build / FOLDER / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            _take(file)
        except OSError:
            raise Busy from None
        yield
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
