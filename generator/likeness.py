"""Which associations look like one another: the same number, the same telephone, or nearly the same name."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.models import Organisation
from generator.problems import Location

LEGAL_FORMS = frozenset({"ry", "rf", "rekisteröity", "yhdistys", "registrerad", "förening"})


class Likeness(NamedTuple):
    """What tells that two files may be one association. A branch may share number and telephone with its parent."""

    name: str
    business_id: str | None
    phones: tuple[str | None, ...]  # one for each contact

    @classmethod
    def of(cls, organisation: Organisation) -> "Likeness":
        if organisation.part_of:
            return cls(organisation.name, None, ())
        return cls(organisation.name, organisation.business_id, tuple(contact.phone for contact in organisation.contacts))

    def marks(self) -> Iterator[tuple[str, str, Location]]:
        """(code, what is compared, where it stands); two that share a mark look like the same association."""
        if self.business_id:
            yield "same.business_id", self.business_id, ("business_id",)
        for index, phone in enumerate(self.phones):
            if phone:
                yield "same.phone", phone, ("contacts", index, "phone")
        for variant in name_variants(self.name):
            yield "same.name", variant, ("name",)


def look_alikes(one: Likeness, others: Mapping[str, Likeness]) -> list[str]:
    """The slugs of those that look like this association."""
    marks = {(code, mark) for code, mark, _ in one.marks()}
    return [slug for slug, other in others.items() if any((code, mark) in marks for code, mark, _ in other.marks())]


def name_variants(name: str) -> set[str]:
    """The name without its legal form, case and word order, and with each letter left out in turn.

    Two names share a variant when at most one letter is added, left out or changed; comparing sets of variants
    keeps the check linear, where comparing every pair of 10,000 names would not be.
    """
    words = re.findall(r"\w+", name.lower())
    plain = " ".join(sorted(word for word in words if word not in LEGAL_FORMS)) or name.lower()
    return {plain} | {plain[:at] + plain[at + 1 :] for at in range(len(plain))}
