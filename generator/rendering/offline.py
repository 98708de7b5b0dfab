"""What a browser needs for working without a network and for installing the site: the worker and the manifests.

Nothing of this is part of a preview, where a stored page would hide what was changed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.models import Site
from generator.pages import HOME, OFFLINE
from generator.rendering.assets import Assets, smallest
from generator.rendering.environment import TEMPLATES, Voice

# What works from the first visit on, some 65 KB packed: these files of BUNDLES, these pages and files in every language.
CORE_ASSETS = ("tarjotin.css", "tarjotin.js", "tarjotin.svg", "haku.js")
CORE_PAGES = (HOME, OFFLINE)
CORE_FILES = ("/haku/{language}.json",)  # from the site's root, {language} filled in

THEME, BACKGROUND = "#00493f", "#fbf7f0"  # --header and --page of styles/00-tokens.css


def core_addresses(assets: Assets, voices: tuple[Voice, ...]) -> list[str]:
    base = voices[0].prefix
    found = [assets.address(name) for name in CORE_ASSETS]
    for voice in voices:
        found += [voice.url(path) for path in CORE_PAGES]
        found += [base + file.removeprefix("/").format(language=voice.language) for file in CORE_FILES]
    return found


def worker(assets: Assets, voices: tuple[Voice, ...]) -> tuple[str, bytes]:
    """The service worker. Another list of files is another worker, which replaces what the one before had stored."""
    base, files = voices[0].prefix, core_addresses(assets, voices)
    body = (TEMPLATES / "scripts" / "offline" / "worker.js").read_text("utf-8")
    mark = hashlib.sha256("\n".join([*files, body]).encode()).hexdigest()[:6]
    given = {"base": base, "core": f"{base}:{mark}", "files": files}
    head = ",".join(f"{name}={json.dumps(value, separators=(',', ':'))}" for name, value in given.items())
    return "/sw.js", smallest("sw.js", f"const {head};\n{body}")


def manifest_path(voice: Voice, voices: tuple[Voice, ...]) -> str:
    """At the root in every language: the worker stands beside it."""
    return "/manifest.webmanifest" if voice == voices[0] else f"/manifest.{voice.language}.webmanifest"


def manifests(site: Site, assets: Assets, voices: tuple[Voice, ...]) -> Iterator[tuple[str, bytes]]:
    for voice in voices:
        written = json.dumps(_manifest(site, assets, voice, voices[0].prefix), ensure_ascii=False, indent=1)
        yield manifest_path(voice, voices), f"{written}\n".encode()


def _manifest(site: Site, assets: Assets, voice: Voice, base: str) -> Mapping[str, Any]:
    name = voice.plain(site.name)
    return {
        "id": voice.url(HOME),
        "name": name,
        "short_name": name,
        "lang": voice.language,
        "start_url": voice.url(HOME),
        "scope": base,
        "display": "standalone",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [
            {"src": assets.address("tarjotin.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": assets.address("kuvake-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": assets.address("kuvake-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
