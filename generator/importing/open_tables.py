"""The tables of our own open data, beside their datapackage.json, to drafts: the way back of exports/tables.py."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.checked import Content
from generator.exports.csv_files import released
from generator.exports.leftovers import put_together
from generator.exports.tables import BETWEEN, TABLES, Table
from generator.importing.drafts import Draft, Notes, Reading, Unreadable, with_short_texts

Row = dict[str, Any]

_MISSING = "Taulukkoa {file} ei voi lukea ({reason}). Hae samasta paikasta kaikki taulukot ja datapackage.json samaan kansioon."
_COLUMNS = "Taulukosta {file} puuttuu sarakkeita: {columns}. Hae taulukko uudelleen."
_TABLES: Mapping[str, Table] = {table.key: table for table in TABLES}


def read_tables(path: Path, content: Content) -> Reading:  # noqa: ARG001 - the shape of a reader
    """`path` is the datapackage.json. Raises Unreadable."""
    notes = Notes(path.name)
    contacts, pauses, activities = (_by_organisation(path.parent, key) for key in ("contacts", "pauses", "activities"))
    drafts = []
    for row in _rows(path.parent, "organisations"):
        slug = row.pop("slug")
        row.pop("page", None)
        own = [_without(one, "organisation") for one in activities[slug]]
        written = {
            **row,
            "contacts": [_contact(one) for one in contacts[slug] if "activity" not in one],
            "activities": [_with_contact(one, contacts[slug]) for one in own],
            "pauses": [_without(one, "organisation") for one in pauses[slug]],
        }
        drafts.append(Draft(slug, with_short_texts({key: value for key, value in written.items() if value != []})))
    return Reading(tuple(drafts), tuple(notes.told))


def _by_organisation(folder: Path, key: str) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(folder, key):
        found[row.get("organisation", "")].append(row)
    return found


def _rows(folder: Path, key: str) -> Iterator[Row]:
    """Each row as a part of an association's file; empty cells are left out."""
    table = _TABLES[key]
    try:
        with (folder / table.file).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = [column.name for column in table.columns if column.name not in (rows.fieldnames or ())]
            if missing:
                raise Unreadable(_COLUMNS.format(file=table.file, columns=", ".join(missing)))
            for cells in rows:
                yield _row(table, cells)
    except (OSError, UnicodeError, csv.Error) as error:
        raise Unreadable(_MISSING.format(file=table.file, reason=type(error).__name__)) from None


def _row(table: Table, cells: Mapping[str, str | None]) -> Row:
    told = [(column, released(cells[column.name] or "")) for column in table.columns]
    row = put_together((column.place, cell) for column, cell in told if cell and not column.is_list)
    for column, cell in told:
        if cell and column.is_list:
            *path, last = column.place.split(".")
            inner = row
            for key in path:
                inner = inner.setdefault(key, {})
            inner[last] = cell.split(BETWEEN)
    return row


def _contact(row: Row) -> Row:
    """A name stands in a table only with leave."""
    leave = {"name_public": "true"} if "name" in row else {}
    return {**_without(row, "organisation", "activity", "position"), **leave}


def _with_contact(activity: Row, contacts: list[Row]) -> Row:
    own = [_contact(one) for one in contacts if one.get("activity") == activity.get("id")]
    return {**activity, "contact": own[0]} if own else activity


def _without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}
