"""What is left of the sample content in a real region: numbers and addresses that can neither ring nor receive anything."""

import re
from collections.abc import Iterator
from typing import Any

from generator.checked import Surroundings
from generator.content import Document, PageDocument
from generator.fields import SAMPLE_ADDRESS, SAMPLE_DOMAIN, SAMPLE_PHONE
from generator.problems import Location, Problem, sentence


def unfinished_problems(site: Document | Problem, around: Surroundings) -> Iterator[Problem]:
    if isinstance(site, Document) and around.is_unfinished:
        yield site.problem("site.unfinished", ("unfinished",)).as_warning()


def left_of_sample(source: Document | PageDocument | Problem, around: Surroundings) -> Iterator[Problem]:
    """Sample numbers and addresses that were left in a real region's file; only pointed out while it is being set up."""
    if not around.is_real or isinstance(source, Problem):
        return
    found = _sample_values(source, source.data) if isinstance(source, Document) else _sample_addresses(source)
    yield from map(Problem.as_warning, found) if around.is_unfinished else found


def _sample_values(document: Document, value: Any, place: Location = ()) -> Iterator[Problem]:
    """Those in `value` and in everything that it holds; `place` is where it stands in the document."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _sample_values(document, item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _sample_values(document, item, (*place, index))
    elif SAMPLE_PHONE.fullmatch(re.sub(r"^(00358|0|358)", "+358", re.sub(r"[^0-9]", "", value))):
        yield document.problem("sample.phone", place, found=value)
    elif SAMPLE_DOMAIN.search(value):
        yield document.problem("sample.domain", place, found=value)


def _sample_addresses(page: PageDocument) -> Iterator[Problem]:
    """The first one on each line of a page of running text."""
    for number, line in enumerate(page.body.splitlines(), page.first_line):
        if found := SAMPLE_ADDRESS.search(line):
            yield Problem(page.head.file, number, "", sentence("sample.domain", found=found[0]))
