"""What an edit comes to: held against the published file and against what already waits, and checked as the build would."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.models import Organisation
from generator.validation import check_organisation
from lambda_common.reference import EDIT as EDIT_REFERENCE
from lambda_common.reference import reference_of
from lambda_common.web import Refusal
from lambda_edit import addresses, joining
from lambda_edit.changes import publishes_itself
from lambda_edit.desk import (
    NOTHING,
    Desk,
    Version,
    as_addresses,
    branch_of,
    document_of,
    parsed,
    read_addresses,
    read_organisation,
)
from lambda_edit.fields import CARRIED, Edit, Invalid, as_written, errors_in
from lambda_edit.forge import CAPACITY, EDIT, UNVERIFIED
from lambda_edit.merge import Change, Conflict, changes, merge
from lambda_edit.rights import Maintainer
from lambda_edit.waiting import find


class Conflicting(Refusal):
    """Somebody else changed the same fields meanwhile: both values go back, and nothing is saved."""

    def __init__(self, base: str, written: Mapping[str, Any], conflicts: list[Conflict]) -> None:
        super().__init__(409, "conflict")
        self.base, self.written, self.conflicts = base, written, conflicts


@dataclass(frozen=True)
class Work:
    """One edit against what stands. `main` is the published file, `base` what the form was made from; `standing` what the edit is
    put upon, the open proposal's file if there is one; `upon` what that says together with the published one; `final` what is
    to be."""

    edit: Edit
    slug: str
    who: Maintainer | None
    kind: str
    main: Version
    base: Mapping[str, Any]
    standing: Version
    upon: Mapping[str, Any]
    final: dict[str, Any]
    earlier: list[str]  # references of the edits that wait on the same branch
    private: addresses.Wish | None

    @property
    def reference(self) -> str:
        return reference_of(self.edit.key, EDIT_REFERENCE)

    @property
    def branch(self) -> str:
        return branch_of(self.kind, self.slug)

    @property
    def own_changes(self) -> list[Change]:
        """What this edit adds to what stands; of a repeated one, what its proposal holds."""
        return changes(self.upon, self.final) or self.changes

    @property
    def merged(self) -> list[str]:
        """The fields that others have changed since the form was made; their changes are kept."""
        return [change.field for change in changes(self.base, self.upon)] if self.main.blob else []

    @property
    def changes(self) -> list[Change]:
        """What the whole proposal changes of the published file."""
        return changes(self.main.written, self.final)

    @property
    def is_repeated(self) -> bool:
        """Whether an earlier call with the same key has got as far as the proposal."""
        return self.reference in self.earlier


def work_on(edit: Edit, who: Maintainer | None, desk: Desk) -> Work:
    """Raises Invalid, Conflicting, and Refusal 422 for an association that is not."""
    return _joining(edit, desk) if edit.is_joining else _editing(edit, who, desk)


def _editing(edit: Edit, who: Maintainer | None, desk: Desk) -> Work:
    """An edit of a file that is there."""
    main = read_organisation(desk, edit.slug)
    if not main.blob:
        raise Refusal(422, "unknown")
    base = main.written if edit.base == main.blob else _blob_written(edit.base, desk)
    ours = _carried(as_written(edit.written), base)
    check(desk, edit.slug, ours)
    wish = addresses.wished(edit, who, ours, desk)
    kind = _kind(who, edit, changes(base, ours), wish)
    standing, upon, earlier = _standing(desk, edit.slug, kind, main)
    final, conflicts = merge(base, upon, ours)
    if conflicts:
        raise Conflicting(standing.blob, upon, conflicts)
    organisation = check(desk, edit.slug, final)
    if wish is None and organisation.referral:
        addresses.check_mailbox(organisation, who.addresses if who else as_addresses(read_addresses(desk, edit.slug)))
    return Work(edit, edit.slug, who, kind, main, base, standing, upon, final, earlier, wish)


def _joining(edit: Edit, desk: Desk) -> Work:
    """An association that is not there yet; its own proposal may be."""
    written = as_written(edit.written)
    slug = joining.free_slug(desk, edit, written)
    ours = joining.completed(_carried(written, {}), desk)
    joining.check_commitment(edit)
    check(desk, slug, ours)
    wish = addresses.wished_at_joining(edit, slug, ours, desk)
    standing, upon, earlier = _standing(desk, slug, UNVERIFIED, NOTHING)
    base = _blob_written(edit.base, desk) if edit.base else {}
    final, conflicts = merge(base, upon, ours)
    if conflicts:
        raise Conflicting(standing.blob, upon, conflicts)
    check(desk, slug, final)
    return Work(edit, slug, None, UNVERIFIED, NOTHING, base, standing, upon, final, earlier, wish)


def _blob_written(blob: str, desk: Desk) -> dict[str, Any]:
    """What the form was made from; nothing when that is not known, and then every difference is a conflict to settle."""
    found = desk.public.read_blob(blob) if blob else None
    return parsed(found) if found else {}


def _carried(ours: dict[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Ours, with what no form sets taken from the version that the form was made from."""
    kept = {key: value for key, value in ours.items() if key not in CARRIED}
    return {**kept, **{key: base[key] for key in CARRIED if key in base}}


def check(desk: Desk, slug: str, written: dict[str, Any]) -> Organisation:
    """Raises Invalid with the build's own sentences."""
    organisation, problems = check_organisation(document_of(slug, written), desk.settings.region.around(desk.now))
    if (errors := errors_in(problems)) or organisation is None:
        raise Invalid.of(errors)
    return organisation


def _kind(who: Maintainer | None, edit: Edit, changed: list[Change], wish: addresses.Wish | None) -> str:
    """What asks for other addresses waits with them, also when an earlier try has written the wish already."""
    if who is None:
        return UNVERIFIED
    wants_addresses = wish is not None or addresses.asks_for_others(edit, who)
    return CAPACITY if publishes_itself(changed) and not wants_addresses else EDIT


def _standing(desk: Desk, slug: str, kind: str, main: Version) -> tuple[Version, Mapping[str, Any], list[str]]:
    """What an edit of this kind is put upon: the file of the open proposal, with what has been published since it was opened. And
    the references that wait there."""
    waiting = find(desk, branch_of(kind, slug))
    references = waiting.references if waiting else []
    if waiting is None or waiting.public is None:
        return main, main.written, references
    standing = read_organisation(desk, slug, waiting.public.head)
    before = read_organisation(desk, slug, desk.public.base_of(waiting.public))
    upon, _ = merge(before.written, standing.written, main.written)
    return standing, upon, references
