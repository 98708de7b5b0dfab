"""Clicks two and three: one question on a page, and its choices with counts."""

from functools import cache, cached_property

from markupsafe import Markup, escape

from generator.combinations import ALL_TYPES, Combination
from generator.models import WHOLE_REGION
from generator.pages import NeedPage, TypePage, need_path, type_path
from generator.rendering.frame import Frame, html
from generator.rendering.results import ResultsRenderer, helplines, way_out
from generator.rendering.skeleton import Skeleton, hole
from generator.rendering.views import municipality_label, type_label

CHOICE_HOLES = ("path", "way_out", "helplines", "rows", "need_href", "need_label", "need_heading", "type_label", "topic", "keep")


class ChoicesRenderer:
    def __init__(self, frame: Frame, results: ResultsRenderer) -> None:
        self._frame = frame
        self._results = results
        self._choice = Skeleton(frame.component("link_row", "link_row", *map(hole, ("href", "label", "count", "note"))))

    def need(self, page: NeedPage) -> bytes:
        rows = b"".join(self._type_row(page.need, kind) for kind in self._frame.plan.types)
        return self._choose_type.fill({**self._about_need(page.need), "path": page.path.removeprefix("/").encode(), "rows": rows})

    @cached_property
    def _choose_type(self) -> Skeleton:
        frame, t = self._frame, self._frame.voice.texts["need"]
        region = escape(frame.voice.plain(frame.content.site.region))
        return frame.skeleton(
            "pages/choices.html",
            CHOICE_HOLES,
            title=frame.around_holes(t["title"], need=hole("need_label")),
            description=frame.around_holes(t["description"], need=hole("need_label"), region=region),
            robots="",
            about=hole("need_heading"),
            question=t["heading_part"],
            lead=t["lead"],
            crumbs=[],
            step=2,
        )

    @cache  # noqa: B019
    def _about_need(self, need: str) -> dict[str, bytes]:
        label, voice = self._frame.terms.needs[need].label, self._frame.voice
        return {
            "need_href": voice.url(need_path(need)).encode(),
            "need_label": html(voice.plain(label)),
            "need_heading": html(voice.heading(label)),
            "way_out": way_out(self._frame, need).encode(),
            "helplines": helplines(self._frame, need).encode(),
            "topic": b" topic" if need in self._frame.plan.sensitive_needs else b"",
            "keep": self._frame.keep([need]).encode(),
        }

    def _type_row(self, need: str, kind: str) -> bytes:
        return self._choice.fill(
            {
                "href": self._frame.voice.url(type_path(need, kind)).encode(),
                "label": html(type_label(kind, self._frame.terms, self._frame.voice)),
                "count": self._frame.counted_html(self._frame.combinations.count(Combination(need, kind, WHOLE_REGION))),
                "note": self._type_note(kind),
            }
        )

    @cache  # noqa: B019
    def _type_note(self, kind: str) -> bytes:
        if kind == ALL_TYPES:
            return b""
        description = self._frame.voice.local(self._frame.terms.types[kind].description)
        return self._frame.component("link_row", "row_note", description).encode()

    def type(self, page: TypePage) -> bytes:
        frame = self._frame
        rows = b"".join(
            self._results.row(
                Combination(page.need, page.type, municipality),
                html(municipality_label(municipality, frame.terms, frame.content.site, frame.voice)),
            )
            for municipality in frame.plan.municipalities
        )
        kind = html(type_label(page.type, frame.terms, frame.voice))
        return self._choose_municipality.fill(
            {
                **self._about_need(page.need),
                "path": page.path.removeprefix("/").encode(),
                "type_label": kind,
                "rows": rows,
            }
        )

    @cached_property
    def _choose_municipality(self) -> Skeleton:
        frame, t = self._frame, self._frame.voice.texts["type"]
        region = escape(frame.voice.plain(frame.content.site.region))
        words = {"need": hole("need_label"), "type": hole("type_label")}
        return frame.skeleton(
            "pages/choices.html",
            CHOICE_HOLES,
            title=frame.around_holes(t["title"], **words),
            description=frame.around_holes(t["description"], **words, region=region),
            robots="",
            about=Markup("{}: {}").format(hole("need_heading"), hole("type_label")),
            question=t["heading_part"],
            lead=t["lead"],
            crumbs=[(hole("need_href"), hole("need_label"))],
            step=3,
        )
