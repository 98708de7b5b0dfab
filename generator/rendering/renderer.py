"""One language of the site: which template shows which page, and with what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.combinations import ALL_TYPES, Combination
from generator.facts import Facts
from generator.markdown import render_page_text
from generator.models import WHOLE_REGION, Need, Organisation, Term
from generator.pages import (
    AddressPage,
    AnswerPage,
    ApprovalPage,
    CodePage,
    ConfirmationPage,
    ContentPage,
    CountsPage,
    DirectoryPage,
    EditPage,
    EmbedMunicipalityPage,
    EmbedNeedPage,
    EmbedOrganisationPage,
    ForwardPage,
    GapsPage,
    HomePage,
    JoiningPage,
    KeyPage,
    MunicipalityPage,
    NeedPage,
    OfflinePage,
    OpenDataPage,
    OpeningPage,
    OrganisationPage,
    OrganisationsPage,
    Page,
    ReferralPage,
    RemindersPage,
    ResultsPage,
    SenderPage,
    StatisticsPage,
    TrayPage,
    TypePage,
    code_path,
    municipality_path,
    need_path,
    organisation_path,
    results_path,
)
from generator.rendering.alphabet import Entry, letters
from generator.rendering.choices import ChoicesRenderer
from generator.rendering.counts import CountsRenderer
from generator.rendering.edit import EditRenderer
from generator.rendering.embed import EmbedRenderer
from generator.rendering.frame import KEEP, NOINDEX, Frame, html
from generator.rendering.open_data import OpenDataRenderer
from generator.rendering.referral import ReferralRenderer
from generator.rendering.results import ResultsRenderer
from generator.rendering.sealing import SealingRenderer
from generator.rendering.skeleton import Skeleton
from generator.rendering.statistics import StatisticsRenderer
from generator.rendering.structured_data import organisation_data
from generator.rendering.views import in_place, municipality_label


@dataclass(frozen=True)
class NeedLink:
    term: Need
    path: str
    count: str


@dataclass(frozen=True)
class NeedGroup:
    term: Term
    needs: list[NeedLink]


class Renderer:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.results = results = ResultsRenderer(frame)
        choices = ChoicesRenderer(frame, results)
        referral = ReferralRenderer(frame)
        statistics, sealing, embed = StatisticsRenderer(frame), SealingRenderer(frame), EmbedRenderer(frame)
        self._edit = edit = EditRenderer(frame)
        self._by_kind: Mapping[type[Page], Callable[[Any], bytes]] = {
            HomePage: self._home,
            NeedPage: choices.need,
            TypePage: choices.type,
            ResultsPage: results.render,
            OrganisationPage: self._organisation,
            OrganisationsPage: self._organisations,
            MunicipalityPage: self._municipality,
            DirectoryPage: self._directory,
            CodePage: self._code,
            OpenDataPage: OpenDataRenderer(frame).render,
            StatisticsPage: statistics.overview,
            GapsPage: statistics.group,
            CountsPage: CountsRenderer(frame).render,
            ForwardPage: self._forward,
            ContentPage: self._content,
            OfflinePage: self._offline,
            ReferralPage: referral.request,
            TrayPage: referral.tray,
            AnswerPage: referral.answer,
            SenderPage: referral.sender,
            RemindersPage: referral.reminders,
            EditPage: edit.edit,
            JoiningPage: edit.joining,
            ConfirmationPage: edit.confirmation,
            AddressPage: edit.address,
            KeyPage: sealing.key,
            OpeningPage: sealing.opening,
            ApprovalPage: edit.approval,
            EmbedNeedPage: embed.need,
            EmbedMunicipalityPage: embed.municipality,
            EmbedOrganisationPage: embed.organisation,
        }

    def render(self, page: Page) -> bytes:
        return self._by_kind[type(page)](page)

    def not_found(self) -> bytes:
        t = self.frame.voice.texts["not_found"]
        return self.frame.render("pages/not_found.html", title=t["title"], description=t["lead"], path="/", is_indexed=False)

    # The three clicks

    def _home(self, page: HomePage) -> bytes:
        t = self.frame.voice.texts["home"]
        municipalities = [
            {"term": term, "path": municipality_path(term.id)} for term in self.frame.content.taxonomy.municipalities
        ]
        return self.frame.render(
            "pages/home.html",
            title=t["title"],
            description=t["description"],
            path=page.path,
            groups=self._need_groups(WHOLE_REGION, need_path),
            keep=KEEP,
            municipalities=municipalities,
        )

    def _need_groups(self, municipality: str, path: Callable[[str], str]) -> list[NeedGroup]:
        return [
            NeedGroup(
                group,
                [
                    self._need_link(need, municipality, path(need.id))
                    for need in self.frame.content.taxonomy.needs
                    if need.group == group.id
                ],
            )
            for group in self.frame.content.taxonomy.need_groups
        ]

    def _need_link(self, need: Need, municipality: str, path: str) -> NeedLink:
        count = self.frame.combinations.count(Combination(need.id, ALL_TYPES, municipality))
        return NeedLink(need, path, self.frame.counted(count))

    # Associations

    def _organisation(self, page: OrganisationPage) -> bytes:
        frame = self.frame
        it, view = frame.content.organisations[page.slug], frame.organisation_view(page.slug)
        needs = {need for activity in it.activities for need in activity.needs}
        content = frame.part(
            "pages/organisation_content.html",
            it=it,
            view=view,
            activities=frame.activity_list(page.slug),
            parent=self._organisation_entry(it.part_of) if it.part_of else None,
            branches=[self._organisation_entry(slug) for slug in frame.plan.branches.get(page.slug, ())],
            quick_exit=any(frame.terms.needs[need].quick_exit for need in needs),
            path=page.path,
            report=self._edit.report(page.slug),
        )
        return self._organisation_page.fill(
            {
                "title": html(it.name),
                "description": html(frame.voice.plain(it.pitch)),
                "path": page.path.removeprefix("/").encode(),
                "robots": b"" if page.is_indexed else NOINDEX.encode(),
                "keep": frame.keep(slugs=[page.slug]).encode(),
                "structured_data": organisation_data(page.slug, it, frame).encode(),
                "content": content.encode(),
            }
        )

    @cached_property
    def _organisation_page(self) -> Skeleton:
        holes = ("title", "description", "path", "robots", "keep", "structured_data", "content")
        return self.frame.skeleton("pages/organisation.html", holes)

    def _organisation_entry(self, slug: str) -> Entry:
        organisation = self.frame.content.known[slug]
        return Entry(organisation.name, self.frame.voice.url(organisation_path(slug)), note=self._standing(organisation))

    def _standing(self, organisation: Organisation | Facts) -> str:
        """Why an association is not on the three-click pages, if it is not."""
        if organisation.status != "active":
            return organisation.status
        return "gone" if self.frame.is_gone(organisation) else ""

    def _organisations(self, page: OrganisationsPage) -> bytes:
        t = self.frame.voice.texts["organisations"]
        listed = [slug for slug, one in self.frame.content.known.items() if not one.merged_into]
        return self.frame.render(
            "pages/organisations.html",
            title=t["title"],
            description=t["description"].format(region=self.frame.voice.plain(self.frame.content.site.region)),
            path=page.path,
            total=len(listed),
            letters=letters(self._organisation_entry(slug) for slug in listed),
            keep=KEEP,
        )

    # Other ways in

    def _municipality(self, page: MunicipalityPage) -> bytes:
        frame, t = self.frame, self.frame.voice.texts["municipality"]
        label = municipality_label(page.municipality, frame.terms, frame.content.site, frame.voice)
        return frame.render(
            "pages/municipality.html",
            title=t["title"].format(municipality=label),
            description=t["description"].format(municipality=label),
            path=page.path,
            municipality=page.municipality,
            heading=t["heading"].format(locative=in_place(page.municipality, frame.terms, frame.voice)),
            groups=self._need_groups(
                page.municipality, lambda need: results_path(Combination(need, ALL_TYPES, page.municipality))
            ),
            keep=KEEP,
        )

    def _directory(self, page: DirectoryPage) -> bytes:
        t = self.frame.voice.texts["directory"]
        return self.frame.render(
            "pages/directory.html",
            title=t["title"],
            description=t["description"],
            path=page.path,
            letters=letters(self._word_entries()),
            codes=self._code_entries(),
            keep=KEEP,
        )

    def _word_entries(self) -> Iterator[Entry]:
        voice = self.frame.voice
        for need in self.frame.content.taxonomy.needs:
            label, href = voice.plain(need.label), voice.url(need_path(need.id))
            yield Entry(label, href, voice.heading(need.label))
            for word in getattr(need.synonyms, voice.language):
                yield Entry(word, href, label, word)

    def _code_entries(self) -> list[dict[str, str]]:
        """Each need that has codes, with them as the taxonomy writes them, ranges whole; in the order of the first code."""
        voice = self.frame.voice
        written = {need: sorted({*need.icpc2, *need.icd10}) for need in self.frame.content.taxonomy.needs}
        return [
            {
                "written": ", ".join(codes).replace("-", "–"),
                "href": voice.url(need_path(need.id)),
                "label": voice.heading(need.label),
            }
            for need, codes in sorted(written.items(), key=lambda pair: pair[1])
            if codes
        ]

    def _code(self, page: CodePage) -> bytes:
        t = self.frame.voice.texts["code"]
        needs = [self._need_link(self.frame.terms.needs[need], WHOLE_REGION, need_path(need)) for need in page.needs]
        return self.frame.render(
            "pages/code.html",
            title=t["title"].format(code=page.code),
            description=t["description"].format(code=page.code),
            path=code_path(page.code),
            code=page.code,
            needs=needs,
            keep=self.frame.keep(page.needs),
        )

    def _forward(self, page: ForwardPage) -> bytes:
        return self._forwarding.fill(
            {
                "path": page.target.removeprefix("/").encode(),
                "target": html(self.frame.voice.url(page.target)),
                "target_title": html(self._title_of(page.target)),
            }
        )

    @cached_property
    def _forwarding(self) -> Skeleton:
        t = self.frame.voice.texts["forward"]
        names = ("path", "target", "target_title")
        return self.frame.skeleton("pages/forward.html", names, title=t["title"], description=t["lead"], robots=NOINDEX)

    def _title_of(self, path: str) -> str:
        kind, slug = path.strip("/").split("/")[:2]
        if kind == "jarjesto":
            return self.frame.content.known[slug].name
        return self.frame.voice.plain(self.frame.terms.needs[slug].label)

    def _content(self, page: ContentPage) -> bytes:
        written, language = self.frame.written_page(page.slug)
        return self.frame.render(
            "pages/content.html",
            title=written.title,
            description=written.description,
            path=page.path,
            heading=written.title,
            body=render_page_text(written.body, top=2, prefix=self.frame.voice.prefix, pictures=self.frame.assets.pictures),
            is_fallback=language != self.frame.voice.language,
            keep=KEEP,
        )

    def _offline(self, page: OfflinePage) -> bytes:
        t = self.frame.voice.texts["offline"]
        return self.frame.render(
            "pages/offline.html", title=t["title"], description=t["description"], path=page.path, is_indexed=False
        )
