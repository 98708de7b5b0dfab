"""What is published of a small region, and a region in which everything is written."""

import json
from dataclasses import replace
from typing import Any

from generator.checked import Content
from generator.exports.files import data_files
from generator.exports.public import Published
from generator.rendering.environment import load_voice
from tests.builders import make_organisation, make_site
from tests.everything import everything


def published(content: Content) -> Published:
    return Published(content, load_voice("fi", content.site))


def files(content: Content) -> dict[str, bytes]:
    """Every file of open data by its name."""
    made = data_files(content, load_voice("fi", content.site))
    return {path.removeprefix("/avoin-data/"): raw for path, raw in made}


def read_json(content: Content, name: str) -> Any:
    return json.loads(files(content)[name])


def rich_region() -> Content:
    """Every field of every shape, in three languages; an association on a break, one long unconfirmed, and a closed one."""
    content = everything(lambda field: f"{field}!", ("fi", "sv", "en"))
    content.organisations.update(
        tauolla=make_organisation(name="Tauko ry", status="paused"),
        vahvistamaton=make_organisation(name="Uusi ry", review=None, activities=[{"municipalities": "koko-alue"}]),
        suljettu=make_organisation(name="Lopettanut ry", status="closed"),
    )
    site = make_site(referral=content.site.referral, name="Tarjotin", region={"fi": "Pohjois-Savo", "sv": "Norra Savolax"})
    return replace(content, site=site)
