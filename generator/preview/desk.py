"""How a command finds the running preview: its address, and the key that signs its links, in a file for this user only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = "serve.json"


@dataclass(frozen=True)
class Desk:
    """`origin`: http://127.0.0.1:8000, without a slash at its end; `front`: the site's front page there, likewise."""

    origin: str
    front: str
    secret: bytes


@contextmanager
def open_desk(folder: Path, desk: Desk) -> Iterator[None]:
    """While the preview runs, its file is there."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"origin": desk.origin, "front": desk.front, "secret": desk.secret.hex()}), "utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_desk(folder: Path) -> Desk | None:
    """None when no preview runs. One that was killed leaves its file: nobody answers there then."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        return Desk(found["origin"], found["front"], bytes.fromhex(found["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
