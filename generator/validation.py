"""Rules across fields, files and dates. Everything wrong is collected; nothing stops at the first fault."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from generator.content import Document, PageDocument, Sources
from generator.fields import RESERVED_SLUGS, slugify
from generator.leftovers import sample_addresses, sample_values
from generator.likeness import Likeness
from generator.markdown import internal_links
from generator.models import LANGUAGES, WHOLE_REGION, Organisation, PageHead, PrivateAddresses, Site, Taxonomy, Text
from generator.pages import CONTENT_PAGES, is_address, range_members
from generator.problems import ContentError, Location, Problem, Severity, sentence, suggestion
from generator.shapes import Model, shape

Found = tuple[Document, Organisation]


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

    @property
    def editable(self) -> frozenset[str]:
        """The associations that keep their own data: the coordinator sees to those that have closed."""
        return frozenset(slug for slug in self.originals if self.organisations[slug].status != "closed")


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

    @property
    def is_real(self) -> bool:
        """Whether nothing of the sample content may be left."""
        return self.site is not None and self.site.sample is None

    @property
    def is_unfinished(self) -> bool:
        """Whether the region is still being set up: what is left of the sample is only pointed out."""
        return self.site is not None and self.site.unfinished


def validate(sources: Sources, today: date) -> Content:
    """The content, when nothing in it is an error. Raises ContentError with every problem, warnings too."""
    problems = [item for item in sources.everything() if isinstance(item, Problem)]
    site = _shaped(Site, sources.site, problems)
    taxonomy = _shaped(Taxonomy, sources.taxonomy, problems)
    found = _organisations(sources.organisations, problems)
    around = _surroundings(sources, site, taxonomy, found, today)
    for document, organisation in found:
        problems += _own_problems(document, organisation, around)
    for source in (sources.site, *sources.organisations, *(sources.private or ()), *sources.pages):
        problems += _left_of_sample(source, around)
    problems += _unfinished_problems(sources.site, around)
    problems += _reference_problems(found)
    problems += _duplicate_problems(found)
    private = _private_addresses(sources, problems)
    problems += _private_problems(sources, found, private)
    pages = _pages(sources.pages, problems)
    if taxonomy and isinstance(sources.taxonomy, Document):
        problems += _taxonomy_problems(sources.taxonomy, taxonomy)
        problems += _page_link_problems(sources, taxonomy, around)
    if any(problem.severity is Severity.ERROR for problem in problems) or not site or not taxonomy:
        raise ContentError(problems, sources.count)
    organisations = {document.name: organisation for document, organisation in found}
    originals = {document.name: Original.of(document) for document, _ in found}
    return Content(site, taxonomy, organisations, private, pages, tuple(sorted(problems)), sources.count, originals)


def _surroundings(
    sources: Sources, site: Site | None, taxonomy: Taxonomy | None, found: list[Found], today: date
) -> Surroundings:
    former = {slug for _, organisation in found for slug in organisation.former_slugs}
    judged = site.sample.today if site and site.sample else today
    return Surroundings(site, taxonomy, sources.organisation_names, former, judged)


def check_organisation(document: Document, around: Surroundings) -> tuple[Organisation | None, list[Problem]]:
    """One association by itself, as the build would check it; None when it has no right shape. What can only be seen beside
    other associations (mergers, former slugs, likeness) is not looked at."""
    problems: list[Problem] = []
    found = _organisations([document], problems)
    for _, organisation in found:
        problems += _own_problems(document, organisation, around)
    problems += _left_of_sample(document, around)
    return (found[0][1] if found else None), sorted(problems)


def check_addresses(
    document: Document, organisation: Organisation, around: Surroundings
) -> tuple[PrivateAddresses | None, list[Problem]]:
    """The private addresses of one association by themselves, also while they wait to be confirmed."""
    problems: list[Problem] = []
    addresses = shape(PrivateAddresses, document, problems)
    if addresses:
        problems += _address_problems(document, addresses, organisation)
    problems += _left_of_sample(document, around)
    return addresses, sorted(problems)


def _shaped(model: type[Model], source: Document | Problem, problems: list[Problem]) -> Model | None:
    return shape(model, source, problems) if isinstance(source, Document) else None


def _warning(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.WARNING)


# The associations, one at a time


def _organisations(sources: Iterable[Document | Problem], problems: list[Problem]) -> list[Found]:
    found = []
    for document in sources:
        if not isinstance(document, Document):
            continue
        problems += _name_problems(document)
        organisation = shape(Organisation, document, problems)
        if organisation:
            found.append((document, organisation))
    return found


def _own_problems(document: Document, organisation: Organisation, around: Surroundings) -> Iterator[Problem]:
    """What one association does wrong by itself."""
    if around.taxonomy:
        yield from _term_problems(document, organisation, around.taxonomy)
        yield from _link_problems(document, organisation, around.taxonomy, around)
    yield from _date_problems(document, organisation, around.today)
    yield from _activity_problems(document, organisation)
    yield from _translation_problems(document, organisation)
    yield from _target_problems(document, organisation, around.names)


def _name_problems(document: Document) -> Iterator[Problem]:
    if document.name in RESERVED_SLUGS:
        yield document.problem("file.reserved", found=document.name)
    elif document.name != slugify(document.name):
        yield document.problem("file.slug", found=document.name, wanted=slugify(document.name))


def _term_problems(document: Document, organisation: Organisation, taxonomy: Taxonomy) -> Iterator[Problem]:
    known = {
        "needs": ("unknown.need", _ids(taxonomy.needs)),
        "target_groups": ("unknown.target_group", _ids(taxonomy.target_groups)),
        "municipalities": ("unknown.municipality", [*_ids(taxonomy.municipalities), WHOLE_REGION]),
        "languages": ("unknown.language", _ids(taxonomy.languages)),
    }
    types = _ids(taxonomy.activity_types)
    for index, activity in enumerate(organisation.activities):
        place: Location = ("activities", index)
        if activity.type not in types:
            hint = suggestion(activity.type, types)
            yield document.problem("unknown.type", (*place, "type"), found=activity.type, hint=hint)
        for key, (code, allowed) in known.items():
            values: tuple[str, ...] = getattr(activity, key)
            for at, value in enumerate(values):
                if value not in allowed:
                    hint = suggestion(value, allowed)
                    yield document.problem(code, (*place, key, at), found=value, hint=hint)
                elif value in values[:at]:
                    yield document.problem("repeated.value", (*place, key, at), found=value)


def _ids(terms: Iterable[Any]) -> list[str]:
    return [term.id for term in terms]


def _date_problems(document: Document, organisation: Organisation, today: date) -> Iterator[Problem]:
    if organisation.review and organisation.review.confirmed_on > today:
        written = organisation.review.confirmed_on.isoformat()
        yield document.problem("date.future", ("review", "confirmed_on"), found=written)


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


def _target_problems(document: Document, organisation: Organisation, names: Collection[str]) -> Iterator[Problem]:
    """References to other associations; one whose file has a fault of its own is there all the same."""
    for key in ("part_of", "merged_into"):
        target: str | None = getattr(organisation, key)
        if target == document.name:
            yield document.problem("self.reference", (key,))
        elif target and target not in names:
            others = set(names) - {document.name}
            hint = suggestion(target, sorted(others), listed_in="kansiosta content/organisations")
            yield document.problem("unknown.organisation", (key,), found=target, hint=hint)


def _link_problems(document: Document, organisation: Organisation, taxonomy: Taxonomy, around: Surroundings) -> Iterator[Problem]:
    """Links within the site that lead nowhere."""
    for language, text in organisation.description.written():
        for link in internal_links(text):
            if not is_address(link, taxonomy, around.addresses):
                yield document.problem("page.link", ("description", language), found=link)


def _translation_problems(document: Document, organisation: Organisation) -> Iterator[Problem]:
    """A file that is translated only in part: one warning a language."""
    texts = list(_texts(organisation))
    for language in LANGUAGES[1:]:
        missing = [place for place, text in texts if not getattr(text, language)]
        if 0 < len(missing) < len(texts):
            facts = {"count": f"{len(missing)} kohdasta" if len(missing) > 1 else "yhdestä kohdasta"}
            first = ".".join(map(str, missing[0]))
            yield _warning(document.problem("translation.partial", missing[0], language=language, found=first, **facts))


def _texts(value: Any, place: Location = ()) -> Iterator[tuple[Location, Text]]:
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*place, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*place, index))


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


def _reference_problems(found: list[Found]) -> Iterator[Problem]:
    """References that only make sense, or not, when their targets are seen."""
    organisations = {document.name: organisation for document, organisation in found}
    slugs = {document.name: document.file for document, _ in found}
    for document, organisation in found:
        yield from _merge_problems(document, organisation, organisations)
        for index, former in enumerate(organisation.former_slugs):
            if former in slugs:
                yield document.problem("repeated.slug", ("former_slugs", index), found=former, other=slugs[former])
            slugs.setdefault(former, document.file)


def _merge_problems(
    document: Document, organisation: Organisation, organisations: Mapping[str, Organisation]
) -> Iterator[Problem]:
    """A chain of mergers must end in an association that still works, and not in itself."""
    chain = [document.name]
    target = organisation.merged_into
    while target and target in organisations:
        if target in chain:
            yield document.problem("merge.loop", ("merged_into",), found=" → ".join([*chain, target]))
            return
        chain.append(target)
        target = organisations[target].merged_into
    if len(chain) > 1 and not target and organisations[chain[-1]].status == "closed":
        yield document.problem("merge.closed", ("merged_into",), found=chain[-1])


def _duplicate_problems(found: list[Found]) -> Iterator[Problem]:
    """Two files that look like the same association. Branches and closed associations may share with others."""
    first: dict[tuple[str, str], Document] = {}
    for document, organisation in found:
        if organisation.status == "closed":
            continue
        for code, mark, place in Likeness.of(organisation).marks():
            other = first.setdefault((code, mark), document)
            if other is not document:
                facts = {"other": other.file, "name": other.data.get("name", "")}
                yield _warning(document.problem(code, place, **facts))
                break


# Private addresses


def _private_addresses(sources: Sources, problems: list[Problem]) -> dict[str, PrivateAddresses]:
    """Addresses by slug; a public copy without the private repository has none."""
    shaped = {
        document.name: shape(PrivateAddresses, document, problems)
        for document in sources.private or ()
        if isinstance(document, Document)
    }
    return {slug: addresses for slug, addresses in shaped.items() if addresses}


def _private_problems(sources: Sources, found: list[Found], private: Mapping[str, PrivateAddresses]) -> Iterator[Problem]:
    if sources.private is None:
        return
    organisations = {document.name: (document, organisation) for document, organisation in found}
    documents = {item.name: item for item in sources.private if isinstance(item, Document)}
    for slug, document in documents.items():
        if slug in organisations and slug in private:
            yield from _address_problems(document, private[slug], organisations[slug][1])
            yield from _awaiting_problems(document, private[slug])
        elif slug not in sources.organisation_names:
            yield document.problem("private.orphan")
    seen = {Path(item.file).stem for item in sources.private}
    for slug, (document, organisation) in organisations.items():
        if organisation.referral and organisation.status != "closed" and slug not in seen:
            wanted = f"{sources.private_folder}/{slug}.yaml"
            yield document.problem("private.missing", ("referral",), found=wanted)


def _address_problems(document: Document, addresses: PrivateAddresses, organisation: Organisation) -> Iterator[Problem]:
    if organisation.referral and not addresses.referral_email:
        yield document.problem("private.email")
    ids = _ids(organisation.activities)
    for activity in addresses.activity_emails:
        if activity not in ids:
            hint = suggestion(activity, ids)
            yield document.problem("unknown.activity", ("activity_emails", activity), found=activity, hint=hint)
    if addresses.referral_email and looks_personal(addresses.referral_email):
        yield _warning(document.problem("private.personal", ("referral_email",), found=addresses.referral_email))


def _awaiting_problems(document: Document, addresses: PrivateAddresses) -> Iterator[Problem]:
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


def _page_link_problems(sources: Sources, taxonomy: Taxonomy, around: Surroundings) -> Iterator[Problem]:
    """Links within the site, in running text, that lead nowhere."""
    for page in sources.pages:
        if not isinstance(page, Problem):
            dead = sorted({link for link in internal_links(page.body) if not is_address(link, taxonomy, around.addresses)})
            yield from _dead_links(page, dead)


def _dead_links(page: PageDocument, dead: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(page.body.splitlines(), page.first_line):
        for link in dead:
            if re.search(rf"(?<![\w/-]){re.escape(link)}(?![\w/-])", line):
                yield Problem(page.head.file, number, "", sentence("page.link", found=link))
