"""How Finnish, Swedish and English are set: dates, phone numbers, soft hyphens, plurals."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from lambda_common.phones import spoken_phone

NBSP = "\u00a0"
SHY = "\u00ad"
_LONG_WORD = re.compile(r"[\w-]{15,}")

# Where the last part of a long Finnish compound begins. Browsers do not hyphenate Finnish, and a syllable rule
# would break sydän-yhdistys as sydä-nyhdistys.
_COMPOUND_PARTS = re.compile(
    r"(?<=\w{3})(?=(?:yhdisty|sairau|toimin|ryhm|häiriö|ongelm|valmennu|riippuvuu|hoitaj|vaike|tukij|tukihenkil|"
    r"paikk|perhe|vammaisuu|vammais|neuvon|ohjau|apuun|keskus|verkosto|liitto|kulttuur|kahvil|terveys|"
    r"verisuoni|elimi|liikuntaelin|maksa|verenkierto|vamm|laakke|lääke|uhri|lähei)\w)"
)
_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def day(value: date, language: str) -> str:
    """21.11.2026; in English 21 November 2026."""
    if language == "en":
        return f"{value.day}{NBSP}{_ENGLISH_MONTHS[value.month - 1]}{NBSP}{value.year}"
    return f"{value.day}.{value.month}.{value.year}"


def span(first: date, last: date, language: str) -> str:
    """1.9.–15.10.2026, 1.9.2026–15.5.2027; in English 1 September 2026 – 15 May 2027."""
    if first == last:
        return day(first, language)
    if language != "en" and first.year == last.year:
        return f"{first.day}.{first.month}.–{day(last, language)}"
    dash = " – " if language == "en" else "–"  # spaces where the dates are of several words
    return f"{day(first, language)}{dash}{day(last, language)}"


@lru_cache(64)  # an association's number stands on each of its pages
def phone(value: str) -> str:
    """A number as it is read aloud, with spaces that do not break."""
    return spoken_phone(value).replace(" ", NBSP)


def soft_hyphens(text: str) -> str:
    """Text with soft hyphens at the joints of long Finnish compounds."""
    return _LONG_WORD.sub(lambda word: _COMPOUND_PARTS.sub(SHY, word[0]), text)


def hyphenate(text: str) -> Markup:
    """The same as escaped markup."""
    return Markup(soft_hyphens(str(escape(text))))  # noqa: S704 - escape() made it safe; a soft hyphen is no markup


def plural(forms: Mapping[str, str], count: int) -> str:
    """ "1 järjestö", "2 järjestöä": the form for a number, from texts with the keys one and other."""
    return forms["one" if count == 1 else "other"].format(n=count)
