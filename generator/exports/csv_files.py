"""CSV as RFC 4180 has it: UTF-8, commas, CRLF, quotes only where they are needed."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from generator.exports.public import joined
from generator.exports.tables import Row

# Spreadsheets run a cell that begins so. An apostrophe before it makes it text; and one that stands before such a beginning is
# doubled, so that whoever takes the first one away reads what was written.
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_HELD = re.compile(r"''*[=+\-@\t\r]")


def as_csv(header: Row, rows: Iterable[Row]) -> bytes:
    return joined(chain(lines_of([header]), lines_of(rows)))


def lines_of(rows: Iterable[Row]) -> Iterator[str]:
    line = csv.writer(_Echo(), lineterminator="\r\n")
    return (str(line.writerow(map(held, row))) for row in rows)


def held(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def released(cell: str) -> str:
    """What was written before `held`."""
    return cell[1:] if _HELD.match(cell) else cell


class _Echo:
    """A file that gives each line back, so that no table is kept."""

    def write(self, line: str) -> str:
        return line
