"""Rules of the pages of running text, and of what they refer to."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from generator.checked import Surroundings, WrittenPage
from generator.content import PageDocument, Sources
from generator.markdown import Mentioned
from generator.models import PageHead, Taxonomy
from generator.pages import CONTENT_PAGES, is_address
from generator.pictures import ADDRESS, Picture
from generator.problems import Problem, sentence, suggestion
from generator.shapes import shape


def pages_of(sources: tuple[PageDocument | Problem, ...], problems: list[Problem]) -> dict[tuple[str, str], WrittenPage]:
    pages = {}
    for page in sources:
        if isinstance(page, Problem):
            continue
        if page.slug not in CONTENT_PAGES:
            hint = suggestion(page.slug, CONTENT_PAGES)
            problems.append(page.head.problem("page.unknown", found=page.slug, hint=hint))
            continue
        head = shape(PageHead, page.head, problems)
        if head:
            pages[page.slug, page.language] = WrittenPage(head.title, head.description, page.body)
    there = {page.file if isinstance(page, Problem) else page.head.file for page in sources}
    for slug in CONTENT_PAGES:
        name = f"content/pages/{slug}.fi.md"
        if name not in there:
            problems.append(Problem(name, 1, "", sentence("page.missing", found=name)))
    return pages


Pages = Sequence[tuple[PageDocument, Mentioned]]
Look = Callable[[Sequence[str]], Sequence[Mentioned]]  # what each of the texts refers to


def mentioned_problems(sources: Sources, look: Look, around: Surroundings) -> Iterator[Problem]:
    """What is wrong with what the pages of running text refer to."""
    written = [page for page in sources.pages if not isinstance(page, Problem)]
    mentioned = list(zip(written, look([page.body for page in written]), strict=True))
    yield from _picture_problems(sources, mentioned)
    if around.taxonomy:
        yield from _page_link_problems(mentioned, around.taxonomy, around)


def _page_link_problems(pages: Pages, taxonomy: Taxonomy, around: Surroundings) -> Iterator[Problem]:
    """Links within the site, in running text, that lead nowhere."""
    for page, mentioned in pages:
        dead = sorted({link for link in mentioned.links if not is_address(link, taxonomy, around.addresses)})
        yield from _dead_links(page, dead)


def _picture_problems(sources: Sources, pages: Pages) -> Iterator[Problem]:
    """Pictures in running text that there are not, or that say nothing to who cannot see them. What could not be read has its own
    problem, and is not missing."""
    there = {one.address if isinstance(one, Picture) else ADDRESS + PurePosixPath(one.file).name for one in sources.pictures}
    for page, mentioned in pages:
        for address, words in mentioned.pictures:
            code = "page.picture" if address not in there else None if words else "page.picture_alt"
            if code:
                line = page.first_line + page.body[: page.body.find(f"({address}")].count("\n")
                yield Problem(page.head.file, line, "", sentence(code, found=address))


def _dead_links(page: PageDocument, dead: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(page.body.splitlines(), page.first_line):
        for link in dead:
            if re.search(rf"(?<![\w/-]){re.escape(link)}(?![\w/-])", line):
                yield Problem(page.head.file, number, "", sentence("page.link", found=link))
