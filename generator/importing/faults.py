"""What is wrong in a table, told by the place where a person sees it in a spreadsheet."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter


class Refused(Exception):
    """The table as a whole cannot be used: a sentence."""


class Unreadable(Exception):
    """A cell cannot be read: a sentence."""


@dataclass(frozen=True, order=True)
class Place:
    """A row by its number in the spreadsheet (the header is 1), and the number of a column from 1; 0 is the whole row."""

    row: int
    column: int = 0


@dataclass(frozen=True, order=True)
class Fault:
    place: Place
    column: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        cell = f" ({get_column_letter(self.place.column)}{self.place.row})" if self.place.column else ""
        where = f"Rivi {self.place.row}" + (f", sarake {self.column}{cell}" if self.column else "")
        return f"{where}\n  {'Varoitus: ' if self.is_warning else ''}{self.message}"
