"""The pages on which an association's data is kept: edit form, joining, confirming, a mailbox's confirmation, and approval.

Those of one association are skeletons rendered once a language; the whole form stands on the page of joining, where the others'
script takes it from, so that ten thousand associations do not carry ten thousand copies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from generator.edit_form import NOTE_LENGTH, PARTS, Field, Kind, Part, fields_of, most_items
from generator.models import WHOLE_REGION, Organisation
from generator.pages import (
    JOINING,
    AddressPage,
    ApprovalPage,
    ConfirmationPage,
    EditPage,
    JoiningPage,
    Page,
    edit_path,
    organisation_path,
)
from generator.rendering.environment import Voice, as_data, data_block
from generator.rendering.frame import NOINDEX, Frame, html
from generator.rendering.skeleton import Skeleton, hole
from generator.rendering.typography import hyphenate
from generator.rendering.views import activity_view, organisation_view

API = "/api/"
PATHS = {
    "challenge": f"{API}haaste",
    "send": f"{API}muokkaus",
    "link": f"{API}muokkauslinkki",
    "state": f"{API}muokkaustila",
    "confirm": f"{API}vahvistus",
    "address": f"{API}osoite",
    "approve": f"{API}hyvaksynta",
    "report": f"{API}virhe",
}
ROLE_LENGTH = 160
ABOUT_ASSOCIATION = ("path", "name", "heading_name", "organisation_href", "data")

# What the coordinator most often asks an association to complete.
ASKED_FOR = (
    "pitch",
    "description",
    "contacts.phone",
    "activities.for_whom",
    "activities.when",
    "activities.where",
    "activities.accessibility",
    "activities.price_note",
    "activities.capacity.status",
    "referral.promise",
)
# What the form's script says: all of a group of words, or only these.
WORDS: Mapping[str, tuple[str, ...]] = {
    "error_title": (),
    "tongue": (),
    "checks": ("found",),
    "left": (),
    "over": (),
    "removed": (),
    "undo": (),
    "draft": ("saved",),
    "link_request": ("sent", "not_sent"),
    "review": ("sending", "before", "after", "empty", "added", "removed", "moved", "stale", "all", "takers"),
    "conflict": ("yours", "theirs"),
    "outcome": (),
    "earlier": (),
    "problems": (),
    "other_labels": (),
}


@dataclass(frozen=True)
class FieldView:
    field: Field
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.field, name)

    @property
    def input_type(self) -> str:
        kinds = {"phone": "tel", "email": "email", "url": "url", "day": "date", "number": "number"}
        return kinds.get(self.field.widget, "text")


@dataclass(frozen=True)
class GroupView:
    """`hint` tells when a group that is rarely needed is to be filled in; such a one is closed at first."""

    legend: str
    hint: str
    fields: list[FieldView]

    @property
    def is_rare(self) -> bool:
        return bool(self.hint)


@dataclass(frozen=True)
class PartView:
    name: str
    kind: Kind
    words: Mapping[str, str]
    most: int | None
    shown_as: str
    groups: list[GroupView]

    def __getattr__(self, name: str) -> str:
        """The part's words by their names; "" when it has none of them."""
        return _word(self.words, name)


def code_words(voice: Voice) -> dict[str, Any]:
    """What every page says on which a code can be pasted."""
    own = voice.texts["edit"]
    return {"error_title": own["error_title"], "problems": {"code": own["problems"]["code"]}}


class EditRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._texts = frame.voice.texts["edit"]

    # One association's pages

    def edit(self, page: EditPage) -> bytes:
        original = self._frame.content.originals[page.slug]
        data = b'{"slug":"%s","base":"%s","written":%s}' % (page.slug.encode(), original.blob.encode(), original.written)
        return self._edit.fill({**self._about(page, page.slug), "data": str(as_data(data.decode())).encode()})

    @cached_property
    def _edit(self) -> Skeleton:
        return self._skeleton("pages/edit.html", self._texts, (), joining=JOINING)

    def confirmation(self, page: ConfirmationPage) -> bytes:
        frame, slug = self._frame, page.slug
        it, view = frame.content.organisations[slug], frame.organisation_view(slug)
        part = frame.component
        data = data_block({"slug": slug, "base": frame.content.originals[slug].blob})
        return self._confirmation.fill(
            {
                **self._about(page, slug),
                "about": part("confirmation", "about", it, view).encode(),
                "requests": part("confirmation", "requests", it).encode(),
                "activities": frame.activity_list(slug).encode(),
                "edit_href": html(frame.voice.url(edit_path(slug))),
                "data": data.encode(),
            }
        )

    @cached_property
    def _confirmation(self) -> Skeleton:
        texts = self._frame.voice.texts["confirmation"]
        names = ("sending", "confirmed", "changed_meanwhile", "link", "not_saved")
        words = {name: texts[name] for name in names} | code_words(self._frame.voice)
        words["problems"] |= texts["problems"].items()
        holes = ("about", "requests", "activities", "edit_href")
        block = data_block({"words": words, "paths": PATHS})
        return self._skeleton("pages/confirmation.html", texts, holes, words=block, role_length=ROLE_LENGTH)

    def _skeleton(self, template: str, texts: Mapping[str, str], more_holes: tuple[str, ...], **values: Any) -> Skeleton:
        frame = self._frame
        name = hole("name")
        title, description = (frame.around_holes(texts[key], name=name) for key in ("title", "description"))
        holes = (*ABOUT_ASSOCIATION, *more_holes)
        return frame.skeleton(template, holes, title=title, description=description, robots=NOINDEX, **values)

    def _about(self, page: Page, slug: str) -> dict[str, bytes]:
        name = self._frame.content.organisations[slug].name
        return {
            "path": page.path.removeprefix("/").encode(),
            "name": html(name),
            "heading_name": html(hyphenate(name)),
            "organisation_href": html(self._frame.voice.url(organisation_path(slug))),
        }

    # Everybody's pages

    def joining(self, page: JoiningPage) -> bytes:
        about, language = self._frame.written_page("jarjestoille")
        title = _in_language(about.title, language, self._frame.voice.language)
        data = data_block({"slug": "", "base": "", "written": {}})
        return self._frame.render_unlisted("joining", page.path, for_associations=title, form=self.form(), data=data)

    def form(self) -> dict[str, Any]:
        """What the component of the whole form is given."""
        parts = [self._part(part) for part in PARTS]
        by_path = {one.path: one for part in parts if part.name == "activities" for group in part.groups for one in group.fields}
        return {
            "parts": parts,
            "starting": [by_path[path] for path in ("summary", "for_whom", "type")],
            "note_length": NOTE_LENGTH,
            "card": self._card(),
            "words": self._words(),
        }

    def address(self, page: AddressPage) -> bytes:
        texts = self._frame.voice.texts["address"]
        words = {name: texts[name] for name in ("sending", "confirmed", "link", "not_saved")}
        return self._frame.render_unlisted(
            "address", page.path, words=data_block({"words": words | code_words(self._frame.voice), "paths": PATHS})
        )

    def approval(self, page: ApprovalPage) -> bytes:
        texts = self._frame.voice.texts["approval"]
        names = (
            "loading",
            "count",
            "none",
            "link",
            "not_loaded",
            "opened",
            "error",
            "warning",
            "awaiting_for",
            "outcome",
            "new",
            "oldest",
        )
        words = {name: texts[name] for name in names} | code_words(self._frame.voice)
        data = {"words": words, "paths": PATHS}
        asked_for = [(key, self._told_label(key)) for key in ASKED_FOR]
        return self._frame.render_unlisted(
            "approval", page.path, words=data_block(data), asked_for=asked_for, note_length=NOTE_LENGTH, joining=JOINING
        )

    # "Kerro virheestä" and the links beside it, on the association's own page

    def report(self, slug: str) -> Markup:
        """Nothing for an association that has closed."""
        frame = self._frame
        if slug not in frame.plan.editable:
            return Markup("")
        history = frame.content.site.history_url
        file = f"{history.rstrip('/')}/content/organisations/{slug}.yaml" if history else ""
        return frame.component("report", "report", slug, frame.voice.url(edit_path(slug)), file, self._report_words, NOTE_LENGTH)

    @cached_property
    def _report_words(self) -> Markup:
        texts = self._frame.voice.texts["report"]
        words = {name: texts[name] for name in ("sending", "sent", "limit", "not_sent", "problems")}
        return data_block({"words": words | {"error_title": self._texts["error_title"]}, "paths": self._paths})

    @property
    def _paths(self) -> dict[str, str]:
        return {**PATHS, "worker": self._frame.assets.address("todiste.js")}

    # The form

    def _part(self, part: Part) -> PartView:
        words = dict(self._texts["parts"][part.name].items())
        most = most_items(part) if part.kind == "items" else None
        groups = [self._group(name, fields) for name, fields in fields_of(part).items()]
        return PartView(part.name, part.kind, words, most, part.shown_as, groups)

    def _group(self, name: str, fields: list[Field]) -> GroupView:
        legend = self._texts["groups"][name] if name else ""
        hints = self._texts["group_hints"]
        return GroupView(legend, _word(hints, name), [self._field(one) for one in fields])

    def _field(self, field: Field) -> FieldView:
        key, hints = _words_key(field.key), self._texts["hints"]
        hint = _word(hints, key)
        return FieldView(field, self._texts["labels"][key], hint, tuple(self._options(field)))

    def _options(self, field: Field) -> Iterator[tuple[str, str]]:
        if field.terms:
            yield from self._terms(field.terms).items()
        elif field.choices:
            if not field.is_required and not field.default:
                yield "", self._texts["not_told"]
            words = self._choice_words(field.key)
            yield from ((choice, words[choice]) for choice in field.choices)

    def _terms(self, terms: str) -> dict[str, str]:
        voice = self._frame.voice
        whole = {WHOLE_REGION: voice.plain(self._frame.content.site.whole_region)} if terms == "municipalities" else {}
        return whole | {one.id: voice.plain(one.label) for one in getattr(self._frame.content.taxonomy, terms)}

    def _choice_words(self, key: str) -> Mapping[str, str]:
        texts = self._frame.voice.texts
        elsewhere = {
            "activities.capacity.status": texts["capacity"],
            "activities.interpreter": texts["interpreter"],
            "activities.price": texts["card"],
        }
        words: Mapping[str, str] = elsewhere.get(key) or self._texts["choices"][key]
        return words

    def _told_label(self, key: str) -> str:
        """A field's label where it stands alone: without what only a question needs."""
        label: str = self._texts["labels"][_words_key(key)]
        return label.rstrip("?.")

    def _words(self) -> Markup:
        """What the form's script says; labels and names of choices it reads from the form itself."""
        texts = self._frame.voice.texts
        names = ("free", "paid", "remote", "national", "region_wide")
        card = {name: texts["card"][name] for name in names} | {"until": texts["capacity"]["until"]}
        answers = {"true": self._texts["yes"], "false": self._texts["no"]}
        words = {name: _chosen(self._texts[name], only) for name, only in WORDS.items()}
        return data_block({"words": {**words, "card": card, "answers": answers}, "paths": self._paths})

    # The card of the preview: the same component as on a results page, with everything on it, for the script to fill

    def _card(self) -> Markup:
        frame = self._frame
        site, voice = frame.content.site, frame.voice
        it = _full_organisation(frame)
        view = organisation_view("esikatselu", it, site.freshness, voice, takes_requests=False)
        shown = activity_view(it.activities[0], it, frame.terms, site, voice)
        return frame.component("card", "card", view, 0, frame.component("activity", "activity", shown, 4))


