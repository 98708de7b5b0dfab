"""From text values to models, and from pydantic's errors to problems a coordinator can mend."""

import types
import typing
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from generator.content import Document
from generator.problems import SENTENCES, Location, Problem, sentence, suggestion

Model = TypeVar("Model", bound=BaseModel)
Kind = TypeVar("Kind", bound=Hashable)

# Pydantic's error types that say the same to a reader.
SAME_SENTENCE: Mapping[str, str] = {
    "tuple_type": "list_type",
    "model_type": "mapping_type",
    "model_attributes_type": "mapping_type",
    "dict_type": "mapping_type",
    "literal_error": "choice",
    "bool_type": "bool_parsing",
    "int_type": "int_parsing",
    "float_type": "float_parsing",
}


def shape(model: type[Model], document: Document, problems: list[Problem]) -> Model | None:
    """The document as a model; None when it has faults, which are added to `problems`."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems.extend(_problem(model, document, detail) for detail in details if not _follows(detail, details))
        return None


def _follows(error: ErrorDetails, others: list[ErrorDetails]) -> bool:
    """Whether a list is only "too short" because pydantic did not count its faulty items, which are told of by themselves."""
    location = error["loc"]
    inside = (other["loc"] for other in others if other is not error)
    return error["type"] == "too_short" and any(place[: len(location)] == location for place in inside)


def _problem(model: type[BaseModel], document: Document, error: ErrorDetails) -> Problem:
    location: Location = error["loc"]
    code, facts = _told(error)
    if code in ("missing", "extra_forbidden"):
        facts["found"] = location[-1]
        facts["hint"] = suggestion(str(location[-1]), known_keys(model, location[:-1]))
    return document.problem(code, location, **facts)


def explain(kind: Any, answer: str) -> str | None:
    """What is wrong in a single answer, or None when the type accepts it."""
    try:
        TypeAdapter(kind).validate_python(answer)
    except ValidationError as error:
        code, facts = _told(error.errors(include_url=False)[0])
        return sentence(code, **facts)
    return None


def _told(error: ErrorDetails) -> tuple[str, dict[str, Any]]:
    """The code of the sentence for an error of pydantic's, and what the sentence tells."""
    code, found = SAME_SENTENCE.get(error["type"], error["type"]), error["input"]
    facts: dict[str, Any] = {"found": found, "length": len(found) if isinstance(found, str) else 0, **error.get("ctx", {})}
    if code == "choice":
        facts["hint"] = suggestion(str(found), known_choices(error))
        code = "mapping_type" if isinstance(found, dict) else code
    if code not in SENTENCES:
        return "choice", {"found": found, "hint": "Katso malli: docs/muokkaaminen.md."}
    return code, facts


def known_choices(error: ErrorDetails) -> list[str]:
    """The allowed words of a literal: pydantic tells them as one sentence, 'open', 'waitlist' or 'ask'."""
    said = str(error.get("ctx", {}).get("expected", ""))
    return said.split("'")[1::2]


def known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """The keys that are allowed at a place inside a model."""
    for part in location:
        if isinstance(part, str):
            field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
            inner = model_inside(field.annotation) if field else None
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def each(value: Any, kind: type[Kind], place: Location = ()) -> Iterator[tuple[Location, Kind]]:
    """Every `kind` in a model, at any depth, and where it stands."""
    if isinstance(value, kind):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in fields_holding(type(value), kind):
            yield from each(getattr(value, name), kind, (*place, name))
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from each(one, kind, (*place, index))


@cache
def fields_holding(model: type[BaseModel], kind: type) -> tuple[str, ...]:
    """The fields that may hold a `kind`, at any depth: a walk need not look into the others."""
    return tuple(name for name, field in model.model_fields.items() if _may_hold(field.annotation, kind))


def _may_hold(annotation: Any, kind: type) -> bool:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        is_model = issubclass(annotation, BaseModel) and annotation is not kind
        return bool(fields_holding(annotation, kind)) if is_model else issubclass(annotation, kind)
    return any(_may_hold(argument, kind) for argument in typing.get_args(annotation))


def model_inside(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation such as `tuple[Annotated[Activity, …], …] | None` is about."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    inside = (model_inside(argument) for argument in typing.get_args(annotation))
    return next((model for model in inside if model), None)
