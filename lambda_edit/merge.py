"""Two people's edits of one association, field by field: what changed, and how both changes live together.

Everything is as written (generator.content): mappings, lists and texts, None for what is missing. Activities are the same when
their ids are; contacts and pauses, which have none, when they say the same or at least half of it (alike.py).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from generator.problems import Location, dotted
from lambda_edit.alike import have_ids, in_languages, is_same, meaning, pairs


class Change(NamedTuple):
    """One value that differs; None where there was or is nothing. Of a list of words the whole list, of items in another order
    their ids or titles."""

    field: str
    before: Any
    after: Any


class Conflict(NamedTuple):
    """Both sides changed it, to different values; None where one side removed it."""

    field: str
    yours: Any
    theirs: Any


Key = str | tuple[str, int]


def changes(before: Any, after: Any) -> list[Change]:
    """What a reader would call different. Activities are named by id, contacts and pauses by their place after the change, or
    the one before it when they are gone."""
    return list(_changes((), before, after))


def merge(base: Any, theirs: Any, ours: Any) -> tuple[dict[str, Any], list[Conflict]]:
    """`theirs` with all that `ours` changed since `base`. Where both changed the same to different values, `theirs` stays and
    both are told. What `ours` did not change stays written as in `theirs`."""
    conflicts: list[Conflict] = []
    return _merge((), base, theirs, ours, conflicts) or {}, conflicts


def _changes(place: Location, before: Any, after: Any) -> Iterator[Change]:
    if is_same(before, after):
        return
    was, now = in_languages(before, after)
    if _are_mappings(was, now):
        for key in dict.fromkeys((*(was or {}), *(now or {}))):
            yield from _changes((*place, key), (was or {}).get(key), (now or {}).get(key))
    elif _are_lists(dict, was, now):
        yield from _item_changes(place, was or [], now or [])
    else:
        yield Change(dotted(place), before, after)


def _item_changes(place: Location, before: list[Any], after: list[Any]) -> Iterator[Change]:
    found, by_id = pairs(before, after), have_ids(before, after)
    kept = [was for was, now, _ in found if was is not None and now is not None]
    if kept != sorted(kept):
        yield Change(dotted(place), [_title(before[at]) for at in sorted(kept)], [_title(before[at]) for at in kept])
    for was, now, _ in found:
        old, new = _item(before, was), _item(after, now)
        name: str | int = (new or old)["id"] if by_id else _place(was, now)
        yield from _changes((*place, name), old, new)


def _place(was: int | None, now: int | None) -> int:
    return (was or 0) if now is None else now


def _item(items: list[Any], place: int | None) -> Any:
    return None if place is None else items[place]


def _title(item: dict[str, Any]) -> str:
    """What a person would call it: an activity's id, a contact's role, a pause's first day."""
    said = meaning(item.get("id") or item.get("role") or next(iter(item.values()), ""))
    return str(next(iter(said.values()), "") if isinstance(said, dict) else said)


def _are_mappings(*values: Any) -> bool:
    return all(value is None or isinstance(value, dict) for value in values)


def _are_lists(kind: type, *values: Any) -> bool:
    """Whether they are lists of such items, or nothing; but not all of them nothing."""
    return any(values) and all(
        value is None or (isinstance(value, list) and all(isinstance(item, kind) for item in value)) for value in values
    )


def _are_words(*values: Any) -> bool:
    return _are_lists(str, *values) and all(len(set(value)) == len(value) for value in values if value)


def _merge(place: Location, base: Any, theirs: Any, ours: Any, conflicts: list[Conflict]) -> Any:
    if is_same(base, ours) or is_same(theirs, ours):
        return theirs
    was, them, us = in_languages(base, theirs, ours)
    if isinstance(them, dict) and isinstance(us, dict):
        return _unwrapped(theirs, _merge_mappings(place, was if isinstance(was, dict) else {}, them, us, conflicts))
    if _are_lists(dict, was, them, us):
        return _emptied(_merge_items(place, was or [], them or [], us or [], conflicts), theirs, ours)
    if _are_words(was, them, us):
        return _emptied(_merge_words(place, was or [], them or [], us or [], conflicts), theirs, ours)
    return _merge_leaf(place, base, theirs, ours, conflicts)


def _merge_leaf(place: Location, base: Any, theirs: Any, ours: Any, conflicts: list[Conflict]) -> Any:
    if is_same(base, ours) or is_same(theirs, ours):
        return theirs
    if not is_same(base, theirs):
        conflicts.append(Conflict(dotted(place), ours, theirs))
        return theirs
    return ours


