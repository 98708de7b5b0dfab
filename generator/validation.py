"""Rules across fields, files and dates. Everything wrong is collected; nothing stops at the first fault."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Generic, Protocol, TypeVar

from generator.content import Document, PageDocument, Source, Sources
from generator.facts import Facts
from generator.fields import RESERVED_SLUGS, slugify
from generator.leftovers import sample_addresses, sample_values
from generator.markdown import Mentioned
from generator.marks import digest
from generator.models import (
    LANGUAGES,
    WHOLE_REGION,
    Counts,
    FreshnessLimits,
    Organisation,
    PageHead,
    PrivateAddresses,
    Site,
    Taxonomy,
    Text,
    UsualTime,
)
from generator.pages import CONTENT_PAGES, is_address, range_members
from generator.pictures import ADDRESS, Picture
from generator.problems import ContentError, Location, Problem, Severity, sentence, suggestion
from generator.request_keys import DEMO_KEYS
from generator.shapes import Model, each, shape

Value = TypeVar("Value")
KnownTerms = Mapping[str, tuple[str, Collection[str]]]
DAYS_OF_COUNTS = timedelta(days=366)
TERMS_IN_LISTS = ("needs", "target_groups", "municipalities", "languages")


@dataclass(frozen=True)
class WrittenPage:
    """A page of running text: what content/pages/<slug>.<language>.md holds."""

    title: str
    description: str
    body: str


@dataclass(frozen=True)
class Original:
    """An association's file for its edit form: git's name of its bytes, and what is written in it as compact JSON (bytes, because
    ten thousand of these are kept while the site is built)."""

    blob: str
    written: bytes

    @classmethod
    def of(cls, document: Document) -> "Original":
        return cls(document.blob, json.dumps(document.data, ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True)
class Content:
    """Everything that was written, checked. Organisations in the order of their slugs."""

    site: Site
    taxonomy: Taxonomy
    organisations: Mapping[str, Organisation]
    private: Mapping[str, PrivateAddresses]
    pages: Mapping[tuple[str, str], WrittenPage]
    warnings: tuple[Problem, ...]
    files: int
    originals: Mapping[str, Original] = field(default_factory=dict)  # of the associations; made content may have none
    changes: Mapping[str, datetime] = field(default_factory=dict)  # when each file last changed, as far as git tells
    facts: Mapping[str, Facts] = field(default_factory=dict)  # of the associations, at hand all the time; the same
    pictures: tuple[Picture, ...] = ()  # of the pages
    blobs: Mapping[str, str] = field(default_factory=dict)  # git's names of the associations' files
    marks: Mapping[str, bytes] = field(default_factory=dict)  # what stands for the facts of each
    counts: Counts | None = None  # of requests and answers, when there are any to tell of

    @property
    def known(self) -> Mapping[str, Organisation | Facts]:
        """What is at hand of every association."""
        return self.facts or self.organisations

    @property
    def tells_counts(self) -> bool:
        """Whether there have been requests enough to tell of."""
        return self.counts is not None and bool(self.counts.region.requests)

    def usual_time(self, slug: str) -> UsualTime | None:
        """In how many working days an association usually answers, when there are answers enough to say so."""
        figures = self.counts.associations.get(slug) if self.counts else None
        return figures.usual if figures else None

    @property
    def editable(self) -> frozenset[str]:
        """The associations that keep their own data: the coordinator sees to those that have closed."""
        return frozenset(slug for slug in self.originals if self.known[slug].status != "closed")


@dataclass(frozen=True)
class Surroundings:
    """What an association alone is checked against: the region, as far as it could be read, the slugs that have a file, and with
    `former` those that once had one. `today` is the day as of which dates are judged."""

    site: Site | None
    taxonomy: Taxonomy | None
    names: Collection[str]
    former: Collection[str]
    today: date

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The slugs whose page can be linked to."""
        return frozenset(self.names) | frozenset(self.former)

    @cached_property
    def known(self) -> KnownTerms:
        """The sentence's code for an unknown term of each field of an activity, and the terms that may stand there."""
        taxonomy = self.taxonomy
        if taxonomy is None:
            return {}
        return {
            "type": ("unknown.type", dict.fromkeys(_ids(taxonomy.activity_types))),
            "needs": ("unknown.need", dict.fromkeys(_ids(taxonomy.needs))),
            "target_groups": ("unknown.target_group", dict.fromkeys(_ids(taxonomy.target_groups))),
            "municipalities": ("unknown.municipality", dict.fromkeys([*_ids(taxonomy.municipalities), WHOLE_REGION])),
            "languages": ("unknown.language", dict.fromkeys(_ids(taxonomy.languages))),
        }

    @cached_property
    def mark(self) -> bytes:
        """Stands for the region, as far as it could be read."""
        return digest(*(one.model_dump_json() if one else "" for one in (self.site, self.taxonomy)))

    @property
    def is_real(self) -> bool:
        """Whether nothing of the sample content may be left."""
        return self.site is not None and self.site.sample is None

    @property
    def is_unfinished(self) -> bool:
        """Whether the region is still being set up: what is left of the sample is only pointed out."""
        return self.site is not None and self.site.unfinished


