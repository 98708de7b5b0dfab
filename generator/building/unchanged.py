"""Whether there is anything to build at all. Imports little, so that a build with nothing to do takes a tenth of a second."""

from dataclasses import replace
from time import perf_counter

from generator.building.cache import Cache, with_cache
from generator.building.inputs import Inputs
from generator.building.output import JOURNAL, SITE
from generator.building.report import Report
from generator.settings import Settings


def unchanged_report(settings: Settings, inputs: Inputs) -> Report | None:
    """What the last build told, if it was made from the same and its site is still there; else None."""
    started = perf_counter()
    if not (settings.build / SITE).is_dir() or (settings.build / JOURNAL).exists():
        return None
    report = with_cache(settings.build, lambda cache: _last_report(inputs, cache))
    if not report:
        return None
    return replace(report, new=0, changed=0, removed=0, unchanged=report.files, seconds=round(perf_counter() - started, 3))


def _last_report(inputs: Inputs, cache: Cache) -> Report | None:
    folder = cache.fact("private folder", b"")
    report: Report | None = folder and cache.fact("report", inputs.key(folder))
    return report if cache.knows_site() else None


def remember(report: Report, key: bytes, private_folder: str, cache: Cache) -> None:
    """`key`: that of the inputs before anything was read, so that what is changed during a build is not lost."""
    cache.keep_fact("private folder", b"", private_folder)
    cache.keep_fact("report", key, report)
