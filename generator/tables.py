"""The tables of facts that travel with the program (generator/data/*.csv): comment lines that say where the facts come from, a
header, rows."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table by its columns, as text, in the order of the file."""
    lines = (DATA / f"{name}.csv").read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))
