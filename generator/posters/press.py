"""The pages, by typst: one compiler for all papers of a template, with its own fonts and nothing of the machine's."""

import json
import re
from typing import Literal

import typst

from generator.posters.facts import Facts
from generator.rendering.environment import TEMPLATES

STANDARD: Literal["ua-1"] = "ua-1"  # tagged, titled, with alternative texts; typst refuses what is not

_NO_GLYPH = re.compile(r'the text `"(.+)"` could not be displayed')

_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")  # how typst tells of what cannot be printed


class NoGlyph(Exception):
    """A text has a character that the font does not have: the exception's text is that character."""


class Press:
    def __init__(self, template: str = "posters/poster.typ") -> None:
        # The folder of templates is the root, so that they read the site's own colours and mark.
        self._compiler = typst.Compiler(TEMPLATES / template, root=TEMPLATES, ignore_system_fonts=True)

    def pdf(self, facts: Facts) -> bytes:
        """Raises NoGlyph."""
        try:
            return self._made(facts, "pdf")
        except typst.TypstError as error:
            missing = _NO_GLYPH.search(str(error))
            if missing:
                raise NoGlyph(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), missing[1])) from None
            raise

    def png(self, facts: Facts, ppi: float = 100) -> bytes:
        """A picture of it, to look at."""
        return self._made(facts, "png", ppi)

    def _made(self, facts: Facts, form: Literal["pdf", "png"], ppi: float | None = None) -> bytes:
        inputs = {"facts": json.dumps(facts, ensure_ascii=False)}
        standard = STANDARD if form == "pdf" else None
        made = self._compiler.compile(format=form, ppi=ppi, sys_inputs=inputs, pdf_standards=standard)
        assert isinstance(
            made, bytes
        )  # the pictures of several pages would be a list; only posters are asked for theirs, and have one
        return made
