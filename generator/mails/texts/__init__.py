"""The words of the mails that the command line sends to associations: one sentence has one home, in fi.json, sv.json or en.json.

What a page says too (when, where, capacity …) is taken from the words of the pages.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def texts(language: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads((Path(__file__).parent / f"{language}.json").read_text("utf-8"))
    return found


def text(language: str, key: str, **facts: str) -> str:
    """A text without its key, or a language that is not one of ours, is a programming error."""
    return texts(language)[key].format(**facts)