def _word(words: Mapping[str, str], key: str) -> str:
    """A word that there may be. Asked for by brackets: the words remember so that they are used (test_texts.py)."""
    try:
        return words[key]
    except KeyError:
        return ""


def _in_language(text: str, language: str, page_language: str) -> Markup:
    marked = Markup("{}") if language == page_language else Markup('<span lang="fi">{}</span>')
    return marked.format(text)


def _chosen(words: Any, only: tuple[str, ...]) -> Any:
    return {name: words[name] for name in only} if only else words


def _words_key(key: str) -> str:
    """An activity's own contact has the words of the association's contacts."""
    return key.replace("activities.contact.", "contacts.")


def _full_organisation(frame: Frame) -> Organisation:
    taxonomy = frame.content.taxonomy
    written = {
        "name": "–",
        "pitch": "–",
        "description": "–",
        "contacts": [{"role": "–", "phone": "112", "email": "toimisto@yhdistys.fi"}],
        "activities": [
            {
                "id": "toiminta",
                "type": taxonomy.activity_types[0].id,
                **dict.fromkeys(("name", "summary", "for_whom", "when", "where", "price_note"), "–"),
                "needs": [taxonomy.needs[0].id],
                "languages": [taxonomy.languages[0].id],
                "interpreter": "yes",
                "price": "paid",
                "capacity": {"status": "open"},
            }
        ],
    }
    return Organisation.model_validate(written)
