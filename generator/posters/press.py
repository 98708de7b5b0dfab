"""The pages, by typst: one compiler for all posters, with its own fonts and nothing of the machine's."""

import json
from collections.abc import Iterator
from typing import Literal

import typst

from generator.posters.facts import Facts, facts_of
from generator.posters.region import Region
from generator.posters.wanted import Choice, Refused
from generator.problems import sentence
from generator.rendering.environment import TEMPLATES

STANDARD: Literal["ua-1"] = "ua-1"  # tagged, titled, with alternative texts; typst refuses what is not


class Press:
    def __init__(self) -> None:
        # The folder is the root, so that the templates read the site's own colours and mark.
        self._compiler = typst.Compiler(TEMPLATES / "posters" / "poster.typ", root=TEMPLATES, ignore_system_fonts=True)

    def pdf(self, facts: Facts) -> bytes:
        return self._made(facts, "pdf")

    def png(self, facts: Facts, ppi: float = 100) -> bytes:
        """A picture of it, to look at."""
        return self._made(facts, "png", ppi)

    def _made(self, facts: Facts, form: Literal["pdf", "png"], ppi: float | None = None) -> bytes:
        inputs = {"poster": json.dumps(facts, ensure_ascii=False)}
        standards = STANDARD if form == "pdf" else None
        made = self._compiler.compile(format=form, ppi=ppi, sys_inputs=inputs, pdf_standards=standards)
        assert isinstance(made, bytes)  # one page, as the templates see to; more would come as a list
        return made


def print_posters(choice: Choice, region: Region) -> Iterator[tuple[str, bytes]]:
    """(path, PDF) of each poster. Raises Refused at a character that the font does not have."""
    press = Press()
    for poster in choice.posters:
        yield poster.path, press.pdf(facts_of(poster, region))
