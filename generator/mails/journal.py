"""What has been sent, kept in a file of JSON lines: a second run of the day sends nothing, and a run that was cut short goes on.

The same interface as the table of the functions (lambda_common.services.Store), which takes its place where there is one. A line
holds a key, a state and a time: ids and a keyed hash of the address, never an address.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_common.local import LocalStore
from lambda_common.services import Item, StoreDown


@dataclass
class FileStore(LocalStore):
    """One run at a time. Raises StoreDown when the file cannot be read or written."""

    path: Path = Path("journal.jsonl")

    def __post_init__(self) -> None:
        for line in self._lines():
            key, state = line.pop("key"), line.get("state")
            if state:
                self.items[key] = Item(**line)
            else:
                self.items.pop(key, None)

    def _lines(self) -> list[dict[str, Any]]:
        """A line that was cut short by a crash is as if it had not been begun."""
        try:
            written = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        except OSError:
            raise StoreDown from None
        lines = []
        for line in written:
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
        return lines

    def put_new(self, key: str, item: Item) -> bool:
        is_new = super().put_new(key, item)
        if is_new:
            self._write({"key": key, **asdict(item)})
        return is_new

    def set_state(self, key: str, state: str) -> None:
        super().set_state(key, state)
        if key in self.items:
            self._write({"key": key, **asdict(self.items[key])})

    def delete(self, key: str, attempt: str) -> None:
        super().delete(key, attempt)
        if key not in self.items:
            self._write({"key": key})

    def _write(self, line: dict[str, object]) -> None:
        """On the disk before anything else happens. Begins with a line break of its own, in case the last line was cut short."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" + json.dumps(line, separators=(",", ":")))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise StoreDown from None