@dataclass(frozen=True, slots=True)
class Checked(Generic[Value]):
    """A file that has been read and checked by itself, with what the rest has to know of it; None when it has no right shape."""

    file: str
    name: str
    blob: str
    problems: tuple[Problem, ...]
    value: Value | None
    document: Callable[[], Document]  # looked into again when there is something to say about it
    mark: bytes = b""  # of an association: stands for the value

    def problem(self, code: str, location: Location = (), **facts: object) -> Problem:
        return self.document().problem(code, location, **facts)


CheckedAssociation = Checked[Facts]
CheckedAddresses = Checked[PrivateAddresses]
CheckedTaxonomy = Checked[Taxonomy]
Found = Mapping[str, tuple[CheckedAssociation, Facts]]


@dataclass(frozen=True)
class Associations:
    """Every association's file, checked, with what is written in those that have a right shape."""

    checked: Sequence[CheckedAssociation]
    organisations: Mapping[str, Organisation]
    originals: Mapping[str, Original]


class Reader(Protocol):
    """How files become checked: here one after another, in a build from what is known and several at once (reading.py)."""

    def taxonomy(self, source: Source) -> CheckedTaxonomy | None:
        """None when it could not be read."""

    def associations(self, sources: Iterable[Any], around: Surroundings) -> Associations: ...

    def addresses(self, sources: Iterable[Any], around: Surroundings) -> Sequence[CheckedAddresses]: ...

    def mentioned(self, texts: Sequence[str]) -> Sequence[Mentioned]:
        """What each of the pages of running text refers to."""


class PlainReader:
    def taxonomy(self, source: Source) -> CheckedTaxonomy | None:
        return check_taxonomy(source) if isinstance(source, Document) else None

    def associations(self, sources: Iterable[Any], around: Surroundings) -> Associations:
        checked, organisations, originals = [], {}, {}
        for document in documents(sources):
            one, organisation = check_association(document, around)
            checked.append(one)
            if organisation:
                organisations[document.name], originals[document.name] = organisation, Original.of(document)
        return Associations(checked, organisations, originals)

    def addresses(self, sources: Iterable[Any], around: Surroundings) -> Sequence[CheckedAddresses]:
        return [check_private(document, around) for document in documents(sources)]

    def mentioned(self, texts: Sequence[str]) -> Sequence[Mentioned]:
        return [Mentioned.of(text) for text in texts]


def documents(sources: Iterable[Any]) -> Iterator[Document]:
    return (one for one in sources if isinstance(one, Document))


