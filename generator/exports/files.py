"""Every file of open data, one at a time."""

from collections.abc import Iterator
from itertools import chain

from generator.exports.atom import atom_feed
from generator.exports.csv_files import csv_files
from generator.exports.data_package import data_package
from generator.exports.fhir import fhir_files
from generator.exports.gaps import gaps_file
from generator.exports.hsds import hsds_files
from generator.exports.public import Published
from generator.pages import OPEN_DATA, Plan
from generator.rendering.environment import Voice
from generator.validation import Content


def data_files(content: Content, plan: Plan, voice: Voice) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of each file that the site has for machines; `voice` is the Finnish one."""
    yield from open_data_files(content, voice)
    yield gaps_file(plan, voice)


def open_data_files(content: Content, voice: Voice) -> Iterator[tuple[str, bytes]]:
    """Those that tell of the associations: the day does not change them."""
    published = Published(content, voice)
    nested = chain(hsds_files(published), fhir_files(published))
    for name, raw in chain(csv_files(published), (data_package(published),), nested, (atom_feed(published),)):
        yield OPEN_DATA + name, raw
