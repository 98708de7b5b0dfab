"""POST /api/avain: a new key of contact requests, by an edit link. It is used only after the mailbox that gets the requests has
agreed to it, and the coordinator has approved it: whoever could change the key alone could read what is sealed to it.

The private key comes wrapped by a passphrase that never leaves the association's browser.
"""

from collections.abc import Mapping
from typing import Any

from generator.models import PrivateAddresses
from generator.problems import sentence
from generator.request_keys import MOST_KEYS, key_id
from lambda_common.reference import EDIT as EDIT_REFERENCE
from lambda_common.reference import reference_of
from lambda_common.services import Mail
from lambda_common.web import Answer, Refusal
from lambda_edit import limits, messages, notices, status
from lambda_edit.changes import body, message, private_title, references_in, title, with_reference
from lambda_edit.desk import (
    Desk,
    Version,
    addresses_path,
    branch_of,
    open_proposal,
    organisation_path,
    read_addresses,
    read_organisation,
)
from lambda_edit.document import rewrite
from lambda_edit.fields import Invalid, KeyOffer, read
from lambda_edit.forge import EDIT, Draft
from lambda_edit.merge import changes, merge
from lambda_edit.messages import Reader
from lambda_edit.retrying import tried
from lambda_edit.rights import Maintainer, maintainer
from lambda_edit.texts import text
from lambda_edit.work import check


def offer(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """The same offer made again changes nothing more. Raises Refusal 403 for the link, Invalid, and Refusal 503 when the question
    did not leave."""
    asked = read(KeyOffer, raw)
    who = maintainer(desk, "edit", asked.token)
    if not who.addresses.referral_email:
        raise Invalid([("addresses.referral_email", sentence("private.email"))])
    reference = reference_of(asked.key, EDIT_REFERENCE)
    with limits.counted(desk, limits.of_edit(desk, who.slug, who)):
        name = tried(lambda: _propose(asked, who, reference, desk))
    if notices.send_all(desk, asked.key, [_question(who, name, key_id(asked.public), desk)]):
        raise Refusal(503, "not_saved")
    status.remember(desk, reference, who.slug, status.WAITING)
    return Answer(202, {"code": "waiting", "reference": reference}, reference, who.slug)


def _propose(asked: KeyOffer, who: Maintainer, reference: str, desk: Desk) -> str:
    """Both parts of the proposal, private one first; the association's name. Raises Changed."""
    main = read_organisation(desk, who.slug)
    standing, upon = _standing(desk, who.slug, main)
    final = {**upon, "request_keys": _with_new(asked, main, desk)}
    check(desk, who.slug, final)
    _propose_wait(desk, who.slug, key_id(asked.public), reference)
    path, branch = organisation_path(who.slug), branch_of(EDIT, who.slug)
    made, changed = rewrite(standing.text, final), changes(main.written, final)
    open_now = open_proposal(desk.public, branch)
    references = list(dict.fromkeys((*references_in(open_now.body if open_now else ""), reference)))
    first_line = title(who.slug, changed, is_new=False)
    draft = Draft(
        branch=branch,
        files={path: made},
        message=message(first_line, [reference]),
        title=first_line,
        body=body(text("fi", "pr.key"), changed, main.text, made, references),
        labels=(),
        replaces={path: standing.blob},
    )
    desk.public.propose(draft)
    return str(final["name"])


def _standing(desk: Desk, slug: str, main: Version) -> tuple[Version, Mapping[str, Any]]:
    """What the key is put upon: the file of the open proposal, with what has been published since it was opened."""
    proposal = open_proposal(desk.public, branch_of(EDIT, slug))
    if proposal is None or organisation_path(slug) not in proposal.files:
        return main, main.written
    standing = read_organisation(desk, slug, proposal.head)
    before = read_organisation(desk, slug, desk.public.base_of(proposal))
    return standing, merge(before.written, standing.written, main.written)[0]


def _with_new(asked: KeyOffer, main: Version, desk: Desk) -> list[dict[str, str]]:
    """The new key before the published one, which still opens what was sealed to it. An earlier wish that waits is replaced."""
    today = desk.settings.region.today(desk.now).isoformat()
    new = {"created_on": today, "public": asked.public, "wrapped": asked.wrapped}
    kept = [one for one in main.written.get("request_keys", []) if one.get("public") != asked.public]
    return [new, *kept][:MOST_KEYS]


def _propose_wait(desk: Desk, slug: str, key: str, reference: str) -> None:
    """What the proposal has to wait for stands with the private addresses."""
    branch = branch_of(EDIT, slug)
    proposal = open_proposal(desk.private, branch)
    standing = read_addresses(desk, slug, proposal.head) if proposal else read_addresses(desk, slug)
    awaiting = standing.written.get("awaiting") or {}
    if awaiting.get("new_key") == key:
        return
    path = addresses_path(desk.settings, slug)
    wanted = {**standing.written, "awaiting": {**awaiting, "new_key": key}}
    draft = Draft(
        branch=branch,
        files={path: rewrite(standing.text, wanted, PrivateAddresses)},
        message=message(private_title(slug), [reference]),
        title=proposal.title if proposal else private_title(slug),
        body=with_reference(proposal.body if proposal else text("fi", "pr.addresses"), reference),
        labels=(),
        replaces={path: standing.blob},
    )
    desk.private.propose(draft)


def _question(who: Maintainer, name: str, key: str, desk: Desk) -> Mail:
    """To the mailbox that gets the requests, as it is now."""
    addresses = who.addresses
    reader = Reader(addresses.referral_email or "", addresses.language, who.slug, name)
    return messages.key_mail(desk, reader, addresses.link_generation, key)
