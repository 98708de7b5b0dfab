"""`tarjotin catalogue`, from the content to files in build/luettelo and a sentence that tells what was made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

from generator.catalogue.facts import Facts, catalogue_facts
from generator.catalogue.kinds import FORMS, Form
from generator.catalogue.page import catalogue_page
from generator.checked import Content
from generator.models import Language
from generator.pipeline import Settings, judged_day, plan_site
from generator.posters.folder import CATALOGUE, put_papers
from generator.posters.press import NoGlyph, Press
from generator.posters.region import Region
from generator.problems import counted, sentence


class NoCatalogue(Exception):
    """The catalogue that was asked for cannot be made; the sentence says what to do."""


def make_catalogue(content: Content, settings: Settings, language: Language | None = None, form: Form | None = None) -> str:
    """Makes the catalogue in each language of the site and in each form, or in those asked for. Raises NoCatalogue with nothing
    written, or OSError with the old ones untouched."""
    started = perf_counter()
    if language and language not in content.site.languages:
        allowed = ", ".join(content.site.languages)
        raise NoCatalogue(sentence("catalogue.language", found=language, allowed=allowed))
    region = Region(content, plan_site(content, settings), judged_day(content, settings))
    run = _Run(region, (language,) if language else region.languages, (form,) if form else FORMS)
    folder = put_papers(settings.build / CATALOGUE, run.made(), is_everything=not (language or form))
    made = counted(run.count, "luettelo", "luetteloa")
    told = [f"{made} kansiossa {folder.relative_to(settings.root).as_posix()}. {perf_counter() - started:.1f} s"]
    if run.left_out:
        told.insert(0, sentence("catalogue.character", characters=" ".join(sorted(run.left_out))))
    return "\n".join(told)


@dataclass
class _Run:
    region: Region
    languages: tuple[Language, ...]
    forms: tuple[Form, ...]
    count: int = 0
    left_out: set[str] = field(default_factory=set)  # characters that the booklet's font does not have

    def made(self) -> Iterator[tuple[str, bytes]]:
        press = Press("catalogue/catalogue.typ") if "pdf" in self.forms else None
        for language in self.languages:
            facts = catalogue_facts(self.region, language)
            for form in self.forms:
                self.count += 1
                name = f"{CATALOGUE}.{language}.{form}"
                yield name, self._booklet(facts, press) if press and form == "pdf" else catalogue_page(facts, self.region)

    def _booklet(self, facts: Facts, press: Press) -> bytes:
        """One text with a character that cannot be set does not keep the region from its booklet."""
        while True:
            try:
                return press.pdf(facts)
            except NoGlyph as error:
                missing = str(error)
                fewer = changed_texts(facts, partial(_without, missing))
                if fewer == facts:
                    raise  # it is nowhere in the texts: leaving it out would never end
                self.left_out.update(missing)
                facts = fewer


def _without(missing: str, text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, missing)))


def changed_texts(value: Any, change: Any) -> Any:
    """The same with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [changed_texts(one, change) for one in value]
    return {key: changed_texts(one, change) for key, one in value.items()} if isinstance(value, dict) else value
