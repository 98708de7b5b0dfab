"""Sample numbers and addresses that were left in a real region's files. None of them can ring or receive anything."""

import re
from collections.abc import Iterator
from typing import Any

from generator.content import Document, PageDocument
from generator.fields import SAMPLE_ADDRESS, SAMPLE_DOMAIN, SAMPLE_PHONE
from generator.problems import Location, Problem, sentence


def sample_values(document: Document, value: Any, place: Location = ()) -> Iterator[Problem]:
    """Those in `value` and in everything that it holds; `place` is where it stands in the document."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from sample_values(document, item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from sample_values(document, item, (*place, index))
    elif SAMPLE_PHONE.fullmatch(re.sub(r"^(00358|0|358)", "+358", re.sub(r"[^0-9]", "", value))):
        yield document.problem("sample.phone", place, found=value)
    elif SAMPLE_DOMAIN.search(value):
        yield document.problem("sample.domain", place, found=value)


def sample_addresses(page: PageDocument) -> Iterator[Problem]:
    """The first one on each line of a page of running text."""
    for number, line in enumerate(page.body.splitlines(), page.first_line):
        if found := SAMPLE_ADDRESS.search(line):
            yield Problem(page.head.file, number, "", sentence("sample.domain", found=found[0]))
