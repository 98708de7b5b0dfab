"""Valid content by default; a test names only what it is about."""

from datetime import date
from typing import Any

from generator.combinations import Combinations
from generator.models import Activity, FreshnessLimits, Organisation, Taxonomy

TODAY = date(2026, 11, 21)
LIMITS = FreshnessLimits()


def written_activity(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ryhma",
        "type": "vertaisryhma",
        "name": "Torstairyhmä",
        "summary": "Ryhmässä jutellaan.",
        "needs": ["masennus"],
        "municipalities": ["kuopio"],
        **changes,
    }


def make_activity(**changes: Any) -> Activity:
    return Activity.model_validate(written_activity(**changes))


def written_organisation(**changes: Any) -> dict[str, Any]:
    """An association as it would be written; `activities` as a list of changes to the activity that is valid by default."""
    activities = [
        written_activity(**{"id": f"toiminta-{number}", **one}) for number, one in enumerate(changes.pop("activities", [{}]))
    ]
    written = {
        "name": "Savon Esimerkkiyhdistys ry",
        "pitch": "Voit tulla mukaan sellaisena kuin olet.",
        "description": "Esimerkki.",
        "contacts": [{"role": "Toimisto", "phone": "017 000 0101"}],
        "activities": activities,
        "review": {"confirmed_on": "2026-09-01", "confirmed_by": "sihteeri"},
        **changes,
    }
    return {key: value for key, value in written.items() if value is not None}


def make_organisation(**changes: Any) -> Organisation:
    return Organisation.model_validate(written_organisation(**changes))


def make_taxonomy(
    needs: tuple[str, ...] = ("masennus", "diabetes"),
    types: tuple[str, ...] = ("vertaisryhma", "neuvonta"),
    municipalities: tuple[tuple[str, float, float], ...] = (
        ("kuopio", 62.892, 27.678),
        ("siilinjarvi", 63.075, 27.660),
        ("tervo", 62.955, 26.755),
    ),
) -> Taxonomy:
    label = {"fi": "Nimi"}
    return Taxonomy.model_validate(
        {
            "need_groups": [{"id": "ryhma", "label": label}],
            "needs": [{"id": need, "group": "ryhma", "label": label, "description": label} for need in needs],
            "activity_types": [{"id": one, "label": label, "description": label} for one in types],
            "target_groups": [],
            "languages": [{"id": "fi", "label": label}],
            "helplines": [],
            "municipalities": [
                {"id": one, "code": f"{at:03}", "label": label, "locative": "Nimessä", "centre": [latitude, longitude]}
                for at, (one, latitude, longitude) in enumerate(municipalities)
            ],
        }
    )


def make_combinations(today: date = TODAY, taxonomy: Taxonomy | None = None, **organisations: Organisation) -> Combinations:
    """The index of associations by slug; underscores in a keyword stand for hyphens."""
    named = {slug.replace("_", "-"): organisation for slug, organisation in organisations.items()}
    return Combinations(named, taxonomy or make_taxonomy(), LIMITS, today)
