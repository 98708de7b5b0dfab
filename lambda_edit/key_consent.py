"""Whether the mailbox that gets the requests has agreed to a key: what addresses.agree asks about a link of this purpose."""

from generator.models import Awaiting
from generator.request_keys import key_id
from lambda_common.web import Refusal
from lambda_edit.desk import Desk, as_addresses, branch_of, open_proposal, read_addresses, read_organisation
from lambda_edit.forge import EDIT
from lambda_edit.links import Link, is_for


def is_agreed(link: Link, desk: Desk) -> bool:
    """Whether the mailbox's yes changes nothing any more, because it has been said."""
    return link.said.get("k", "") in _known_ids(desk, link.slug)


def _known_ids(desk: Desk, slug: str) -> list[str]:
    """The keys that are published, or proposed and agreed to."""
    proposal = open_proposal(desk.public, branch_of(EDIT, slug))
    versions = [read_organisation(desk, slug), *([read_organisation(desk, slug, proposal.head)] if proposal else [])]
    waits = _awaited(desk, slug)
    found = [key_id(str(one.get("public"))) for version in versions for one in version.written.get("request_keys", [])]
    return [one for one in found if waits is None or one != waits.new_key]


def _awaited(desk: Desk, slug: str) -> Awaiting | None:
    proposal = open_proposal(desk.private, branch_of(EDIT, slug))
    addresses = as_addresses(read_addresses(desk, slug, proposal.head)) if proposal else None
    return addresses.awaiting if addresses else None


def check_mailbox(link: Link, desk: Desk) -> None:
    """Raises Refusal 403 when the link was mailed to another address than the one that gets the requests now."""
    now = as_addresses(read_addresses(desk, link.slug))
    if now is None or not is_for(desk.settings.secrets, link, [now.referral_email or ""]):
        raise Refusal(403, "link")
