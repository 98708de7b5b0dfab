"""Somebody else was first: everything is read anew, a few times."""

from collections.abc import Callable
from typing import TypeVar

from lambda_edit.forge import Changed

TRIES = 3
Done = TypeVar("Done")


def tried(act: Callable[[], Done]) -> Done:
    """Raises Changed only when others are first again and again."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except Changed:
            continue
    return act()
