"""The shape of what people write: one association, its private addresses, the region's settings, the taxonomy.

Everything arrives as text (content.py), and nothing here looks at another file, at the taxonomy or at a date of today:
rules across files and dates are in rules/. Error types that are ours carry the code of their sentence (problems.py).
"""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from generator.content import DEFAULT_PRIVATE_FOLDER
from generator.fields import (
    BasePath,
    BusinessId,
    CodeRange,
    Day,
    Domain,
    Email,
    Identifier,
    KeyId,
    Line,
    MunicipalityCode,
    Name,
    Origin,
    Phone,
    PublicKey,
    Slug,
    SpokenPhone,
    Url,
    WrappedKey,
    dialled,
    fault,
    multiple_of,
    one_line,
    plain,
)
from generator.languages import LANGUAGES as LANGUAGES  # noqa: PLC0414 - whoever uses the models finds them here
from generator.languages import Language as Language  # noqa: PLC0414
from generator.request_keys import MOST_KEYS, key_id

WHOLE_REGION = "koko-alue"


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
        return ((language, text) for language, text in vars(self).items() if text)

    def within(self, limit: int, clean: Callable[[str], str] = one_line) -> "Text":
        """The same text cleaned. Raises when a language is longer than `limit` characters."""
        written = dict(self.written())
        cleaned = {language: clean(text) for language, text in written.items()}
        for language, text in cleaned.items():
            if len(text) > limit:
                raise fault("text_too_long", language=language, length=len(text), max_length=limit)
        return self if cleaned == written else Text(**cleaned)


def limited(limit: int, clean: Callable[[str], str] = one_line) -> AfterValidator:
    """A partial, so that the edit form can read the limit from it."""
    return AfterValidator(partial(Text.within, limit=limit, clean=clean))


Label = Annotated[Text, limited(80)]
Pitch = Annotated[Text, limited(150)]
Short = Annotated[Text, limited(160)]
Medium = Annotated[Text, limited(300)]
Markdown = Annotated[Text, limited(5000, plain)]


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


class RequestKey(Shape):
    """To what contact requests are sealed: made in the association's own browser, the private part wrapped by its passphrase."""

    created_on: Day
    public: PublicKey
    wrapped: WrappedKey

    @property
    def id(self) -> str:
        return key_id(self.public)


class Review(Shape):
    """A person saying "all this is still true"; editing or importing is not."""

    confirmed_on: Day
    confirmed_by: Line


class Organisation(Shape):
    name: Name
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
    request_keys: Annotated[tuple[RequestKey, ...], Field(max_length=MOST_KEYS)] = ()  # the newest first: it is sealed to
    review: Review | None = None
    status: Literal["active", "paused", "closed"] = "active"
    merged_into: Slug | None = None
    former_slugs: tuple[Slug, ...] = ()

    @field_validator("merged_into")
    @classmethod
    def _merges_only_when_closed(cls, target: str | None, info: ValidationInfo) -> str | None:
        if target and info.data.get("status") != "closed":
            raise fault("merged_not_closed")
        return target

    @property
    def is_national(self) -> bool:
        return self.scope == "national"

    @field_validator("request_keys")
    @classmethod
    def _newest_key_is_first(cls, keys: tuple[RequestKey, ...]) -> tuple[RequestKey, ...]:
        days = [key.created_on for key in keys]
        if days != sorted(days, reverse=True) or len({key.public for key in keys}) < len(keys):
            raise fault("keys_order")
        return keys

    @property
    def phone(self) -> str | None:
        """The number that lists show."""
        return self.contacts[0].phone

    @property
    def takes_requests(self) -> bool:
        return self.referral is not None

    @property
    def has_key(self) -> bool:
        """Whether contact requests are sealed so that only the association can read them."""
        return bool(self.request_keys)


