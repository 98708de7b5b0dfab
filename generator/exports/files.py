"""Every file of open data, one at a time."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from generator.checked import Content
from generator.exports.atom import atom_feed
from generator.exports.csv_files import lines_of
from generator.exports.data_package import data_package
from generator.exports.pieces import Pieces
from generator.exports.public import Published, joined, part_name
from generator.exports.tables import TABLES, term_rows
from generator.known import Known, nothing_known
from generator.pages import OPEN_DATA
from generator.rendering.environment import Voice

File = tuple[str, bytes]


def data_files(content: Content, voice: Voice, known: Known = nothing_known) -> Iterator[File]:
    """(path, bytes) of each file that tells machines of the associations: the day does not change them. `voice` is the Finnish
    one."""
    published = Published(content, voice)
    pieces = Pieces(published, known)
    nested = chain(_hsds_files(published, pieces), _fhir_files(published, pieces))
    whole = data_package(published), atom_feed(published, partial(pieces.text, "atom"))
    for name, raw in chain(_csv_files(published, pieces), nested, whole):
        yield OPEN_DATA + name, raw


def _csv_files(published: Published, pieces: Pieces) -> Iterator[File]:
    everyone = list(published.organisations)
    for table in TABLES:
        header = tuple(column.name for column in table.columns)
        texts = pieces.texts(f"csv/{table.key}", everyone) if table.rows_of else lines_of(term_rows(published))
        yield table.file, joined(chain(lines_of([header]), texts))


def _hsds_files(published: Published, pieces: Pieces) -> Iterator[File]:
    for number, part in enumerate(published.parts(), 1):
        items = pieces.texts("hsds/organizations", part), pieces.texts("hsds/services", part)
        yield part_name("hsds", number, "json"), joined(pieces.hsds.document(*items))


def _fhir_files(published: Published, pieces: Pieces) -> Iterator[File]:
    for number, part in enumerate(published.parts(), 1):
        yield part_name("fhir", number, "json"), joined(pieces.fhir.bundle(pieces.texts("fhir", part)))
