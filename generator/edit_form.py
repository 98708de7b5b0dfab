"""What the edit form asks, in which order and with which control: its only home.

Lengths, numbers, choices and what is required are read from the models, so that the form cannot promise what validation refuses.
Words are in site_templates/texts/<language>.yaml under `edit`, by part and path.
"""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from generator.models import Activity, Contact, Organisation, Pause, PrivateAddresses, Referral, Text
from generator.shapes import model_inside

Widget = Literal["line", "area", "phone", "email", "emails", "url", "day", "number", "tick", "choice", "select", "checks"]
Kind = Literal["single", "items", "optional", "private"]

NOTE_LENGTH = 1000  # of a note to the coordinator, which goes by mail


@dataclass(frozen=True)
class Question:
    """`path` is the field's inside its part, as written in the file. `terms` names a list of the taxonomy."""

    path: str
    widget: Widget
    terms: str = ""
    stands_for: str = ""  # a field of another part that is asked here


@dataclass(frozen=True)
class Part:
    """A part of the form. `items`: a list of the file under the part's name; `optional`: a mapping under its name that may be
    absent; `single`: fields of the file itself; `private`: addresses that are sent beside the file."""

    name: str
    kind: Kind
    model: type[BaseModel]
    groups: Mapping[str, tuple[Question, ...]]
    shown_as: str = ""  # the path that names an item


REACH = (
    Question("role", "line"),
    Question("phone", "phone"),
    Question("email", "email"),
    Question("name", "line"),
    Question("name_public", "tick"),
)

PARTS: tuple[Part, ...] = (
    Part(
        "basics",
        "single",
        Organisation,
        {
            "": (
                Question("name", "line"),
                Question("pitch", "area"),
                Question("description", "area"),
                Question("website", "url"),
                Question("scope", "choice"),
                Question("business_id", "line"),
                Question("register_number", "line"),
            )
        },
    ),
    Part("contacts", "items", Contact, {"": REACH}, shown_as="role"),
    Part(
        "activities",
        "items",
        Activity,
        {
            "what": (
                Question("name", "line"),
                Question("type", "select", terms="activity_types"),
                Question("summary", "area"),
                Question("for_whom", "area"),
            ),
            "room": (
                Question("capacity.status", "choice"),
                Question("capacity.until", "day"),
                Question("takes_requests", "tick", stands_for="referral.activities"),
            ),
            "whom": (
                Question("needs", "checks", terms="needs"),
                Question("target_groups", "checks", terms="target_groups"),
                Question("municipalities", "checks", terms="municipalities"),
                Question("remote", "tick"),
            ),
            "when": (
                Question("when", "line"),
                Question("where", "line"),
                Question("season.from", "day"),
                Question("season.to", "day"),
                Question("season.enrol_by", "day"),
            ),
            "terms": (
                Question("languages", "checks", terms="languages"),
                Question("interpreter", "choice"),
                Question("price", "choice"),
                Question("price_note", "line"),
                Question("accessibility", "area"),
            ),
            "contact": tuple(Question(f"contact.{one.path}", one.widget) for one in REACH),
        },
        shown_as="name",
    ),
    Part("pauses", "items", Pause, {"": (Question("from", "day"), Question("to", "day"), Question("note", "line"))}, "from"),
    Part(
        "referral",
        "optional",
        Referral,
        {
            "": (
                Question("responsible", "line"),
                Question("first_contact", "choice"),
                Question("within_working_days", "number"),
                Question("promise", "area"),
            )
        },
    ),
    Part(
        "addresses",
        "private",
        PrivateAddresses,
        {"": (Question("referral_email", "email"), Question("data_maintainers", "emails"))},
    ),
)

