"""How each file is served: its type, and how long it may be kept. S3 is told with the file, so no template repeats it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from generator.languages import LANGUAGES
from generator.pages import NEVER_STORED

ASSETS = "/assets/"

# Browsers ask each time, and get 304 for an answer; CloudFront holds a file for an hour if nobody empties it.
SHORT = "public, max-age=0, must-revalidate, s-maxage=3600"
YEAR = "public, max-age=31536000, immutable"  # the name carries a hash of the content
NEVER = "no-store"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vcf": "text/vcard; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


class UnknownType(Exception):
    """A file whose type would be a guess: a browser would download it, or worse."""


@dataclass(frozen=True)
class Serving:
    content_type: str
    cache_control: str


def serving_of(path: str) -> Serving:
    """`path` from the front page, e.g. /sv/ohjaa/x/index.html. Raises UnknownType."""
    kind = TYPES.get(PurePosixPath(path).suffix)
    if kind is None:
        raise UnknownType(path)
    return Serving(kind, _cache_control(path))


def _cache_control(path: str) -> str:
    if path.startswith(ASSETS):
        return YEAR
    return NEVER if without_language(path).startswith(NEVER_STORED) else SHORT


def without_language(path: str) -> str:
    """The path as on the Finnish site: every language has the same."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first in LANGUAGES else path


def rules_mark() -> str:
    """Another mark: files that are in the bucket already were put there under other rules."""
    rules = [sorted(TYPES.items()), NEVER_STORED, ASSETS, SHORT, YEAR, NEVER]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:16]
