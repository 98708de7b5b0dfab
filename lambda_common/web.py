"""HTTP as the function meets it: payload format 2.0 of an HTTP API, which is also that of a function URL."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


class Refusal(Exception):
    """A request that is not carried out: status, code, and codes by field. Never a value."""

    def __init__(self, status: int, code: str, fields: Mapping[str, str] | None = None) -> None:
        self.status, self.code, self.fields = status, code, dict(fields or {})
        super().__init__(code)


@dataclass(frozen=True)
class Answer:
    """What is answered; reference and organisation are for the log."""

    status: int
    body: Mapping[str, Any]
    reference: str = ""
    organisation: str = ""

    @property
    def code(self) -> str:
        return str(self.body.get("code", "ok"))


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    event: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Request":
        http = event["requestContext"]["http"]
        headers = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
        return cls(http["method"], event.get("rawPath") or http["path"], event.get("queryStringParameters") or {}, headers, event)

    def body(self, allowed: int) -> bytes:
        """At most so many bytes. Raises Refusal 413 before a large body is decoded, 400 for broken base64."""
        text = self.event.get("body") or ""
        if len(text) > allowed * 4 // 3 + 4:
            raise Refusal(413, "too_large")
        if not self.event.get("isBase64Encoded"):
            return str(text).encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(400, "json") from None


def check_origin(request: Request, site: str) -> None:
    """Raises Refusal 403 unless the site's own page asks. A browser cannot forge these headers; others meet the proof of work."""
    parts = urlsplit(site)
    own = f"{parts.scheme}://{parts.netloc}"
    origin = request.headers.get("origin")
    if origin != own and not (origin is None and request.method == "GET"):
        raise Refusal(403, "origin")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refusal(403, "origin")


def check_json(request: Request) -> None:
    """Raises Refusal 415: a form or plain text can be posted across sites without asking, JSON cannot."""
    kind, _, parameter = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json" or parameter.strip().lower() not in ("", "charset=utf-8"):
        raise Refusal(415, "content_type")


def read_object(body: bytes, allowed: int) -> dict[str, Any]:
    """The one JSON object of a body. Raises Refusal 413 or 400, also for repeated keys."""
    if len(body) > allowed:
        raise Refusal(413, "too_large")
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refusal(400, "json") from None
    if not isinstance(found, dict):
        raise Refusal(400, "json")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_number(_: str) -> None:
    """NaN and Infinity are not JSON."""
    raise ValueError


def read_post(request: Request, site: str, allowed: int) -> dict[str, Any]:
    """The JSON object, of at most `allowed` bytes, that the site's own page posts. Raises Refusal."""
    check_json(request)
    check_origin(request, site)
    return read_object(request.body(allowed), allowed)


def response(answer: Answer) -> dict[str, Any]:
    return {
        "statusCode": answer.status,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        "body": json.dumps(answer.body, separators=(",", ":")),
        "isBase64Encoded": False,
    }
