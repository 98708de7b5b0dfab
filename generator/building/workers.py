"""Making the parts of the site, in this process or in several at once. Each process writes its own files and tells only what it
has made.
"""

import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from generator.building.cache import Cache, packed
from generator.building.output import Stage
from generator.checked import Content
from generator.pages import Plan
from generator.rendering.site import Made, SiteParts, joint_mark, make_frames

OWN = ("cache", "stage")  # of a task, in each process


class Shared(NamedTuple):
    """What other parts need of an association, pickled."""

    name: str
    slug: str
    value: bytes


@dataclass
class PartMade:
    """What became of one part's files. `mark` stands for all of them, `marks` for each by path (packed, because a country has a
    quarter of a million)."""

    name: str
    mark: bytes = b""
    marks: bytes = b""
    new: int = 0
    changed: int = 0
    files: int = 0
    gone: list[str] = field(default_factory=list)
    placed: list[tuple[str, str]] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)


@dataclass
class Task:
    """All that a worker needs to know. `knows_site`: whether the cache tells what the site folder holds; else it is read."""

    build: Path
    content: Content
    plan: Plan
    hashed: bool
    is_first: bool
    knows_site: bool
    today: date

    @cached_property
    def parts(self) -> SiteParts:
        frames = make_frames(self.content, self.plan, self.today, hashed=self.hashed, known=self._known)
        _ = self.plan.sensitive_organisations  # every page asks: found out once, before other processes begin as copies of this
        return SiteParts(frames)

    def _known(self, name: str, slugs: list[str]) -> Iterator[Any]:
        return self.cache.shared(name, slugs)

    @cached_property
    def cache(self) -> Cache:
        return Cache(self.build)

    @cached_property
    def stage(self) -> Stage:
        return Stage(os.fspath(self.build), self.is_first, str(os.getpid()))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("parts", *OWN)}

    def begin_elsewhere(self) -> None:
        """In another process, which has its own cache, and other names for the files that it stages."""
        for name in OWN:
            vars(self).pop(name, None)

    def made(self, names: list[str]) -> list[PartMade]:
        return [self.make(name) for name in names]

    def make(self, name: str) -> PartMade:
        part = PartMade(name, shared=self._shared(name))
        before = self.cache.marks(name) if self.knows_site else {}
        marks: dict[str, bytes] = {}
        for made in self.parts.files(name):
            marks[made.path] = made.mark
            self._put(part, made, before.pop(made.path, None))
        part.gone = list(before)
        part.mark = joint_mark(marks)
        part.marks = packed(marks)
        part.placed, self.stage.placed = self.stage.placed, []
        return part

    def _shared(self, part: str) -> list[Shared]:
        slug = part.partition("/")[2]
        return [Shared(name, slug, pickle.dumps(value)) for name, value in self.parts.shared(part)]

    def _put(self, part: PartMade, made: Made, before: bytes | None) -> None:
        part.files += 1
        if before == made.mark:
            return
        raw = made.make()
        if not self.knows_site and self.stage.is_same(made.path, raw):
            return
        is_new = before is None and (self.knows_site or not self.stage.has(made.path))
        part.new += is_new
        part.changed += not is_new
        self.stage.add(made.path, raw)
