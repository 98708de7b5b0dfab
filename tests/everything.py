"""A small region in which every text that people may write is written: for tests of what becomes of texts."""

from collections.abc import Callable
from typing import Any

from generator.checked import Content, WrittenPage
from generator.models import Organisation, Taxonomy
from generator.pages import CONTENT_PAGES
from tests.builders import WRITTEN_POLICY, make_content, make_organisation, make_site


def everything(say: Callable[[str], str], languages: tuple[str, ...] = ("fi",)) -> Content:
    """`say` gives the text of a field, by its dotted name, in each of `languages`."""

    def text(field: str) -> dict[str, str]:
        return {language: say(field) for language in languages}

    content = make_content(
        _taxonomy(say, text),
        make_site(
            **{field: text(f"site.{field}") for field in ("name", "region", "whole_region", "publisher")},
            history_url="https://example.fi/historia/",
            embedding={"allowed": ["https://intra.example.fi"]},
            referral={**WRITTEN_POLICY, "decided_by": text("referral.decided_by")},
            guidance={"name": text("guidance.name"), "phone": "017 000 0100", "hours": text("guidance.hours")},
        ),
        liitto=_organisation(say, text, scope="national", activities=[_activity(text, municipalities=[])]),
        runsas=_organisation(
            say, text, part_of="liitto", activities=[_activity(text), _activity(text, id="eta", municipalities=[], remote=True)]
        ),
    )
    written = WrittenPage(say("page.title"), say("page.description"), say("page.body"))
    content.pages.update({(slug, language): written for slug in CONTENT_PAGES for language in languages})
    return content


def _organisation(say: Callable[[str], str], text: Callable[[str], Any], **changes: Any) -> Organisation:
    contact = _contact(say("contact.name"), text("contact.role"))
    return make_organisation(
        **{
            "name": say("name"),
            "register_number": say("register_number"),
            "pitch": text("pitch"),
            "description": text("description"),
            "website": "https://example.fi/a?b=1&c=2",
            "contacts": [contact, contact],
            "pauses": [{"from": "2026-11-01", "to": "2026-12-01", "note": text("pause.note")}],
            "referral": {
                "responsible": text("referral.responsible"),
                "first_contact": "call",
                "within_working_days": 3,
                "promise": text("referral.promise"),
                "activities": ["ryhma"],
            },
            "review": {"confirmed_on": "2026-09-01", "confirmed_by": say("review.confirmed_by")},
            **changes,
        }
    )


def _activity(text: Callable[[str], Any], **changes: Any) -> dict[str, Any]:
    said = ("name", "summary", "when", "where", "price_note", "accessibility", "for_whom")
    return {
        "id": "ryhma",
        **{field: text(f"activity.{field}") for field in said},
        "needs": ["masennus", "vakivalta"],
        "target_groups": ["aikuiset", "nuoret"],
        "languages": ["fi", "sv"],
        "interpreter": "yes",
        "season": {"from": "2026-09-01", "to": "2027-05-15", "enrol_by": "2026-12-15"},
        "price": "paid",
        "capacity": {"status": "open", "until": "2026-12-31"},
        "contact": {"role": text("activity.contact.role"), "email": "ryhma@example.fi"},
        **changes,
    }


def _contact(name: str, role: Any) -> dict[str, Any]:
    return {"role": role, "name": name, "name_public": True, "phone": "017 000 0101", "email": "toimisto@example.fi"}


def _taxonomy(say: Callable[[str], str], text: Callable[[str], Any]) -> Taxonomy:
    def terms(kind: str, *ids: str, **more: Any) -> list[dict[str, Any]]:
        return [{"id": one, "label": text(f"{kind}.label"), **more} for one in ids]

    words = {language: [said] for language, said in text("synonyms").items()}
    described = {"synonyms": words, "search_words": words, "description": text("description of a term")}
    needs = terms("need", "masennus", "vakivalta", group="ryhma", icpc2=["P76"], **described)
    needs[1] |= {"helplines": ["apu"], "quick_exit": True, "sensitive": True, "icd10": ["T74"]}
    places = terms("municipality", "kuopio", "tervo", locative=say("locative"), centre=[62.9, 27.7])
    return Taxonomy.model_validate(
        {
            "need_groups": terms("need_group", "ryhma"),
            "needs": needs,
            "activity_types": terms("type", "vertaisryhma", "neuvonta", **described),
            "target_groups": terms("target_group", "aikuiset", "nuoret"),
            "languages": terms("language", "fi", "sv"),
            "helplines": [{"id": "apu", "name": text("helpline.name"), "phone": "116 006", "note": text("helpline.note")}],
            "municipalities": [{**place, "code": f"00{at}"} for at, place in enumerate(places)],
        }
    )
