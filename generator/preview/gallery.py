"""Every component in every state on one page: what a maintainer looks at after changing a template or a style."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup, escape

from generator.checked import Content
from generator.models import Counts, Organisation
from generator.pages import Plan
from generator.rendering.edit import EditRenderer
from generator.rendering.filters import filter_groups
from generator.rendering.frame import Frame
from generator.rendering.referral import ReferralRenderer
from generator.rendering.site import make_frames
from generator.rendering.statistics import Row, Table

HOSTILE = "<script>alert(\"x\")</script> & 'lainaus' {{ 7*7 }} </li>"
LONG = "Pitkänimisten Esimerkkipitäjien Kansanterveys-, Omaishoito- ja Vapaaehtoistoiminnan Yhteistyöyhdistys ry"

REFERRAL = {"responsible": "sihteeri", "first_contact": "call", "within_working_days": 3, "promise": "Sihteeri soittaa."}


@dataclass(frozen=True)
class Example:
    name: str
    markup: Markup


def render_gallery(content: Content, plan: Plan, today: date) -> bytes:
    """The gallery page in the site's first language."""
    organisations = {name: Organisation.model_validate(written) for name, written in _states(content, today).items()}
    plan = replace(plan, editable=("paikkoja",), referrals=frozenset({"paikkoja"}))
    counts = Counts.model_validate({"from": today, "to": today, "associations": {"paikkoja": {"answers": 5, "usual": "days_2"}}})
    frame = make_frames(replace(content, organisations=organisations, counts=counts), plan, today, hashed=False)[0]
    return frame.render(
        "pages/gallery.html",
        title="Galleria",
        description="Sivuston osat ja niiden tilat",
        path="/",
        is_indexed=False,
        cards=[Example(name, _card(name, frame)) for name in organisations],
        parts=list(_parts(frame)),
        edit=EditRenderer(frame).form(),
        **{**ReferralRenderer(frame).form("paikkoja"), "verifies_senders": True},
    )


def _states(content: Content, today: date) -> dict[str, dict[str, Any]]:
    """One association for each state that a card can be in, as it would be written."""
    past, soon = today - timedelta(days=30), today + timedelta(days=30)
    activity = _activity(content)
    return {
        "paikkoja": _organisation([{**activity, "capacity": {"status": "open"}}], today, referral=REFERRAL),
        "jono": _organisation([{**activity, "capacity": {"status": "waitlist", "until": soon}}], today),
        "taynna": _organisation([{**activity, "capacity": {"status": "full", "until": soon}}], today),
        "tilanne-vanhentunut": _organisation([{**activity, "capacity": {"status": "full", "until": past}}], today),
        "kausi-edessa": _organisation([{**activity, "season": {"from": soon, "to": soon}}], today),
        "kausi-ohi": _organisation([{**activity, "season": {"from": past, "to": past}}], today),
        "tauolla": _organisation([activity], today, pauses=[{"from": past, "to": soon, "note": "Tauon syy."}]),
        "yli-puoli-vuotta": _organisation([activity], today - timedelta(days=220)),
        "yli-vuosi": _organisation([activity], today - timedelta(days=400)),
        "ei-vahvistettu": _organisation([activity], None),
        "pitka-nimi": {**_organisation([{**activity, "name": LONG[:80]}], today), "name": LONG},
        "vihamielinen": {
            **_organisation([{**activity, "name": HOSTILE, "when": HOSTILE}], today),
            "name": HOSTILE,
            "pitch": HOSTILE,
        },
        "monta-toimintaa": _organisation(
            [activity, {**activity, "id": "toinen", "price": "paid", "price_note": "Kurssi 20 €"}], today
        ),
    }


