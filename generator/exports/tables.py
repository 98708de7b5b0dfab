"""The tables of open data: which columns each has, and its rows. A column is named by its place in an association's file, with
underscores: season.enrol_by is season_enrol_by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.exports.leftovers import as_text
from generator.exports.public import Published, name_of
from generator.models import LANGUAGES, Contact, Organisation, Term, Text

BETWEEN = ";"  # between the values of one cell
Row = tuple[str, ...]

_TYPES = {
    "confirmed_on": "date",
    "from": "date",
    "to": "date",
    "enrol_by": "date",
    "until": "date",
    "remote": "boolean",
    "within_working_days": "integer",
    "position": "integer",
}
LISTS = frozenset({"activities", "former_slugs", "needs", "target_groups", "municipalities", "languages"})


@dataclass(frozen=True)
class Column:
    place: str

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(self.place.split("."))

    @property
    def name(self) -> str:
        return self.place.replace(".", "_")

    @property
    def type(self) -> str:
        return _TYPES.get(self.place.rpartition(".")[2], "string")

    @property
    def is_list(self) -> bool:
        return self.place.rpartition(".")[2] in LISTS


@dataclass(frozen=True)
class Table:
    """`key` names its fields for links between tables, and its words in the interface; `links` is column → table and column.
    `rows_of` gives an association's rows; a table without it is not of associations."""

    key: str
    file: str
    columns: tuple[Column, ...]
    primary: tuple[str, ...]
    links: Mapping[str, tuple[str, str]]
    rows_of: Callable[[Published, str, Organisation], Iterator[Row]] | None = None


def _columns(*places: str) -> tuple[Column, ...]:
    """ "pitch.*" stands for the three languages of a text."""
    found = []
    for place in places:
        stem, is_text, _ = place.partition(".*")
        found += [Column(f"{stem}.{language}") for language in LANGUAGES] if is_text else [Column(stem)]
    return tuple(found)


ORGANISATIONS = _columns(
    *("slug", "name", "business_id", "register_number", "part_of", "scope", "status", "pitch.*", "description.*", "website"),
    *("referral.responsible.*", "referral.first_contact", "referral.within_working_days", "referral.promise.*"),
    *("referral.activities", "review.confirmed_on", "review.confirmed_by", "former_slugs", "page"),
)
ACTIVITIES = _columns(
    *("organisation", "id", "type", "name.*", "summary.*", "needs", "target_groups", "municipalities", "remote", "languages"),
    *("interpreter", "when.*", "season.from", "season.to", "season.enrol_by", "where.*", "price", "price_note.*"),
    *("accessibility.*", "for_whom.*", "capacity.status", "capacity.until"),
)
CONTACTS = _columns("organisation", "activity", "position", "role.*", "name", "phone", "email")
PAUSES = _columns("organisation", "from", "to", "note.*")
TERMS = _columns("kind", "id", "group", "code", "label.*", "description.*")


def _organisation_rows(published: Published, slug: str, one: Organisation) -> Iterator[Row]:
    written = one.model_dump(mode="json", by_alias=True)
    own = {"slug": slug, "part_of": published.parent_of(one), "page": published.page_of(slug)}
    yield _row(ORGANISATIONS, {**written, **own})


def _activity_rows(_: Published, slug: str, one: Organisation) -> Iterator[Row]:
    for activity in one.activities:
        yield _row(ACTIVITIES, {**activity.model_dump(mode="json", by_alias=True), "organisation": slug})


def _contact_rows(_: Published, slug: str, one: Organisation) -> Iterator[Row]:
    for position, contact in enumerate(one.contacts, 1):
        yield _contact_row(slug, "", position, contact)
    for activity in one.activities:
        if activity.contact:
            yield _contact_row(slug, activity.id, 1, activity.contact)


def _contact_row(slug: str, activity: str, position: int, contact: Contact) -> Row:
    written = {**contact.model_dump(mode="json"), "name": name_of(contact)}
    return _row(CONTACTS, {**written, "organisation": slug, "activity": activity, "position": position})


def _pause_rows(_: Published, slug: str, one: Organisation) -> Iterator[Row]:
    for pause in one.pauses:
        yield _row(PAUSES, {**pause.model_dump(mode="json", by_alias=True), "organisation": slug})


def term_rows(published: Published) -> Iterator[Row]:
    taxonomy = published.content.taxonomy
    kinds: Mapping[str, Iterable[Term]] = {
        "need_group": taxonomy.need_groups,
        "need": taxonomy.needs,
        "activity_type": taxonomy.activity_types,
        "target_group": taxonomy.target_groups,
        "language": taxonomy.languages,
        "municipality": taxonomy.municipalities,
    }
    for kind, terms in kinds.items():
        for term in terms:
            told = {name: getattr(term, name, None) for name in ("group", "code")}
            description: Text | None = getattr(term, "description", None)
            texts = {"label": term.label.model_dump(), "description": description.model_dump() if description else None}
            yield _row(TERMS, {"kind": kind, "id": term.id, **told, **texts})


def _row(columns: tuple[Column, ...], written: Mapping[str, Any]) -> Row:
    return tuple(_cell(written, column.path) for column in columns)


def _cell(written: Any, path: tuple[str, ...]) -> str:
    for key in path:
        written = written.get(key) if written else None
    if isinstance(written, list):
        return BETWEEN.join(written)
    return "" if written is None else as_text(written)


_SLUG = {"organisation": ("organisations", "slug")}
TABLES = (
    Table("organisations", "jarjestot.csv", ORGANISATIONS, ("slug",), {"part_of": ("", "slug")}, _organisation_rows),
    Table("activities", "toiminta.csv", ACTIVITIES, ("organisation", "id"), _SLUG, _activity_rows),
    Table("contacts", "yhteystiedot.csv", CONTACTS, ("organisation", "activity", "position"), _SLUG, _contact_rows),
    Table("pauses", "tauot.csv", PAUSES, ("organisation", "from"), _SLUG, _pause_rows),
    Table("terms", "luokitukset.csv", TERMS, ("kind", "id"), {}),
)
