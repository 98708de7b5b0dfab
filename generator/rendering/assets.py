"""The site's own files: style sheets, scripts and an icon. Their names carry a hash, so that browsers may keep them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import minify

from generator.markdown import Shown
from generator.pictures import Picture
from generator.rendering.environment import TEMPLATES

_FORM = ("scripts/shared/*.js",)
_REQUEST = (*_FORM, "scripts/referral/*.js")
_EDIT = (*_FORM, "scripts/link/token.js", "scripts/edit/*.js")

# Each published file, and what it is joined from: patterns in site_templates/, in this order.
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "tarjotin.css": ("styles/*.css",),
    "tarjotin.js": ("scripts/*.js",),
    "tarjotin.svg": ("icons/icon.svg",),
    "haku.js": ("scripts/search/find.js", "scripts/search/box.js"),
    "pyynto.js": _REQUEST,
    "vahvistaja.js": (*_REQUEST, "scripts/link/token.js", "scripts/sender/proof.js", "scripts/sender/part.js"),  # in its place
    "lahettaja.js": (*_FORM, "scripts/link/token.js", "scripts/sender/proof.js", "scripts/sender/page.js"),
    "muokkaus.css": ("styles/*.css", "styles/edit/*.css"),  # every style and theirs, so that such a page loads one file
    "tilastot.css": ("styles/*.css", "styles/statistics/*.css"),
    "muokkaus.js": _EDIT,
    "hyvaksynta.js": (*_EDIT, "scripts/approval/*.js"),  # the edit form's with the coordinator's page
    "vahvistus.js": (*_FORM, "scripts/link/*.js"),  # pages that a mailed link opens to confirm something
    "sinetti.js": ("scripts/sealing/*.js", "scripts/seal/*.js"),  # the sender's
    "avaus.js": ("scripts/shared/framed.js", "scripts/sealing/*.js", "scripts/open/*.js"),
    "avain.js": (*_FORM, "scripts/link/token.js", "scripts/sealing/*.js", "scripts/open/wrapping.js", "scripts/key/*.js"),
    "tunnuslause.txt": ("words/tunnuslause.txt",),  # fetched when a key is made
    "virhe.js": (*_FORM, "scripts/report/*.js"),
    "suodatus.js": ("scripts/filters/*.js",),
    "todiste.js": ("scripts/worker/*.js",),  # the worker of every form
    "upote.css": ("styles/00-tokens.css", "styles/embed/*.css"),
    "upote.js": ("scripts/tarjotin.js", "scripts/embed/*.js"),  # in a frame dates hold too
    "jako.js": ("scripts/give/*.js",),
    "kuvake-192.png": ("icons/icon-192.png",),  # drawn from icon.svg by tests/tools/draw_icons.py
    "kuvake-512.png": ("icons/icon-512.png",),
}

MEDIA_TYPES = {".css": "text/css", ".js": "application/javascript", ".svg": "image/svg+xml"}
# Scripts whose names are shortened too, for their limit of weight. The minifier (2.24) may put a `const [a] = …` before one
# that it needs, so only those whose shortened form tests run: queries by the hundred, codes of every
# length, requests sealed and opened.
SHORTENED = ("haku.js", "jako.js", "sinetti.js", "avaus.js", "avain.js")


@dataclass(frozen=True)
class Assets:
    """Where each file of BUNDLES is found, by its name there, and the files themselves by path."""

    addresses: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]
    pictures: Mapping[str, Shown] = field(default_factory=dict)  # of the running text, by the address that it names them with

    def address(self, name: str) -> str:
        return self.addresses[name]


def collect_assets(base_path: str, *, hashed: bool, pictures: Iterable[Picture] = ()) -> Assets:
    written = {name: _join(name, patterns) for name, patterns in BUNDLES.items()}
    paths = {name: _path(name, raw, hashed=hashed) for name, raw in written.items()}
    drawn = {one: _path(f"kuva-{one.name}", one.raw, hashed=hashed) for one in pictures}
    return Assets(
        addresses={name: base_path + path.removeprefix("/") for name, path in paths.items()},
        files=(*((paths[name], raw) for name, raw in written.items()), *((path, one.raw) for one, path in drawn.items())),
        pictures={one.address: Shown(base_path + path.removeprefix("/"), one.width, one.height) for one, path in drawn.items()},
    )


def _join(name: str, patterns: Iterable[str]) -> bytes:
    """Files one after another, as small as they go: comments and long names stay in the sources."""
    paths = [path for pattern in patterns for path in sorted(TEMPLATES.glob(pattern))]
    if name.endswith((".png", ".txt")):
        return b"".join(path.read_bytes() for path in paths)
    return smallest(name, "".join(path.read_text("utf-8") for path in paths))


@lru_cache(len(BUNDLES))  # a preview asks again after every edit
def smallest(name: str, text: str) -> bytes:
    """A style, script or picture of this name without what only people read."""
    if name.endswith(".js") and name not in SHORTENED:
        lines = (line.strip() for line in text.splitlines())
        return "".join(f"{line}\n" for line in lines if line and not line.startswith("//")).encode()
    return str(minify.string(MEDIA_TYPES[Path(name).suffix], text)).encode()


def _path(name: str, raw: bytes, *, hashed: bool) -> str:
    stem, _, kind = name.partition(".")
    mark = f".{hashlib.sha256(raw).hexdigest()[:10]}" if hashed else ""
    return f"/assets/{stem}{mark}.{kind}"
