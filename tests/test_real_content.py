"""The repository's own content: each file by itself, and all of it together showing every state that a site can have."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from generator.building.report import problem_text
from generator.checked import Content
from generator.content import Document, Sources, load_sources
from generator.dates import freshness_on
from generator.models import Activity, Organisation
from generator.problems import ContentError
from generator.validation import validate
from tests.builders import ROOT, TODAY

SOURCES = load_sources(ROOT)
ORGANISATIONS = [item.name if isinstance(item, Document) else item.file for item in SOURCES.organisations]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*(ROOT / "content").rglob("*.yaml"), *(ROOT / "content").rglob("*.md"), ROOT / "taxonomy.yaml"]
)


def alone(slug: str) -> Sources:
    """The region with one association, those that it refers to, and their private addresses."""
    documents = {item.name: item for item in SOURCES.organisations if isinstance(item, Document)}
    wanted, ahead = set(), [slug]
    while ahead:
        name = ahead.pop()
        if name in documents and name not in wanted:
            wanted.add(name)
            ahead += [str(documents[name].data.get(key)) for key in ("part_of", "merged_into")]
    kept = tuple(item for item in SOURCES.organisations if not isinstance(item, Document) or item.name in wanted)
    private = tuple(item for item in SOURCES.private or () if not isinstance(item, Document) or item.name in wanted)
    return replace(SOURCES, organisations=kept, private=private)


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_association_is_valid_and_has_nothing_to_warn_about(slug: str) -> None:
    try:
        warnings = validate(alone(slug), TODAY).warnings
    except ContentError as error:
        pytest.fail("\n".join(problem_text(one) for one in error.problems))
    assert [problem_text(one) for one in warnings] == []


def test_content_as_a_whole_is_valid(content: Content) -> None:
    assert len(content.organisations) == len(ORGANISATIONS)
    assert [problem_text(one) for one in content.warnings] == []


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_association_says_that_it_is_fictional(slug: str, content: Content) -> None:
    assert "esimerkki" in content.organisations[slug].name.lower()


# Nothing rings, nothing arrives

SAMPLE_NUMBER = re.compile(r"(?:\+358 ?17|017) ?000 ?\d{4}")
NUMBER = re.compile(r"(?<![\d.-])(?:\+\d|0\d)[\d \-]{5,}\d(?![\d.-])")
HOST = re.compile(r"(?:https?://|[\w.+-]@)((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
GENUINE = {"www.ilmatieteenlaitos.fi"}  # where a reader in a hurry is taken


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.startswith(("content/organisations", "content/private", "content/site"))]
)
def test_no_number_can_ring_and_no_address_is_anyones(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert [one for one in NUMBER.findall(text) if not SAMPLE_NUMBER.fullmatch(one)] == []
    hosts = {host.lower() for host in HOST.findall(text)} - GENUINE
    assert [host for host in hosts if not re.search(r"(^|\.)example\.(fi|org)$", host)] == []


@pytest.mark.parametrize(
    "text", ["soita 040 123 4567 nyt", "+358 50 1234567", "017 123 4567", "0800 12345", "(050) 1234567: 050-1234567"]
)
def test_number_that_could_ring_would_be_noticed(text: str) -> None:
    assert [one for one in NUMBER.findall(text) if not SAMPLE_NUMBER.fullmatch(one)]


def test_every_contact_number_is_a_sample_number(content: Content) -> None:
    numbers = [contact.phone for organisation in content.organisations.values() for contact in organisation.contacts]
    numbers += [activity.contact.phone for _, activity in activities(content) if activity.contact]
    assert [one for one in numbers if one and not re.fullmatch(r"\+35817000\d{4}", one)] == []


@pytest.mark.parametrize("file", FILES)
def test_file_is_plain_utf8_with_unix_line_ends(file: str) -> None:
    raw = (ROOT / file).read_bytes()
    assert raw.decode("utf-8").replace("\n", "").isprintable()
    assert b"\r" not in raw
    assert b"\t" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")


# Together


def activities(content: Content) -> Iterator[tuple[Organisation, Activity]]:
    for organisation in content.organisations.values():
        for activity in organisation.activities:
            yield organisation, activity


def test_there_is_enough_to_choose_from(content: Content) -> None:
    assert len(content.organisations) >= 45
    assert len(list(activities(content))) >= 140


@pytest.mark.parametrize(
    ("terms", "used"),
    [
        ("needs", lambda activity: activity.needs),
        ("activity_types", lambda activity: (activity.type,)),
        ("target_groups", lambda activity: activity.target_groups),
        ("languages", lambda activity: activity.languages),
        ("municipalities", lambda activity: activity.municipalities),
    ],
    ids=["needs", "activity_types", "target_groups", "languages", "municipalities"],
)
def test_every_term_is_used(terms: str, used: Callable[[Activity], tuple[str, ...]], content: Content) -> None:
    known = {term.id for term in getattr(content.taxonomy, terms)}
    assert known - {word for _, activity in activities(content) for word in used(activity)} == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_fifteen_associations_are_wholly_translated(language: str, content: Content) -> None:
    """A file translated in part has a warning, and there are none: so what has a translated pitch has everything."""
    translated = [one for one in content.organisations.values() if getattr(one.pitch, language)]
    assert len(translated) >= 15
    assert all(getattr(activity.summary, language) for one in translated for activity in one.activities)


OF_AN_ORGANISATION: dict[str, Callable[[Organisation], object]] = {
    "closed and merged": lambda one: one.status == "closed" and one.merged_into,
    "closed for good": lambda one: one.status == "closed" and not one.merged_into,
    "paused": lambda one: one.status == "paused",
    "on pause today": lambda one: any(pause.first <= TODAY <= pause.last for pause in one.pauses),
    "a pause ahead": lambda one: any(pause.first > TODAY for pause in one.pauses),
    "former slug": lambda one: one.former_slugs,
    "branch": lambda one: one.part_of,
    "national": lambda one: one.is_national,
    "never confirmed": lambda one: not one.review and one.status == "active",
    "no contact requests": lambda one: not one.referral and one.status == "active",
    "requests to some activities only": lambda one: one.referral and one.referral.activities,
    "first contact by message": lambda one: one.referral and one.referral.first_contact == "message",
    "one activity": lambda one: len(one.activities) == 1,
    "nine activities": lambda one: len(one.activities) >= 9,
    "long name": lambda one: len(one.name) >= 100,
    "no website": lambda one: not one.website and one.status == "active",
    "a person's name": lambda one: any(contact.name for contact in one.contacts),
    "several contacts": lambda one: len(one.contacts) > 1,
    "only a phone": lambda one: any(not contact.email for contact in one.contacts),
    "only an e-mail address": lambda one: any(not contact.phone for contact in one.contacts),
    "business id": lambda one: one.business_id,
    "no business id": lambda one: not one.business_id,
    "list in the description": lambda one: "\n- " in one.description.fi,
    "heading in the description": lambda one: "\n## " in one.description.fi,
}
OF_AN_ACTIVITY: dict[str, Callable[[Activity], object]] = {
    "full with the end ahead": lambda one: one.capacity.status == "full" and one.capacity.until >= TODAY,
    "full with the end passed": lambda one: one.capacity.status == "full" and one.capacity.until < TODAY,
    "waitlist": lambda one: one.capacity.status == "waitlist" and one.capacity.until >= TODAY,
    "open": lambda one: one.capacity.status == "open",
    "ask": lambda one: one.capacity.status == "ask",
    "season not begun": lambda one: one.season and one.season.first > TODAY,
    "season on": lambda one: one.season and one.season.first <= TODAY <= one.season.last,
    "season over": lambda one: one.season and one.season.last < TODAY,
    "enrolment over in mid-season": lambda one: (
        one.season and one.season.enrol_by and one.season.enrol_by < TODAY <= one.season.last
    ),
    "remote only": lambda one: one.remote and not one.municipalities,
    "remote and local": lambda one: one.remote and one.municipalities,
    "region-wide": lambda one: one.is_region_wide,
    "one municipality": lambda one: len(one.municipalities) == 1,
    "interpreter": lambda one: one.interpreter == "yes",
    "no interpreter": lambda one: one.interpreter == "no",
    "ask about an interpreter": lambda one: one.interpreter == "ask",
    "sign language": lambda one: "fse" in one.languages,
    "paid with a note": lambda one: one.price == "paid" and one.price_note,
    "contact of its own": lambda one: one.contact,
}


@pytest.mark.parametrize("state", OF_AN_ORGANISATION)
def test_some_association_shows(state: str, content: Content) -> None:
    assert any(OF_AN_ORGANISATION[state](one) for one in content.organisations.values())


@pytest.mark.parametrize("state", OF_AN_ACTIVITY)
def test_some_activity_of_a_working_association_shows(state: str, content: Content) -> None:
    assert any(OF_AN_ACTIVITY[state](one) for organisation, one in activities(content) if organisation.status == "active")


@pytest.mark.parametrize("rung", ["fresh", "ageing", "old", "gone"])
def test_every_rung_of_the_freshness_ladder_is_shown(rung: str, content: Content) -> None:
    confirmed = [one for one in content.organisations.values() if one.review and one.status == "active"]
    assert any(freshness_on(TODAY, one.review, content.site.freshness) == rung for one in confirmed)


def test_sample_is_judged_as_of_the_day_of_these_tests(content: Content) -> None:
    assert content.site.sample
    assert content.site.sample.today == TODAY