def validate(sources: Sources, today: date, reader: Reader | None = None) -> Content:
    """The content, when nothing in it is an error. Raises ContentError with every problem, warnings too."""
    reader = reader or PlainReader()
    problems = [item for item in sources.everything() if isinstance(item, Problem)]
    site = _shaped(Site, sources.site, problems)
    terms = reader.taxonomy(sources.taxonomy)
    taxonomy = terms.value if terms else None
    problems += terms.problems if terms else ()
    alone = Surroundings(site, taxonomy, (), (), today)
    associations = reader.associations(sources.organisations, alone)
    found = {one.name: (one, one.value) for one in associations.checked if one.value}
    around = _surroundings(sources, alone, found)
    private = reader.addresses(sources.private or (), alone)
    problems += [problem for one in associations.checked for problem in one.problems]
    problems += [problem for one in private for problem in one.problems]
    for association, facts in found.values():
        problems += _problems_beside_others(association, facts, around)
    for source in (sources.site, *sources.pages):
        problems += _left_of_sample(source, around)
    problems += _unfinished_problems(sources.site, around)
    problems += _reference_problems(found)
    problems += _duplicate_problems(found)
    problems += _private_problems(sources, found, private)
    pages = _pages(sources.pages, problems)
    problems += _mentioned_problems(sources, reader, around)
    counts = _counts(sources, around, problems)
    if any(problem.severity is Severity.ERROR for problem in problems) or not site or not taxonomy:
        raise ContentError(problems, sources.count)
    return Content(
        site=site,
        taxonomy=taxonomy,
        organisations=associations.organisations,
        private={one.name: one.value for one in private if one.value},
        pages=pages,
        warnings=tuple(sorted(problems)),
        files=sources.count,
        pictures=tuple(one for one in sources.pictures if isinstance(one, Picture)),
        originals=associations.originals,
        facts={slug: facts for slug, (_, facts) in found.items()},
        blobs={slug: checked.blob for slug, (checked, _) in found.items()},
        marks={slug: checked.mark for slug, (checked, _) in found.items()},
        counts=counts,
    )


def _surroundings(sources: Sources, alone: Surroundings, found: Found) -> Surroundings:
    former = {slug for _, facts in found.values() for slug in facts.former_slugs}
    judged = alone.site.sample.today if alone.site and alone.site.sample else alone.today
    return Surroundings(alone.site, alone.taxonomy, sources.organisation_names, former, judged)


def check_taxonomy(document: Document) -> CheckedTaxonomy:
    problems: list[Problem] = []
    taxonomy = shape(Taxonomy, document, problems)
    if taxonomy:
        problems += _taxonomy_problems(document, taxonomy)
    return Checked(document.file, document.name, document.blob, tuple(problems), taxonomy, lambda: document)


def check_association(document: Document, around: Surroundings) -> tuple[CheckedAssociation, Organisation | None]:
    """What can be said of one association's file without looking at any other, or at the day."""
    problems = list(_name_problems(document))
    organisation = shape(Organisation, document, problems)
    if organisation:
        problems += _own_problems(document, organisation, around)
    problems += _left_of_sample(document, around)
    limits = around.site.freshness if around.site else FreshnessLimits()
    facts = Facts.of(organisation, limits) if organisation else None
    mark = digest(repr(facts))
    return Checked(document.file, document.name, document.blob, tuple(problems), facts, lambda: document, mark), organisation


def check_private(document: Document, around: Surroundings) -> CheckedAddresses:
    problems: list[Problem] = []
    addresses = shape(PrivateAddresses, document, problems)
    problems += _left_of_sample(document, around)
    return Checked(document.file, document.name, document.blob, tuple(problems), addresses, lambda: document)


def check_organisation(document: Document, around: Surroundings) -> tuple[Organisation | None, list[Problem]]:
    """One association by itself, as the build would check it; None when it has no right shape. What can only be seen beside
    other associations (mergers, former slugs, likeness) is not looked at."""
    checked, organisation = check_association(document, around)
    problems = list(checked.problems)
    if checked.value:
        problems += _problems_beside_others(checked, checked.value, around)
    return organisation, sorted(problems)


def check_addresses(
    document: Document, organisation: Organisation, around: Surroundings
) -> tuple[PrivateAddresses | None, list[Problem]]:
    """The private addresses of one association by themselves, also while they wait to be confirmed."""
    checked = check_private(document, around)
    problems = list(checked.problems)
    if checked.value:
        problems += _address_problems(checked, checked.value, Facts.of(organisation, FreshnessLimits()))
    return checked.value, sorted(problems)


