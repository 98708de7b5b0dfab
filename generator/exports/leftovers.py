"""What a format has no field for, as names and values: so that nothing is lost between our files and theirs.

"season.enrol_by", "pitch.sv" and "pauses.0.from" are the places of values in an association's file, without its other keys.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Place = tuple[str, ...]


def written_in(shape: BaseModel) -> dict[str, Any]:
    """A shape as its file would say it: what is only the default is not written, and keys of requests are no data for others."""
    return shape.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"request_keys"})


def leftovers(value: Mapping[str, Any], told: Collection[str]) -> Iterator[tuple[str, str]]:
    """(place, value) of everything that is not told in a field of its own. `told` holds places, with all that is inside them."""
    return _leaves(value, "", told)


def _leaves(value: Any, place: str, told: Collection[str]) -> Iterator[tuple[str, str]]:
    if place in told:
        return
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{place}.{key}" if place else str(key), told)
    else:
        yield place, as_text(value)


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def put_together(leaves: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The mapping that has these values at these places. A mapping whose keys are all numbers is a list in their order."""
    whole: dict[str, Any] = {}
    for place, value in leaves:
        *path, last = place.split(".")
        inner = whole
        for key in path:
            step = inner.setdefault(key, {})
            inner = step if isinstance(step, dict) else inner
        inner[last] = value
    return {key: _with_lists(value) for key, value in whole.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(one) for key, one in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
