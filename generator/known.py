"""What earlier builds made of each association, for whoever needs it of all of them (building/cache.py keeps it)."""

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

# By name, what was made of each of the associations, in their order; None of one of which nothing is known
Known = Callable[[str, list[str]], Iterator[Any]]


def nothing_known(name: str, slugs: list[str]) -> Iterator[None]:  # noqa: ARG001 - the shape of a Known
    """All of it has to be made."""
    return repeat(None, len(slugs))