class Awaiting(Shape):
    """What has to happen before an address is used: the old one agrees (or two people call the association), each new one
    confirms itself; after joining, a test request is answered. A joining association's register number is looked up by hand.
    A new key of contact requests is agreed to by the mailbox that gets them."""

    old_address: bool = False
    new_address: tuple[Email, ...] = ()  # those that have yet to confirm themselves
    test_request: bool = False
    register_check: bool = False
    new_key: KeyId | None = None  # the name of the key that has yet to be agreed to

    @property
    def names(self) -> list[str]:
        """What is still waited for, in the order of the fields."""
        return [name for name in type(self).model_fields if getattr(self, name)]

    @property
    def blocks(self) -> bool:
        """Whether the addresses may not be taken into use at all."""
        return self.old_address or bool(self.new_address) or self.new_key is not None

    @property
    def closes_requests(self) -> bool:
        return bool(self.names)


class PrivateAddresses(Shape):
    """content/private/<slug>.yaml: addresses that are never published."""

    referral_email: Email | None = None
    activity_emails: dict[str, Email] = {}
    language: Language = "fi"  # of the mails to the association
    data_maintainers: Annotated[tuple[Email, ...], Field(min_length=1, max_length=5)]
    link_generation: Annotated[int, Field(ge=1, le=10_000)] = 1
    awaiting: Awaiting | None = None


class FreshnessLimits(Shape):
    """Months since confirmation: from when to warn, list last, and list no more. `unbuilt_months` after the last build the site
    takes no contact requests: nobody keeps it any more."""

    warn_months: Annotated[int, Field(ge=1, le=60)] = 6
    last_months: Annotated[int, Field(ge=1, le=60)] = 12
    hide_months: Annotated[int, Field(ge=1, le=60)] = 18
    unbuilt_months: Annotated[int, Field(ge=1, le=60)] = 12

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


class Coordinator(Shape):
    """Who approves changes and answers associations: the phone is shown to them, the addresses get the service's own mail. The
    deputy hears of what has waited for five working days."""

    phone: Phone
    email: Email
    deputy_email: Email | None = None


class ReferralLimits(Shape):
    """How many contact requests are taken before something is surely wrong."""

    per_organisation_hour: Annotated[int, Field(ge=1, le=1000)] = 20
    per_sender_day: Annotated[int, Field(ge=1, le=1000)] = 40
    all_day: Annotated[int, Field(ge=1, le=100_000)] = 500


class ReferralPolicy(Shape):
    """What the region has decided about contact requests; absent means that the site takes none.

    `none`: professionals see phone numbers and a code that the client opens on their own phone. `tls`: the request goes by
    mail over an encrypted connection; to an association that has a key it is sealed besides. `sealed`: only so, and others are
    called. Finnish authorities may not send client data by unprotected mail even with consent
    (Data Protection Ombudsman 423/49/2009), so the decision has a day and a decider.

    `senders`: `open` believes the work address that a professional types, `verified` asks each browser once in 90 days to show
    that its user reads that mailbox.
    """

    protection: Literal["none", "tls", "sealed"] = "none"
    decided_on: Day | None = None
    decided_by: Label | None = None
    sender_domains: tuple[Domain, ...] = ()
    senders: Literal["open", "verified"] = "open"
    limits: ReferralLimits = ReferralLimits()
    reminders: bool = True  # of requests that nobody has answered

    @property
    def verifies_senders(self) -> bool:
        """Whether a professional sends only from a mailbox that was proven; where nobody may send there is nothing to prove."""
        return self.senders == "verified" and self.protection != "none"

    @model_validator(mode="after")
    def _is_decided(self) -> Self:
        if self.protection != "none" and not (self.decided_on and self.decided_by):
            raise fault("protection_decision")
        if self.senders == "verified" and not self.sender_domains:
            raise fault("verified_domains")
        return self


class Embedding(Shape):
    """Which sites may show pages of /upote/ in a frame; absent means that there are no such pages."""

    allowed: Annotated[tuple[Origin, ...], Field(min_length=1, max_length=10)]


