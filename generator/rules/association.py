"""Rules of one association's file: what can be said of it alone, and what is wrong as long as the others are as they are."""

from collections.abc import Collection, Iterator
from datetime import date

from generator.checked import CheckedAssociation, KnownTerms, Surroundings, ids_of
from generator.content import Document
from generator.facts import Facts
from generator.fields import RESERVED_SLUGS, slugify
from generator.models import LANGUAGES, Organisation, Taxonomy, Text
from generator.pages import is_address
from generator.problems import Location, Problem, suggestion
from generator.request_keys import DEMO_KEYS
from generator.shapes import each

TERMS_IN_LISTS = ("needs", "target_groups", "municipalities", "languages")


def own_problems(document: Document, organisation: Organisation, around: Surroundings) -> Iterator[Problem]:
    """What one association does wrong by itself."""
    if around.taxonomy:
        yield from _term_problems(document, organisation, around.known)
    yield from _activity_problems(document, organisation)
    yield from _key_problems(document, organisation, around)
    yield from _translation_problems(document, organisation)


def problems_beside_others(checked: CheckedAssociation, facts: Facts, around: Surroundings) -> Iterator[Problem]:
    """What is wrong as long as the others are as they are, and today is today."""
    if around.taxonomy:
        yield from _link_problems(checked, facts, around.taxonomy, around)
    yield from _date_problems(checked, facts, around.today)
    yield from _target_problems(checked, facts, around.names)


def name_problems(document: Document) -> Iterator[Problem]:
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


def _date_problems(checked: CheckedAssociation, facts: Facts, today: date) -> Iterator[Problem]:
    if facts.review and facts.review.confirmed_on > today:
        written = facts.review.confirmed_on.isoformat()
        yield checked.problem("date.future", ("review", "confirmed_on"), found=written)


def _activity_problems(document: Document, organisation: Organisation) -> Iterator[Problem]:
    if organisation.status != "closed" and not organisation.activities:
        yield document.problem("activities.none", ("activities",))
    ids = ids_of(organisation.activities)
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
            yield document.problem("translation.partial", missing[0], language=language, found=first, **facts).as_warning()
