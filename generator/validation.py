"""Everything that was written, checked: rules of one file, then across files and dates (rules/). Everything wrong is collected;
nothing stops at the first fault."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from generator.checked import (
    Associations,
    Checked,
    CheckedAddresses,
    CheckedAssociation,
    CheckedTaxonomy,
    Content,
    Found,
    Original,
    Surroundings,
)
from generator.content import Document, Source, Sources
from generator.facts import Facts
from generator.markdown import Mentioned
from generator.marks import digest
from generator.models import Counts, FreshnessLimits, Organisation, PrivateAddresses, Site, Taxonomy
from generator.pictures import Picture
from generator.problems import ContentError, Problem, Severity
from generator.rules.addresses import address_problems, private_problems
from generator.rules.association import name_problems, own_problems, problems_beside_others
from generator.rules.running_text import mentioned_problems, pages_of
from generator.rules.sample import left_of_sample, unfinished_problems
from generator.rules.taxonomy import taxonomy_problems
from generator.rules.together import duplicate_problems, reference_problems
from generator.shapes import Model, shape

DAYS_OF_COUNTS = timedelta(days=366)


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
        problems += problems_beside_others(association, facts, around)
    for source in (sources.site, *sources.pages):
        problems += left_of_sample(source, around)
    problems += unfinished_problems(sources.site, around)
    problems += reference_problems(found)
    problems += duplicate_problems(found)
    problems += private_problems(sources, found, private)
    pages = pages_of(sources.pages, problems)
    problems += mentioned_problems(sources, reader.mentioned, around)
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
        problems += taxonomy_problems(document, taxonomy)
    return Checked(document.file, document.name, document.blob, tuple(problems), taxonomy, lambda: document)


def check_association(document: Document, around: Surroundings) -> tuple[CheckedAssociation, Organisation | None]:
    """What can be said of one association's file without looking at any other, or at the day."""
    problems = list(name_problems(document))
    organisation = shape(Organisation, document, problems)
    if organisation:
        problems += own_problems(document, organisation, around)
    problems += left_of_sample(document, around)
    limits = around.site.freshness if around.site else FreshnessLimits()
    facts = Facts.of(organisation, limits) if organisation else None
    mark = digest(repr(facts))
    return Checked(document.file, document.name, document.blob, tuple(problems), facts, lambda: document, mark), organisation


def check_private(document: Document, around: Surroundings) -> CheckedAddresses:
    problems: list[Problem] = []
    addresses = shape(PrivateAddresses, document, problems)
    problems += left_of_sample(document, around)
    return Checked(document.file, document.name, document.blob, tuple(problems), addresses, lambda: document)


def check_organisation(document: Document, around: Surroundings) -> tuple[Organisation | None, list[Problem]]:
    """One association by itself, as the build would check it; None when it has no right shape. What can only be seen beside
    other associations (mergers, former slugs, likeness) is not looked at."""
    checked, organisation = check_association(document, around)
    problems = list(checked.problems)
    if checked.value:
        problems += problems_beside_others(checked, checked.value, around)
    return organisation, sorted(problems)


def check_addresses(
    document: Document, organisation: Organisation, around: Surroundings
) -> tuple[PrivateAddresses | None, list[Problem]]:
    """The private addresses of one association by themselves, also while they wait to be confirmed."""
    checked = check_private(document, around)
    problems = list(checked.problems)
    if checked.value:
        problems += address_problems(checked, checked.value, Facts.of(organisation, FreshnessLimits()))
    return checked.value, sorted(problems)


def _shaped(model: type[Model], source: Document | Problem, problems: list[Problem]) -> Model | None:
    return shape(model, source, problems) if isinstance(source, Document) else None


def _counts(sources: Sources, around: Surroundings, problems: list[Problem]) -> Counts | None:
    """None also when the numbers are of so long ago that they tell nothing of today."""
    document = sources.counts
    counts = _shaped(Counts, document, problems) if document else None
    if counts and isinstance(document, Document) and counts.last < around.today - DAYS_OF_COUNTS:
        problems.append(document.problem("counts.old", ("to",)).as_warning())
        return None
    return counts
