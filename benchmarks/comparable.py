"""The command `tarjotin`, with only the pages that another generator is asked to make too: the home page, the results pages that
list something, and one page for each association; neither the search, nor the open data, nor what a client takes along.

    python -m benchmarks.comparable --root build/bench/region build
"""

from collections.abc import Iterator
from typing import Any

from generator import pipeline
from generator.building import publish, workers
from generator.cli import main
from generator.pages import HOME, HomePage, OrganisationPage, Page, Plan, ResultsPage
from generator.rendering.site import REST, File, SiteParts


class ComparablePlan(Plan):
    def other_pages(self) -> Iterator[Page]:
        yield HomePage(HOME)

    def association_pages(self, slug: str) -> Iterator[Page]:
        return (page for page in super().association_pages(slug) if isinstance(page, OrganisationPage))

    def need_pages(self, need: str) -> Iterator[Page]:  # noqa: ARG002
        return iter(())

    def type_pages(self, need: str, kind: str) -> Iterator[Page]:
        return (page for page in super().type_pages(need, kind) if isinstance(page, ResultsPage) and page.is_indexed)


class ComparableParts(SiteParts):
    def _for_common_files(self, slug: str) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        return iter(())

    def _handed_over(self, slug: str) -> Iterator[File]:  # noqa: ARG002
        return iter(())


if __name__ == "__main__":
    pipeline.Plan = ComparablePlan  # type: ignore[misc]
    workers.SiteParts = ComparableParts  # type: ignore[misc]
    publish.COMMON = (REST,)  # neither the search nor the open data
    main()
