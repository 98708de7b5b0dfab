"""load → validate → index → plan → render → write → report."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from time import perf_counter

from generator.building.cache import Cache, with_cache
from generator.building.inputs import Inputs
from generator.building.lock import only_build
from generator.building.output import open_stage, recover, write_private
from generator.building.publish import Progress, Publication, without_progress
from generator.building.reading import KnownReader
from generator.building.report import Report
from generator.building.unchanged import remember
from generator.building.workers import Task
from generator.changes import last_changes
from generator.checked import Content
from generator.combinations import Combinations
from generator.content import list_sources, load_sources, private_folder_of
from generator.edits import edit_record
from generator.marks import digest
from generator.pages import Plan
from generator.referrals import finnish_holidays, recipients_record, referral_slugs
from generator.rendering.site import File, make_frames
from generator.search.index import search_files
from generator.settings import Settings as Settings  # noqa: PLC0414 - whoever builds finds it here
from generator.validation import validate


def build_site(
    settings: Settings, progress: Progress = without_progress, *, verify: bool = False, inputs: Inputs | None = None
) -> Report:
    """Builds the site. Raises ContentError before anything is planned, OSError with the old site untouched, or Busy.
    With `verify` every file of the old site is read, whatever earlier builds knew of it."""
    asked = inputs or Inputs(settings.root, settings.today)
    with only_build(settings.build):
        recover(settings.build)
        return with_cache(settings.build, lambda cache: _build_site(settings, progress, asked, cache, verify=verify))


def _build_site(settings: Settings, progress: Progress, inputs: Inputs, cache: Cache, *, verify: bool) -> Report:
    started = perf_counter()
    private_folder = private_folder_of(settings.root)
    key = inputs.key(private_folder) if not settings.is_preview else b""  # a preview builds when it sees a change
    code = inputs.code
    content = replace(_read_content(settings, cache, code), changes=last_changes(settings.root))
    task = make_task(content, settings, knows_site=not verify and cache.knows_site())
    frame = inputs.frame_key(hashed=task.hashed)
    publication = Publication(task, frame, told_keys(content, task), facts_keys(content, task), cache)
    written = publication.run(progress, settings.jobs)
    _write_private_records(content, settings, cache, code)
    report = Report.of(content, written, perf_counter() - started)
    if key:
        remember(report, key, private_folder, cache)
    return report


def _read_content(settings: Settings, cache: Cache, code: bytes) -> Content:
    reader = KnownReader(settings.root, cache, settings.build, code, settings.jobs)
    return validate(list_sources(settings.root), settings.today, reader)


def make_task(content: Content, settings: Settings, *, knows_site: bool) -> Task:
    plan, today = plan_site(content, settings), judged_day(content, settings)
    is_first = open_stage(settings.build).is_first
    return Task(settings.build, content, plan, not settings.is_preview, is_first, knows_site and not is_first, today)


def told_keys(content: Content, task: Task) -> dict[str, bytes]:
    """The key of all that may be told of each association: its file, what its dates mean today, whether it takes requests, and
    how soon it answers them."""
    return {
        slug: digest(slug, content.blobs[slug], *_day_of(slug, content, task), str(content.usual_time(slug)))
        for slug in content.facts
    }


def facts_keys(content: Content, task: Task) -> dict[str, bytes]:
    """The key of what the whole site knows of each association (facts.py): most edits of one leave it as it is."""
    return {slug: digest(slug, mark, *_day_of(slug, content, task)) for slug, mark in content.marks.items()}


def _day_of(slug: str, content: Content, task: Task) -> tuple[str, str]:
    """What the day means for an association."""
    return str(bisect(content.facts[slug].turns, task.today)), str(slug in task.plan.referrals)


def _write_private_records(content: Content, settings: Settings, cache: Cache, code: bytes) -> None:
    record, today = None, judged_day(content, settings)
    if content.site.referral:
        days_off = cache.remembered("holidays", digest(code, str(today)), lambda: finnish_holidays(today))
        record = recipients_record(content, today, days_off, cache.shared)
    write_private(settings.build, "recipients.json", record)
    write_private(settings.build, "edit.json", edit_record(content))


def load_content(settings: Settings) -> Content:
    """The region's content, checked. Raises ContentError with every problem."""
    return validate(load_sources(settings.root), settings.today)


def plan_site(content: Content, settings: Settings) -> Plan:
    return plan_on(content, judged_day(content, settings))


def plan_on(content: Content, today: date) -> Plan:
    combinations = Combinations(content.known, content.taxonomy, content.site.freshness, today)
    referrals, embeds = frozenset(referral_slugs(content, today)), content.site.embedding is not None
    verifies = bool(content.site.referral and content.site.referral.verifies_senders)
    editable, tells = content.editable, content.tells_counts
    return Plan(content.known, content.taxonomy, combinations, referrals, editable, embeds, verifies, tells)


def search_files_of(content: Content, settings: Settings, language: str) -> Iterator[File]:
    """The search's files in one language, as the build would publish them."""
    frames = make_frames(content, plan_site(content, settings), judged_day(content, settings))
    return search_files(next(frame for frame in frames if frame.voice.language == language))


def judged_day(content: Content, settings: Settings) -> date:
    """The day as of which dates are judged: today, or the fixed day of sample content."""
    return content.site.sample.today if content.site.sample else settings.today
