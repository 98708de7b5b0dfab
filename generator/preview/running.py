"""How a command finds the running preview, and asks it: its address, and the key that signs its links, stand in a file for this
user only."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lambda_common.signing import sign

FILE = "serve.json"
INTAKE, SHEETS = "/_posti/saapuva", "/_posti/laskurit"  # where it takes mails, and tells the functions' counters
KEY_HEADER, PURPOSE = "X-Tarjotin-Avain", "posti"


@dataclass(frozen=True)
class Running:
    """`origin`: http://127.0.0.1:8000, without a slash at its end; `front`: the site's front page there, likewise."""

    origin: str
    front: str
    secret: bytes


@contextmanager
def announced(folder: Path, running: Running) -> Iterator[None]:
    """While the preview runs, its file is there."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"origin": running.origin, "front": running.front, "secret": running.secret.hex()}), "utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_preview(folder: Path) -> Running | None:
    """None when no preview runs. One that was killed leaves its file: nobody answers there then."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        return Running(found["origin"], found["front"], bytes.fromhex(found["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask_preview(running: Running, method: str, path: str, body: str = "") -> tuple[int, bytes]:
    """Status and body of an answer that only who can read the preview's key gets. Raises OSError or HTTPException."""
    line = http.client.HTTPConnection(urlsplit(running.origin).netloc, timeout=5)
    try:
        headers = {"Content-Type": "application/json", KEY_HEADER: intake_key(running.secret)}
        line.request(method, path, body.encode(), headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def intake_key(secret: bytes) -> str:
    """What opens the intake: other pages in the browser do not know it."""
    return sign(secret, PURPOSE, b"").hex()
