"""What a card and an association's page show, worked out from what was written: the templates only arrange it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from generator.combinations import ALL_TYPES, CAPACITY_RANK
from generator.dates import DAY, Freshness, Period, capacity_periods, freshness_periods
from generator.models import (
    WHOLE_REGION,
    Activity,
    ActivityType,
    CapacityStatus,
    FreshnessLimits,
    Municipality,
    Need,
    Organisation,
    Season,
    Site,
    Taxonomy,
    Term,
    Text,
    UsualTime,
)
from generator.pages import need_path, organisation_path, referral_path
from generator.referrals import referral_period
from generator.rendering.environment import Voice


@dataclass(frozen=True)
class PauseView:
    period: Period
    text: Markup


@dataclass(frozen=True)
class OrganisationView:
    """An association with what its dates mean. Periods are absent when they never come."""

    slug: str
    organisation: Organisation
    path: str
    referral_path: str | None
    referral_open: Period | None
    confirmed_on: date | None
    confirmed_by: Markup  # a role, as it was written in Finnish
    listed: Period
    ageing: Period | None
    old: Period | None
    gone: Period | None
    pauses: tuple[PauseView, ...]
    usual_time: UsualTime | None  # in which it answers requests, as far as is known


@dataclass(frozen=True)
class ActivityView:
    activity: Activity
    type: Text
    capacity: tuple[tuple[Period, CapacityStatus, date | None], ...]  # the day is told when the state has a written end
    marks: str  # "kieli.fi maksuton": what a list can be narrowed by
    rank_steps: str  # "3 2027-02-01:2": the rank now and always, then from a day on
    season_notes: tuple[tuple[Period, str, date], ...]
    reach: str | None
    languages: str
    languages_matter: bool
    target_groups: str
    serves: Markup
    needs: tuple[tuple[str, Markup], ...]


class Terms:
    """The taxonomy by id."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.needs: Mapping[str, Need] = {term.id: term for term in taxonomy.needs}
        self.types: Mapping[str, ActivityType] = {term.id: term for term in taxonomy.activity_types}
        self.target_groups: Mapping[str, Term] = {term.id: term for term in taxonomy.target_groups}
        self.languages: Mapping[str, Term] = {term.id: term for term in taxonomy.languages}
        self.municipalities: Mapping[str, Municipality] = {term.id: term for term in taxonomy.municipalities}


def organisation_view(
    slug: str,
    organisation: Organisation,
    limits: FreshnessLimits,
    voice: Voice,
    *,
    takes_requests: bool,
    usual_time: UsualTime | None = None,
) -> OrganisationView:
    review = organisation.review
    periods = freshness_periods(review, limits)
    gone = periods.get(Freshness.GONE)
    return OrganisationView(
        slug=slug,
        organisation=organisation,
        path=organisation_path(slug),
        referral_path=referral_path(slug) if takes_requests else None,
        referral_open=referral_period(organisation, limits),
        confirmed_on=review.confirmed_on if review else None,
        confirmed_by=voice.local(Text(fi=review.confirmed_by)) if review else Markup(""),
        listed=Period(None, gone.first - DAY if gone and gone.first else None),
        ageing=periods.get(Freshness.AGEING),
        old=periods.get(Freshness.OLD),
        gone=gone,
        pauses=tuple(_pauses(organisation, voice)),
        usual_time=usual_time if takes_requests else None,
    )


def _pauses(organisation: Organisation, voice: Voice) -> Iterator[PauseView]:
    for pause in organisation.pauses:
        text = Markup("{}").format(voice.texts["pause"].format(days=voice.span(pause.first, pause.last)))
        if pause.note:
            text += Markup(" ") + voice.local(pause.note)
        yield PauseView(Period(pause.first, pause.last), text)


def activity_view(activity: Activity, organisation: Organisation, terms: Terms, site: Site, voice: Voice) -> ActivityView:
    periods = capacity_periods(activity)
    steps = [str(CAPACITY_RANK[periods[0][1]])]
    steps += [f"{period.first}:{CAPACITY_RANK[status]}" for period, status in periods[1:]]
    until = activity.capacity.until
    return ActivityView(
        activity=activity,
        type=terms.types[activity.type].label,
        capacity=tuple((period, status, until if period.last == until else None) for period, status in periods),
        marks=filter_marks(activity),
        rank_steps=" ".join(steps),
        season_notes=tuple(season_notes(activity.season)) if activity.season else (),
        reach="national" if organisation.is_national else "region_wide" if activity.is_region_wide else None,
        languages=", ".join(voice.plain(terms.languages[one].label) for one in activity.languages),
        languages_matter=activity.languages != ("fi",) or activity.interpreter == "yes",
        target_groups=", ".join(voice.plain(terms.target_groups[one].label) for one in activity.target_groups),
        serves=_serves(activity, organisation, terms, site, voice),
        needs=tuple((voice.url(need_path(one)), voice.heading(terms.needs[one].label)) for one in dict.fromkeys(activity.needs)),
    )


def _serves(activity: Activity, organisation: Organisation, terms: Terms, site: Site, voice: Voice) -> Markup:
    if organisation.is_national:
        return Markup("{}").format(voice.texts["card"]["national"])
    if activity.is_region_wide:
        return voice.local(site.whole_region)
    names = [voice.local(terms.municipalities[one].label) for one in activity.municipalities]
    if activity.remote:
        names.append(Markup("{}").format(voice.texts["card"]["remote"]))
    return Markup(", ").join(names)


def season_notes(season: Season) -> Iterator[tuple[Period, str, date]]:
    """What to tell of a season, when, and about which day."""
    yield Period(None, season.first - DAY), "not_begun", season.first
    if season.enrol_by:
        yield Period(None, season.enrol_by), "enrol", season.enrol_by
        yield Period(season.enrol_by + DAY, season.last), "enrol_over", season.enrol_by
    yield Period(season.last + DAY, None), "over", season.last


def filter_marks(activity: Activity) -> str:
    """What a results page can be narrowed by to the activity, as it stands in the address (rendering/filters.py)."""
    marks = [f"kieli.{one}" for one in activity.languages] + [f"ryhma.{one}" for one in activity.target_groups]
    marks += ["maksuton"] if activity.price == "free" else []
    marks += ["eta"] if activity.remote else []
    return " ".join(marks)


def type_label(kind: str, terms: Terms, voice: Voice) -> str:
    return voice.texts["all_types"] if kind == ALL_TYPES else voice.plain(terms.types[kind].label)


def municipality_label(municipality: str, terms: Terms, site: Site, voice: Voice) -> str:
    if municipality == WHOLE_REGION:
        return voice.plain(site.whole_region)
    return voice.plain(terms.municipalities[municipality].label)


def in_place(municipality: str, terms: Terms, voice: Voice) -> str:
    """ "Kuopiossa", "i Kuopio", "in Kuopio", "kunnassa Saltvik": Finnish forms are data, and the rest need only a word before."""
    term = terms.municipalities[municipality]
    form = term.locative if voice.language == "fi" else None
    return form or str(voice.texts["in_place"]).format(name=voice.plain(term.label))
