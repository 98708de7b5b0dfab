"""What a run did, in words and as data."""

import sqlite3
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeGuard

from generator.building.lock import Busy
from generator.building.output import Written
from generator.problems import Problem, Severity, counted

if TYPE_CHECKING:  # a build with nothing to do must not wait for these
    from jinja2 import TemplateError

    from generator.checked import Content


@dataclass(frozen=True)
class Report:
    organisations: int
    activities: int
    files: int
    new: int
    changed: int
    removed: int
    unchanged: int
    seconds: float
    base_path: str
    warnings: tuple[Problem, ...]

    @classmethod
    def of(cls, content: "Content", written: Written, seconds: float) -> "Report":
        return cls(
            organisations=len(content.organisations),
            activities=sum(len(one.activities) for one in content.known.values()),
            files=written.files,
            new=written.new,
            changed=written.changed,
            removed=written.removed,
            unchanged=written.unchanged,
            seconds=round(seconds, 3),
            base_path=content.site.base_path,
            warnings=content.warnings,
        )

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "warnings": [problem.as_json() for problem in self.warnings]}

    def __str__(self) -> str:
        what = f"{counted(self.organisations, 'järjestö', 'järjestöä')}, {counted(self.activities, 'toiminta', 'toimintaa')}"
        changes = f"{self.new} uutta, {self.changed} muuttunutta, {self.removed} poistettua"
        return f"{what}, {counted(self.files, 'tiedosto', 'tiedostoa')}: {changes}. {self.seconds:.1f} s"


def problem_text(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" + (f"  {problem.field}" if problem.field else "")
    prefix = "Varoitus: " if problem.severity is Severity.WARNING else ""
    return f"{place}\n  {prefix}{problem.message}"


def problem_annotation(problem: Problem) -> str:
    """A GitHub workflow command: an annotation on the line of the pull request."""
    file = _escaped(problem.file).replace(",", "%2C").replace(":", "%3A")
    return f"::{problem.severity} file={file},line={problem.line}::{_escaped(problem.message)}"


def without_private_values(problem: Problem, private_folder: str) -> Problem:
    """The problem as it may stand in a log that others can read: of a private file only where it is."""
    if not PurePosixPath(problem.file).is_relative_to(private_folder):
        return problem
    return replace(problem, field="", message="Yksityisessä tiedostossa on huomautettavaa. Katso omalla koneella: tarjotin check")


def _escaped(text: str) -> str:
    """Text as a workflow command carries it: no line of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def summary(problems: tuple[Problem, ...] | list[Problem], files: int, *, verdict: str) -> str:
    """The last line: how many errors and warnings in how many files, and what was done."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    told = [counted(errors, "virhe", "virhettä") if errors else "Ei virheitä"]
    if warnings:
        told.append(counted(warnings, "varoitus", "varoitusta"))
    return f"{', '.join(told)} {counted(files, 'tiedostossa', 'tiedostossa')}. {verdict}".rstrip()


def is_template_error(error: BaseException) -> TypeGuard["TemplateError"]:
    jinja2 = sys.modules.get("jinja2")  # what has not been imported has not failed
    return jinja2 is not None and isinstance(error, jinja2.TemplateError)


def failure_sentence(error: BaseException) -> str | None:
    """What the disk, another build or the templates refuse; None of what is not foreseen."""
    if isinstance(error, Busy):
        return "Toinen muodostus on kesken samassa kansiossa. Odota, että se päättyy, ja yritä uudelleen."
    if is_template_error(error):
        return template_sentence(error)
    if isinstance(error, OSError):
        reason = f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": ")
    elif isinstance(error, sqlite3.OperationalError):  # of what the cache keeps
        reason = str(error)
    else:
        return None
    return f"Levylle kirjoittaminen tai lukeminen ei onnistunut ({reason}). Tarkista tila ja oikeudet."


def template_sentence(error: "TemplateError") -> str:
    """What a broken template says. Jinja2 knows the place of a syntax error; of others it knows what was missing."""
    lineno = getattr(error, "lineno", None)
    place = f" ({getattr(error, 'filename', '')}:{lineno})" if lineno else ""
    return f"Sivupohjassa on virhe{place}: {error.message}. Korjaa sivupohja kansiossa site_templates."
