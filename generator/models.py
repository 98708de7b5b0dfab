"""The shape of what people write: one association, its private addresses, the region's settings, the taxonomy.

Everything arrives as text (content.py), and nothing here looks at another file, at the taxonomy or at a date of today:
rules across files and dates are in validation.py. Error types that are ours carry the code of their sentence (problems.py).
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from stdnum.fi import ytunnus

from generator.content import DEFAULT_PRIVATE_FOLDER

RESERVED_SLUGS = frozenset({"uusi", "kaikki", "koko-alue"})
WHOLE_REGION = "koko-alue"
Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")

# Numbers for sample content: no subscriber number in an area begins with 0, so these cannot ring.
SAMPLE_PHONE = re.compile(r"\+35817000\d{4}")
SAMPLE_DOMAIN = re.compile(r"(^|[./@])example\.(fi|org)(?=$|[/:?#])")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z]\d{2}(\.\d{1,2})?(-[A-Z]\d{2}(\.\d{1,2})?)?")
_HTTPS = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}(:\d+)?([/?#][^\s\"<>\\^`{|}]*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def fault(code: str, **facts: object) -> PydanticCustomError:
    """A fault in a value, told later by the sentence of that code."""
    return PydanticCustomError(code, code, facts)


def slugify(text: str) -> str:
    """What a text could be as an identifier: "Ystävätoiminta & kahvi" → "ystavatoiminta-kahvi"."""
    plain = text.lower().translate(str.maketrans("äåö", "aao"))
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "esimerkki"


def _plain(text: str) -> str:
    if _CONTROL.search(text):
        raise fault("text_control")
    return text


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", _plain(text)).strip()


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise fault("date_form", found=str(value))


def _identifier(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > 60:
        raise fault("slug_form", found=text, wanted=slugify(text))
    return text


def _slug(text: str) -> str:
    if text in RESERVED_SLUGS:
        raise fault("slug_reserved", found=text)
    return _identifier(text)


def _url(text: str) -> str:
    if not _HTTPS.fullmatch(text):
        raise fault("url_form", found=text)
    return text


def _phone(text: str) -> str:
    """A number that could be dialled, in its international form +358…; short service numbers (112, 116 117) as they are."""
    digits = re.sub(r"\s", "", text)
    if re.fullmatch(r"1\d{2}|116\d{3}|10\d{3}", digits):
        return digits
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        raise fault("phone_form", found=text) from None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if SAMPLE_PHONE.fullmatch(written) or phonenumbers.is_valid_number(number):
        return written
    raise fault("phone_form", found=text)


def _spoken_phone(text: str) -> str:
    """A number checked, but kept as people know it: 080 005 005."""
    _phone(text)
    return _one_line(text)


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=False).normalized
    except EmailNotValidError:
        raise fault("email_form", found=text) from None


def _business_id(text: str) -> str:
    if not re.fullmatch(r"\d{7}-\d", text) or not ytunnus.is_valid(text):
        raise fault("business_id_form", found=text)
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise fault("code_form", found=text)
    return text


def _base_path(text: str) -> str:
    if not re.fullmatch(r"/([A-Za-z0-9._-]+/)*", text):
        raise fault("base_path_form", found=text)
    return text


Line = Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=160)]
Day = Annotated[date, BeforeValidator(_date)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Slug = Annotated[str, AfterValidator(_slug)]
Url = Annotated[str, Field(max_length=300), AfterValidator(_url)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
SpokenPhone = Annotated[str, Field(max_length=40), AfterValidator(_spoken_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
BusinessId = Annotated[str, AfterValidator(_business_id)]
CodeRange = Annotated[str, AfterValidator(_code)]


class Shape(BaseModel):
    """What every shape has in common: unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, ignored_types=(cached_property,))


class Text(Shape):
    """A translatable text: Finnish always, the other languages where they are written."""

    fi: Annotated[str, Field(min_length=1)]
    sv: Annotated[str, Field(min_length=1)] | None = None
    en: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _finnish_alone(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"fi": value}
        if not isinstance(value, dict | Text):
            raise fault("text_shape")
        return value

    def written(self) -> Iterator[tuple[str, str]]:
        """(language, text) of each language that is written."""
        return ((language, text) for language in LANGUAGES if (text := getattr(self, language)))

    def within(self, limit: int, clean: Callable[[str], str] = _one_line) -> "Text":
        """The same text cleaned. Raises when a language is longer than `limit` characters."""
        cleaned = {language: clean(text) for language, text in self.written()}
        for language, text in cleaned.items():
            if len(text) > limit:
                raise fault("text_too_long", language=language, length=len(text), max_length=limit)
        return Text(**cleaned)


def limited(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: text.within(limit))


Label = Annotated[Text, limited(80)]
Pitch = Annotated[Text, limited(150)]
Short = Annotated[Text, limited(160)]
Medium = Annotated[Text, limited(300)]
Markdown = Annotated[Text, AfterValidator(lambda text: text.within(5000, _plain))]


class Contact(Shape):
    role: Label
    name: Line | None = None
    name_public: bool = False
    phone: Phone | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.phone and not self.email:
            raise fault("contact_reach")
        if self.name and not self.name_public:
            raise fault("contact_name")
        return self


class Season(Shape):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    enrol_by: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise fault("period_order")
        if self.enrol_by and self.enrol_by > self.last:
            raise fault("enrol_after_end")
        return self


class Pause(Shape):
    """Days, both included, when nobody answers."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    note: Short | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise fault("period_order")
        return self


CapacityStatus = Literal["open", "waitlist", "ask", "full"]


class Capacity(Shape):
    """The four states of FHIR's capacity; after `until` the state reads as "ask"."""

    status: CapacityStatus
    until: Day | None = None

    @model_validator(mode="after")
    def _has_end(self) -> Self:
        if self.status in ("waitlist", "full") and not self.until:
            raise fault("capacity_until", found=self.status)
        return self


