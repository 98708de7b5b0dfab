"""What is proposed and not yet merged. One proposal can stand in two forges: its public part in one, its addresses in another."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.models import PrivateAddresses
from lambda_common.web import Refusal
from lambda_edit.changes import references_in
from lambda_edit.desk import (
    Desk,
    Version,
    addresses_path,
    as_addresses,
    kind_of,
    organisation_path,
    read_addresses,
    read_organisation,
)
from lambda_edit.forge import ANEW, REVIEWS, Forge, Proposal
from lambda_edit.merge import Change, Conflict, changes, merge

UNVERIFIED_LABEL, JOINING_LABEL = "vahvistamaton", "liittyminen"


@dataclass(frozen=True)
class Waiting:
    """`public` and `private` are the parts; when one forge keeps everything there is only `public`."""

    id: str
    public: Proposal | None
    private: Proposal | None

    @property
    def parts(self) -> tuple[Proposal, ...]:
        return tuple(one for one in (self.public, self.private) if one)

    @property
    def head(self) -> str:
        """What a coordinator has looked at, in one word."""
        return "+".join(one.head for one in self.parts)

    @property
    def kind(self) -> str:
        return self.id.partition("/")[0]

    @property
    def slug(self) -> str:
        """The association; "" of the week's confirmations, which are many."""
        return "" if self.kind == REVIEWS else self.id.partition("/")[2]

    @property
    def opened_on(self) -> date:
        return min(one.opened_on for one in self.parts)

    @property
    def is_verified(self) -> bool:
        return not any(UNVERIFIED_LABEL in one.labels for one in self.parts)

    @property
    def references(self) -> list[str]:
        return list(dict.fromkeys(reference for one in self.parts for reference in references_in(one.body)))


def all_waiting(desk: Desk) -> list[Waiting]:
    """Oldest first."""
    public = _open(desk.public)
    private = {} if desk.private is desk.public else _open(desk.private)
    found = [Waiting(branch, public.get(branch), private.get(branch)) for branch in dict.fromkeys((*public, *private))]
    return sorted(found, key=lambda one: (one.opened_on, one.id))


def _open(forge: Forge) -> dict[str, Proposal]:
    """Without what an approval that was cut short has left: the proposal that it was made of is there too."""
    return {one.id: one for one in forge.proposals() if kind_of(one) != ANEW}


def find(desk: Desk, branch: str) -> Waiting | None:
    return next((one for one in all_waiting(desk) if one.id == branch), None)


def again(desk: Desk, waiting: Waiting) -> Waiting:
    """The proposal after a commit of the function's own upon it. Raises Refusal 409 when somebody else has changed it meanwhile:
    nobody has looked at that."""
    now = find(desk, waiting.id)
    if now is None or _said(desk, now) != _said(desk, waiting):
        raise Refusal(409, "changed")
    return now


def _said(desk: Desk, waiting: Waiting) -> tuple[object, ...]:
    """What the proposal wants to be published, and where the association's mail would go."""
    file = read_organisation(desk, waiting.slug, waiting.public.head) if waiting.public else None
    wanted = proposed_addresses(desk, waiting) or as_addresses(read_addresses(desk, waiting.slug))
    return file and file.blob, wanted and (wanted.referral_email, wanted.data_maintainers)


@dataclass(frozen=True)
class States:
    """One association's file as it is, and as it will be when the proposal is merged into it. Of `conflicts` the published value
    stays."""

    main: Version
    final: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def changes(self) -> list[Change]:
        return changes(self.main.written, self.final)


def states(desk: Desk, waiting: Waiting, slug: str) -> States:
    """Only what the proposal itself changes: what has been published since it was opened is kept."""
    main = read_organisation(desk, slug)
    if waiting.public is None or organisation_path(slug) not in waiting.public.files:
        return States(main, dict(main.written))
    before = read_organisation(desk, slug, desk.public.base_of(waiting.public))
    proposed = read_organisation(desk, slug, waiting.public.head)
    final, conflicts = merge(before.written, main.written, proposed.written)
    return States(main, final, tuple(conflicts))


def addresses_part(desk: Desk, waiting: Waiting) -> Proposal | None:
    """The part that changes the private addresses."""
    part = waiting.public if desk.private is desk.public else waiting.private
    return part if part and addresses_path(desk.settings, waiting.slug) in part.files else None


def proposed_addresses(desk: Desk, waiting: Waiting) -> PrivateAddresses | None:
    """The private addresses as proposed; None when the proposal does not touch them."""
    part = addresses_part(desk, waiting)
    return as_addresses(read_addresses(desk, waiting.slug, part.head)) if part else None
