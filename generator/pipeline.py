"""load → validate → index → plan → render → write → report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter

from generator.changes import last_changes
from generator.combinations import Combinations
from generator.content import load_sources
from generator.edits import edit_record
from generator.output import write_private, write_site
from generator.pages import Plan
from generator.referrals import recipients_record, referral_slugs
from generator.rendering.site import File, make_frames, render_site
from generator.report import Report
from generator.search.index import search_files
from generator.validation import Content, validate

Progress = Callable[[Iterator[File], Plan], Iterable[File]]


@dataclass(frozen=True)
class Settings:
    """Where the project is, and what day it is there. A preview has a folder of its own, and assets without a hash in the
    name, so that a change of style does not touch every page."""

    root: Path
    today: date
    is_preview: bool = False

    @property
    def build(self) -> Path:
        return self.root / "build" / "preview" if self.is_preview else self.root / "build"


def without_progress(files: Iterator[File], plan: Plan) -> Iterable[File]:  # noqa: ARG001 - the shape of a Progress
    return files


def build_site(settings: Settings, progress: Progress = without_progress) -> Report:
    """Builds the site. Raises ContentError before anything is planned, or OSError with the old site untouched."""
    started = perf_counter()
    content = replace(load_content(settings), changes=last_changes(settings.root))
    plan = plan_site(content, settings)
    files = render_site(content, plan, judged_day(content, settings), hashed=not settings.is_preview)
    written = write_site(settings.build, progress(files, plan))
    record = recipients_record(content, judged_day(content, settings)) if content.site.referral else None
    write_private(settings.build, "recipients.json", record)
    write_private(settings.build, "edit.json", edit_record(content))
    return Report.of(content, written, perf_counter() - started)


def load_content(settings: Settings) -> Content:
    """The region's content, checked. Raises ContentError with every problem."""
    return validate(load_sources(settings.root), settings.today)


def plan_site(content: Content, settings: Settings) -> Plan:
    today = judged_day(content, settings)
    combinations = Combinations(content.organisations, content.taxonomy, content.site.freshness, today)
    return Plan(content.organisations, content.taxonomy, combinations, referral_slugs(content, today), content.editable)


def search_files_of(content: Content, settings: Settings, language: str) -> Iterator[File]:
    """The search's files in one language, as the build would publish them."""
    frames = make_frames(content, plan_site(content, settings), judged_day(content, settings))
    return search_files(next(frame for frame in frames if frame.voice.language == language))


def judged_day(content: Content, settings: Settings) -> date:
    """The day as of which dates are judged: today, or the fixed day of sample content."""
    return content.site.sample.today if content.site.sample else settings.today