def _shaped(model: type[Model], source: Document | Problem, problems: list[Problem]) -> Model | None:
    return shape(model, source, problems) if isinstance(source, Document) else None


def _counts(sources: Sources, around: Surroundings, problems: list[Problem]) -> Counts | None:
    """None also when the numbers are of so long ago that they tell nothing of today."""
    document = sources.counts
    counts = _shaped(Counts, document, problems) if document else None
    if counts and isinstance(document, Document) and counts.last < around.today - DAYS_OF_COUNTS:
        problems.append(_warning(document.problem("counts.old", ("to",))))
        return None
    return counts


def _warning(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.WARNING)


# The associations, one at a time


def _own_problems(document: Document, organisation: Organisation, around: Surroundings) -> Iterator[Problem]:
    """What one association does wrong by itself."""
    if around.taxonomy:
        yield from _term_problems(document, organisation, around.known)
    yield from _activity_problems(document, organisation)
    yield from _key_problems(document, organisation, around)
    yield from _translation_problems(document, organisation)


def _problems_beside_others(checked: CheckedAssociation, facts: Facts, around: Surroundings) -> Iterator[Problem]:
    """What is wrong as long as the others are as they are, and today is today."""
    if around.taxonomy:
        yield from _link_problems(checked, facts, around.taxonomy, around)
    yield from _date_problems(checked, facts, around.today)
    yield from _target_problems(checked, facts, around.names)


def _name_problems(document: Document) -> Iterator[Problem]:
    if document.name in RESERVED_SLUGS:
        yield document.problem("file.reserved", found=document.name)
    elif document.name != slugify(document.name):
        yield document.problem("file.slug", found=document.name, wanted=slugify(document.name))


def _term_problems(document: Document, organisation: Organisation, known: KnownTerms) -> Iterator[Problem]:
    for index, activity in enumerate(organisation.activities):
        place: Location = ("activities", index)
        if activity.type not in known["type"][1]:
            code, allowed = known["type"]
            yield document.problem(code, (*place, "type"), found=activity.type, hint=suggestion(activity.type, allowed))
        for key in TERMS_IN_LISTS:
            code, allowed = known[key]
            values: tuple[str, ...] = getattr(activity, key)
            for at, value in enumerate(values):
                if value not in allowed:
                    hint = suggestion(value, allowed)
                    yield document.problem(code, (*place, key, at), found=value, hint=hint)
                elif value in values[:at]:
                    yield document.problem("repeated.value", (*place, key, at), found=value)


def _ids(terms: Iterable[Any]) -> list[str]:
    return [term.id for term in terms]


def _date_problems(checked: CheckedAssociation, facts: Facts, today: date) -> Iterator[Problem]:
    if facts.review and facts.review.confirmed_on > today:
        written = facts.review.confirmed_on.isoformat()
        yield checked.problem("date.future", ("review", "confirmed_on"), found=written)


def _activity_problems(document: Document, organisation: Organisation) -> Iterator[Problem]:
    if organisation.status != "closed" and not organisation.activities:
        yield document.problem("activities.none", ("activities",))
    ids = _ids(organisation.activities)
    for index, activity in enumerate(organisation.activities):
        place: Location = ("activities", index)
        if activity.id in ids[:index]:
            yield document.problem("repeated.id", (*place, "id"), found=activity.id)
        if organisation.is_national and activity.municipalities:
            yield document.problem("municipalities.national", (*place, "municipalities"))
        if not organisation.is_national and not activity.municipalities and not activity.remote:
            yield document.problem("municipalities.missing", place)
    for index, wanted in enumerate(organisation.referral.activities if organisation.referral else ()):
        if wanted not in ids:
            hint = suggestion(wanted, ids)
            yield document.problem("unknown.activity", ("referral", "activities", index), found=wanted, hint=hint)


