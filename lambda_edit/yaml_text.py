"""How a value is written into a YAML file: so that every reader of YAML reads the same text, and a person can read it too."""

import json
import re
from typing import Any, NamedTuple

STEP = 2


class Unwritable(Exception):
    """The values cannot be written into the file: too large, not text, or the file is laid out in a way that nobody expects."""


class Written(NamedTuple):
    """What stands on the key's own line, and the lines under it, each with its newline."""

    head: str
    body: str = ""


# Read as something else by one version of YAML or another.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_IDENTIFIER = re.compile(r"[a-z]+([-_][a-z0-9]+)*")
_KINDS = (*map(re.compile, (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"true|false", r"[1-9][0-9]?")), _IDENTIFIER)
# What YAML does not print, or what a reviewer would not see.
_UNSEEN = re.compile("[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")


def quoted(text: str) -> str:
    """A double-quoted scalar: JSON's form is one. Nothing in it means anything to YAML."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def bare(text: str, like: str) -> str:
    """The text without quotes when it is of the same harmless kind as the one it stands beside, such as a date for a date."""
    return text if kind_of(text) == kind_of(like) is not None else quoted(text)


def kind_of(text: str) -> str | None:
    """The kind of a text that nobody needs quotes to read: a date, yes or no, a small number, an identifier."""
    kind = next((kind.pattern for kind in _KINDS if kind.fullmatch(text)), None)
    return None if kind == _IDENTIFIER.pattern and text in _WORDS else kind


def name(key: str) -> str:
    return bare(key, "key")


def entry(key: str, value: Any, column: int, in_blocks: bool) -> str:
    """The lines of a key and its value. `in_blocks`: texts of many lines are written line by line."""
    head, body = written(value, column, in_blocks)
    return f"{' ' * column}{name(key)}:{head and ' ' + head}\n{body}"


def item(value: Any, column: int, in_blocks: bool) -> str:
    """The lines of a list's item, its dash at `column`."""
    if isinstance(value, dict) and value:
        inside = column + STEP
        return f"{' ' * column}- {''.join(entry(key, one, inside, in_blocks) for key, one in value.items())[inside:]}"
    head, body = written(value, column, in_blocks)
    return f"{' ' * column}-{head and ' ' + head}\n{body}"


def written(value: Any, column: int, in_blocks: bool) -> Written:
    """A value whose key stands at `column`."""
    inside = column + STEP
    if isinstance(value, str):
        return _block(value, inside) if in_blocks and _is_plain_prose(value) else Written(quoted(value))
    if isinstance(value, dict):
        return Written("", "".join(entry(key, one, inside, in_blocks) for key, one in value.items())) if value else Written("{}")
    if not isinstance(value, list):
        raise Unwritable
    if all(isinstance(one, str) and _IDENTIFIER.fullmatch(one) for one in value):
        return Written(f"[{', '.join(map(quoted, value))}]")
    return Written("", "".join(item(one, inside, in_blocks) for one in value))


def _is_plain_prose(text: str) -> bool:
    """Whether a block of lines would be read back as it is, also after an editor has tidied the ends of the lines."""
    lines = text.removesuffix("\n").split("\n")
    is_tidy = all(line == line.rstrip() for line in lines) and lines[0][:1].strip() != "" and lines[-1] != ""
    return "\n" in text and is_tidy and not re.search("[\x00-\x09\x0b-\x1f]", text) and not _UNSEEN.search(text)


def _block(text: str, column: int) -> Written:
    lines = text.removesuffix("\n").split("\n")
    body = "".join(f"{' ' * column}{line}\n" if line else "\n" for line in lines)
    return Written("|" if text.endswith("\n") else "|-", body)
