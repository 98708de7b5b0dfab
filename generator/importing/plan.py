"""What a table would change: the files as they would be, checked as the build checks them, and nothing written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from generator.content import Document, Source, Sources, blob_name, parse_yaml
from generator.fields import Slug, slugify
from generator.importing.columns import COLUMNS, Column, Part, Vocabulary
from generator.importing.faults import Fault, Place
from generator.importing.merging import changed_columns, merged
from generator.importing.rows import Group, Rows, gathered
from generator.importing.sheet import Sheet
from generator.models import PrivateAddresses, Taxonomy
from generator.problems import ContentError, Problem, Severity
from generator.shapes import explain
from generator.validation import validate
from lambda_edit.document import Unwritable, new_document, rewrite

ORGANISATIONS = "content/organisations"
HEAD = "# Tuotu taulukosta. Kaikki tässä tiedostossa on julkista. Kentät ja rajat: docs/muokkaaminen.md\n"
PRIVATE_HEAD = "# Näitä osoitteita ei julkaista.\n"


@dataclass(frozen=True)
class Change:
    """One association: its file, the text that it would have, and which columns of which activity say something new."""

    slug: str
    is_new: bool
    document: Document
    columns: tuple[str, ...]
    group: Group = field(repr=False)
    rows: Mapping[int, Rows] = field(repr=False)  # of the activities, by their place in the file


@dataclass(frozen=True)
class ImportPlan:
    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    private: tuple[Document, ...]  # addresses of associations that have none yet
    faults: tuple[Fault, ...]

    @property
    def is_possible(self) -> bool:
        return all(fault.is_warning for fault in self.faults)

    def files(self) -> dict[str, bytes]:
        """Each file that would be written, by its path in the project."""
        return {one.file: one.text.encode() for one in (*(change.document for change in self.changes), *self.private)}


def plan_import(sheet: Sheet, sources: Sources, taxonomy: Taxonomy, today: date) -> ImportPlan:
    """`sources` are without errors. Raises Refused."""
    faults: list[Fault] = []
    planner = _Planner(sources, faults)
    changes = [change for group in gathered(sheet, Vocabulary(taxonomy), faults) if (change := planner.change(group))]
    real = tuple(change for change in changes if change.columns)
    private = tuple(planner.addresses(changes))
    faults += _checked(real, private, sources, today, faults)
    unchanged = tuple(change.slug for change in changes if not change.columns)
    return ImportPlan(real, unchanged, private, tuple(sorted(set(faults))))


class _Planner:
    def __init__(self, sources: Sources, faults: list[Fault]) -> None:
        self._sources = sources
        self._faults = faults
        self._documents = {one.name: one for one in sources.organisations if isinstance(one, Document)}
        self._former = {str(old): slug for slug, one in self._documents.items() for old in one.data.get("former_slugs", [])}
        self._taken: dict[str, Group] = {}

    def change(self, group: Group) -> Change | None:
        """What the table would make of one association; None when that cannot be told."""
        slug = self._slug_of(group)
        if slug is None:
            return None
        self._taken[slug] = group
        before = self._documents.get(slug)
        wanted, rows = merged(before.data if before else {}, group, self._faults)
        columns = changed_columns(before.data if before else {}, wanted, rows)
        try:
            text = rewrite(before.text, wanted) if before else HEAD + new_document(wanted)
        except Unwritable:
            self._fault(group, "Järjestö", "Tietoja ei voi kirjoittaa tiedostoon. Lyhennä tekstejä tai muokkaa tiedostoa käsin.")
            return None
        document = Document(f"{ORGANISATIONS}/{slug}.yaml", slug, text, parse_yaml(text), blob_name(text.encode()))
        return Change(slug, before is None, document, columns, group, rows)

    def _slug_of(self, group: Group) -> str | None:
        """The association's own slug: as written, else that of the same business id, else one made of its name."""
        written, name = group.text("Tunnus"), group.text("Järjestö")
        same = [slug for slug, one in self._documents.items() if _is_same_id(one, group.text("Y-tunnus"))]
        slug = written or (same[0] if same else slugify(name) if name else "")
        if not slug:
            self._fault(group, "Järjestö", "Järjestön nimi puuttuu. Kirjoita se.")
        elif slug in self._taken:
            self._fault(group, "Järjestö", f"Sama järjestö on jo rivillä {self._taken[slug].first}. Yhdistä rivit.")
        elif slug in self._former:
            self._fault(group, "Tunnus", f'Tunnus "{slug}" on vanha. Kirjoita tilalle "{self._former[slug]}".')
        elif fault := explain(Slug, slug):
            self._fault(group, "Tunnus", fault)
        elif written and same and same[0] != written:
            self._fault(group, "Y-tunnus", f'Sama Y-tunnus on järjestöllä "{same[0]}". Korjaa toinen.')
        elif not written and not same and self._is_another(slug, name):
            told = self._documents[slug].data.get("name")
            self._fault(group, "Järjestö", f'Tunnus "{slug}" on jo järjestöllä {told}. Kirjoita sarakkeeseen Tunnus oma tunnus.')
        else:
            return slug
        return None

    def _is_another(self, slug: str, name: str) -> bool:
        """Whether a slug that was made of a name belongs to an association of another name."""
        return slug in self._documents and str(self._documents[slug].data.get("name")).lower() != name.lower()

    def addresses(self, changes: Iterable[Change]) -> Iterator[Document]:
        """Private files of associations that have none. An address in use changes only when its owner agrees, so never here."""
        there = {one.name: one for one in self._sources.private or () if isinstance(one, Document)}
        for change in changes:
            given = change.group.given.get("Päivitysosoite (ei julkaista)")
            if given is None or not isinstance(given.value, list):
                continue
            if self._sources.private is None:
                said = f"Kansiota {self._sources.private_folder} ei ole, joten osoitetta ei tallenneta. Luo kansio ensin."
                self._faults.append(Fault(given.place, given.column.name, said, is_warning=True))
            elif change.slug not in there:
                yield self._private(change.slug, given.value)
            elif there[change.slug].data.get("data_maintainers") != given.value:
                said = "Käytössä olevaa osoitetta ei vaihdeta taulukosta. Vaihda se muokkauslomakkeella."
                self._faults.append(Fault(given.place, given.column.name, said, is_warning=True))

    def _private(self, slug: str, addresses: list[str]) -> Document:
        text = PRIVATE_HEAD + new_document({"data_maintainers": addresses, "link_generation": "1"}, PrivateAddresses)
        return Document(f"{self._sources.private_folder}/{slug}.yaml", slug, text, parse_yaml(text), blob_name(text.encode()))

    def _fault(self, group: Group, column: str, message: str) -> None:
        self._faults.append(Fault(group.place_of(column), column, message))


