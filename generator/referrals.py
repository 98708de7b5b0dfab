"""Contact requests: which associations take them, what their pages promise, and to whom the function may write.

The request itself never carries an address: the function looks the recipient up by the association's id in the record made here.
"""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from generator.checked import Content
from generator.combinations import is_listed
from generator.dates import DAY, Freshness, Period, freshness_periods, requests_until
from generator.facts import Facts
from generator.known import Known, nothing_known
from generator.models import Activity, FreshnessLimits, Organisation, PrivateAddresses, ReferralPolicy, Site, Text

RECORD_VERSION = 1
RECIPIENT = "recipient"  # what is known of an association by: its facts for the function
HOLIDAYS_AHEAD = timedelta(days=2 * 366)  # the function counts working days even when no build has run for long
HOLIDAYS_BEHIND = timedelta(days=62)  # and those that an answer took, for as long as its link works


def takes_referrals(organisation: Organisation | Facts, today: date, limits: FreshnessLimits) -> bool:
    """Whether the association has a contact request page. Pauses and old data close the form for a time, not the page."""
    return organisation.takes_requests and is_listed(organisation, today, limits)


def must_be_called(organisation: Organisation | Facts, policy: ReferralPolicy) -> bool:
    """Whether the region lets nothing go to this association that others could read, and it has no key yet."""
    return policy.protection == "sealed" and not organisation.has_key


def referral_slugs(content: Content, today: date) -> list[str]:
    """The associations with a contact request page; none when the region has not decided to take requests."""
    limits = content.site.freshness
    if content.site.referral is None:
        return []
    return [
        slug
        for slug, one in content.known.items()
        if takes_referrals(one, today, limits)
        and is_opened(content.private.get(slug))
        and not must_be_called(one, content.site.referral)
    ]


def is_opened(private: PrivateAddresses | None) -> bool:
    """Whether the mailbox has shown that somebody reads it: an association that joins answers a test request first. A public
    copy has no private files, and shows every page."""
    return private is None or private.awaiting is None or not private.awaiting.closes_requests


def referral_period(organisation: Organisation, limits: FreshnessLimits) -> Period | None:
    """The days on which requests are taken, as far as the confirmation allows. Never confirmed: none."""
    old = freshness_periods(organisation.review, limits)[Freshness.OLD]
    return Period(None, old.first - DAY) if old.first else None


def referral_activities(organisation: Organisation) -> tuple[Activity, ...]:
    """The activities for which requests are taken."""
    referral = organisation.referral
    if referral is None:
        return ()
    return tuple(one for one in organisation.activities if not referral.activities or one.id in referral.activities)


def facts_hash(organisation: Organisation) -> str:
    """What the page tells of the recipient, in short: when the function's differs, the page is older than the data."""
    referral = organisation.referral
    facts = {
        "name": organisation.name,
        "phone": organisation.contacts[0].phone,
        "email": organisation.contacts[0].email,
        "referral": referral.model_dump(mode="json") if referral else None,
        **({"key": organisation.request_keys[0].id} if organisation.has_key else {}),
        "activities": [[one.id, one.name.model_dump()] for one in referral_activities(organisation)],
    }
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def recipients_record(
    content: Content, today: date, holidays: list[str] | None = None, known: Known = nothing_known
) -> dict[str, Any]:
    """What the function knows: the region's policy, and each recipient. Raises ValueError when the region takes no requests."""
    site = content.site
    if site.referral is None:
        raise ValueError("the region has no referral policy")
    return {
        "version": RECORD_VERSION,
        **_policy(site.referral),
        "coordinator": site.coordinator.email,
        "coordinator_phone": site.coordinator.phone,
        "site": site.url.rstrip("/") + site.base_path.rstrip("/"),
        "languages": list(site.languages),
        "municipalities": {one.id: _text(one.label) for one in content.taxonomy.municipalities},
        "requests_until": str(requests_until(today, site.freshness)),
        "holidays": holidays or finnish_holidays(today),
        "organisations": _recipients(content, site, known),
    }


def _policy(policy: ReferralPolicy) -> dict[str, Any]:
    return {
        "protection": policy.protection,
        "senders": "verified" if policy.verifies_senders else "open",
        "domains": list(policy.sender_domains),
        "limits": policy.limits.model_dump(),
        "reminders": policy.reminders,
    }


def _recipients(content: Content, site: Site, known: Known) -> dict[str, Any]:
    policy = site.referral
    assert policy
    taking = [
        slug
        for slug, one in content.known.items()
        if one.takes_requests and slug in content.private and not one.merged_into and is_opened(content.private[slug])
        if not must_be_called(one, policy)
    ]
    return {
        slug: _recipient(facts or recipient_facts(content.organisations[slug], site.freshness), content.private[slug])
        for slug, facts in zip(taking, known(RECIPIENT, taking), strict=True)
    }


def recipient_facts(organisation: Organisation, limits: FreshnessLimits) -> dict[str, Any]:
    """What the association's own file tells the function; `responsible` in every language that it is written in. Empty when it
    takes no requests."""
    referral, period = organisation.referral, referral_period(organisation, limits)
    if referral is None:
        return {}
    return {
        "name": organisation.name,
        "phone": organisation.contacts[0].phone,
        "activities": {one.id: {"name": _text(one.name)} for one in referral_activities(organisation)},
        "status": organisation.status,
        "pauses": [[pause.first.isoformat(), pause.last.isoformat()] for pause in organisation.pauses],
        "stale_after": period.last.isoformat() if period and period.last else None,
        "within_working_days": referral.within_working_days,
        "first_contact": referral.first_contact,
        "responsible": _text(referral.responsible),
        "promise": _text(referral.promise),
        "facts": facts_hash(organisation),
        **({"key_id": organisation.request_keys[0].id} if organisation.has_key else {}),
    }


def _recipient(facts: dict[str, Any], private: PrivateAddresses) -> dict[str, Any]:
    emails, responsible = private.activity_emails, facts["responsible"]
    return {
        **facts,
        "language": private.language,
        "email": private.referral_email,
        "activities": {
            name: {**one, "email": emails[name]} if name in emails else one for name, one in facts["activities"].items()
        },
        "responsible": responsible.get(private.language) or responsible["fi"],
    }


def _text(text: Text) -> dict[str, str]:
    return dict(text.written())


def finnish_holidays(today: date) -> list[str]:
    """Days off besides weekends, as the function reads them."""
    return [one.isoformat() for one in days_off(today - HOLIDAYS_BEHIND, today + HOLIDAYS_AHEAD)]


def days_off(first: date, last: date) -> list[date]:
    """Days off besides weekends, as the law on working hours knows them (and both eves)."""
    from holidays import country_holidays  # noqa: PLC0415 - half a second of import that only these exports need

    known = country_holidays("FI", years=range(first.year, last.year + 1))
    return [day for day in sorted(known) if first <= day <= last]