def _unwrapped(theirs: Any, merged: dict[str, Any] | None) -> Any:
    """A text that only Finnish is written of stays a plain text."""
    return merged["fi"] if isinstance(theirs, str) and merged and list(merged) == ["fi"] else merged


def _emptied(merged: list[Any], theirs: Any, ours: Any) -> Any:
    """A list that has become empty is written, or missing, as who emptied it has it."""
    return merged or (ours if not ours else theirs if not theirs else [])


def _merge_mappings(
    place: Location, base: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any], conflicts: list[Conflict]
) -> dict[str, Any] | None:
    merged = {
        key: _merge((*place, key), base.get(key), theirs.get(key), ours.get(key), conflicts)
        for key in dict.fromkeys((*theirs, *ours))
    }
    return {key: value for key, value in merged.items() if value is not None} or None


def _merge_words(place: Location, base: list[str], theirs: list[str], ours: list[str], conflicts: list[Conflict]) -> list[str]:
    order = _merge_order(base, theirs, ours)
    if order is None:
        conflicts.append(Conflict(dotted(place), ours, theirs))
        return theirs
    both, before = set(theirs) & set(ours), set(base)
    return [word for word in order if word in both or word not in before]


def _merge_items(place: Location, base: list[Any], theirs: list[Any], ours: list[Any], conflicts: list[Conflict]) -> list[Any]:
    """Items under keys that mean the same in all three lists: the id, or the place in `base`, or else who added it where."""
    by_id = have_ids(base, theirs, ours)
    them = {one["id"]: (one, True) for one in theirs} if by_id else _keyed(base, theirs, "theirs")
    us = {one["id"]: (one, True) for one in ours} if by_id else _without_twins(_keyed(base, ours, "ours"), them)
    was = {one["id"] if by_id else ("base", at): one for at, one in enumerate(base)}
    names = {key: key if by_id else at for keyed in (them, us) for at, key in enumerate(keyed)}
    merged = {}
    for key in dict.fromkeys((*them, *us)):
        (their_item, they_sure), (our_item, we_sure) = them.get(key, (None, True)), us.get(key, (None, True))
        how = _merge if they_sure and we_sure else _merge_leaf
        merged[key] = how((*place, names[key]), was.get(key), their_item, our_item, conflicts)
    order = _merge_order(list(was), list(them), list(us))
    if order is None:
        conflicts.append(Conflict(dotted(place), ours, theirs))
    return [merged[key] for key in order or them if merged[key] is not None]


def _keyed(base: list[Any], items: list[Any], side: str) -> dict[Key, tuple[Any, bool]]:
    """Each item with whether it surely is what stood in `base` under that key."""
    found = [pair for pair in pairs(base, items) if pair.after is not None]
    return {
        (side, now) if was is None else ("base", was): (items[now], is_sure) for was, now, is_sure in found if now is not None
    }


def _without_twins(ours: dict[Key, tuple[Any, bool]], theirs: dict[Key, tuple[Any, bool]]) -> dict[Key, tuple[Any, bool]]:
    """What both sides added is one item when it says the same, or half of it: then the rest is told as a conflict."""
    added = [[key for key in side if key[0] != "base"] for side in (theirs, ours)]
    found = pairs([theirs[key][0] for key in added[0]], [ours[key][0] for key in added[1]])
    twins = {added[1][now]: added[0][was] for was, now, is_sure in found if was is not None and now is not None and is_sure}
    return {twins.get(key, key): item for key, item in ours.items()}


def _merge_order(base: list[Any], theirs: list[Any], ours: list[Any]) -> list[Any] | None:
    """Everything in either list, in the order of who changed it; None when both did, differently."""
    if _in_same_order(base, ours) or _in_same_order(theirs, ours):
        return _woven(theirs, ours)
    return _woven(ours, theirs) if _in_same_order(base, theirs) else None


def _in_same_order(one: list[Any], other: list[Any]) -> bool:
    common = set(one) & set(other)
    return [item for item in one if item in common] == [item for item in other if item in common]


def _woven(first: list[Any], second: list[Any]) -> list[Any]:
    """`first`, with each that is only in `second` after the one it follows there, behind what `first` added there itself."""
    common = set(first) & set(second)
    following: dict[Any, list[Any]] = {None: []}
    last = None
    for item in second:
        if item in common:
            following[item] = []
            last = item
        else:
            following[last].append(item)
    woven, last = [], None
    for item in first:
        if item in common:
            woven += following[last]
            last = item
        woven.append(item)
    return woven + following[last]
