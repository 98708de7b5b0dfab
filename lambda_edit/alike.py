"""When two written values say the same to a reader, and which items of two lists are about the same thing."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from generator.models import LANGUAGES, WHOLE_REGION

MOST_COMPARED = 2500  # fifty by fifty: the models allow fewer, and who sends more gets a worse merge, not our time


class Pair(NamedTuple):
    """Places of one item in two lists; None where it is not. `is_sure` is false for two that are only in the same spot."""

    before: int | None
    after: int | None
    is_sure: bool = True


def is_same(one: Any, other: Any) -> bool:
    """ "x" and {fi: x}, a missing list and an empty one, koko-alue alone and as a list: all the same."""
    return bool(meaning(one) == meaning(other))


def meaning(value: Any) -> Any:
    """The value without what a reader cannot see; None for nothing at all."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    if isinstance(value, dict):
        said = {key: inner for key, item in value.items() if (inner := meaning(item)) is not None}
        return said["fi"] if list(said) == ["fi"] else said or None
    if isinstance(value, list):
        items = [inner for item in value if (inner := meaning(item)) is not None]
        return WHOLE_REGION if items == [WHOLE_REGION] else items or None
    return value


def in_languages(*values: Any) -> tuple[Any, ...]:
    """The values, where a lone text beside a translated one is translated too: {fi: …}."""
    if any(isinstance(value, dict) and value and value.keys() <= set(LANGUAGES) for value in values):
        return tuple({"fi": value} if isinstance(value, str) else value for value in values)
    return values


def have_ids(*lists: list[Any]) -> bool:
    """Whether every item can be told by its id."""
    return all(_ids_tell(items) for items in lists)


def _ids_tell(items: list[Any]) -> bool:
    ids = [item.get("id") for item in items]
    return all(isinstance(one, str) for one in ids) and len(set(ids)) == len(ids)


def pairs(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Pair]:
    """Each item of both lists once, in the order of `after`, what is only in `before` last."""
    old, new = dict(enumerate(before)), dict(enumerate(after))
    if have_ids(before, after):
        found = _equal(old, new, lambda item: str(item["id"]))
    else:
        found = _equal(old, new, lambda item: json.dumps(meaning(item), sort_keys=True))
        found += _similar(old, new) if len(old) * len(new) <= MOST_COMPARED else []
        found += [Pair(was, now, is_sure=False) for was, now in zip(list(old), list(new), strict=False)]
    paired = {pair.before for pair in found}, {pair.after for pair in found}
    found += [Pair(None, at) for at in range(len(after)) if at not in paired[1]]
    found.sort(key=lambda pair: pair.after or 0)
    return found + [Pair(at, None) for at in range(len(before)) if at not in paired[0]]


def _equal(old: dict[int, Any], new: dict[int, Any], key: Callable[[Any], str]) -> list[Pair]:
    """The items with the same key, which are taken away from both."""
    places: dict[str, list[int]] = {}
    for was, item in old.items():
        places.setdefault(key(item), []).insert(0, was)
    found = [Pair(same.pop(), now) for now, item in new.items() if (same := places.get(key(item)))]
    return _taken(found, old, new)


def _similar(old: dict[int, Any], new: dict[int, Any]) -> list[Pair]:
    """The items that say at least half the same, which are taken away from both."""
    free, found = dict(old), []
    for now, item in new.items():
        was = next((place for place, other in free.items() if _is_similar(other, item)), None)
        if was is not None:
            found.append(Pair(was, now))
            del free[was]
    return _taken(found, old, new)


def _taken(found: list[Pair], old: dict[int, Any], new: dict[int, Any]) -> list[Pair]:
    for was, now, _ in found:
        if was is not None and now is not None:
            del old[was], new[now]
    return found


def _is_similar(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether at least half of what the shorter one says is the same in both."""
    agreed = sum(is_same(one[key], other[key]) for key in one.keys() & other.keys())
    return 2 * agreed >= min(len(one), len(other)) > 0