# Fields of the models that the form does not ask, and why.
NOT_ASKED: Mapping[str, str] = {
    "part_of": "the coordinator ties a branch to its parent",
    "review.confirmed_on": "only a confirmation changes it",
    "review.confirmed_by": "only a confirmation changes it",
    "status": "the coordinator closes and pauses",
    "merged_into": "the coordinator merges",
    "former_slugs": "the coordinator renames",
    "request_keys.created_on": "the day on which the page of keys sent it",
    "request_keys.public": "made on the page of keys",
    "request_keys.wrapped": "made on the page of keys",
    "activities.id": "made from the first name, and never changed",
    "addresses.activity_emails": "rare; the coordinator writes them",
    "addresses.language": "the coordinator's",
    "addresses.link_generation": "the coordinator's, to revoke links",
    "addresses.awaiting": "only a confirmation changes it",
}


@dataclass(frozen=True)
class Field:
    """A question with what the models say of it."""

    key: str  # "activities.capacity.until": of its words, and what a change is told by
    path: str
    widget: Widget
    is_text: bool  # translatable
    is_required: bool
    longest: int | None  # characters, or items of a list
    least: int | None
    most: int | None
    choices: tuple[str, ...]  # of a closed list in the models
    terms: str
    default: str  # what a missing value means; several are separated by spaces
    stands_for: str


def fields_of(part: Part) -> dict[str, list[Field]]:
    """The fields of each group of a part."""
    return {group: [_field(part, question) for question in questions] for group, questions in part.groups.items()}


def key_of(part: Part, path: str) -> str:
    """Where a field is in the file, list positions left out."""
    return path if part.kind == "single" else f"{part.name}.{path}"


def most_items(part: Part) -> int | None:
    """How many items the list of a part may have."""
    info = Organisation.model_fields[part.name]
    return next((one.max_length for one in _metadata(info) if isinstance(one, MaxLen)), None)


def _field(part: Part, question: Question) -> Field:
    key = key_of(part, question.path)
    if question.stands_for:
        return Field(key, question.path, question.widget, False, False, None, None, None, (), "", "true", question.stands_for)
    info, inherited = _info(part.model, question.path)
    metadata = list(_metadata(info))
    return Field(
        key,
        question.path,
        question.widget,
        is_text=model_inside(info.annotation) is Text,
        is_required=info.is_required(),
        longest=next((limit for one in metadata if (limit := _longest(one))), None),
        least=next((int(str(one.ge)) for one in metadata if isinstance(one, Ge)), None),
        most=next((int(str(one.le)) for one in metadata if isinstance(one, Le)), None),
        choices=tuple(_literals(info.annotation)),
        terms=question.terms,
        default=_default(info, inherited),
        stands_for="",
    )


def _info(model: type[BaseModel], path: str) -> tuple[FieldInfo, Any]:
    """The field at a path inside a model, and what stands there when a mapping around it is left out."""
    inherited: Any = None
    *outer, last = path.split(".")
    for part in outer:
        info = model.model_fields[part]
        inside = model_inside(info.annotation)
        assert inside
        model, inherited = inside, info.default
    name = next(name for name, info in model.model_fields.items() if (info.alias or name) == last)
    return model.model_fields[name], getattr(inherited, name, None)


def _default(info: FieldInfo, inherited: Any) -> str:
    value = inherited if info.default in (PydanticUndefined, None) else info.default
    if isinstance(value, bool):
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value or "")


def _metadata(info: FieldInfo) -> Iterator[Any]:
    """Everything that annotations say of a field, not of the items inside a list."""
    yield from info.metadata
    yield from _inside(info.annotation)


def _inside(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        for one in annotation.__metadata__:
            yield from one.metadata if isinstance(one, FieldInfo) else [one]
        yield from _inside(annotation.__origin__)
    elif origin in (typing.Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from _inside(argument)


def _longest(metadata: Any) -> int | None:
    if isinstance(metadata, MaxLen):
        return metadata.max_length
    if isinstance(metadata, AfterValidator) and isinstance(metadata.func, partial):
        limit: int | None = metadata.func.keywords.get("limit")
        return limit
    return None


def _literals(annotation: Any) -> Iterator[str]:
    if typing.get_origin(annotation) is Literal:
        yield from typing.get_args(annotation)
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from _literals(argument)
