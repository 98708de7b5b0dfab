"""GitHub over plain HTTPS: the few calls that an edit needs, each tried once, and no others."""

import http.client
import json
import re
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from lambda_edit.forge import BRANCHES, ForgeDown

URL = "https://api.github.com"
SECONDS = 5.0
MAX_BYTES = 16 * 1024 * 1024

_OURS = rf"heads/(?:{'|'.join(BRANCHES)})/[A-Za-z0-9-]+"
_REPOSITORY = r"/repos/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+"
_SHA = r"[0-9a-f]{40}"
_MAIN = r"(?:[A-Za-z0-9/_-]|\.(?![./]))+"
# A path is a content file's (forge.py): nothing under .github can be named, and a branch that is not ours is only read.
ALLOWED = tuple(
    (method, re.compile(path))
    for method, path in (
        ("POST", r"/app/installations/[0-9]+/access_tokens"),
        ("GET", rf"{_REPOSITORY}/git/ref/heads/{_MAIN}"),
        ("POST", rf"{_REPOSITORY}/git/refs"),
        ("PATCH", rf"{_REPOSITORY}/git/refs/{_OURS}"),
        ("DELETE", rf"{_REPOSITORY}/git/refs/{_OURS}"),
        ("GET", rf"{_REPOSITORY}/contents/(?:[A-Za-z0-9_-]+/)*[a-z0-9-]+\.yaml"),
        ("GET", rf"{_REPOSITORY}/git/(?:blobs|commits|trees)/{_SHA}"),
        ("POST", rf"{_REPOSITORY}/git/(?:commits|trees)"),
        ("GET", rf"{_REPOSITORY}/compare/{_MAIN}\.\.\.{_SHA}"),
        ("GET", rf"{_REPOSITORY}/pulls(?:/[0-9]+(?:/files)?)?"),
        ("POST", rf"{_REPOSITORY}/pulls"),
        ("PATCH", rf"{_REPOSITORY}/pulls/[0-9]+"),
        ("PUT", rf"{_REPOSITORY}/pulls/[0-9]+/merge"),
        ("POST", rf"{_REPOSITORY}/issues/[0-9]+/labels"),
    )
)


class Line:
    """One connection, until `close`. A frozen function loses connections unseen: none may outlive a call of the forge."""

    def __init__(self, url: str = URL, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
        if parts.scheme == "https":
            trusted = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(parts.netloc, timeout=seconds, context=trusted)

    def call(
        self, method: str, path: str, token: str, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of the answer, None for an empty one. Follows no redirect. Raises ForgeDown."""
        if not any(method == allowed and pattern.fullmatch(path) for allowed, pattern in ALLOWED):
            raise ValueError("call")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "hyvinvointitarjotin",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        target = quote(path) + ("?" + urlencode(query) if query else "")
        status, raw = self._send(method, target, None if body is None else json.dumps(body).encode(), headers)
        try:
            return status, json.loads(raw) if raw else None
        except ValueError:
            raise ForgeDown("github answer") from None

    def _send(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            self._connection.request(method, target, body, headers)
            answer = self._connection.getresponse()
            raw = answer.read(MAX_BYTES + 1)
        except (OSError, http.client.HTTPException):
            self.close()
            raise ForgeDown("github connection") from None
        if len(raw) > MAX_BYTES:
            self.close()
            raise ForgeDown("github size")
        return answer.status, raw

    def close(self) -> None:
        self._connection.close()


class Repository:
    """The calls of one repository, "owner/name". `token` is asked before each."""

    def __init__(self, name: str, token: Callable[[], str], line: Line) -> None:
        self.name, self._token, self._line = name, token, line

    @property
    def owner(self) -> str:
        return self.name.partition("/")[0]

    def call(
        self, method: str, path: str, accept: tuple[int, ...], body: Any = None, query: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Raises ForgeDown for every status that is not expected here: no right, a limit, a fault of GitHub's own."""
        status, answer = self._line.call(method, f"/repos/{self.name}/{path}", self._token(), body, query)
        if status not in accept:
            raise ForgeDown(f"github {status}")
        return status, answer

    def get(self, path: str, **query: Any) -> Any:
        """None when it does not exist."""
        status, answer = self.call("GET", path, (200, 404), query=query)
        return answer if status == http.client.OK else None

    def pages(self, path: str, **query: Any) -> list[Any]:
        """Every item of a list that comes in pages."""
        found: list[Any] = []
        for page in range(1, MAX_PAGES + 1):
            _, items = self.call("GET", path, (200,), query={**query, "per_page": PER_PAGE, "page": page})
            found += items
            if len(items) < PER_PAGE:
                return found
        raise ForgeDown("github pages")

    def close(self) -> None:
        self._line.close()


PER_PAGE = 100
MAX_PAGES = 30
