"""The table to begin from: empty, or filled with what the site has now."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from generator.content import Document
from generator.exports.csv_files import held
from generator.importing.columns import CHOICES, COLUMNS, Column, Vocabulary
from generator.importing.faults import Refused
from generator.importing.merging import value_at
from generator.importing.sheet import MOST_ROWS, SHEET

ALLOWED = "Sallitut"
HELP = "Ohje"
SINGLE = ("activity_types", *CHOICES)  # columns that take one value, which can be picked in the spreadsheet
Row = tuple[str, ...]

ADVICE = (
    "Yksi rivi on yksi toiminta. Järjestön omat tiedot riittävät sen ensimmäiselle riville.",
    "Tyhjä solu jättää tiedon ennalleen. Viiva (-) poistaa tiedon.",
    "Tarkista ensin: tarjotin import taulukko.xlsx. Se ei kirjoita mitään. Kirjoita: tarjotin import taulukko.xlsx --write",
    "Tuotu järjestö ei ole vielä vahvistettu. Se näkyy luetteloissa viimeisenä, kunnes järjestö on vahvistanut tietonsa.",
)


def write_template(path: Path, words: Vocabulary, documents: Sequence[Document] = ()) -> int:
    """Makes the file, with a row for each activity of `documents`; returns how many rows. Raises Refused or OSError."""
    if path.exists():
        raise Refused(f"Tiedosto {path} on jo olemassa. Anna toinen nimi tai poista vanha.")
    rows = [row for document in documents for row in rows_of(document, words)]
    if path.suffix.lower() == ".csv":
        path.write_bytes(_as_csv(rows))
    elif path.suffix.lower() == ".xlsx":
        raw = io.BytesIO()
        _workbook(rows, words).save(raw)
        path.write_bytes(raw.getvalue())
    else:
        raise Refused(f"Pohjan {path.name} pääte ei ole .xlsx eikä .csv. Anna nimi, esimerkiksi jarjestot.xlsx.")
    return len(rows)


def rows_of(document: Document, words: Vocabulary) -> Iterator[Row]:
    """An association as rows of the table. Its private addresses are not among them."""
    activities = document.data.get("activities") or [{}]
    for number, activity in enumerate(activities):
        sources = {"organisation": {**document.data, "slug": document.name}, "activity": activity, "private": {}}
        if number:
            sources["organisation"] = {"slug": document.name, "name": document.data.get("name")}
        yield tuple(_said(column, sources[column.part], words) for column in COLUMNS)


def _said(column: Column, data: Mapping[str, object], words: Vocabulary) -> str:
    value = value_at(data, column.place)
    return "" if value is None else column.say(value, words)


def _as_csv(rows: Sequence[Row]) -> bytes:
    """As Excel in Finnish opens it: semicolons, and a mark that tells UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(map(held, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Row], words: Vocabulary) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _fill(sheet, [tuple(column.name for column in COLUMNS), *rows])
    sheet.freeze_panes = "C2"
    lists = {column.allowed: _allowed(column.allowed, words) for column in COLUMNS if column.allowed}
    _fill(book.create_sheet(ALLOWED), _columns_of(lists))
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 24
        sheet.column_dimensions[letter].number_format = "@"  # 00100 stays 00100
        if column.allowed in SINGLE:
            _offer(sheet, letter, list(lists).index(column.allowed) + 1, len(lists[column.allowed]))
    guide = book.create_sheet(HELP)
    _fill(guide, [("Sarake", "Mitä siihen kirjoitetaan", "Pakollinen"), *map(_advice, COLUMNS), (), *((one,) for one in ADVICE)])
    for letter, width in (("A", 34), ("B", 90), ("C", 12)):
        guide.column_dimensions[letter].width = width
    return book


def _advice(column: Column) -> Row:
    return column.name, column.advice, "kyllä" if column.is_required else ""


def _allowed(name: str, words: Vocabulary) -> Row:
    return tuple(CHOICES[name]) if name in CHOICES else tuple(words.labels(name).values())


def _columns_of(lists: Mapping[str, Row]) -> list[Row]:
    """Each list under the name of its first column."""
    titles = {column.allowed: column.name for column in reversed(COLUMNS)}
    longest = max(map(len, lists.values()))
    return [
        tuple(titles[name] for name in lists),
        *(tuple(words[at] if at < len(words) else "" for words in lists.values()) for at in range(longest)),
    ]


def _fill(sheet: Worksheet, rows: Sequence[Row]) -> None:
    """Texts only: nothing in a cell is a formula."""
    for at, row in enumerate(rows, 1):
        for number, text in enumerate(row, 1):
            cell = sheet.cell(at, number, text or None)
            cell.data_type = "s" if text else cell.data_type
            cell.number_format = "@"
            cell.font = Font(bold=at == 1)
            cell.alignment = Alignment(vertical="top", wrap_text="\n" in text)


def _offer(sheet: Worksheet, letter: str, column: int, count: int) -> None:
    """A list to pick from in the cells of a column."""
    source = get_column_letter(column)
    offered = DataValidation(
        "list", formula1=f"{ALLOWED}!${source}$2:${source}${count + 1}", allow_blank=True, showErrorMessage=False
    )
    offered.add(f"{letter}2:{letter}{MOST_ROWS}")
    sheet.add_data_validation(offered)
