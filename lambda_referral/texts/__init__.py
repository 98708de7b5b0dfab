"""The words of the mails."""

from datetime import date, datetime
from pathlib import Path

from lambda_common.texts import Texts
from lambda_common.working_days import HELSINKI

LANGUAGES = ("fi", "sv", "en")

_OWN = Texts(Path(__file__).parent)
texts, text = _OWN.of, _OWN.text


def language_name(language: str, identifier: str) -> str:
    return texts(language).get(f"language.{identifier}", identifier)


def day_text(language: str, day: date) -> str:
    """ "torstai 26.11.2026", "torsdag 26.11.2026", "Thursday 26 November 2026"."""
    weekday, month = text(language, f"weekday.{day.weekday()}"), text(language, f"month.{day.month}")
    return text(language, "day", weekday=weekday, day=str(day.day), month=month, year=str(day.year))


def time_text(language: str, moment: datetime) -> str:
    local = moment.astimezone(HELSINKI)
    return text(language, "time", day=day_text(language, local.date()), hour=str(local.hour), minute=f"{local.minute:02}")
