"""What each request may hold: one model for each, with the same field types as the content, and so the same sentences."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from generator.content import MAX_DEPTH, Document
from generator.fields import Email, Identifier, Line, PublicKey, WrappedKey, fault, plain
from generator.models import Shape
from generator.problems import Location, Problem, Severity, dotted, sentence
from generator.shapes import Model, shape
from lambda_common.challenge import UUID
from lambda_common.web import Refusal

MAX_BYTES = 96 * 1024  # a file of 64 KB, its quotes escaped, and the rest of the request
MAX_PROOF = 2048
MAX_TOKEN = 2000
PARTS = ("contacts", "referral", "activities")
# What no form sets: kept as it is in the file.
CARRIED = ("part_of", "review", "status", "merged_into", "former_slugs", "request_keys")
JOINING = "uusi"


class Invalid(Refusal):
    """Something that a person can mend: each place with its sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(422, "invalid")
        self.problems = problems

    @classmethod
    def of(cls, problems: list[Problem]) -> "Invalid":
        return cls([(one.field, one.message) for one in problems])


def errors_in(problems: list[Problem]) -> list[Problem]:
    return [one for one in problems if one.severity is Severity.ERROR]


def _uuid(text: str) -> str:
    if not UUID.fullmatch(text):
        raise fault("choice", found=text[:40], hint="")
    return text


def _hexadecimal(text: str) -> str:
    """A blob or a commit; "" of something that is not yet there."""
    if text and (len(text) != 40 or text.strip("0123456789abcdef")):
        raise fault("choice", found=text[:40], hint="")
    return text


def _path(text: str) -> str:
    """A field as changes name it: activities.vertaisryhma.when.fi."""
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", text):
        raise fault("choice", found=text[:40], hint="")
    return text


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


Key = Annotated[str, AfterValidator(_uuid)]
Blob = Annotated[str, AfterValidator(_hexadecimal)]
Note = Annotated[str, Field(max_length=1000), AfterValidator(lambda text: plain(_line_ends(text)))]
Token = Annotated[str, Field(max_length=MAX_TOKEN)]
Proof = Annotated[str, Field(max_length=MAX_PROOF)]
Path = Annotated[str, Field(max_length=200), AfterValidator(_path)]
Slug = Annotated[Identifier, BeforeValidator(lambda slug: slug or JOINING)]


class Addresses(Shape):
    """Private addresses as they are to be; what is left out stays as it is."""

    referral_email: Email | None = None
    data_maintainers: Annotated[tuple[Email, ...], Field(min_length=1, max_length=5)] | None = None


class Edit(Shape):
    """POST /api/muokkaus. `base` names the version that the form began from; "" of an association that joins."""

    key: Key
    slug: Slug = JOINING
    base: Blob = ""
    token: Token = ""
    written: dict[str, Any]
    addresses: Addresses | None = None
    commitment: bool = False
    note: Note = ""
    proof: Proof = ""
    website: str = ""

    @property
    def is_joining(self) -> bool:
        return self.slug == JOINING


class LinkWish(Shape):
    """POST /api/muokkauslinkki."""

    slug: Identifier
    email: Email
    key: Key | None = None
    proof: Proof = ""
    website: str = ""


class Confirmation(Shape):
    """POST /api/vahvistus. `blob` names the version that the person was shown."""

    token: Token
    blob: Blob
    parts: tuple[str, ...] = ()
    role: Line


class ErrorReport(Shape):
    """POST /api/virhe: anyone's note about an association's data."""

    slug: Identifier
    note: Annotated[Note, Field(min_length=1)]
    email: Email | None = None
    key: Key | None = None
    proof: Proof = ""
    website: str = ""


class AddressConsent(Shape):
    """POST /api/osoite."""

    token: Token


class KeyOffer(Shape):
    """POST /api/avain: a key that was made in the association's browser."""

    token: Token
    key: Key
    public: PublicKey
    wrapped: WrappedKey


class StatusQuestion(Shape):
    """POST /api/muokkaustila."""

    slug: Identifier
    reference: Annotated[str, Field(max_length=20)]


class Decision(Shape):
    """POST /api/hyvaksynta: what the coordinator does; which fields are needed depends on the action."""

    token: Token
    action: Annotated[str, Field(max_length=40)]
    id: Annotated[str, Field(max_length=200)] = ""
    head: Annotated[str, Field(max_length=200)] = ""
    reason: Note = ""
    fields: Annotated[tuple[Path, ...], Field(max_length=100)] = ()
    note: Note = ""
    number_called: Annotated[str, Field(max_length=40)] = ""
    callers: Annotated[tuple[Line, ...], Field(max_length=2)] = ()
    register_checked: bool = False
    slug: Identifier | None = None
    role: Line | None = None


def read(model: type[Model], raw: Mapping[str, Any]) -> Model:
    """The request. Raises Invalid with a sentence for each field that is wrong."""
    problems: list[Problem] = []
    # An empty answer is a missing one, as in the files.
    given = {name: value for name, value in raw.items() if value is not None}
    found = shape(model, Document("", "", "", given), problems)
    if found is None:
        raise Invalid.of(problems)
    return found


def as_written(value: Any, place: Location = ()) -> Any:
    """What a form holds, as a file would hold it: text, lists and mappings, with what is empty left out. Raises Invalid.

    An empty list of activities is kept: a closed association has one."""
    if len(place) > MAX_DEPTH:
        raise Invalid([(dotted(place), sentence("yaml.depth"))])
    if isinstance(value, str):
        return _written_text(value, place)
    if isinstance(value, dict):
        items = {key: as_written(item, (*place, key)) for key, item in value.items() if item is not None}
        return {key: item for key, item in items.items() if item or key == "activities"}
    if isinstance(value, list):
        return [item for at, one in enumerate(value) if (item := as_written(one, (*place, at)))]
    raise Invalid([(dotted(place), sentence("string_type"))])


def _written_text(text: str, place: Location) -> str:
    """Without the spaces around it. Control characters are refused here, at the field itself."""
    try:
        return plain(_line_ends(text).strip(" \t\n"))
    except PydanticCustomError as error:
        raise Invalid([(dotted(place), sentence(error.type))]) from None
