"""What each association puts into the files of open data, as finished text. A file is made by joining them, so that a build after
an edit has only that association's to make."""

from collections.abc import Iterator
from functools import lru_cache

from generator.exports.atom import told_of
from generator.exports.csv_files import lines_of
from generator.exports.fhir import Fhir
from generator.exports.hsds import Hsds
from generator.exports.public import BETWEEN, Published, to_json
from generator.exports.tables import TABLES
from generator.known import Known, nothing_known


class Pieces:
    """Those of a region; `known` has the ones that were made before."""

    def __init__(self, published: Published, known: Known = nothing_known) -> None:
        self._published, self._known = published, known
        self.hsds, self.fhir = Hsds(published), Fhir(published)

    def of(self, slug: str) -> Iterator[tuple[str, str]]:
        """(name, text) of each, none for a closed association."""
        if not self._published.has(slug):
            return
        it = self._published.content.organisations[slug]
        yield "hsds/organizations", to_json(self.hsds.organization(slug, it))
        yield "hsds/services", BETWEEN.join(map(to_json, self.hsds.services(slug, it)))
        yield "atom", told_of(self._published, slug, it)
        yield "fhir", BETWEEN.join(map(to_json, self.fhir.entries(slug, it)))
        for table in TABLES:
            if table.rows_of:
                yield f"csv/{table.key}", "".join(lines_of(table.rows_of(self._published, slug, it)))

    def text(self, name: str, slug: str) -> str:
        return next(self.texts(name, [slug]))

    def texts(self, name: str, slugs: list[str]) -> Iterator[str]:
        for slug, known in zip(slugs, self._known(name, slugs), strict=True):
            yield self._made(slug)[name] if known is None else known

    @lru_cache  # noqa: B019 - one for a build; whoever asks for all goes through them once for each name
    def _made(self, slug: str) -> dict[str, str]:
        return dict(self.of(slug))
