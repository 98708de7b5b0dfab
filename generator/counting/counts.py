"""How many requests and answers there have been: the functions' counters added up, and made fit to be told.

One rule keeps every figure from telling of few: it is rounded down to a multiple of five, and what is under five is left out. So
a hidden figure cannot be found by subtracting the shown ones, neither from a total nor from last month's.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from generator.models import SMALLEST, TIMES, AssociationFigures, Counts, Figures, UsualTime
from lambda_common.services import StoreDown
from lambda_referral import counting, waiting
from lambda_referral.counting import KINDS, REQUESTS
from lambda_referral.fields import ALL_ANSWERS

Read = Callable[[str], Mapping[str, str]]  # a sheet of the functions' store by its key
Slugs = Mapping[str, Iterable[str]]  # of each association all that it has had, today's first
MONTHS = 12
ANSWERS = "answers"


def full_months(today: date, count: int = MONTHS) -> list[tuple[int, int]]:
    """(year, month) of the last months that have ended, oldest first."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(count, 0, -1)]
    return [(year, month + 1) for year, month in months]


def tally(read: Read, slugs: Iterable[str], months: Iterable[tuple[int, int]]) -> Counter[str]:
    """The exact numbers of one association. Raises StoreDown."""
    months = list(months)
    found: Counter[str] = Counter()
    for slug in slugs:
        for year in sorted({year for year, _ in months}):
            sheet = read(counting.sheet_key(slug, year))
            for kind in KINDS:
                found[kind] += sum(int(sheet.get(counting.field_of(month, kind), "0")) for at, month in months if at == year)
    found[ANSWERS] = sum(found[kind] for kind in ALL_ANSWERS)
    return +found


def told(number: int) -> int | None:
    """A number as it may be told: at least so many; None when it is too small."""
    return number - number % SMALLEST or None


def told_total(total: int, parts: Iterable[int]) -> int | None:
    """A total whose parts may be told too. Without the ceiling, five parts of four would show: only they can make twenty."""
    ceiling = sum(part - part % SMALLEST + SMALLEST - 2 for part in parts)
    return told(min(total, ceiling))


def gather(read: Read, slugs: Slugs, today: date) -> Counts:
    """Everything that may be told of the last twelve full months. Raises StoreDown."""
    months = full_months(today)
    tallies = {slug: tally(read, names, months) for slug, names in slugs.items()}
    everything = sum(tallies.values(), Counter[str]())
    associations = {slug: _figures(found) for slug, found in tallies.items()}
    (first_year, first_month), (last_year, last_month) = months[0], months[-1]
    return Counts(
        **{"from": str(date(first_year, first_month, 1)), "to": str(_end_of(last_year, last_month))},
        region=_region(everything, tallies.values()),
        associations={slug: one for slug, one in sorted(associations.items()) if one != AssociationFigures()},
    )


def requests_of(read: Read | None, slugs: Iterable[str], today: date) -> int:
    """How many requests an association has had, for itself alone to read; 0 when it is not known, and when there are too few."""
    try:
        found = tally(read, slugs, full_months(today))[REQUESTS] if read else 0
    except StoreDown:
        return 0
    return found if found >= SMALLEST else 0


def waiting_of(read: Read, today: date) -> dict[str, list[str]]:
    """By association, the references that nobody has answered although their day of reminding has come. Raises StoreDown."""
    found: dict[str, list[str]] = {}
    for back in range(waiting.DAYS_KEPT, -1, -1):
        for reference, text in read(waiting.sheet_key(today - timedelta(back))).items():
            found.setdefault(waiting.Waiting.from_text(text).organisation, []).append(reference)
    return found


def bounces_of(read: Read, today: date) -> Counter[str]:
    """By association, the mails that did not arrive this week or the one before. Raises StoreDown."""
    found: Counter[str] = Counter()
    for back in (7, 0):
        found.update({slug: int(number) for slug, number in read(counting.bounces_key(today - timedelta(back))).items()})
    return found


def _end_of(year: int, month: int) -> date:
    return (date(year, month, 1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _region(everything: Counter[str], tallies: Collection[Counter[str]]) -> Figures:
    figures = {name: told(everything[name]) for name in Figures.model_fields}
    figures[REQUESTS] = told_total(everything[REQUESTS], (one[REQUESTS] for one in tallies))
    ways = ([one[ANSWERS] for one in tallies], [everything[kind] for kind in ALL_ANSWERS], [everything[kind] for kind in TIMES])
    figures[ANSWERS] = min(told_total(everything[ANSWERS], parts) or 0 for parts in ways) or None
    return Figures(**figures)


def _figures(found: Counter[str]) -> AssociationFigures:
    answers = told(found[ANSWERS])
    return AssociationFigures(requests=told(found[REQUESTS]), answers=answers, usual=usual_time(found) if answers else None)


def usual_time(found: Mapping[str, int]) -> UsualTime | None:
    """The class of the answer in the middle; None when there are too few to tell. Of two in the middle, the slower."""
    answers = [name for name in TIMES for _ in range(found.get(name, 0))]
    return answers[len(answers) // 2] if len(answers) >= SMALLEST else None


HEADING = """\
# Yhteydenottopyynnöt ja vastaukset lukuina, komennolla tarjotin counts --write (docs/yllapito.md). Luvut on pyöristetty alaspäin
# viiden kerrannaisiksi, ja alle viiden luvut on jätetty pois, jotta yhdestäkään ei voi päätellä yksittäistä pyyntöä.
"""


def written(counts: Counts) -> str:
    """The file content/counts.yaml."""
    data: dict[str, Any] = counts.model_dump(mode="json", by_alias=True, exclude_none=True)
    return HEADING + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def shown(counts: Counts, names: Mapping[str, str]) -> Iterator[str]:
    """The same for the terminal."""
    yield f"Yhteydenottopyynnöt {counts.first} – {counts.last}. Luvut on pyöristetty alaspäin viiteen."
    region = {name: number for name, number in counts.region if number}
    yield f"Alue: {', '.join(f'{WORDS[name]} {number}' for name, number in region.items()) or 'alle viisi pyyntöä'}"
    for slug, one in counts.associations.items():
        said = [f"{WORDS[name]} {getattr(one, name)}" for name in (REQUESTS, ANSWERS) if getattr(one, name)]
        said += [WORDS[one.usual]] if one.usual else []
        yield f"  {names.get(slug, slug)}: {', '.join(said)}"


WORDS = {
    "requests": "pyyntöjä",
    "cancelled": "peruttuja",
    "bounced": "palautuneita",
    "answers": "vastauksia",
    "contacted": "otettu yhteyttä",
    "not_reached": "ei tavoitettu",
    "full": "ryhmä täynnä",
    "unsuitable": "ei sopinut",
    "unopened": "ei auennut",
    "days_1": "viimeistään seuraavana arkipäivänä",
    "days_2": "2 arkipäivässä",
    "days_5": "3–5 arkipäivässä",
    "longer": "yli 5 arkipäivässä",
}
