"""What a run is about. Taken by the command line and passed on; nothing else reads the clock or the working folder."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where the project is, and what day it is there. A preview has a folder of its own, and assets without a hash in the
    name, so that a change of style does not touch every page."""

    root: Path
    today: date
    is_preview: bool = False
    jobs: int = 1  # processes

    @property
    def build(self) -> Path:
        return preview_folder(self.root) if self.is_preview else self.root / "build"


def preview_folder(root: Path) -> Path:
    return root / "build" / "preview"
