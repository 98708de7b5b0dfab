"""The region as the build wrote it down for this function: read once, at start."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.checked import Surroundings
from generator.likeness import Likeness, look_alikes
from generator.models import Organisation, Site, Taxonomy
from lambda_common.working_days import finnish_day

VERSION = 1


@dataclass(frozen=True)
class Known:
    """What is known of an association without reading its file."""

    name: str
    status: str
    likeness: Likeness
    former_slugs: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    site: Site
    taxonomy: Taxonomy
    organisations: Mapping[str, Known]

    @classmethod
    def load(cls, path: Path) -> "Region":
        return cls.from_json(json.loads(path.read_text("utf-8")))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Region":
        """Raises ValueError at another version, KeyError when something is missing: then nothing may start."""
        if raw["version"] != VERSION:
            raise ValueError("edit.json: version")
        known = {slug: _known(one) for slug, one in raw["organisations"].items()}
        return cls(Site.model_validate(raw["site"]), Taxonomy.model_validate(raw["taxonomy"]), known)

    @property
    def address(self) -> str:
        """Where the front page is, without a slash at its end."""
        return self.site.url.rstrip("/") + self.site.base_path.rstrip("/")

    def name(self, slug: str) -> str:
        known = self.organisations.get(slug)
        return known.name if known else slug

    def today(self, now: datetime) -> date:
        """The day as of which dates are judged; sample content has one of its own."""
        return self.site.sample.today if self.site.sample else finnish_day(now)

    @cached_property
    def former_slugs(self) -> frozenset[str]:
        return frozenset(slug for known in self.organisations.values() for slug in known.former_slugs)

    def around(self, now: datetime) -> Surroundings:
        """What one association's file is checked against."""
        return Surroundings(self.site, self.taxonomy, self.organisations.keys(), self.former_slugs, self.today(now))

    def look_alikes(self, slug: str, organisation: Organisation) -> list[str]:
        """Others that look like this association. Closed ones may: their successors often have the same name."""
        others = {
            other: known.likeness for other, known in self.organisations.items() if other != slug and known.status != "closed"
        }
        return look_alikes(Likeness.of(organisation), others)


def _known(raw: Mapping[str, Any]) -> Known:
    likeness = Likeness(raw["name"], raw["business_id"], tuple(raw["phones"]))
    return Known(raw["name"], raw["status"], likeness, tuple(raw["former_slugs"]))
