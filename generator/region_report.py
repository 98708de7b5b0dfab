"""`tarjotin report`: what a coordinator asks of the region. The scores of associations stay here: the site never shows them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.checked import Content
from generator.completeness import completeness
from generator.dates import Freshness, freshness_on
from generator.exports.csv_files import as_csv
from generator.models import Organisation, Term
from generator.pages import Plan
from generator.problems import counted
from generator.statistics import Counts, Statistics

ADVICE_SHOWN = 3
_FRESHNESS: Mapping[str, str] = {
    Freshness.FRESH: "ajan tasalla",
    Freshness.AGEING: "tarkistus vanhenemassa",
    Freshness.OLD: "vanhentunut, listoilla viimeisenä",
    Freshness.GONE: "poissa listoilta",
    "never": "ei koskaan vahvistettu, listoilla viimeisenä",
}


@dataclass(frozen=True)
class Standing:
    """How one association stands."""

    slug: str
    name: str
    status: str
    confirmed_on: date | None
    freshness: str
    score: int
    advice: tuple[str, ...]

    @classmethod
    def of(cls, slug: str, it: Organisation, content: Content, today: date) -> "Standing":
        found, review = completeness(it), it.review
        freshness = freshness_on(today, review, content.site.freshness) if review else "never"
        advice = tuple(one.sentence("fi") for one in found.missing)
        return cls(slug, it.name, it.status, review.confirmed_on if review else None, str(freshness), found.score, advice)


def region_report(content: Content, plan: Plan, today: date, style: str) -> str:
    """The report as text, as CSV (an association on each row) or as JSON (everything)."""
    open_ones = {slug: one for slug, one in content.organisations.items() if one.status != "closed"}
    standings = [Standing.of(slug, one, content, today) for slug, one in open_ones.items()]
    standings.sort(key=lambda one: (one.score, one.slug))
    statistics = Statistics(content.taxonomy, plan.combinations)
    if style == "csv":
        return _csv(standings)
    if style == "json":
        return json.dumps(_data(statistics, standings, today), ensure_ascii=False, indent=1, default=str) + "\n"
    return "\n".join((*_coverage(statistics), "", *_fresh(standings), "", *_complete(standings))) + "\n"


def _coverage(statistics: Statistics) -> Iterator[str]:
    taxonomy, offered = statistics.taxonomy, statistics.everything
    cells = sum(1 for _ in statistics.all_cells())
    yield "KATTAVUUS"
    associations = counted(offered.associations, "järjestö", "järjestöä")
    yield f"Listoilla on {associations} ja {counted(offered.activities, 'toiminto', 'toimintoa')}."
    yield f"Aukkoja (ei kunnan omaa eikä koko alueen toimintaa): {len(statistics.gaps)}/{cells}."
    yield from _counts("Tarveryhmittäin", taxonomy.need_groups, statistics.by_group, statistics.gaps_by_group)
    yield from _counts("Kunnittain", taxonomy.municipalities, statistics.by_municipality, statistics.gaps_by_municipality)
    yield from _counts("Kohderyhmittäin", taxonomy.target_groups, statistics.by_target_group)
    yield from _counts("Kielittäin", taxonomy.languages, statistics.by_language)


def _counts(heading: str, terms: Iterable[Term], counts: Counts, gaps: Counter[str] | None = None) -> Iterator[str]:
    yield f"{heading} (järjestöjä, toimintoja{', aukkoja' if gaps is not None else ''}):"
    for term in terms:
        found = counts[term.id]
        figures = [found.associations, found.activities, *([gaps[term.id]] if gaps is not None else [])]
        yield "".join(f"{figure:6}" for figure in figures) + f"  {term.label.fi}"


def _fresh(standings: list[Standing]) -> Iterator[str]:
    found = Counter(one.freshness for one in standings)
    yield "TUOREUS"
    for freshness, said in _FRESHNESS.items():
        yield f"{found[freshness]:6}  {said}"
        if freshness != Freshness.FRESH:
            late = sorted(
                (one for one in standings if one.freshness == freshness), key=lambda one: (str(one.confirmed_on), one.slug)
            )
            yield from (f"        {one.slug}{f' ({one.confirmed_on})' if one.confirmed_on else ''}" for one in late)


def _complete(standings: list[Standing]) -> Iterator[str]:
    average = round(sum(one.score for one in standings) / len(standings)) if standings else 0
    yield f"TÄYDELLISYYS (keskimäärin {average}/100; vähiten kertoneet ensin)"
    for one in standings:
        yield f"{one.score:6}  {one.slug}"
        yield from (f"        {advice}" for advice in one.advice[:ADVICE_SHOWN])


def _csv(standings: list[Standing]) -> str:
    header = ("slug", "name", "status", "confirmed_on", "freshness", "score", "advice")
    rows = (
        (one.slug, one.name, one.status, str(one.confirmed_on or ""), one.freshness, str(one.score), " ".join(one.advice))
        for one in standings
    )
    return as_csv(header, rows).decode()


def _data(statistics: Statistics, standings: list[Standing], today: date) -> dict[str, Any]:
    taxonomy = statistics.taxonomy
    by: Mapping[str, tuple[Iterable[Term], Counts]] = {
        "need_groups": (taxonomy.need_groups, statistics.by_group),
        "municipalities": (taxonomy.municipalities, statistics.by_municipality),
        "target_groups": (taxonomy.target_groups, statistics.by_target_group),
        "languages": (taxonomy.languages, statistics.by_language),
    }
    return {
        "day": today,
        "offered": {
            kind: {
                term.id: {"associations": counts[term.id].associations, "activities": counts[term.id].activities}
                for term in terms
            }
            for kind, (terms, counts) in by.items()
        },
        "gaps": [cell._asdict() for cell in statistics.gaps],
        "associations": [vars(one) for one in standings],
    }
