"""What changes are called, which publish themselves, and the words of a proposal: ours only, the values inside a fence."""

import re
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from itertools import groupby
from typing import Any

from generator.models import Activity
from lambda_edit.merge import Change
from lambda_edit.texts import text, texts

# With a signed link these are published at once: they grow old in days, and a wrong one does little harm.
_BY_ITSELF = re.compile(r"pauses(\..+)?|activities\.[^.]+\.(capacity|season)(\..+)?")
REFERENCE_LINE = "Viite: "
LONGEST_DIFF = 30_000
MOST_ROWS = 150  # a forge takes some 65,000 characters


def publishes_itself(changes: Sequence[Change]) -> bool:
    return bool(changes) and all(_BY_ITSELF.fullmatch(change.field) for change in changes)


def group_of(field: str) -> str:
    """The part of the association's data that a field belongs to: "contacts", "activities"."""
    return field.partition(".")[0]


def groups_of(changes: Iterable[Change]) -> list[str]:
    return list(dict.fromkeys(group_of(change.field) for change in changes))


def label(field: str, language: str) -> str:
    """A field in plain words: "Toiminta vertaisryhma: paikka". What a person wrote is in it only as an activity's id."""
    group, *rest = field.split(".")
    known = texts(language)
    name = known.get(f"field.{group}", group)
    if group == "activities" and rest and _is_id(rest):
        name, rest = text(language, "activity", id=rest[0]), rest[1:]
    inner = [known[f"field.{part}"] for part in rest if f"field.{part}" in known]
    return f"{name}: {', '.join(inner).lower()}" if inner else name


def _is_id(parts: Sequence[str]) -> bool:
    """Whether the first part names an activity, and not a field of every activity: activities.when."""
    fields = Activity.model_fields
    return parts[0] not in fields or (len(parts) > 1 and parts[1] in fields)


def shown(value: Any, language: str) -> str:
    """A value for reading: lists and mappings on one line each."""
    if value is None or value in ("", [], {}):
        return text(language, "nothing")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(inner, language)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(shown(inner, language) for inner in value)
    return str(value)


def title(slug: str, changes: Sequence[Change], *, is_new: bool) -> str:
    """The first line of the commit and the name of the proposal: names of groups only."""
    if is_new:
        return f"[{slug}] {text('fi', 'commit.new')}"
    names = ", ".join(text("fi", f"field.{group}").lower() for group in groups_of(changes))
    return f"[{slug}] {text('fi', 'commit.change', names=names)}"


def private_title(slug: str) -> str:
    return f"[{slug}] {text('fi', 'commit.addresses')}"


def message(first_line: str, references: Iterable[str]) -> str:
    return "\n\n".join((first_line, "\n".join(f"{REFERENCE_LINE}{one}" for one in references)))


def body(opening: str, changes: Sequence[Change], before: str, after: str, references: Sequence[str]) -> str:
    """The proposal's text: fixed words, a table of field names, and the diff in a fence that nothing in it can close."""
    fields = list(dict.fromkeys(change.field for change in changes))
    rows = [f"| {label(field, 'fi')} | `{field}` |" for field in fields[:MOST_ROWS]]
    rows += [f"| {text('fi', 'pr.cut')} | |"] if len(fields) > MOST_ROWS else []
    table = [f"| {text('fi', 'pr.what')} | {text('fi', 'pr.field')} |", "|---|---|", *rows] if rows else []
    diff = _diff(before, after)
    fence = "`" * max(3, _longest_run(diff) + 1)
    fenced = [f"{fence}diff", diff, fence] if diff else []
    parts = [opening, "\n".join(table), "\n".join(fenced), "\n".join(f"{REFERENCE_LINE}{one}" for one in references)]
    return "\n\n".join(part for part in parts if part)


def _diff(before: str, after: str) -> str:
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
    written = "\n".join(lines)
    if len(written) <= LONGEST_DIFF:
        return written
    return f"{written[:LONGEST_DIFF]}\n{text('fi', 'pr.cut')}"


def _longest_run(words: str) -> int:
    return max((len(list(run)) for character, run in groupby(words) if character == "`"), default=0)


def with_reference(words: str, reference: str) -> str:
    """A proposal's text that carries one more reference."""
    joint = "\n" if references_in(words) else "\n\n"
    return words if reference in references_in(words) else f"{words}{joint}{REFERENCE_LINE}{reference}"


def references_in(words: str) -> list[str]:
    """The references that a proposal's text carries: one for each edit that went into it."""
    return [line.removeprefix(REFERENCE_LINE) for line in words.splitlines() if line.startswith(REFERENCE_LINE)]
