"""What every page of a language shares: the environment, the layout's values, labels and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from generator.checked import Content, WrittenPage
from generator.combinations import Combinations
from generator.dates import Freshness, freshness_on
from generator.facts import Facts
from generator.known import Known, nothing_known
from generator.models import Organisation
from generator.pages import CONTENT_PAGES, Plan, content_path
from generator.referrals import referral_period
from generator.rendering.assets import Assets
from generator.rendering.environment import Voice, make_environment
from generator.rendering.offline import manifest_path
from generator.rendering.skeleton import Skeleton, holes
from generator.rendering.typography import plural
from generator.rendering.views import ActivityView, OrganisationView, Terms, activity_view, organisation_view

NOINDEX = Markup('<meta name="robots" content="noindex">')
KEEP = Markup(" data-storable")  # of a page that a browser may store for the time without a network; without it, never stored


@dataclass(frozen=True)
class FooterPage:
    path: str
    title: str
    language: str


@dataclass(frozen=True, eq=False)
class Frame:
    """One language of one site on one day. Made once; every page renderer is given it."""

    content: Content
    plan: Plan
    assets: Assets
    today: date
    voice: Voice
    voices: tuple[Voice, ...]
    is_preview: bool = False
    known: Known = nothing_known

    @property
    def combinations(self) -> Combinations:
        return self.plan.combinations

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.content.taxonomy)

    @cached_property
    def environment(self) -> Environment:
        environment = make_environment(
            self.voice,
            self.content.site,
            self.today,
            voices=self.voices,
            asset=self.assets.address,
            keep="",
            manifest="" if self.is_preview else self.voices[0].url(manifest_path(self.voice, self.voices)),
            origin=self.content.site.url.rstrip("/"),
            footer_pages=[self._footer_page(slug) for slug in CONTENT_PAGES],
        )
        environment.filters["plain"] = self.voice.plain
        environment.filters["around"] = self.around_holes
        return environment

    def _footer_page(self, slug: str) -> FooterPage:
        page, language = self.written_page(slug)
        return FooterPage(content_path(slug), page.title, language)

    def written_page(self, slug: str) -> tuple[WrittenPage, str]:
        """A page of running text and the language that it is in: this one, or Finnish where it is not written."""
        pages, language = self.content.pages, self.voice.language
        return (pages[slug, language], language) if (slug, language) in pages else (pages[slug, "fi"], "fi")

    def render(self, template: str, *, title: str, description: str, path: str, is_indexed: bool = True, **values: Any) -> bytes:
        """A whole page from a template. `title` and `description` as plain text, `path` without prefix; `keep` as of `keep`."""
        robots = "" if is_indexed else NOINDEX
        markup = self.environment.get_template(template).render(
            title=title, description=description, path=path, robots=robots, **values
        )
        return markup.encode()

    def render_unlisted(self, name: str, path: str, **values: Any) -> bytes:
        """The page of pages/<name>.html, not for search engines, with title and description among the words of `name`."""
        own = self.voice.texts[name]
        return self.render(
            f"pages/{name}.html", title=own["title"], description=own["description"], path=path, is_indexed=False, **values
        )

    def skeleton(self, template: str, names: Iterable[str], **values: Any) -> Skeleton:
        """A page from a template with holes; `title` and `description` may be sentences around holes."""
        given = {**holes(names), **values}
        return Skeleton(self.environment.get_template(template).render(given))

    def part(self, template: str, **values: Any) -> Markup:
        """What a template without the layout draws, to be put into a skeleton's hole."""
        return Markup(self.environment.get_template(template).render(values))  # noqa: S704 - an autoescaped template

    def around_holes(self, sentence: str, **values: Any) -> Markup:
        """A sentence of the interface around markup, or around holes where its words will go."""
        return escape(sentence).format(**values)

    def text(self, *keys: str) -> str:
        """A word of the interface, by its place in texts/<language>.yaml."""
        value: Any = self.voice.texts
        for key in keys:
            value = value[key]
        return str(value)

    def component(self, file: str, macro: str, *values: Any, **named: Any) -> Markup:
        """The markup of one component."""
        module = self._module(f"components/{file}.html")
        return Markup(getattr(module, macro)(*values, **named))  # noqa: S704 - a macro of an autoescaped template

    @cache  # noqa: B019 - a frame lives as long as the build
    def _module(self, template: str) -> Any:
        return self.environment.get_template(template).module

    def keep(self, needs: Iterable[str] = (), slugs: Iterable[str] = ()) -> Markup:
        """The mark of a page about these needs and associations, for the element html: "" when one of them is sensitive."""
        plan = self.plan
        is_sensitive = not (plan.sensitive_needs.isdisjoint(needs) and plan.sensitive_organisations.isdisjoint(slugs))
        return Markup("") if is_sensitive else KEEP

    def counted(self, count: int) -> str:
        return plural(self.voice.texts["associations"], count)

    @cache  # noqa: B019
    def counted_html(self, count: int) -> bytes:
        return html(self.counted(count))

    @lru_cache(maxsize=4)  # noqa: B019 - for the card and the pages of one association, which come one after another
    def organisation_view(self, slug: str) -> OrganisationView:
        organisation, limits = self.content.organisations[slug], self.content.site.freshness
        takes_requests = slug in self.plan.referrals and referral_period(organisation, limits) is not None
        usual = self.content.usual_time(slug)
        return organisation_view(slug, organisation, limits, self.voice, takes_requests=takes_requests, usual_time=usual)

    @lru_cache(maxsize=4)  # noqa: B019
    def activity_views(self, slug: str) -> list[ActivityView]:
        organisation = self.content.organisations[slug]
        return [
            activity_view(activity, organisation, self.terms, self.content.site, self.voice)
            for activity in organisation.activities
        ]

    @lru_cache(maxsize=4)  # noqa: B019
    def activity_list(self, slug: str) -> Markup:
        """Everything about each activity, for the association's own pages."""
        return Markup("").join(
            self.component("activity", "activity", view, 3, detailed=True) for view in self.activity_views(slug)
        )

    def is_gone(self, organisation: Organisation | Facts) -> bool:
        return freshness_on(self.today, organisation.review, self.content.site.freshness) == Freshness.GONE


def html(text: str) -> bytes:
    """Text as finished markup for a skeleton's hole: escaped, unless it is markup already."""
    return str(escape(text)).encode()
