"""Two people edit one association: both edits live, or both values are told."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content import parse_yaml
from lambda_edit.merge import Change, Conflict, changes, merge
from tests.builders import ROOT

FILES = sorted((ROOT / "content" / "organisations").glob("*.yaml"))
Edit = Callable[[dict[str, Any]], object]

BASE = {
    "name": "Esimerkki ry",
    "pitch": {"fi": "Tule mukaan.", "sv": "Kom med."},
    "description": "Kuvaus.\n",
    "contacts": [
        {"role": "Puheenjohtaja", "phone": "017 000 0101"},
        {"role": "Sihteeri", "phone": "017 000 0102", "email": "sihteeri@esimerkki.example.fi"},
    ],
    "activities": [
        {
            "id": "kerho",
            "name": "Kerho",
            "needs": ["diabetes", "sydan"],
            "municipalities": "koko-alue",
            "capacity": {"status": "open"},
        },
        {"id": "ryhma", "name": "Ryhmä", "needs": ["muisti"], "municipalities": ["kuopio"], "when": "ti"},
        {"id": "retki", "name": "Retki", "needs": ["muisti"], "municipalities": ["kuopio"]},
    ],
    "pauses": [{"from": "2027-07-01", "to": "2027-07-31"}],
}


def edited(edit: Edit) -> dict[str, Any]:
    one = copy.deepcopy(BASE)
    edit(one)
    return one


def _set(*path: str | int, to: Any) -> Edit:
    def edit(one: Any) -> None:
        for part in path[:-1]:
            one = one[part]
        if to is None:
            del one[path[-1]]
        elif path[-1] == "+":
            one.append(to)
        else:
            one[path[-1]] = to

    return edit


def _both(*edits: Edit) -> Edit:
    return lambda one: [edit(one) for edit in edits]


def _order(key: str, *places: int) -> Edit:
    return lambda one: one.update({key: [one[key][at] for at in places]})


SAME: dict[str, Edit] = {
    "nothing": lambda one: None,
    "a text as its Finnish": _set("name", to={"fi": "Esimerkki ry"}),
    "a last newline": _set("description", to="Kuvaus."),
    "a newline of Windows": _set("description", to="Kuvaus.\r\n"),
    "the whole region as a list": _set("activities", 0, "municipalities", to=["koko-alue"]),
    "an empty list for a missing one": _set("former_slugs", to=[]),
    "an empty mapping for a missing one": _set("season", to={}),
    "an empty text for a missing one": _set("website", to=""),
}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_what_a_reader_cannot_tell_apart_is_no_change(edit: Edit) -> None:
    assert changes(BASE, edited(edit)) == []
    assert merge(BASE, BASE, edited(edit)) == (BASE, [])


CHANGES: dict[str, tuple[Edit, list[Change]]] = {
    "a value": (_set("name", to="Uusi ry"), [Change("name", "Esimerkki ry", "Uusi ry")]),
    "a language": (_set("pitch", "sv", to="Välkommen."), [Change("pitch.sv", "Kom med.", "Välkommen.")]),
    "a language that comes": (_set("name", to={"fi": "Esimerkki ry", "sv": "Exempel"}), [Change("name.sv", None, "Exempel")]),
    "a text that loses its translation": (_set("pitch", to="Tule mukaan."), [Change("pitch.sv", "Kom med.", None)]),
    "a phone": (_set("contacts", 1, "phone", to="112"), [Change("contacts.1.phone", "017 000 0102", "112")]),
    "a contact that goes": (
        _set("contacts", 0, to=None),
        [Change("contacts.0.role", "Puheenjohtaja", None), Change("contacts.0.phone", "017 000 0101", None)],
    ),
    "a contact that comes first": (
        lambda one: one["contacts"].insert(0, {"role": "Toimisto", "phone": "112"}),
        [Change("contacts.0.role", None, "Toimisto"), Change("contacts.0.phone", None, "112")],
    ),
    "a contact that becomes another": (
        _set("contacts", 0, to={"role": "Toimisto", "phone": "112"}),
        [Change("contacts.0.role", "Puheenjohtaja", "Toimisto"), Change("contacts.0.phone", "017 000 0101", "112")],
    ),
    "contacts that change places": (
        _order("contacts", 1, 0),
        [Change("contacts", ["Puheenjohtaja", "Sihteeri"], ["Sihteeri", "Puheenjohtaja"])],
    ),
    "an activity's value, by its id": (_set("activities", 1, "when", to="ke"), [Change("activities.ryhma.when", "ti", "ke")]),
    "a list of words as a whole": (
        _set("activities", 0, "needs", "+", to="muisti"),
        [Change("activities.kerho.needs", ["diabetes", "sydan"], ["diabetes", "sydan", "muisti"])],
    ),
    "activities that change places": (
        _order("activities", 2, 0, 1),
        [Change("activities", ["kerho", "ryhma", "retki"], ["retki", "kerho", "ryhma"])],
    ),
    "an activity that goes and one that moves": (
        _order("activities", 2, 0),
        [
            Change("activities", ["kerho", "retki"], ["retki", "kerho"]),
            Change("activities.ryhma.id", "ryhma", None),
            Change("activities.ryhma.name", "Ryhmä", None),
            Change("activities.ryhma.needs", ["muisti"], None),
            Change("activities.ryhma.municipalities", ["kuopio"], None),
            Change("activities.ryhma.when", "ti", None),
        ],
    ),
    "a mapping that comes": (
        _set("review", to={"confirmed_on": "2027-03-01", "confirmed_by": "sihteeri"}),
        [Change("review.confirmed_on", None, "2027-03-01"), Change("review.confirmed_by", None, "sihteeri")],
    ),
    "a pause that goes": (
        _set("pauses", to=None),
        [Change("pauses.0.from", "2027-07-01", None), Change("pauses.0.to", "2027-07-31", None)],
    ),
    "a value of another shape": (_set("name", to=["x"]), [Change("name", "Esimerkki ry", ["x"])]),
}


@pytest.mark.parametrize(("edit", "expected"), CHANGES.values(), ids=CHANGES)
def test_changes_are_told_by_field(edit: Edit, expected: list[Change]) -> None:
    assert changes(BASE, edited(edit)) == expected


# Their edit, our edit, and what must come out; the same with the sides exchanged.
BOTH_LIVE: dict[str, tuple[Edit, Edit, Edit]] = {
    "two fields": (
        _set("name", to="Uusi ry"),
        _set("description", to="Uusi."),
        lambda one: one.update(name="Uusi ry", description="Uusi."),
    ),
    "two languages": (
        _set("pitch", "sv", to="Ny."),
        _set("pitch", "fi", to="Uusi."),
        lambda one: one.update(pitch={"fi": "Uusi.", "sv": "Ny."}),
    ),
    "a translation and its text": (
        _set("name", to={"fi": "Esimerkki ry", "sv": "Exempel"}),
        _set("name", to="Uusi ry"),
        _set("name", to={"fi": "Uusi ry", "sv": "Exempel"}),
    ),
    "two fields of a contact": (
        _set("contacts", 1, "phone", to="112"),
        _set("contacts", 1, "email", to="toimisto@esimerkki.example.fi"),
        lambda one: one["contacts"][1].update(phone="112", email="toimisto@esimerkki.example.fi"),
    ),
    "a contact before the one that changes": (
        lambda one: one["contacts"].insert(0, {"role": "Toimisto", "phone": "112"}),
        _set("contacts", 0, "phone", to="116 117"),
        lambda one: (one["contacts"][0].update(phone="116 117"), one["contacts"].insert(0, {"role": "Toimisto", "phone": "112"})),
    ),
    "two contacts that go": (_set("contacts", 0, to=None), _set("contacts", 1, to=None), _set("contacts", to=[])),
    "the same edit": (_set("name", to="Uusi ry"), _set("name", to="Uusi ry"), _set("name", to="Uusi ry")),
    "the same new contact": (
        _set("contacts", "+", to={"role": "Toimisto", "phone": "112"}),
        _set("contacts", "+", to={"role": {"fi": "Toimisto"}, "phone": "112"}),
        _set("contacts", "+", to={"role": "Toimisto", "phone": "112"}),
    ),
    "two activities": (
        _set("activities", 0, "name", to="Uusi"),
        _set("activities", 1, "when", to="ke"),
        _both(_set("activities", 0, "name", to="Uusi"), _set("activities", 1, "when", to="ke")),
    ),
    "an activity's order and its name": (
        _order("activities", 2, 1, 0),
        _set("activities", 0, "name", to="Uusi"),
        _both(_set("activities", 0, "name", to="Uusi"), _order("activities", 2, 1, 0)),
    ),
    "an activity that goes and another's name": (
        _set("activities", 1, to=None),
        _set("activities", 0, "name", to="Uusi"),
        _both(_set("activities", 0, "name", to="Uusi"), _set("activities", 1, to=None)),
    ),
    "a need that comes and one that goes": (
        _set("activities", 0, "needs", "+", to="muisti"),
        _set("activities", 0, "needs", to=["sydan"]),
        _set("activities", 0, "needs", to=["sydan", "muisti"]),
    ),
    "needs in another order and one that goes": (
        _set("activities", 0, "needs", to=["sydan", "diabetes"]),
        _set("activities", 0, "needs", to=["sydan"]),
        _set("activities", 0, "needs", to=["sydan"]),
    ),
    "two parts of the capacity": (
        _set("activities", 0, "capacity", "status", to="full"),
        _set("activities", 0, "capacity", "until", to="2027-01-31"),
        _set("activities", 0, "capacity", to={"status": "full", "until": "2027-01-31"}),
    ),
    "a pause ends later and gets a note": (
        _set("pauses", 0, "to", to="2027-08-07"),
        _set("pauses", 0, "note", to="Loma"),
        _set("pauses", 0, to={"from": "2027-07-01", "to": "2027-08-07", "note": "Loma"}),
    ),
}


@pytest.mark.parametrize(("one", "other", "expected"), BOTH_LIVE.values(), ids=BOTH_LIVE)
def test_edits_of_different_things_both_live(one: Edit, other: Edit, expected: Edit) -> None:
    for theirs, ours in ((one, other), (other, one)):
        merged, conflicts = merge(BASE, edited(theirs), edited(ours))
        assert conflicts == []
        assert changes(edited(expected), merged) == []


def test_new_items_of_both_stand_theirs_first() -> None:
    new = [{"id": "uusi", "name": "a"}, {"id": "toinen", "name": "b"}]
    merged, conflicts = merge(BASE, edited(_set("activities", "+", to=new[0])), edited(_set("activities", "+", to=new[1])))
    assert (merged["activities"][3:], conflicts) == (new, [])


CONFLICTS: dict[str, tuple[Edit, Edit, list[Conflict]]] = {
    "the same field": (_set("name", to="A"), _set("name", to="B"), [Conflict("name", "B", "A")]),
    "the same language": (_set("pitch", "sv", to="A"), _set("pitch", "sv", to="B"), [Conflict("pitch.sv", "B", "A")]),
    "the same phone": (
        _set("contacts", 1, "phone", to="112"),
        _set("contacts", 1, "phone", to="116 117"),
        [Conflict("contacts.1.phone", "116 117", "112")],
    ),
    "a contact goes and changes": (
        _set("contacts", 0, to=None),
        _set("contacts", 0, "phone", to="112"),
        [Conflict("contacts.0", {"role": "Puheenjohtaja", "phone": "112"}, None)],
    ),
    "a contact becomes another and changes": (
        _set("contacts", 0, to={"role": "Toimisto", "email": "toimisto@esimerkki.example.fi"}),
        _set("contacts", 0, "phone", to="112"),
        [
            Conflict(
                "contacts.0",
                {"role": "Puheenjohtaja", "phone": "112"},
                {"role": "Toimisto", "email": "toimisto@esimerkki.example.fi"},
            )
        ],
    ),
    "an activity changes and goes": (
        _set("activities", 1, "when", to="ke"),
        _set("activities", 1, to=None),
        [Conflict("activities.ryhma", None, {**BASE["activities"][1], "when": "ke"})],  # type: ignore[dict-item]
    ),
    "two new activities with one id": (
        _set("activities", "+", to={"id": "uusi", "name": "A", "when": "ti"}),
        _set("activities", "+", to={"id": "uusi", "name": "B", "where": "talo"}),
        [Conflict("activities.uusi.name", "B", "A")],
    ),
    "two orders": (
        _order("activities", 2, 1, 0),
        _order("activities", 1, 0, 2),
        [
            Conflict(
                "activities",
                edited(_order("activities", 1, 0, 2))["activities"],
                edited(_order("activities", 2, 1, 0))["activities"],
            )
        ],
    ),
    "two orders of words": (
        _set("activities", 0, "needs", to=["sydan", "diabetes", "a"]),
        _set("activities", 0, "needs", to=["a", "sydan", "diabetes"]),
        [Conflict("activities.kerho.needs", ["a", "sydan", "diabetes"], ["sydan", "diabetes", "a"])],
    ),
    "a text goes and changes": (
        _set("description", to=None),
        _set("description", to="Uusi."),
        [Conflict("description", "Uusi.", None)],
    ),
    "the whole region and a list": (
        _set("activities", 1, "municipalities", to="koko-alue"),
        _set("activities", 1, "municipalities", to=["kuopio", "tervo"]),
        [Conflict("activities.ryhma.municipalities", ["kuopio", "tervo"], "koko-alue")],
    ),
    "a field takes two shapes": (_set("name", to=["A"]), _set("name", to={"x": "B"}), [Conflict("name", {"x": "B"}, ["A"])]),
}


@pytest.mark.parametrize(("theirs", "ours", "expected"), CONFLICTS.values(), ids=CONFLICTS)
def test_edits_of_the_same_thing_are_told_with_both_values(theirs: Edit, ours: Edit, expected: list[Conflict]) -> None:
    merged, conflicts = merge(BASE, edited(theirs), edited(ours))
    assert conflicts == expected
    assert {one.field for one in changes(merged, edited(theirs))}.isdisjoint(one.field for one in expected)
    exchanged = merge(BASE, edited(ours), edited(theirs))[1]
    assert [(one.theirs, one.yours) for one in exchanged] == [(one.yours, one.theirs) for one in expected]


def test_more_items_than_anybody_has_are_merged_without_comparing_each_with_each() -> None:
    many, others = ([{"role": f"{side}{number}", "phone": str(number)} for number in range(500)] for side in "ab")
    merged, conflicts = merge({**BASE, "contacts": many}, {**BASE, "contacts": many}, {**BASE, "contacts": others})
    assert (merged["contacts"], conflicts) == (others, [])
    words = [str(number) for number in range(2000)]
    assert merge({"x": words}, {"x": [*words, "a"]}, {"x": words[::-1]})[0] == {"x": ["1999", "a", *words[-2::-1]]}


def test_what_was_not_changed_stays_written_as_theirs() -> None:
    theirs = edited(_set("pitch", "sv", to="Ny."))
    ours = {
        **edited(_set("contacts", 0, "phone", to="112")),
        "name": {"fi": "Esimerkki ry"},
        "description": "Kuvaus.",
        "former_slugs": [],
    }
    ours["activities"][0]["municipalities"] = ["koko-alue"]
    assert merge(BASE, theirs, ours) == (edited(_both(_set("pitch", "sv", to="Ny."), _set("contacts", 0, "phone", to="112"))), [])


def test_merging_into_nothing_gives_ours() -> None:
    assert merge({}, {}, BASE) == (BASE, [])
    assert merge(None, None, BASE) == (BASE, [])
    assert merge(BASE, BASE, {}) == ({}, [])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_form_that_changes_nothing_changes_nothing(file: Path) -> None:
    """A form gives every text without its last newline, and plain texts as Finnish."""
    written = parse_yaml(file.read_text("utf-8"))
    assert merge(written, written, as_form_gives(written)) == (written, [])
    assert changes(written, as_form_gives(written)) == []


def as_form_gives(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: as_form_gives(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [as_form_gives(one) for one in value]
    return {"fi": value.strip()} if key in ("pitch", "summary", "when", "where", "description", "role") else value.strip()


IDS, ROLES, WORDS = (
    ("kerho", "ryhma", "retki", "uusi", "toinen"),
    ("Puheenjohtaja", "Sihteeri", "Toimisto", "Neuvoja"),
    ("a", "b", "c"),
)
short = st.sampled_from(["A", "B", "C"])


def set_text(one: dict[str, Any], draw: Callable[..., Any]) -> None:
    key = draw(st.sampled_from(["name", "description", "website", "pitch"]))
    one[key] = draw(st.fixed_dictionaries({"fi": short, "sv": short}) | short) if key == "pitch" else draw(short)


def change_contact(one: dict[str, Any], draw: Callable[..., Any]) -> None:
    role = draw(st.sampled_from(ROLES))
    contact = next((contact for contact in one["contacts"] if contact["role"] == role), None)
    if contact is None:
        one["contacts"].insert(draw(st.integers(0, len(one["contacts"]))), {"role": role, "phone": draw(short)})
    elif draw(st.booleans()):
        contact[draw(st.sampled_from(["phone", "email"]))] = draw(short)
    else:
        one["contacts"].remove(contact)


def change_activity(one: dict[str, Any], draw: Callable[..., Any]) -> None:
    name = draw(st.sampled_from(IDS))
    activity = next((activity for activity in one["activities"] if activity["id"] == name), None)
    if activity is None:
        new = {"id": name, "name": draw(short), "needs": [draw(st.sampled_from(WORDS))]}
        one["activities"].insert(draw(st.integers(0, len(one["activities"]))), new)
    elif draw(st.integers(0, 3)):
        activity[draw(st.sampled_from(["name", "when", "capacity"]))] = draw(short)
    else:
        one["activities"].remove(activity)


def change_needs(one: dict[str, Any], draw: Callable[..., Any]) -> None:
    for activity in one["activities"][:1]:
        word = draw(st.sampled_from(WORDS))
        activity["needs"] = [need for need in activity["needs"] if need != word] + [word] * (word not in activity["needs"])


def move_activity(one: dict[str, Any], draw: Callable[..., Any]) -> None:
    if one["activities"]:
        moved = one["activities"].pop(draw(st.integers(0, len(one["activities"]) - 1)))
        one["activities"].insert(draw(st.integers(0, len(one["activities"]))), moved)


KINDS = (set_text, change_contact, change_activity, change_needs, move_activity)


@st.composite
def edits(draw: Callable[..., Any]) -> dict[str, Any]:
    """The association after up to four edits of any kind, in any order."""
    one = copy.deepcopy(BASE)
    for edit in draw(st.lists(st.sampled_from(KINDS), max_size=4)):
        edit(one, draw)
    return one


Seen = dict[tuple[str, ...], Any]


def seen(one: dict[str, Any]) -> Seen:
    """Everything that can be asked of the association, one answer to a question; what is missing answers None."""
    pitch = one["pitch"] if isinstance(one["pitch"], dict) else {"fi": one["pitch"]}
    found: Seen = {(key,): one.get(key) for key in ("name", "description", "website")}
    found |= {("pitch", language): pitch.get(language) for language in ("fi", "sv")}
    for contact in one["contacts"]:
        found |= {("contacts", contact["role"], key, value): value for key, value in contact.items()}
    for activity in one["activities"]:
        place = ("activities", activity["id"])
        found |= {(*place, key): activity.get(key) for key in ("id", "name", "when", "capacity")}
        found |= {(*place, "needs", need): True for need in activity["needs"]}
    return found


def covers(conflict: Conflict, question: tuple[str, ...]) -> bool:
    """Contacts are named by place in conflicts, and in questions by role and value: both may stay, as two contacts."""
    field = conflict.field.split(".")
    return field == list(question[: len(field)]) or (field[0] == question[0] == "contacts")


def holds(value: Any, answer: Any) -> bool:
    """Whether the answer can be read from the value; nothing, from nothing."""
    if isinstance(value, dict | list) and value != answer:
        return answer is None or any(holds(inner, answer) for inner in (value.values() if isinstance(value, dict) else value))
    return bool(value == answer)


def tells(conflicts: list[Conflict], question: tuple[str, ...], ours: Any, theirs: Any) -> bool:
    """Whether the answer that was lost can be read from a conflict; a contact's by its role, when that is what it is about."""
    answers = [ours, theirs, *(question[1:2] if question[0] == "contacts" else ())]
    return any(holds(one.yours, answer) or holds(one.theirs, answer) for one in conflicts for answer in answers)


