"""The words of mails and proposals, which lie in fi.json, sv.json and en.json of a folder: one sentence has one home."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


class Texts:
    """The texts of one folder. A text without its key, or a language that is not one of ours, is a programming error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.of = cache(self._read)

    def text(self, language: str, key: str, **facts: str) -> str:
        return self.of(language)[key].format(**facts)

    def _read(self, language: str) -> Mapping[str, str]:
        found: dict[str, str] = json.loads((self._folder / f"{language}.json").read_text("utf-8"))
        return found
