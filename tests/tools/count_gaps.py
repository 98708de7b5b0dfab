"""The gaps of a region counted straight from its YAML files, with nothing of the program: `count_gaps.py FOLDER DAY`.

A gap is a need and a municipality for which no listed association has activity there or in the whole region. A national
association's activity is nobody's own. Listed: active, and confirmed within the last months (or never yet). Each is printed as
"need municipality".
"""

import datetime
import sys
from pathlib import Path

import yaml


def main(folder: Path, today: datetime.date) -> None:
    taxonomy = yaml.safe_load((folder / "taxonomy.yaml").read_text("utf-8"))
    site = yaml.safe_load((folder / "content" / "site.yaml").read_text("utf-8"))
    months = site.get("freshness", {}).get("hide_months", 18)
    covered = set()
    for file in (folder / "content" / "organisations").glob("*.yaml"):
        association = yaml.safe_load(file.read_text("utf-8"))
        if is_listed(association, today, months) and association.get("scope") != "national":
            for activity in association["activities"]:
                places = activity.get("municipalities") or []
                if "koko-alue" in places:  # alone, or the only one of a list
                    places = [one["id"] for one in taxonomy["municipalities"]]
                covered |= {(need, place) for need in activity["needs"] for place in places}
    for need in taxonomy["needs"]:
        for municipality in taxonomy["municipalities"]:
            if (need["id"], municipality["id"]) not in covered:
                print(need["id"], municipality["id"])


def is_listed(association: dict, today: datetime.date, months: int) -> bool:
    if association.get("status", "active") != "active":
        return False
    if "review" not in association:
        return True
    confirmed = datetime.date.fromisoformat(str(association["review"]["confirmed_on"]))
    age = (today.year - confirmed.year) * 12 + today.month - confirmed.month
    return age < months or (age == months and today.day <= confirmed.day)


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]))
