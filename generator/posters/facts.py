"""What a poster says, as plain values for its template (site_templates/posters/). Only what the site shows to everybody."""

from collections.abc import Mapping
from typing import Any

from generator.combinations import ALL_TYPES, Combination
from generator.models import WHOLE_REGION, Contact, Organisation
from generator.pages import HOME, need_path, organisation_path
from generator.posters.region import Region
from generator.posters.wanted import Poster
from generator.posters.wording import Wording, host, telephone
from generator.rendering.referral import qr_code

MOST_ACTIVITIES = 6
MOST_CONTACTS = 3
MOST_EXAMPLES = 6
EMERGENCY = "112"

Facts = dict[str, Any]


def facts_of(poster: Poster, region: Region) -> Facts:
    """Everything that the template of the poster's kind asks for."""
    wording = Wording(region.voices[poster.language])
    facts = {"region": _region, "how": _how, "organisation": _organisation, "need": _need}[poster.kind](poster, region, wording)
    shared = _shared(poster, region, wording, facts.pop("path"))
    return {**shared, **facts, "words": {**shared["words"], **facts["words"]}}


def _shared(poster: Poster, region: Region, wording: Wording, path: str) -> Facts:
    site, voice = region.content.site, wording.voice
    address, home = region.address(voice, path), region.address(voice, HOME)
    words = wording.words("poster")
    return {
        "kind": poster.kind,
        "size": poster.size,
        "language": poster.language,
        "site": wording.said(site.name),
        "publisher": wording.said(site.publisher),
        "sample": voice.texts["sample"].format(day=voice.day(site.sample.today)) if site.sample else None,
        "home": home,
        "home_shown": wording.breakable(host(home)),
        "code": qr_code(address).decode(),
        "guidance": {
            "name": wording.said(site.guidance.name),
            "hours": wording.said(site.guidance.hours),
            **telephone(site.guidance.phone),
        },
        "words": {
            "scan": words["scan"],
            "call": words["call"],
            "code_alt": words["code_alt"].format(address=address),
            "emergency": voice.texts["emergency"],
        },
    }


def _title(heading: str, region: Region, wording: Wording) -> str:
    """What the file calls itself."""
    return f"{heading} – {wording.voice.plain(region.content.site.name)}"


def _region(_: Poster, region: Region, wording: Wording) -> Facts:
    words, steps = wording.words("poster", "region"), wording.words("steps")
    return {
        "path": HOME,
        "title": _title(words["heading"], region, wording),
        "choices": [
            {"name": steps["need"], "hint": words["need"]},
            {"name": steps["type"], "hint": words["type"]},
            {"name": steps["municipality"], "hint": words["municipality"]},
        ],
        "words": {"heading": words["heading"], "lead": words["lead"]},
    }


def _how(_: Poster, region: Region, wording: Wording) -> Facts:
    words = wording.words("poster", "how")
    heading = words["heading"].format(site=wording.voice.plain(region.content.site.name))
    return {
        "path": HOME,
        "title": heading,
        "steps": _steps(words, region),
        "words": {"heading": wording.breakable(heading), "closing": words["closing"]},
    }


def _steps(words: Mapping[str, str], region: Region) -> list[Facts]:
    """How it goes here: the region has decided who may send a contact request, or that nobody does."""
    policy = region.content.site.referral
    asked = "request_own_text" if policy and policy.protection == "none" else "request_text"
    middle = [("request", asked), ("contact", "contact_text")] if policy else [("call", "call_text")]
    pictures = {"call": "contact"}
    return [
        {"picture": pictures.get(name, name), "name": words[name], "text": words[text]}
        for name, text in [("choose", "choose_text"), ("find", "find_text"), *middle, ("check", "check_text")]
    ]


def _organisation(poster: Poster, region: Region, wording: Wording) -> Facts:
    it, words = region.content.organisations[poster.subject], wording.words("poster", "organisation")
    confirmed = it.review.confirmed_on if it.review else region.today
    return {
        "path": organisation_path(poster.subject),
        "title": _title(it.name, region, wording),
        "name": wording.breakable(it.name),
        "pitch": wording.said(it.pitch),
        "activities": [wording.said(one.name) for one in it.activities[:MOST_ACTIVITIES]],
        "has_more": len(it.activities) > MOST_ACTIVITIES,
        "contacts": [_contact(one, wording) for one in _reachable(it)],
        "website": it.website,
        "website_shown": wording.breakable(host(it.website)) if it.website else None,
        "takes_requests": poster.subject in region.plan.referrals,
        "confirmed": wording.words("freshness")["confirmed"].format(day=wording.voice.day(confirmed)),
        "words": {
            "what": wording.words("organisation")["what_it_does"],
            "more": words["more"],
            "contacts": words["contacts"],
            "scan": words["scan"],
            "request": words["request"],
        },
    }


def _reachable(organisation: Organisation) -> tuple[Contact, ...]:
    """Those who can be called, or without any the mailboxes: a passer-by writes down a number."""
    with_phone = tuple(one for one in organisation.contacts if one.phone)
    return (with_phone or organisation.contacts)[:MOST_CONTACTS]


def _contact(contact: Contact, wording: Wording) -> Facts:
    """The role only: a person's name stays on the wall when the person has left."""
    return {
        "role": wording.said(contact.role),
        "phone": telephone(contact.phone) if contact.phone else None,
        "email": contact.email,
        "email_shown": wording.breakable(contact.email) if contact.email else None,
    }


def _need(poster: Poster, region: Region, wording: Wording) -> Facts:
    """A sensitive need is not named: its poster says in its own words what it is about, for who stands near."""
    need, words = region.terms.needs[poster.subject], wording.words("poster", "need")
    helplines = [one for one in region.content.taxonomy.helplines if one.id in need.helplines]
    heading = words["sensitive_heading"] if need.sensitive else wording.voice.plain(need.label)
    return {
        "path": need_path(poster.subject),
        "title": _title(heading, region, wording),
        "heading": wording.breakable(heading) if need.sensitive else wording.said(need.label),
        "description": wording.said(need.description),
        "is_sensitive": need.sensitive,
        "has_quick_exit": need.quick_exit,
        "helplines": [
            {
                "phone": {"shown": one.phone.replace(" ", "\u00a0"), "dialled": one.dialled},
                "name": wording.said(one.name),
                "note": wording.said(one.note),
            }
            for one in sorted(helplines, key=lambda one: need.helplines.index(one.id))
        ],
        "shows_emergency": all(one.phone != EMERGENCY for one in helplines),
        "examples": _examples(poster.subject, region, wording),
        "words": {
            "helplines": wording.words("helplines")["heading"],
            **{key: words[key] for key in ("kicker", "examples", "scan", "choose", "support", "discreet", "safe_device")},
        },
    }


def _examples(need: str, region: Region, wording: Wording) -> list[Facts]:
    """What most associations offer for the need."""
    counted = {
        kind: region.plan.combinations.count(Combination(need, kind, WHOLE_REGION))
        for kind in region.plan.types
        if kind != ALL_TYPES
    }
    kinds = sorted((kind for kind, count in counted.items() if count), key=lambda kind: -counted[kind])
    return [wording.said(region.terms.types[kind].label) for kind in kinds[:MOST_EXAMPLES]]
