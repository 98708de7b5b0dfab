"""What the table says of an association, put over what its file says: what the table leaves open stays."""

from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

from generator.fields import RESERVED_SLUGS, slugify
from generator.importing.columns import COLUMNS
from generator.importing.faults import Fault
from generator.importing.rows import Given, Group, Rows
from generator.models import LANGUAGES
from lambda_edit.alike import is_same

Data = dict[str, Any]


def merged(before: Data, group: Group, faults: list[Fault]) -> tuple[Data, Mapping[int, Rows]]:
    """The association as the table wants it, and the rows of its activities by their place in it."""
    wanted = deepcopy(before)
    for given in group.given.values():
        if given.column.part == "organisation" and given.column.place != ("slug",):
            _put(wanted, given)
    activities = wanted.setdefault("activities", [])
    rows: dict[int, Rows] = {}
    for row in group.activities:
        at = _place_of(row, activities)
        if at in rows:
            faults.append(
                Fault(row.place_of("Toiminta"), "Toiminta", f"Sama toiminta on jo rivillä {rows[at].first}. Poista toinen.")
            )
            continue
        rows[at] = row
        for given in row.given.values():
            _put(activities[at], given)
    return wanted, rows


def _place_of(row: Rows, activities: list[Data]) -> int:
    """Where the activity is in the file, by its id or its name; a new one is added last, with an id made of its name."""
    id_, name = row.text("Toiminnan tunnus"), row.text("Toiminta")
    wanted = id_ or _id_from(name)
    for at, one in enumerate(activities):
        if one.get("id") == wanted or (not id_ and name and is_same(_finnish(one.get("name")), name)):
            return at
    activities.append({"id": wanted})
    return len(activities) - 1


def _id_from(name: str) -> str:
    made = slugify(name)
    return "toiminta" if made in RESERVED_SLUGS else made


def _finnish(text: Any) -> Any:
    return text.get("fi") if isinstance(text, dict) else text


def _put(target: Data, given: Given) -> None:
    """The value at its place, unless a reader sees the same there already."""
    *way, key = given.column.place
    language = str(key) if key in LANGUAGES else None
    if language:
        key = way.pop()  # a text stands there as a whole, in all its languages
    inner = _inside(target, way, key)
    value = _translated(inner.get(key), language, given.value) if language else given.value
    if value is None:
        inner.pop(key, None)
        if not inner and len(way) == 1:
            target.pop(str(way[0]), None)
    elif not is_same(inner.get(key), value):
        inner[key] = value


def _inside(target: Data, way: list[str | int], last: str | int) -> Any:
    """What holds the last key of a place; what is missing on the way is made."""
    inner: Any = target
    for key, following in pairwise((*way, last)):
        if isinstance(key, int):
            if len(inner) <= key:
                inner.append({})
            inner = inner[key]
        else:
            inner = inner.setdefault(key, [] if isinstance(following, int) else {})
    return inner


def _translated(old: Any, language: str, said: Any) -> Any:
    """The text in all its languages with this one changed; a lone Finnish text stays a plain string."""
    texts = dict(old) if isinstance(old, dict) else {"fi": old} if old else {}
    texts[language] = said
    ordered = {one: texts[one] for one in LANGUAGES if texts.get(one)}
    if list(ordered) == ["fi"] and not isinstance(old, dict):
        return ordered["fi"]
    return ordered or None


def changed_columns(before: Data, wanted: Data, rows: Mapping[int, Rows]) -> tuple[str, ...]:
    """The names of the columns that say something new; an activity's with its name."""
    found = [column.name for column in COLUMNS if column.part == "organisation" and _differs(before, wanted, column.place)]
    old = {one.get("id"): one for one in before.get("activities", [])}
    for activity in (wanted["activities"][at] for at in rows):
        name = str(_finnish(activity.get("name")) or activity["id"])
        if activity["id"] not in old:
            found.append(f"uusi toiminta {name}")
            continue
        columns = [one for one in COLUMNS if one.part == "activity" and _differs(old[activity["id"]], activity, one.place)]
        found += [f"{one.name} ({name})" for one in columns]
    return tuple(found)


def _differs(before: Data, after: Data, place: tuple[str | int, ...]) -> bool:
    return not is_same(value_at(before, place), value_at(after, place))


def value_at(data: Any, place: tuple[str | int, ...]) -> Any:
    """The value at a place, None where nothing is; a plain text is Finnish."""
    for key in place:
        if isinstance(data, str):
            return data if key == "fi" else None
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and len(data) > key else None
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data
