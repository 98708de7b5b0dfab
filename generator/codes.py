"""The codes of ICPC-2 and ICD-10, the classifications of health care, as the taxonomy writes them: one by one or as ranges."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from generator.models import Need, Taxonomy


def needs_by_code(taxonomy: Taxonomy, spans_of: Callable[[Need], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Each code that the spans of the needs contain, sorted, with those needs' ids in the taxonomy's order."""
    needs: dict[str, list[str]] = defaultdict(list)
    for need in taxonomy.needs:
        for code in dict.fromkeys(code for span in spans_of(need) for code in range_members(span)):
            needs[code].append(need.id)
    return {code: tuple(needs[code]) for code in sorted(needs)}


def all_spans(need: Need) -> tuple[str, ...]:
    """What the need has of either classification."""
    return (*need.icpc2, *need.icd10)


def range_members(span: str) -> tuple[str, ...]:
    """The codes of a range, both ends included; none when it runs backwards or its ends are of different kinds.

    "E10-E12" → E10, E11, E12; across letters through 99, "X98-Y01"; with decimals only under one code, "G90.1-G90.3".
    """
    first, _, last = span.partition("-")
    if not last:
        return (first,)
    if "." in span:
        return _decimal_members(first, last)
    return tuple(f"{chr(65 + n // 100)}{n % 100:02}" for n in range(_ordinal(first), _ordinal(last) + 1))


def _ordinal(code: str) -> int:
    return (ord(code[0]) - 65) * 100 + int(code[1:3])


def _decimal_members(first: str, last: str) -> tuple[str, ...]:
    (stem, _, start), (other_stem, _, end) = first.partition("."), last.partition(".")
    if stem != other_stem or not start or not end:
        return ()
    return tuple(f"{stem}.{n:0{len(start)}}" for n in range(int(start), int(end) + 1))
