"""A file of another's in JSON, whatever model it follows."""

import json
from pathlib import Path
from typing import Any

from generator.importing.drafts import Unreadable

Item = dict[str, Any]

MOST_BYTES = 300 * 1024 * 1024
NOT_JSON = "Tiedosto ei ole JSON-muotoa UTF-8-merkistöllä. Pyydä lähettäjältä uusi kopio."
TOO_LARGE = "Tiedosto on liian suuri. Pyydä lähettäjältä tiedot osina."


def read_json(path: Path) -> Any:
    """Raises Unreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(NOT_JSON) from None


def mappings(value: Any) -> list[Item]:
    """The things of a list: whatever else stands in it is no thing."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
