"""One YAML file, changed where its values change and nowhere else: comments, order, quotes and layout of all the rest stay."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from generator.content import MAX_FILE_BYTES, Fault, parse_yaml
from generator.models import Organisation
from generator.problems import Location
from generator.shapes import known_keys
from lambda_edit.splice import spliced
from lambda_edit.yaml_text import Unwritable, entry

__all__ = ["Unwritable", "new_document", "rewrite"]

_DEEPEST = 24


def rewrite(text: str, wanted: Mapping[str, Any], model: type[BaseModel] = Organisation) -> str:
    """The file's text, changed so that it reads as `wanted`; the same text when it already does. A new key finds its place by the
    model's order. Raises Unwritable."""
    if _reads_as(text, wanted):
        return text
    whole = text if text.endswith("\n") else text + "\n"
    ordered = _ordered(dict(wanted), model, ())
    for in_blocks in (True, False):
        changed = spliced(whole, ordered, in_blocks)
        if _reads_as(changed, ordered):
            return changed
    raise Unwritable


def new_document(wanted: Mapping[str, Any], model: type[BaseModel] = Organisation) -> str:
    """A file of its own, its keys in the model's order. Raises Unwritable."""
    ordered = _ordered(dict(wanted), model, ())
    for in_blocks in (True, False):
        text = "".join(entry(key, value, 0, in_blocks) for key, value in ordered.items())
        if _reads_as(text, ordered):
            return text
    raise Unwritable


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return len(text.encode()) <= MAX_FILE_BYTES and parse_yaml(text) == wanted
    except (Fault, UnicodeError):
        return False


def _ordered(value: Any, model: type[BaseModel], location: Location) -> Any:
    """The same values, the keys of each mapping in the order of its model. Raises Unwritable when nested beyond reason."""
    if len(location) > _DEEPEST:
        raise Unwritable
    if isinstance(value, list):
        return [_ordered(one, model, (*location, at)) for at, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    known = {key: at for at, key in enumerate(known_keys(model, location))}
    keys = sorted(value, key=lambda key: known.get(key, len(known)))
    return {key: _ordered(value[key], model, (*location, key)) for key in keys}