class Sample(Shape):
    """Fictional content says so, and is judged as of a fixed day, so that it does not grow stale. Absent in a real region."""

    today: Day


class Site(Shape):
    name: Label
    region: Label
    whole_region: Label
    publisher: Label
    url: Url
    base_path: BasePath = "/"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = LANGUAGES
    guidance: Guidance
    coordinator: Coordinator
    feedback_email: Email
    quick_exit: Url
    freshness: FreshnessLimits = FreshnessLimits()
    referral: ReferralPolicy | None = None
    embedding: Embedding | None = None
    private_folder: Line = DEFAULT_PRIVATE_FOLDER
    history_url: Url | None = None  # where a public repository shows a file's history; the file's path is added
    sample: Sample | None = None
    unfinished: bool = False  # a real region that is being set up: sample values are warnings, and search engines are kept out

    @field_validator("languages")
    @classmethod
    def _finnish_is_at_the_root(cls, languages: tuple[Language, ...]) -> tuple[Language, ...]:
        if languages[0] != "fi" or len(set(languages)) < len(languages):
            raise fault("languages_order")
        return languages


# What may be told of numbers of requests: nothing that is under five, and nothing in between the fives.
SMALLEST = 5
Figure = Annotated[int, Field(ge=SMALLEST), AfterValidator(partial(multiple_of, step=SMALLEST))]
UsualTime = Literal["days_1", "days_2", "days_5", "longer"]
TIMES: tuple[UsualTime, ...] = get_args(UsualTime)


class Figures(Shape):
    """Of the whole region: requests, what was answered first to each, and in how many working days."""

    requests: Figure | None = None
    cancelled: Figure | None = None
    bounced: Figure | None = None
    answers: Figure | None = None
    contacted: Figure | None = None
    not_reached: Figure | None = None
    full: Figure | None = None
    unsuitable: Figure | None = None
    unopened: Figure | None = None
    days_1: Figure | None = None
    days_2: Figure | None = None
    days_5: Figure | None = None
    longer: Figure | None = None


class AssociationFigures(Shape):
    requests: Figure | None = None
    answers: Figure | None = None
    usual: UsualTime | None = None  # in how many working days it usually answers

    @model_validator(mode="after")
    def _usual_of_enough(self) -> Self:
        if self.usual and not self.answers:
            raise fault("usual_of_few")
        return self


class Counts(Shape):
    """content/counts.yaml, made by `tarjotin counts --write`: of the days from `first` to `last`, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    region: Figures = Figures()
    associations: dict[Slug, AssociationFigures] = {}


class PageHead(Shape):
    """The front matter of content/pages/<slug>.<language>.md."""

    title: Line
    description: Line


class Term(Shape):
    """One entry of the taxonomy: an id that never changes, and a label in every language."""

    id: Slug
    label: Label


class Synonyms(Shape):
    fi: tuple[Line, ...] = ()
    sv: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Sought(Term):
    """A term that is searched for: `synonyms` are listed in the A–Ö index too, `search_words` are shown nowhere."""

    synonyms: Synonyms = Synonyms()
    search_words: Synonyms = Synonyms()


class Need(Sought):
    group: Identifier
    description: Short
    icpc2: tuple[CodeRange, ...] = ()
    icd10: tuple[CodeRange, ...] = ()
    sensitive: bool = False
    helplines: tuple[Identifier, ...] = ()
    quick_exit: bool = False


class ActivityType(Sought):
    description: Short


class Helpline(Shape):
    id: Slug
    name: Label
    phone: SpokenPhone
    note: Short
    website: Url | None = None

    @property
    def dialled(self) -> str:
        return dialled(self.phone)


class Municipality(Term):
    code: MunicipalityCode
    locative: Line | None = None  # how Finnish says "in …"; without it pages say "kunnassa …"
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