def _key_problems(document: Document, organisation: Organisation, around: Surroundings) -> Iterator[Problem]:
    """A key of the sample is never only pointed out: whoever has read its passphrase could open the requests."""
    for index, key in enumerate(organisation.request_keys):
        if around.is_real and key.id in DEMO_KEYS:
            yield document.problem("sample.key", ("request_keys", index, "public"))


def _target_problems(checked: CheckedAssociation, facts: Facts, names: Collection[str]) -> Iterator[Problem]:
    """References to other associations; one whose file has a fault of its own is there all the same."""
    for key, target in (("part_of", facts.part_of), ("merged_into", facts.merged_into)):
        if target == checked.name:
            yield checked.problem("self.reference", (key,))
        elif target and target not in names:
            others = set(names) - {checked.name}
            hint = suggestion(target, sorted(others), listed_in="kansiosta content/organisations")
            yield checked.problem("unknown.organisation", (key,), found=target, hint=hint)


def _link_problems(checked: CheckedAssociation, facts: Facts, taxonomy: Taxonomy, around: Surroundings) -> Iterator[Problem]:
    """Links within the site that lead nowhere."""
    for language, link in facts.links:
        if not is_address(link, taxonomy, around.addresses):
            yield checked.problem("page.link", ("description", language), found=link)


def _translation_problems(document: Document, organisation: Organisation) -> Iterator[Problem]:
    """A file that is translated only in part: one warning a language."""
    texts = list(each(organisation, Text))
    for language in LANGUAGES[1:]:
        missing = [place for place, text in texts if not getattr(text, language)]
        if 0 < len(missing) < len(texts):
            facts = {"count": f"{len(missing)} kohdasta" if len(missing) > 1 else "yhdestä kohdasta"}
            first = ".".join(map(str, missing[0]))
            yield _warning(document.problem("translation.partial", missing[0], language=language, found=first, **facts))


# What is left of the sample content


def _unfinished_problems(site: Document | Problem, around: Surroundings) -> Iterator[Problem]:
    if isinstance(site, Document) and around.is_unfinished:
        yield _warning(site.problem("site.unfinished", ("unfinished",)))


def _left_of_sample(source: Document | PageDocument | Problem, around: Surroundings) -> Iterator[Problem]:
    """Sample numbers and addresses that were left in a real region's file; only pointed out while it is being set up."""
    if not around.is_real or isinstance(source, Problem):
        return
    found = sample_values(source, source.data) if isinstance(source, Document) else sample_addresses(source)
    yield from map(_warning, found) if around.is_unfinished else found


# The associations, one against another


def _reference_problems(found: Found) -> Iterator[Problem]:
    """References that only make sense, or not, when their targets are seen."""
    slugs = {slug: checked.file for slug, (checked, _) in found.items()}
    for checked, facts in found.values():
        yield from _merge_problems(checked, facts, found)
        for index, former in enumerate(facts.former_slugs):
            if former in slugs:
                yield checked.problem("repeated.slug", ("former_slugs", index), found=former, other=slugs[former])
            slugs.setdefault(former, checked.file)


def _merge_problems(checked: CheckedAssociation, facts: Facts, found: Found) -> Iterator[Problem]:
    """A chain of mergers must end in an association that still works, and not in itself."""
    chain = [checked.name]
    target = facts.merged_into
    while target and target in found:
        if target in chain:
            yield checked.problem("merge.loop", ("merged_into",), found=" → ".join([*chain, target]))
            return
        chain.append(target)
        target = found[target][1].merged_into
    if len(chain) > 1 and not target and found[chain[-1]][1].status == "closed":
        yield checked.problem("merge.closed", ("merged_into",), found=chain[-1])


def _duplicate_problems(found: Found) -> Iterator[Problem]:
    """Two files that look like the same association. Branches and closed associations may share with others."""
    first: dict[int, CheckedAssociation] = {}  # by the hash of a mark: those of a country, written out, would take 60 MB
    for checked, facts in found.values():
        if facts.status == "closed":
            continue
        for code, mark, place in facts.likeness.marks():
            other = first.setdefault(hash((code, mark)), checked)
            if other is not checked:
                told = {"other": other.file, "name": found[other.name][1].name}
                yield _warning(checked.problem(code, place, **told))
                break


