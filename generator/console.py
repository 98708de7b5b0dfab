"""How the commands speak: problems, failures, questions and a bar, in the terminal."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from generator.building.report import (
    failure_sentence,
    is_template_error,
    problem_annotation,
    problem_text,
    summary,
    without_private_values,
)
from generator.problems import ContentError, Problem
from generator.settings import Settings

if TYPE_CHECKING:
    from generator.building.publish import Progress
    from generator.checked import Content

NOTHING_WRITTEN = "Sivustoa ei muodostettu."


class Failure(click.ClickException):
    """A run that ends in a sentence and exit code 1."""

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature
        click.echo(self.message, err=True)


def checked(settings: Settings, verdict: str = "Mitään ei lähetetty.") -> "Content":
    """The content, or its problems and exit code 1."""
    from generator.pipeline import load_content  # noqa: PLC0415

    try:
        return load_content(settings)
    except ContentError as error:
        show_problems(error.problems, error.files, "text", verdict)
        raise SystemExit(1) from None


def ask(question: str, *, optional: bool = False) -> str:
    return str(click.prompt(question, default="" if optional else None, show_default=False)).strip()


class told_failures:  # noqa: N801 - reads as a statement
    """Turns what the disk and the templates refuse into a sentence. What is not foreseen keeps its traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        sentence = failure_sentence(error) if error else None
        if error and sentence:
            raise Failure(f"{sentence} {NOTHING_WRITTEN}" if is_template_error(error) else sentence) from None


def show_problems(problems: Iterable[Problem], files: int, style: str, verdict: str, private: str | None = None) -> None:
    """`private`: the folder of which no value may be shown."""
    problems = [without_private_values(one, private) if private else one for one in problems]
    last = summary(problems, files, verdict=verdict)
    if style == "json":
        told = {"problems": [problem.as_json() for problem in problems], "files": files, "summary": last}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    show: Callable[[Problem], str] = problem_annotation if style == "github" else problem_text
    for problem in problems:
        click.echo(show(problem))
    click.echo(last)


def progress_bar(*, quiet: bool) -> "Progress":
    """A bar on a terminal, nothing elsewhere."""
    return _no_bar if quiet or not sys.stderr.isatty() else _bar


def _no_bar(parts: Iterator[str], total: int) -> Iterable[str]:  # noqa: ARG001 - the shape of a Progress
    return parts


def _bar(parts: Iterator[str], total: int) -> Iterator[str]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import track  # noqa: PLC0415

    return iter(
        track(
            parts,
            description="Muodostetaan sivuja",
            total=total,
            console=Console(stderr=True),
            transient=True,
        )
    )
