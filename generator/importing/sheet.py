"""A file of rows and columns to texts: .xlsx, and .csv as spreadsheets write it in Finland and elsewhere."""

import csv
import io
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from generator.exports.csv_files import released
from generator.importing.faults import Refused

SHEET = "Järjestöt"
LARGEST = 5 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Cell:
    """A filled cell. `is_number`: the spreadsheet keeps a number there, so zeros before it are lost."""

    text: str
    is_number: bool = False


@dataclass(frozen=True)
class Sheet:
    """`rows`: each filled row's number in the spreadsheet, and its filled cells by the number of their column, from 1."""

    header: dict[int, str]
    rows: tuple[tuple[int, dict[int, Cell]], ...]


def read_sheet(path: Path) -> Sheet:
    """Raises Refused or OSError."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise Refused(f"Tiedoston {path.name} pääte ei ole .xlsx eikä .csv. Tallenna taulukko jommassakummassa muodossa.")
    if path.stat().st_size > LARGEST:
        raise Refused(f"Tiedosto {path.name} on yli {LARGEST // 1024**2} Mt. Jaa se pienempiin osiin.")
    rows = _from_csv(path.read_bytes()) if path.suffix.lower() == ".csv" else _from_workbook(path)
    filled = [(number, cells) for number, cells in enumerate(rows, 1) if cells]
    if not filled:
        raise Refused(f"Tiedosto {path.name} on tyhjä. Aloita pohjasta: tarjotin import --template jarjestot.xlsx")
    if filled[0][0] != 1:
        raise Refused("Sarakkeiden nimet puuttuvat ensimmäiseltä riviltä. Poista tyhjät rivit taulukon alusta.")
    return Sheet({column: cell.text for column, cell in filled[0][1].items()}, tuple(filled[1:]))


def _limited(rows: Iterable[Iterable[object]]) -> Iterator[dict[int, Cell]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Refused(f"Taulukossa on yli {MOST_ROWS} riviä. Jaa se pienempiin osiin tai poista tyhjät rivit lopusta.")
        cells = ((column, _cell(value)) for column, value in zip(range(1, MOST_COLUMNS + 1), row, strict=False))
        yield {column: cell for column, cell in cells if cell.text}


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("kyllä" if value else "ei")
    if isinstance(value, datetime | date):
        return Cell(f"{value:%Y-%m-%d}")
    if isinstance(value, int | float):
        return Cell(str(int(value)) if value == int(value) else str(value), is_number=True)
    return Cell("" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip())


def _from_workbook(path: Path) -> list[dict[int, Cell]]:
    try:
        with warnings.catch_warnings():  # of extensions that openpyxl leaves out; none is about cells
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            with closing(book):
                sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
                sheet.reset_dimensions()  # what the file says of its own size is not always true
                return list(_limited(sheet.iter_rows(values_only=True)))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, zlib.error, EOFError) as error:
        raise Refused(f"Tiedostoa {path.name} ei voi lukea Excel-taulukkona. Tallenna se uudelleen muodossa .xlsx.") from error


def _from_csv(raw: bytes) -> list[dict[int, Cell]]:
    text = _decoded(raw)
    header = text.partition("\n")[0]
    delimiter = max(";,\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refused("CSV-tiedoston lainausmerkit eivät täsmää. Avaa se taulukkolaskentaan ja tallenna uudelleen.") from None
    return list(_limited([released(cell) for cell in row] for row in rows))


def _decoded(raw: bytes) -> str:
    """UTF-8 with or without a mark, or what Excel calls plain CSV: Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        raise Refused("CSV-tiedosto on UTF-16-muodossa. Tallenna se muodossa CSV UTF-8.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