def _is_same_id(document: Document, business_id: str) -> bool:
    return bool(business_id) and document.data.get("business_id") == business_id


# Whether the content would pass


def _checked(
    changes: tuple[Change, ...], private: tuple[Document, ...], sources: Sources, today: date, found: list[Fault]
) -> list[Fault]:
    """What the build would say of the changed files, by row and column; where a cell could not be read, nothing more."""
    try:
        problems: Iterable[Problem] = validate(_with(changes, private, sources), today).warnings
    except ContentError as error:
        problems = error.problems
    by_file = {change.document.file: change for change in changes} | {
        one.file: change for one in private for change in changes if change.slug == one.name
    }
    told = {(fault.place.row, column) for fault in found if not fault.is_warning for column in ("", fault.column)}
    faults = [_fault(problem, by_file[problem.file]) for problem in problems if problem.file in by_file]
    return [fault for fault in faults if (fault.place.row, fault.column) not in told]


def _with(changes: tuple[Change, ...], private: tuple[Document, ...], sources: Sources) -> Sources:
    return replace(
        sources,
        organisations=_replaced(sources.organisations, (change.document for change in changes)),
        private=_replaced(sources.private, private) if sources.private is not None else None,
    )


def _replaced(old: tuple[Source, ...], new: Iterable[Document]) -> tuple[Source, ...]:
    by_file: dict[str, Source] = {one.file: one for one in old} | {one.file: one for one in new}
    return tuple(by_file[file] for file in sorted(by_file))


def _fault(problem: Problem, change: Change) -> Fault:
    """A fault of a file where a person sees it in the table."""
    location = problem.field.split(".") if problem.field else []
    part: Part = "private" if not problem.file.startswith(ORGANISATIONS) else "organisation"
    rows: Rows = change.group
    if part == "organisation" and location[:1] == ["activities"] and len(location) > 1:
        part, rows = "activity", change.rows.get(int(location[1]), change.group)
        location = location[2:]
    column = _column_of(part, location)
    is_warning = problem.severity is Severity.WARNING
    if column is None:
        return Fault(Place(rows.first), "", problem.message, is_warning)
    return Fault(rows.place_of(column.name), column.name, _in_columns(problem.message, location, column), is_warning)


def _column_of(part: Part, location: list[str]) -> Column | None:
    """The column that a fault is about; for a fault of something whole, the first of its columns."""
    return next((one for one in COLUMNS if location and one.part == part and one.is_about(location)), None)


def _in_columns(message: str, location: list[str], column: Column) -> str:
    """A sentence that names a key of the file names the column instead."""
    return message.replace(f'"{location[-1]}"', f'"{column.name}"')
