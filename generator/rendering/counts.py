"""The page of contact requests in figures: of the region, and of each association of which there is enough to tell."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.models import Counts
from generator.pages import CountsPage, organisation_path
from generator.rendering.frame import Frame

NOTHING = "–"


@dataclass(frozen=True)
class CountRow:
    """What may be told of an association's requests; a dash for the rest."""

    name: str
    href: str
    requests: int | str
    answers: int | str
    usual: str


class CountsRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def render(self, page: CountsPage) -> bytes:
        frame, counts = self._frame, self._frame.content.counts
        assert counts  # else there is no such page
        t = frame.voice.texts["counts"]
        return frame.render(
            "pages/counts.html",
            title=t["heading"],
            description=t["description"].format(region=frame.voice.plain(frame.content.site.region)),
            path=page.path,
            days=frame.voice.span(counts.first, counts.last),
            region=[(name, number) for name, number in counts.region if number],
            rows=list(self._rows(counts)),
        )

    def _rows(self, counts: Counts) -> Iterator[CountRow]:
        """Of the associations that have a page, by name."""
        known, voice = self._frame.content.known, self._frame.voice
        told = [(known[slug].name, slug, one) for slug, one in counts.associations.items() if slug in known]
        for name, slug, one in sorted(told, key=lambda row: (row[0].casefold(), row[1])):
            usual = voice.texts["counts"]["time"][one.usual] if one.usual else NOTHING
            yield CountRow(name, voice.url(organisation_path(slug)), one.requests or NOTHING, one.answers or NOTHING, usual)
