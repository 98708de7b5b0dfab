"""What drafts would change: the files as they would be, checked as the build checks them, and nothing written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from generator.content import Document, Sources, load_sources, parse_yaml
from generator.fields import Slug
from generator.importing.drafts import Draft, put_over
from generator.models import Activity, Organisation
from generator.problems import ContentError, Problem, Severity
from generator.shapes import explain
from generator.validation import validate
from lambda_edit.document import Unwritable, new_document, rewrite

FOLDER = "content/organisations"
Kind = Literal["new", "changed", "same"]
_UNWRITABLE = "Tiedot eivät mahdu yhteen tiedostoon, tai tiedosto on muotoiltu poikkeavasti. Siirrä tiedot käsin."
_NO_ADDRESS = "Yhteydenottopyynnöt jäivät pois: lisää ensin tiedosto {folder}/{slug}.yaml ja siihen referral_email."


@dataclass(frozen=True)
class Outcome:
    """One association's file as it would become; `keys` are those that change."""

    slug: str
    kind: Kind
    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class DraftPlan:
    """What an import would do. With an error nothing may be written."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]

    @property
    def is_possible(self) -> bool:
        return all(problem.severity is not Severity.ERROR for problem in self.problems)

    def files(self) -> dict[str, bytes]:
        """Each file that would be written, by its path in the project."""
        return {_file(one.slug): one.text.encode() for one in self.outcomes if one.kind != "same"}


def plan_drafts(root: Path, drafts: Iterable[Draft], today: date) -> DraftPlan:
    """Nothing is written."""
    sources = load_sources(root)
    documents = {one.name: one for one in sources.organisations if isinstance(one, Document)}
    problems: list[Problem] = []
    outcomes = []
    for draft in drafts:
        outcome = _outcome(draft, documents, sources, problems)
        if outcome:
            outcomes.append(outcome)
            documents[outcome.slug] = _document(outcome)
    problems += _problems_of_all(sources, documents, {_file(one.slug) for one in outcomes}, today)
    return DraftPlan(tuple(outcomes), tuple(problems))


def _file(slug: str) -> str:
    return f"{FOLDER}/{slug}.yaml"


def _document(outcome: Outcome) -> Document:
    return Document(_file(outcome.slug), outcome.slug, outcome.text, parse_yaml(outcome.text))


def _outcome(draft: Draft, documents: Mapping[str, Document], sources: Sources, problems: list[Problem]) -> Outcome | None:
    fault = explain(Slug, draft.slug)
    if fault:
        problems.append(Problem(f"{FOLDER}/…", 1, "slug", fault))
        return None
    old = documents.get(draft.slug)
    written = _without_requests(draft, sources, problems)
    try:
        if old is None:
            return Outcome(draft.slug, "new", tuple(written), new_document(written))
        wanted = updated(old.data, written, Organisation)
        keys = tuple(key for key in wanted if wanted[key] != old.data.get(key))
        return Outcome(draft.slug, "changed" if keys else "same", keys, rewrite(old.text, wanted))
    except Unwritable:
        problems.append(Problem(_file(draft.slug), 1, "", _UNWRITABLE))
        return None


def _without_requests(draft: Draft, sources: Sources, problems: list[Problem]) -> dict[str, Any]:
    """Contact requests need an address that no open data holds; a public copy knows of none, and keeps the promise."""
    addresses = {one.name for one in sources.private or () if isinstance(one, Document) and "referral_email" in one.data}
    if "referral" not in draft.written or sources.private is None or draft.slug in addresses:
        return draft.written
    told = _NO_ADDRESS.format(folder=sources.private_folder, slug=draft.slug)
    problems.append(Problem(_file(draft.slug), 1, "referral", told, Severity.WARNING))
    return {key: value for key, value in draft.written.items() if key != "referral"}


def _problems_of_all(sources: Sources, documents: Mapping[str, Document], touched: set[str], today: date) -> list[Problem]:
    """Every fault that the build would find; warnings only of the files that the import touches."""
    unread = [one for one in sources.organisations if isinstance(one, Problem)]
    try:
        found = list(validate(replace(sources, organisations=(*documents.values(), *unread)), today).warnings)
    except ContentError as error:
        found = error.problems
    return [one for one in found if one.severity is Severity.ERROR or one.file in touched]


def updated(old: Mapping[str, Any], new: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """What is written, with what the source says otherwise. What it does not mention stays, and so does what means the same."""
    result = dict(old)
    for key, value in new.items():
        wanted = _activities(old.get(key, []), value) if key == "activities" else put_over(old.get(key), value)
        if key == "review" and _is_older(value, old.get(key)):
            continue
        if not _means_the_same(model, old, {**old, key: wanted}):
            result[key] = wanted
    return result


def _activities(old: list[Any], new: list[Any]) -> list[Any]:
    """Activities by their ids, in the order in which they stand; new ones last."""
    there = {str(one.get("id")): one for one in old}
    for one in new:
        own = str(one.get("id"))
        there[own] = updated(there[own], one, Activity) if own in there else one
    return list(there.values())


def _means_the_same(model: type[BaseModel], one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    try:
        return model.model_validate(dict(one)) == model.model_validate(dict(other))
    except ValidationError:
        return False


def _is_older(new: Any, old: Any) -> bool:
    """A confirmation is never replaced by an older one."""
    days = [one.get("confirmed_on", "") if isinstance(one, Mapping) else "" for one in (new, old)]
    return days[0] < days[1]
