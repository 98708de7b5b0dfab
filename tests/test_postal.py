"""The postal codes of each municipality."""

import re

import pytest

from generator.postal import postal_codes_of
from generator.tables import read_table

CODES = [row["municipality"] for row in read_table("postal_codes")]


@pytest.mark.parametrize(
    ("municipality", "has", "has_not"),
    [
        ("297", "70100", "71800"),
        ("749", "71800", "70100"),
        ("091", "00100", "01300"),
        ("051", "27100", "27400"),
        ("478", "22100", "22150"),
    ],
    ids=["kuopio", "siilinjarvi", "helsinki-with-zeros", "eurajoki-beside-eura", "mariehamn"],
)
def test_postal_code_is_in_its_own_municipality_only(municipality: str, has: str, has_not: str) -> None:
    assert has in postal_codes_of(municipality)
    assert has_not not in postal_codes_of(municipality)


def test_range_is_spelt_out_with_its_ends_and_nothing_beyond() -> None:
    """The row of Alajärvi has 62900-62901."""
    found = postal_codes_of("005")
    assert [code for code in found if "62900" <= code < "62910"] == ["62900", "62901"]


def test_every_municipality_has_codes_and_no_code_is_in_two() -> None:
    everything = [code for municipality in CODES for code in postal_codes_of(municipality)]
    assert len(CODES) == 308
    assert all(postal_codes_of(code) for code in CODES)
    assert all(re.fullmatch(r"\d{5}", code) for code in everything)
    assert len(everything) == len(set(everything))


def test_place_that_the_table_does_not_know_has_no_codes() -> None:
    assert postal_codes_of("999") == ()
