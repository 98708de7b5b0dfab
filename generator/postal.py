"""Which postal codes belong to a municipality: generator/data/postal_codes.csv, which also says where they come from."""

from collections.abc import Iterator, Mapping
from functools import cache

from generator.tables import read_table


def postal_codes_of(municipality_code: str) -> tuple[str, ...]:
    """The five-digit postal codes of a municipality, ascending, by its three-digit code of Statistics Finland ("297"). Those of
    post-office boxes and companies are among them. Empty for a code that the table does not know."""
    return _all_codes().get(municipality_code, ())


@cache
def _all_codes() -> Mapping[str, tuple[str, ...]]:
    return {row["municipality"]: tuple(_spelt_out(row["postal_codes"])) for row in read_table("postal_codes")}


def _spelt_out(ranges: str) -> Iterator[str]:
    """00100-00102 00120 → 00100, 00101, 00102, 00120"""
    for one in ranges.split():
        first, _, last = one.partition("-")
        yield from (f"{code:05}" for code in range(int(first), int(last or first) + 1))