def _activity(content: Content) -> dict[str, Any]:
    return {
        "id": "ryhma",
        "type": content.taxonomy.activity_types[0].id,
        "name": "Torstairyhmä",
        "summary": "Ryhmässä jutellaan ja juodaan kahvia.",
        "needs": [content.taxonomy.needs[0].id],
        "municipalities": [content.taxonomy.municipalities[0].id],
        "languages": [content.taxonomy.languages[0].id],
        "when": "Torstaisin klo 13–15",
        "where": "Esimerkkitalo, Kauppakatu 1",
        "for_whom": "Kaikille, joita asia koskee",
    }


def _organisation(activities: list[dict[str, Any]], confirmed_on: date | None, **more: Any) -> dict[str, Any]:
    return {
        "name": "Savon Esimerkkiyhdistys ry",
        "pitch": "Voit tulla mukaan sellaisena kuin olet, ja joku soittaa sinulle ensin.",
        "description": "Esimerkki.",
        "contacts": [{"role": "Toimisto", "phone": "017 000 0101"}],
        "activities": activities,
        "review": {"confirmed_on": confirmed_on, "confirmed_by": "sihteeri"} if confirmed_on else None,
        **more,
    }


def _card(slug: str, frame: Frame) -> Markup:
    activities = Markup("").join(frame.component("activity", "activity", view, 4) for view in frame.activity_views(slug))
    return frame.component("card", "card", frame.organisation_view(slug), 0, activities)


def _parts(frame: Frame) -> Iterator[Example]:
    """The other components."""
    part = frame.component
    yield Example("helplines", part("helplines", "helplines", frame.content.taxonomy.helplines))
    yield Example("exit", part("exit", "exit", frame.content.site.quick_exit))
    for kind in ("info", "warning"):
        yield Example(f"notice {kind}", part("notice", "notice", "Tämä on huomautus.", kind))
    yield Example("framed", part("framed", "framed", "/tarjotin/", is_hidden=False))
    for step in (1, 2, 3):
        yield Example(f"steps {step}", part("steps", "steps", step))
    yield Example("breadcrumb", part("breadcrumb", "breadcrumb", [("/", "Masennus ja mieliala"), ("/", LONG)]))
    yield Example("summary_list", part("summary_list", "summary_list", [("Tarve", "Diabetes", "/"), ("Kunta", LONG, "/")]))
    note = part("link_row", "row_note", "noin 20 km linnuntietä")
    labels = (LONG, HOSTILE, "Kuopio")
    rows = [part("link_row", "link_row", "/", label, frame.counted(count), note) for count, label in enumerate(labels)]
    yield Example("link_row", part("results", "row_list", "Lähimmät kunnat", Markup("").join(rows)))
    groups = [*filter_groups(frame), ("Vihamielinen", [("a", HOSTILE, HOSTILE)])]
    yield Example("search", part("search", "search", is_large=True))
    yield Example("filters", part("filters", "filters"))
    yield Example("filters: panel", part("filters", "panel", groups))
    yield Example("filters: chosen", part("filters", "chosen", groups))
    yield Example("remembered: remember", part("remembered", "remember", "kuopio"))
    yield Example("remembered: first", part("remembered", "remembered", rows[-1]))
    yield Example("results: nothing", part("results", "nothing", part("results", "guidance")))
    it, view = frame.content.organisations["paikkoja"], frame.organisation_view("paikkoja")
    yield Example("confirmation: about", part("confirmation", "about", it, view))
    yield Example("confirmation: requests", part("confirmation", "requests", it))
    for name, topic in (("", None), (" with a topic", "hidden")):
        yield Example(f"give{name}", part("give", "give", topic))
        yield Example(f"paper{name}", part("give", "paper", "/", topic=bool(topic)))
    figures = [Row(escape(label), href, 2, 3, 1) for label, href in ((LONG, "/"), (HOSTILE, None))]
    heading = Markup('<h3 id="groups">Tarveryhmittäin</h3>')
    yield Example("figures", heading + part("figures", "figures", Table("groups", figures)))
    yield Example("report", EditRenderer(frame).report("paikkoja"))
    yield Example("pagination", part("results", "pagination", [("/", "Sivu 1", True), ("/", "Sivu 2", False)]))
