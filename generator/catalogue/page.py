"""The catalogue as one page of HTML: its style stands in it, and its policy lets nothing else in."""

import base64
import hashlib

from markupsafe import Markup

from generator.catalogue.facts import Facts
from generator.posters.region import Region
from generator.rendering.assets import smallest
from generator.rendering.environment import TEMPLATES, make_environment

STYLE = TEMPLATES / "catalogue" / "catalogue.css"


def catalogue_page(facts: Facts, region: Region) -> bytes:
    voice = region.voices[facts["language"]]
    environment = make_environment(voice, region.content.site, region.today)
    style = smallest(STYLE.name, STYLE.read_text("utf-8")).decode()
    made = environment.get_template("catalogue/catalogue.html").render(
        it=facts,
        words=facts["words"],
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}",
    )
    return made.lstrip().encode()
