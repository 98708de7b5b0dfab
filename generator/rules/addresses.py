"""Rules of the private addresses."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.checked import CheckedAddresses, Found, ids_of
from generator.content import Sources
from generator.facts import Facts
from generator.models import PrivateAddresses
from generator.problems import Problem, suggestion


def private_problems(sources: Sources, found: Found, private: Sequence[CheckedAddresses]) -> Iterator[Problem]:
    if sources.private is None:
        return
    for addresses in private:
        if addresses.name in found and addresses.value:
            yield from address_problems(addresses, addresses.value, found[addresses.name][1])
            yield from _awaiting_problems(addresses, addresses.value)
        elif addresses.name not in sources.organisation_names:
            yield addresses.problem("private.orphan")
    seen = {Path(item.file).stem for item in sources.private}
    for slug, (checked, facts) in found.items():
        if facts.takes_requests and facts.status != "closed" and slug not in seen:
            wanted = f"{sources.private_folder}/{slug}.yaml"
            yield checked.problem("private.missing", ("referral",), found=wanted)


def address_problems(document: CheckedAddresses, addresses: PrivateAddresses, facts: Facts) -> Iterator[Problem]:
    if facts.takes_requests and not addresses.referral_email:
        yield document.problem("private.email")
    ids = ids_of(facts.activities)
    for activity in addresses.activity_emails:
        if activity not in ids:
            hint = suggestion(activity, ids)
            yield document.problem("unknown.activity", ("activity_emails", activity), found=activity, hint=hint)
    if addresses.referral_email and looks_personal(addresses.referral_email):
        yield document.problem("private.personal", ("referral_email",), found=addresses.referral_email).as_warning()


def _awaiting_problems(document: CheckedAddresses, addresses: PrivateAddresses) -> Iterator[Problem]:
    """Addresses that nobody has confirmed may wait in a proposal, never in what is published."""
    if addresses.awaiting and addresses.awaiting.blocks:
        yield document.problem("private.awaiting", ("awaiting",))


def looks_personal(email: str) -> bool:
    """Whether an address looks like one person's: first name, dot, last name."""
    return re.fullmatch(r"[a-zåäö-]{2,}\.[a-zåäö-]{3,}@.*", email.lower()) is not None
