"""The site's own files: a style sheet, scripts and an icon. Their names carry a hash, so that browsers may keep them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.rendering.environment import TEMPLATES


@dataclass(frozen=True)
class Assets:
    """Addresses of the files, and the files themselves by path."""

    style: str
    script: str
    icon: str
    referral: str  # the script of the contact request
    proof: str  # the worker of every form
    edit: str  # the script of the edit form
    approval: str  # the same with the coordinator's page
    link: str  # the script of pages that a mailed link opens to confirm something
    edit_style: str  # every style and theirs, so that such a page loads one file
    report: str  # the script of "Kerro virheestä"
    files: tuple[tuple[str, bytes], ...]


def collect_assets(base_path: str, *, hashed: bool) -> Assets:
    scripts = TEMPLATES / "scripts"
    styles = sorted((TEMPLATES / "styles").glob("*.css"))
    shared = sorted((scripts / "shared").glob("*.js"))
    edit = [scripts / "link" / "token.js", *sorted((scripts / "edit").glob("*.js"))]
    written = {
        "tarjotin.css": _join(styles),
        "muokkaus.css": _join([*styles, *sorted((TEMPLATES / "styles" / "edit").glob("*.css"))]),
        "tarjotin.js": _join(sorted(scripts.glob("*.js"))),
        "tarjotin.svg": _join([TEMPLATES / "icons" / "icon.svg"]),
        "pyynto.js": _join([*shared, *sorted((scripts / "referral").glob("*.js"))]),
        "muokkaus.js": _join([*shared, *edit]),
        "hyvaksynta.js": _join([*shared, *edit, scripts / "approval" / "approval.js"]),
        "vahvistus.js": _join([*shared, *sorted((scripts / "link").glob("*.js"))]),
        "virhe.js": _join([*shared, scripts / "report" / "report.js"]),
        "todiste.js": _join([scripts / "worker" / "proof.js"]),
    }
    paths = {name: _path(name, raw, hashed=hashed) for name, raw in written.items()}
    address = {name: base_path + path.removeprefix("/") for name, path in paths.items()}
    return Assets(
        style=address["tarjotin.css"],
        script=address["tarjotin.js"],
        icon=address["tarjotin.svg"],
        referral=address["pyynto.js"],
        proof=address["todiste.js"],
        edit=address["muokkaus.js"],
        approval=address["hyvaksynta.js"],
        link=address["vahvistus.js"],
        edit_style=address["muokkaus.css"],
        report=address["virhe.js"],
        files=tuple((paths[name], raw) for name, raw in written.items()),
    )


def _join(paths: Iterable[Path]) -> bytes:
    """Files one after another; line ends as they are in git on every system."""
    return b"".join(path.read_bytes().replace(b"\r\n", b"\n") for path in paths)


def _path(name: str, raw: bytes, *, hashed: bool) -> str:
    stem, _, kind = name.partition(".")
    mark = f".{hashlib.sha256(raw).hexdigest()[:10]}" if hashed else ""
    return f"/assets/{stem}{mark}.{kind}"
