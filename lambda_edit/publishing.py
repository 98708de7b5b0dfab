"""Merging a proposal, and what follows from it: everyone concerned is told, and a new mailbox gets its test request."""

from collections.abc import Mapping
from typing import Any

from generator.models import Organisation, PrivateAddresses
from lambda_edit import messages, notices, status
from lambda_edit.changes import message, private_title, references_in
from lambda_edit.desk import Desk, addresses_path, as_addresses, branch_of, kind_of, open_proposal, parsed, read_addresses
from lambda_edit.document import rewrite
from lambda_edit.forge import ANEW, REVIEWS, Draft, File, Forge, NotMergeable, Proposal
from lambda_edit.merge import merge
from lambda_edit.messages import Reader
from lambda_edit.texts import text
from lambda_edit.waiting import States, Waiting, addresses_part, again, proposed_addresses, states


def publish(desk: Desk, waiting: Waiting) -> int:
    """Merges every part, addresses first, and returns how many mails about it did not leave. Raises Changed, NotMergeable."""
    if waiting.kind == REVIEWS:
        _merge_parts(desk, waiting)
        return 0
    found = states(desk, waiting, waiting.slug)
    old, new = as_addresses(read_addresses(desk, waiting.slug)), proposed_addresses(desk, waiting)
    _merge_parts(desk, _without_lost_activities(desk, waiting, found.final))
    return _tell(desk, waiting, found, old, new)


def _merge_parts(desk: Desk, waiting: Waiting) -> None:
    if waiting.private:
        _merge(desk.private, waiting.private)
    if waiting.public:
        _merge(desk.public, waiting.public)
    for reference in waiting.references:
        status.remember(desk, reference, waiting.slug, status.PUBLISHED)


def _merge(forge: Forge, proposal: Proposal) -> None:
    """As the coordinator has seen it, field by field. Git, which goes by lines, does that when nothing else has been published of
    the same file; of the week's confirmations it may, because they touch nothing else."""
    if kind_of(proposal) != REVIEWS and _is_overtaken(forge, proposal):
        _merge_anew(forge, proposal)
        return
    try:
        forge.merge(proposal, message(proposal.title, references_in(proposal.body)))
    except NotMergeable:
        _merge_anew(forge, proposal)


def _is_overtaken(forge: Forge, proposal: Proposal) -> bool:
    base = forge.base_of(proposal)
    return any(forge.read(path) != forge.read(path, base) for path in proposal.files)


def _merge_anew(forge: Forge, proposal: Proposal) -> None:
    """Lines side by side cannot be merged by git, but fields can. A fresh proposal is merged before the old one is closed, so
    that nothing is lost in between. When it cannot be merged it is closed: a copy that stayed open could be published after the
    old one has been returned. Raises NotMergeable when the same field was changed, or something else is in the way."""
    base = forge.base_of(proposal)
    files = {path: (forge.read(path), forge.read(path, base), forge.read(path, proposal.head)) for path in proposal.files}
    if all(main == before for main, before, _ in files.values()):
        raise NotMergeable
    texts = {path: _merged_text(path, *versions) for path, versions in files.items()}
    if all(main and main.text == texts[path] for path, (main, _, _) in files.items()):
        forge.close(proposal)  # published by an attempt that did not hear the answer
        return
    draft = Draft(
        branch=branch_of(ANEW, proposal.id.partition("/")[2]),
        files=texts,
        message=message(proposal.title, references_in(proposal.body)),
        title=proposal.title,
        body=proposal.body,
        labels=proposal.labels,
        replaces={path: main.blob if main else "" for path, (main, _, _) in files.items()},
    )
    if left := open_proposal(forge, draft.branch):  # by an attempt that was cut short
        forge.close(left)
    fresh = forge.propose(draft)
    try:
        forge.merge(fresh, draft.message)
    except NotMergeable:
        forge.close(fresh)
        raise
    forge.close(proposal)


def _merged_text(path: str, main: File | None, before: File | None, after: File | None) -> str:
    if after and (main == before):
        return after.text
    if not (main and before and after):
        raise NotMergeable
    final, conflicts = merge(parsed(before.text), parsed(main.text), parsed(after.text))
    if conflicts:
        raise NotMergeable
    return rewrite(main.text, final, Organisation if "/organisations/" in path else PrivateAddresses)


def _without_lost_activities(desk: Desk, waiting: Waiting, final: Mapping[str, Any]) -> Waiting:
    """The addresses of activities that end go with them: left behind, they would be an error in the next build."""
    part = addresses_part(desk, waiting)
    version = read_addresses(desk, waiting.slug, part.head if part else "")
    emails = version.written.get("activity_emails")
    ids = {one.get("id") for one in final.get("activities", [])}
    if not isinstance(emails, dict) or not emails.keys() - ids:
        return waiting
    kept = {activity: email for activity, email in emails.items() if activity in ids}
    wanted = {**version.written, "activity_emails": kept}
    if not kept:
        del wanted["activity_emails"]
    path, standing = addresses_path(desk.settings, waiting.slug), part or waiting.parts[0]
    draft = Draft(
        branch=waiting.id,
        files={path: rewrite(version.text, wanted, PrivateAddresses)},
        message=f"[{waiting.slug}] {text('fi', 'commit.tidied')}",
        title=standing.title if part or desk.private is desk.public else private_title(waiting.slug),
        body=standing.body if part or desk.private is desk.public else message(text("fi", "pr.addresses"), waiting.references),
        labels=standing.labels,
        replaces={path: version.blob},
    )
    desk.private.propose(draft)
    return again(desk, waiting)


def _tell(desk: Desk, waiting: Waiting, found: States, old: PrivateAddresses | None, new: PrivateAddresses | None) -> int:
    """How many mails did not leave."""
    name = str(found.final.get("name", waiting.slug))
    everyone = notices.readers(waiting.slug, name, old, new)
    is_new = not found.main.blob
    mails = [
        messages.changed_mail(desk, reader, found.changes, has_addresses=new is not None, is_new=is_new) for reader in everyone
    ]
    known = new or old  # also of addresses that an approval which was cut short has published: nobody has been asked yet
    if known and known.referral_email and known.awaiting and known.awaiting.test_request:
        reader = Reader(known.referral_email, known.language, waiting.slug, name)
        mails.append(messages.test_request_mail(desk, reader, known.link_generation))
    return notices.send_all(desk, waiting.head, mails)
