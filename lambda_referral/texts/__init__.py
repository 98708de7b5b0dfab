"""The words of the mails: one sentence has one home, in fi.json, sv.json or en.json."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from lambda_common.working_days import HELSINKI

LANGUAGES = ("fi", "sv", "en")


@cache
def texts(language: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads((Path(__file__).parent / f"{language}.json").read_text("utf-8"))
    return found


def text(language: str, key: str, **facts: str) -> str:
    """A text without its key, or a language that is not one of ours, is a programming error."""
    return texts(language)[key].format(**facts)


def language_name(language: str, identifier: str) -> str:
    return texts(language).get(f"language.{identifier}", identifier)


def day_text(language: str, day: date) -> str:
    """ "torstai 26.11.2026", "torsdag 26.11.2026", "Thursday 26 November 2026"."""
    weekday, month = text(language, f"weekday.{day.weekday()}"), text(language, f"month.{day.month}")
    return text(language, "day", weekday=weekday, day=str(day.day), month=month, year=str(day.year))


def time_text(language: str, moment: datetime) -> str:
    local = moment.astimezone(HELSINKI)
    return text(language, "time", day=day_text(language, local.date()), hour=str(local.hour), minute=f"{local.minute:02}")