# Private addresses


def _private_problems(sources: Sources, found: Found, private: Sequence[CheckedAddresses]) -> Iterator[Problem]:
    if sources.private is None:
        return
    for addresses in private:
        if addresses.name in found and addresses.value:
            yield from _address_problems(addresses, addresses.value, found[addresses.name][1])
            yield from _awaiting_problems(addresses, addresses.value)
        elif addresses.name not in sources.organisation_names:
            yield addresses.problem("private.orphan")
    seen = {Path(item.file).stem for item in sources.private}
    for slug, (checked, facts) in found.items():
        if facts.takes_requests and facts.status != "closed" and slug not in seen:
            wanted = f"{sources.private_folder}/{slug}.yaml"
            yield checked.problem("private.missing", ("referral",), found=wanted)


def _address_problems(document: CheckedAddresses, addresses: PrivateAddresses, facts: Facts) -> Iterator[Problem]:
    if facts.takes_requests and not addresses.referral_email:
        yield document.problem("private.email")
    ids = _ids(facts.activities)
    for activity in addresses.activity_emails:
        if activity not in ids:
            hint = suggestion(activity, ids)
            yield document.problem("unknown.activity", ("activity_emails", activity), found=activity, hint=hint)
    if addresses.referral_email and looks_personal(addresses.referral_email):
        yield _warning(document.problem("private.personal", ("referral_email",), found=addresses.referral_email))


def _awaiting_problems(document: CheckedAddresses, addresses: PrivateAddresses) -> Iterator[Problem]:
    """Addresses that nobody has confirmed may wait in a proposal, never in what is published."""
    if addresses.awaiting and addresses.awaiting.blocks:
        yield document.problem("private.awaiting", ("awaiting",))


def looks_personal(email: str) -> bool:
    """Whether an address looks like one person's: first name, dot, last name."""
    return re.fullmatch(r"[a-zåäö-]{2,}\.[a-zåäö-]{3,}@.*", email.lower()) is not None


# The taxonomy and the running text


def _taxonomy_problems(document: Document, taxonomy: Taxonomy) -> Iterator[Problem]:
    for key in Taxonomy.model_fields:
        ids = _ids(getattr(taxonomy, key))
        for index, identifier in enumerate(ids):
            if identifier in ids[:index]:
                yield document.problem("repeated.id", (key, index, "id"), found=identifier)
    groups, helplines = _ids(taxonomy.need_groups), _ids(taxonomy.helplines)
    for index, need in enumerate(taxonomy.needs):
        place: Location = ("needs", index)
        if need.group not in groups:
            hint = suggestion(need.group, groups)
            yield document.problem("unknown.group", (*place, "group"), found=need.group, hint=hint)
        for at, helpline in enumerate(need.helplines):
            if helpline not in helplines:
                hint = suggestion(helpline, helplines)
                yield document.problem("unknown.helpline", (*place, "helplines", at), found=helpline, hint=hint)
        for key in ("icpc2", "icd10"):
            for at, span in enumerate(getattr(need, key)):
                if not range_members(span):
                    ends = span.split("-")
                    is_mixed = ("." in span and ends[0].partition(".")[0] != ends[-1].partition(".")[0]) or span.count(".") == 1
                    code = "code.decimals" if is_mixed else "code.order"
                    yield document.problem(code, (*place, key, at), found=span)


def _pages(sources: tuple[PageDocument | Problem, ...], problems: list[Problem]) -> dict[tuple[str, str], WrittenPage]:
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


def _mentioned_problems(sources: Sources, reader: Reader, around: Surroundings) -> Iterator[Problem]:
    """What is wrong with what the pages of running text refer to."""
    written = [page for page in sources.pages if not isinstance(page, Problem)]
    mentioned = list(zip(written, reader.mentioned([page.body for page in written]), strict=True))
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