def _places(value: Any) -> Any:
    return [value] if value == WHOLE_REGION else value


class Activity(Shape):
    id: Slug
    type: Identifier
    name: Label
    summary: Medium
    needs: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=12)]
    target_groups: tuple[Identifier, ...] = ()
    municipalities: Annotated[tuple[Identifier, ...], BeforeValidator(_places)] = ()
    remote: bool = False
    languages: Annotated[tuple[Identifier, ...], Field(min_length=1)] = ("fi",)
    interpreter: Literal["yes", "no", "ask"] | None = None
    when: Short | None = None
    season: Season | None = None
    where: Short | None = None
    price: Literal["free", "paid"] = "free"
    price_note: Short | None = None
    accessibility: Medium | None = None
    for_whom: Medium | None = None
    capacity: Capacity = Capacity(status="ask")
    contact: Contact | None = None

    @property
    def is_region_wide(self) -> bool:
        return WHOLE_REGION in self.municipalities


class Referral(Shape):
    """Promises about contact requests; absent means that none are taken through the site."""

    responsible: Label
    first_contact: Literal["call", "message"]
    within_working_days: Annotated[int, Field(ge=1, le=10)]
    promise: Medium
    activities: tuple[Identifier, ...] = ()


class Review(Shape):
    """A person saying "all this is still true"; editing or importing is not."""

    confirmed_on: Day
    confirmed_by: Line


class Organisation(Shape):
    name: Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=120)]
    business_id: BusinessId | None = None
    register_number: Line | None = None
    part_of: Slug | None = None
    scope: Literal["regional", "national"] = "regional"
    pitch: Pitch
    description: Markdown
    website: Url | None = None
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1, max_length=8)]
    activities: Annotated[tuple[Activity, ...], Field(max_length=40)]
    pauses: tuple[Pause, ...] = ()
    referral: Referral | None = None
    review: Review | None = None
    status: Literal["active", "paused", "closed"] = "active"
    merged_into: Slug | None = None
    former_slugs: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _merges_only_when_closed(self) -> Self:
        if self.merged_into and self.status != "closed":
            raise fault("merged_not_closed")
        return self

    @property
    def is_national(self) -> bool:
        return self.scope == "national"


class PrivateAddresses(Shape):
    """content/private/<slug>.yaml: addresses that are never published."""

    referral_email: Email | None = None
    activity_emails: dict[str, Email] = {}
    data_maintainers: Annotated[tuple[Email, ...], Field(min_length=1, max_length=5)]
    link_generation: Annotated[int, Field(ge=1, le=10_000)] = 1


class FreshnessLimits(Shape):
    """Months since confirmation: from when to warn, list last, and list no more."""

    warn_months: Annotated[int, Field(ge=1, le=60)] = 6
    last_months: Annotated[int, Field(ge=1, le=60)] = 12
    hide_months: Annotated[int, Field(ge=1, le=60)] = 18

    @model_validator(mode="after")
    def _grow(self) -> Self:
        if not self.warn_months < self.last_months < self.hide_months:
            raise fault("limits_order")
        return self


class Guidance(Shape):
    """The region's own number for a client who needs help in choosing."""

    name: Label
    phone: Phone
    hours: Short


class Sample(Shape):
    """Fictional content says so, and is judged as of a fixed day, so that it does not grow stale. Absent in a real region."""

    today: Day


class Site(Shape):
    name: Label
    region: Label
    whole_region: Label
    publisher: Label
    url: Url
    base_path: Annotated[str, AfterValidator(_base_path)] = "/"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = LANGUAGES
    guidance: Guidance
    feedback_email: Email
    quick_exit: Url
    freshness: FreshnessLimits = FreshnessLimits()
    private_folder: Line = DEFAULT_PRIVATE_FOLDER
    sample: Sample | None = None


class PageHead(Shape):
    """The front matter of content/pages/<slug>.<language>.md."""

    title: Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=80)]
    description: Line


class Term(Shape):
    """One entry of the taxonomy: an id that never changes, and a label in every language."""

    id: Slug
    label: Label


class Synonyms(Shape):
    fi: tuple[Line, ...] = ()
    sv: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Need(Term):
    group: Identifier
    description: Short
    synonyms: Synonyms = Synonyms()
    icpc2: tuple[CodeRange, ...] = ()
    icd10: tuple[CodeRange, ...] = ()
    sensitive: bool = False
    helplines: tuple[Identifier, ...] = ()
    quick_exit: bool = False


class ActivityType(Term):
    description: Short
    synonyms: Synonyms = Synonyms()


class Helpline(Shape):
    id: Slug
    name: Label
    phone: SpokenPhone
    note: Short
    website: Url | None = None

    @property
    def dialled(self) -> str:
        return _phone(self.phone)


class Municipality(Term):
    code: Annotated[str, Field(pattern=r"^\d{3}$")]
    locative: Line
    centre: tuple[Annotated[float, Field(ge=59, le=71)], Annotated[float, Field(ge=19, le=32)]]


class Taxonomy(Shape):
    """Which needs, activity types, target groups, languages and municipalities exist, in the order of the site."""

    need_groups: Annotated[tuple[Term, ...], Field(min_length=1)]
    needs: Annotated[tuple[Need, ...], Field(min_length=1)]
    activity_types: Annotated[tuple[ActivityType, ...], Field(min_length=1)]
    target_groups: tuple[Term, ...]
    languages: Annotated[tuple[Term, ...], Field(min_length=1)]
    helplines: tuple[Helpline, ...]
    municipalities: Annotated[tuple[Municipality, ...], Field(min_length=1)]
