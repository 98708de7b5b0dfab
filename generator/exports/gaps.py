"""aukot.csv: every need and municipality with neither activity of its own nor region-wide, with the address of its page."""

from collections.abc import Iterator

from generator.exports.csv_files import as_csv
from generator.exports.tables import Row
from generator.pages import STATISTICS, Plan
from generator.rendering.environment import Voice
from generator.rendering.views import Terms
from generator.statistics import Statistics

NAME = "aukot.csv"
_HEADER = ("need", "need_label", "municipality", "municipality_label", "reach", "page")


def gaps_file(plan: Plan, voice: Voice) -> tuple[str, bytes]:
    """(path, bytes); `voice` is the Finnish one. `reach` is away when there is something remote or national, else none."""
    return STATISTICS + NAME, as_csv(_HEADER, _rows(plan, voice))


def _rows(plan: Plan, voice: Voice) -> Iterator[Row]:
    terms = Terms(plan.taxonomy)
    for cell in Statistics(plan.taxonomy, plan.combinations).gaps:
        need, municipality = terms.needs[cell.need], terms.municipalities[cell.municipality]
        names = (cell.need, voice.plain(need.label), cell.municipality, voice.plain(municipality.label))
        yield (*names, cell.reach, voice.url(cell.path))