@settings(deadline=None, max_examples=200)
@given(edits(), edits())
def test_any_two_edits_both_live_or_are_told_with_both_values(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    merged, conflicts = merge(BASE, theirs, ours)
    base, them, us, out = seen(BASE), seen(theirs), seen(ours), seen(merged)
    for question in base.keys() | them.keys() | us.keys() | out.keys():
        was, t, o, now = (one.get(question) for one in (base, them, us, out))
        told = [conflict for conflict in conflicts if covers(conflict, question)]
        if was in (t, o) or t == o:
            assert now == (o if t == was else t) or tells(told, question, o, t), question
        else:
            assert any(holds(one.yours, o) and holds(one.theirs, t) for one in told), question
    assert conflicts or out.keys() <= base.keys() | them.keys() | us.keys()


@settings(deadline=None, max_examples=200)
@given(edits(), edits())
def test_order_of_activities_is_theirs_or_ours_or_told(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    merged, conflicts = merge(BASE, theirs, ours)
    base, them, us, out = ([one["id"] for one in each["activities"]] for each in (BASE, theirs, ours, merged))
    common = [one for one in base if one in them and one in us and one in out]
    orders = [[one for one in each if one in common] for each in (base, them, us, out)]
    if not any(conflict.field == "activities" for conflict in conflicts):
        assert orders[3] == (orders[1] if orders[2] == orders[0] else orders[2])
        assert orders[0] in orders[1:3] or orders[1] == orders[2]


@settings(deadline=None, max_examples=200)
@given(edits(), edits())
def test_it_does_not_matter_who_is_first(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    (first, told_first), (second, told_second) = merge(BASE, theirs, ours), merge(BASE, ours, theirs)
    assert len(told_first) == len(told_second)
    assert told_first or seen(first) == seen(second)


@settings(deadline=None, max_examples=200)
@given(edits(), edits())
def test_changes_tell_all_that_differs_and_nothing_else(before: dict[str, Any], after: dict[str, Any]) -> None:
    merged, conflicts = merge(before, before, after)
    assert (changes(after, merged), conflicts) == ([], [])
    told = changes(before, after)
    assert len(told) == len(changes(after, before))
    moved = any(change.field in ("activities", "contacts") or change.field.endswith(".needs") for change in told)
    assert bool(told) == (seen(before) != seen(after) or moved)
