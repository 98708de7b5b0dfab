"""Two states of the content side by side: what changed in each association, and which pages look different for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from generator.checked import Content
from generator.completeness import Completeness, completeness
from generator.content import Document, Sources, load_sources
from generator.likeness import Likeness, look_alikes
from generator.models import Organisation
from generator.pages import ConfirmationPage, EditPage, NeedPage, Page, Plan, ResultsPage, TypePage
from generator.pipeline import Settings, judged_day, plan_site
from generator.problems import ContentError, Problem
from generator.rendering.renderer import Renderer
from generator.rendering.site import make_frames
from generator.shapes import shape
from generator.validation import validate
from lambda_edit.merge import Change, changes

ORGANISATIONS = PurePosixPath("content/organisations")
SHARED = ("content/site.yaml", "taxonomy.yaml")


@dataclass(frozen=True)
class State:
    """The content at one point. What is in order is in `content`; what is not, in `problems`."""

    sources: Sources
    content: Content | None
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, folder: Path, today: date) -> "State":
        sources = load_sources(folder)
        try:
            content = validate(sources, today)
        except ContentError as error:
            return cls(sources, None, tuple(error.problems))
        return cls(sources, content, content.warnings)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The associations' files that can be read, by slug."""
        return {one.name: one for one in self.sources.organisations if isinstance(one, Document)}

    def organisation(self, slug: str) -> Organisation | None:
        """Also when something else in the content is wrong."""
        return shape(Organisation, self.documents[slug], []) if slug in self.documents else None


@dataclass(frozen=True)
class Difference:
    """One association, before and after; None when it is not there or not in order. A file that cannot be read has no changes."""

    slug: str
    before: Organisation | None
    after: Organisation | None
    is_new: bool
    is_gone: bool
    is_readable: bool
    changes: tuple[Change, ...]
    duplicates: tuple[str, ...]

    @property
    def scores(self) -> tuple[Completeness | None, Completeness | None]:
        return _score(self.before), _score(self.after)


def _score(organisation: Organisation | None) -> Completeness | None:
    return completeness(organisation) if organisation and organisation.status != "closed" else None


def changed_slugs(paths: list[str]) -> list[str]:
    """The associations whose files are among the paths."""
    found = (PurePosixPath(path) for path in paths)
    return [path.stem for path in found if path.parent == ORGANISATIONS and path.suffix == ".yaml"]


def differences(before: State, after: State, slugs: list[str]) -> Iterator[Difference]:
    for slug in slugs:
        was, now = before.documents.get(slug), after.documents.get(slug)
        yield Difference(
            slug=slug,
            before=before.organisation(slug),
            after=after.organisation(slug),
            is_new=slug not in before.sources.organisation_names,
            is_gone=slug not in after.sources.organisation_names,
            is_readable=now is not None,
            changes=tuple(changes(was.data if was else {}, now.data)) if now else (),
            duplicates=tuple(_duplicates(after, slug)),
        )


def _duplicates(state: State, slug: str) -> list[str]:
    """Those that may be the same association; one that has closed often has a successor of the same name."""
    shaped = {name: state.organisation(name) for name in state.documents}
    others = {name: Likeness.of(it) for name, it in shaped.items() if it and it.status != "closed" and name != slug}
    own = shaped.get(slug)
    return look_alikes(Likeness.of(own), others) if own and own.status != "closed" else []


# These change with every comment of the file that they edit, of which nobody needs to be told.
CARRYING_A_VERSION = (EditPage, ConfirmationPage)


def changed_pages(before: Content, after: Content, slugs: list[str], today: date) -> list[str]:
    """The addresses of the Finnish pages that look different, in the plan's order.

    Only pages of the needs that the associations have or had, and those that are few, are drawn and compared: no other page
    can show or count them."""
    needs = {need for content in (before, after) for slug in slugs for need in _needs(content, slug)}
    old, new = dict(_drawn(before, needs, today)), dict(_drawn(after, needs, today))
    return [path for path in dict.fromkeys((*new, *old)) if new.get(path) != old.get(path)]


def _needs(content: Content, slug: str) -> Iterator[str]:
    organisation = content.organisations.get(slug)
    for activity in organisation.activities if organisation else ():
        yield from activity.needs


def _drawn(content: Content, needs: set[str], today: date) -> Iterator[tuple[str, bytes]]:
    settings = Settings(Path(), today)
    plan: Plan = plan_site(content, settings)
    renderer = Renderer(make_frames(content, plan, judged_day(content, settings), hashed=False)[0])
    for page in plan.pages():
        if not isinstance(page, CARRYING_A_VERSION) and _can_change(page, needs):
            yield page.path, renderer.render(page)


def _can_change(page: Page, needs: set[str]) -> bool:
    need = page.wanted.need if isinstance(page, ResultsPage) else page.need if isinstance(page, NeedPage | TypePage) else None
    return need is None or need in needs
