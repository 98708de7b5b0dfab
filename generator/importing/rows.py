"""The rows of the table, gathered by association. Its own cells stand on its first row; on the others they may be empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.importing.columns import COLUMNS, GONE, Column, Value, Vocabulary
from generator.importing.faults import Fault, Place, Refused, Unreadable
from generator.importing.sheet import Cell, Sheet
from generator.problems import suggestion

NAMED_BY = ("Tunnus", "Järjestö", "Y-tunnus")  # any of these tells which association a row is about


@dataclass(frozen=True)
class Given:
    """A value of the table for a column; None takes the value away."""

    column: Column
    value: Value | None
    place: Place


@dataclass
class Rows:
    """What the table says of one thing: its first row, and the values by the names of their columns. `numbers` are those of the
    table's columns."""

    first: int
    numbers: Mapping[str, int]
    given: dict[str, Given] = field(default_factory=dict)

    def text(self, name: str) -> str:
        found = self.given.get(name)
        return found.value if found and isinstance(found.value, str) else ""

    def place_of(self, name: str) -> Place:
        return self.given[name].place if name in self.given else Place(self.first, self.numbers.get(name, 0))


@dataclass
class Group(Rows):
    """An association with its activities."""

    activities: list[Rows] = field(default_factory=list)


def known_columns(sheet: Sheet) -> Mapping[int, Column]:
    """The number of each column → what it is. Raises Refused for a name that nobody knows: its values would be lost."""
    names = {column.name.lower(): column for column in COLUMNS}
    found: dict[int, Column] = {}
    for number, written in sheet.header.items():
        column = names.get(" ".join(written.lower().split()))
        if column is None:
            hint = suggestion(written, [one.name for one in COLUMNS], listed_in="pohjasta (--template)")
            raise Refused(f'Saraketta "{written}" ei tunneta. {hint} Korjaa nimi tai poista sarake.')
        if column in found.values():
            raise Refused(f'Sarake "{column.name}" on kahdesti. Poista toinen.')
        found[number] = column
    if not any(column.name == "Järjestö" for column in found.values()):
        raise Refused('Sarake "Järjestö" puuttuu. Aloita pohjasta: tarjotin import --template jarjestot.xlsx')
    return found


def gathered(sheet: Sheet, words: Vocabulary, faults: list[Fault]) -> list[Group]:
    """The associations in the order of the table. What cannot be read is added to `faults` and left out."""
    columns = known_columns(sheet)
    numbers = {column.name: number for number, column in columns.items()}
    groups: list[Group] = []
    for number, cells in sheet.rows:
        strays = [column for column in cells if column not in columns]
        if strays:
            faults.append(Fault(Place(number, strays[0]), "ilman nimeä", "Arvo on sarakkeessa, jolla ei ole nimeä. Poista se."))
        given = list(_read(number, cells, columns, words, faults))
        group = _group_of(given, groups, Group(number, numbers))
        if group is None:
            faults.append(
                Fault(Place(number), "", "Järjestön nimi puuttuu. Kirjoita se tälle riville tai järjestön ensimmäiselle riville.")
            )
            continue
        _take(number, given, group, faults)
    return groups


def _read(
    number: int, cells: Mapping[int, Cell], columns: Mapping[int, Column], words: Vocabulary, faults: list[Fault]
) -> Iterator[Given]:
    for at, column in columns.items():
        cell, place = cells.get(at), Place(number, at)
        if cell is None:
            continue
        try:
            yield Given(column, None if cell.text == GONE else column.read(cell, words), place)
        except Unreadable as error:
            faults.append(Fault(place, column.name, str(error)))


def _group_of(given: list[Given], groups: list[Group], new: Group) -> Group | None:
    """The association that a row is about: one that is named alike already, a new one, or without a name the one above."""
    names = {one.column.name: str(one.value).lower() for one in given if one.column.name in NAMED_BY and one.value}
    if not names:
        return groups[-1] if groups else None
    for group in groups:
        told = {name: group.text(name).lower() for name in names if group.text(name)}
        if told and all(names[name] == said for name, said in told.items()):
            return group
    groups.append(new)
    return new


def _take(number: int, given: list[Given], group: Group, faults: list[Fault]) -> None:
    for one in given:
        if one.column.part != "activity":
            _take_repeated(one, group, faults)
    own = {one.column.name: one for one in given if one.column.part == "activity"}
    if own:
        group.activities.append(Rows(number, group.numbers, own))


def _take_repeated(one: Given, group: Group, faults: list[Fault]) -> None:
    """An association's cell may be repeated on its other rows, but not say something else there."""
    before = group.given.setdefault(one.column.name, one)
    if before.value != one.value:
        faults.append(
            Fault(one.place, one.column.name, f"Rivillä {before.place.row} on samalle järjestölle eri arvo. Jätä vain toinen.")
        )
