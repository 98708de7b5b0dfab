"""Private addresses: what has to happen before a changed one is used, and POST /api/osoite, where somebody agrees.

The old address agrees, or two people call the association; each new one confirms itself. Until then the proposal cannot be
merged. A mailbox that is new to requests answers a test request before it gets real ones. Addresses stand in the private forge
and in mails, nowhere else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.content import Document
from generator.fields import dialled
from generator.models import Awaiting, Organisation, PrivateAddresses
from generator.problems import sentence
from generator.validation import check_addresses, check_organisation
from lambda_common.services import Mail
from lambda_common.signing import sign
from lambda_common.web import Answer, Refusal
from lambda_edit import key_consent, messages
from lambda_edit.changes import message, private_title, with_reference
from lambda_edit.desk import (
    NOTHING,
    Desk,
    Version,
    addresses_path,
    as_addresses,
    branch_of,
    document_of,
    open_proposal,
    read_addresses,
    read_organisation,
)
from lambda_edit.document import new_document, rewrite
from lambda_edit.fields import AddressConsent, Addresses, Decision, Edit, Invalid, errors_in, read
from lambda_edit.forge import CAPACITY, EDIT, UNVERIFIED, Draft, Proposal
from lambda_edit.links import Link, Purpose, is_for, read_link
from lambda_edit.messages import Reader
from lambda_edit.rights import Maintainer
from lambda_edit.texts import text

_PURPOSES: tuple[Purpose, ...] = ("address-old", "address-new", "test-request", "request-key")


@dataclass(frozen=True)
class Wish:
    """Addresses as they are to be. `main` is the file in use, `standing` what the wish is put upon."""

    slug: str
    main: Version
    standing: Version
    wanted: dict[str, Any]

    @property
    def addresses(self) -> PrivateAddresses:
        return _shaped(self.wanted)


def wished(edit: Edit, who: Maintainer | None, written: Mapping[str, Any], desk: Desk) -> Wish | None:
    """The new addresses of an association that is there; None when nothing changes. Raises Refusal 403 without a link."""
    if edit.addresses is None or edit.addresses == Addresses():
        return None
    if who is None:
        raise Refusal(403, "link")
    main = read_addresses(desk, edit.slug)
    standing = _standing(desk, edit.slug, EDIT) or main
    wanted = _with(standing.written, edit)
    if _same_addresses(wanted, standing.written):
        return None
    before, after = _shaped(main.written), _shaped({**wanted, "awaiting": None})
    wanted = _dated(wanted, before, after)
    _check(desk, edit.slug, wanted, written)
    return Wish(edit.slug, main, standing, wanted)


def asks_for_others(edit: Edit, who: Maintainer) -> bool:
    """Whether the form has other addresses than those in use."""
    told, known = edit.addresses or Addresses(), who.addresses
    mailbox, maintainers = told.referral_email or known.referral_email, tuple(told.data_maintainers or known.data_maintainers)
    return (mailbox, maintainers) != (known.referral_email, known.data_maintainers)


def is_same_joiner(edit: Edit, slug: str, desk: Desk) -> bool:
    """Whether nobody else has asked to join under this slug: the open proposal, if any, has the addresses that are told now."""
    standing = _standing(desk, slug, UNVERIFIED)
    return standing is None or not standing.blob or _same_addresses(_with(standing.written, edit), standing.written)


def wished_at_joining(edit: Edit, slug: str, written: Mapping[str, Any], desk: Desk) -> Wish | None:
    """The first addresses. Raises Invalid when nobody would get the association's mail."""
    standing = _standing(desk, slug, UNVERIFIED) or NOTHING
    wanted = _with(standing.written, edit)
    if not wanted.get("data_maintainers"):
        raise Invalid([("addresses.data_maintainers", sentence("missing", found="data_maintainers"))])
    if _same_addresses(wanted, standing.written):
        return None
    new = [one for one in (wanted.get("referral_email"), *wanted["data_maintainers"]) if one]
    waiting = {"new_address": list(dict.fromkeys(new)), "test_request": "true", "register_check": "true"}
    if "referral_email" not in wanted:
        del waiting["test_request"]
    wanted = {**wanted, "awaiting": waiting}
    _check(desk, slug, wanted, written)
    return Wish(slug, NOTHING, standing, wanted)


def _standing(desk: Desk, slug: str, kind: str) -> Version | None:
    """The addresses in the open proposal."""
    proposal = open_proposal(desk.private, branch_of(kind, slug))
    return read_addresses(desk, slug, proposal.head) if proposal else None


def _with(standing: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    told = edit.addresses
    changed = {
        "referral_email": told.referral_email if told else None,
        "data_maintainers": list(told.data_maintainers) if told and told.data_maintainers else None,
    }
    return {**standing, **{key: value for key, value in changed.items() if value}}


def _same_addresses(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("referral_email", "data_maintainers"))


def _dated(wanted: dict[str, Any], before: PrivateAddresses, after: PrivateAddresses) -> dict[str, Any]:
    """The wish with what it has to wait for. Whoever is left out of the maintainers loses the links that were mailed."""
    is_moved = before.referral_email is not None and after.referral_email != before.referral_email
    listed, gone = set(after.data_maintainers), set(before.data_maintainers) - set(after.data_maintainers)
    new = [one for one in (after.referral_email, *after.data_maintainers) if one and one not in _all(before)]
    is_untested = before.awaiting is not None and before.awaiting.test_request
    waiting = {
        "old_address": "true" if is_moved or listed != set(before.data_maintainers) else None,
        "new_address": list(dict.fromkeys(new)) or None,
        "test_request": "true" if after.referral_email and (is_untested or not before.referral_email) else None,
        "new_key": (wanted.get("awaiting") or {}).get("new_key"),  # another wish, which waits for its own answer
    }
    waiting = {key: value for key, value in waiting.items() if value}
    dated = {key: value for key, value in wanted.items() if key != "awaiting"}
    if gone:
        dated["link_generation"] = str(before.link_generation + 1)
    return {**dated, "awaiting": waiting} if waiting else dated


def _all(addresses: PrivateAddresses) -> set[str]:
    return {one for one in (addresses.referral_email, *addresses.data_maintainers) if one}


def _shaped(written: Mapping[str, Any]) -> PrivateAddresses:
    return PrivateAddresses.model_validate({key: value for key, value in written.items() if value is not None})


def check_mailbox(organisation: Organisation, known: PrivateAddresses | None) -> None:
    """Raises Invalid when requests would be taken and nobody would get them: the next build would refuse that."""
    is_taking = organisation.referral is not None and organisation.status != "closed"
    if is_taking and not (known and known.referral_email):
        raise Invalid([("addresses.referral_email", sentence("private.email"))])


def _check(desk: Desk, slug: str, wanted: dict[str, Any], written: Mapping[str, Any]) -> None:
    """Raises Invalid, with fields as the form knows them: addresses.referral_email."""
    around = desk.settings.region.around(desk.now)
    organisation, _ = check_organisation(document_of(slug, dict(written)), around)
    assert isinstance(organisation, Organisation)  # checked before
    _, problems = check_addresses(Document("", slug, "", wanted), organisation, around)
    if errors := errors_in(problems):
        raise Invalid([(f"addresses.{one.field or 'referral_email'}", one.message) for one in errors])


def propose(wish: Wish, branch: str, reference: str, labels: tuple[str, ...], desk: Desk) -> None:
    """Raises Changed. No address stands in a title or a text, because the same forge may show both publicly."""
    path = addresses_path(desk.settings, wish.slug)
    made = (
        rewrite(wish.standing.text, wish.wanted, PrivateAddresses)
        if wish.standing.blob
        else new_document(wish.wanted, PrivateAddresses)
    )
    open_now = open_proposal(desk.private, branch)
    first_line = private_title(wish.slug)
    draft = Draft(
        branch=branch,
        files={path: made},
        message=message(first_line, [reference]),
        title=open_now.title if open_now else first_line,
        body=with_reference(open_now.body if open_now else text("fi", "pr.addresses"), reference),
        labels=labels,
        replaces={path: wish.standing.blob},
    )
    desk.private.propose(draft)


def questions(desk: Desk, slug: str, name: str, branch: str) -> list[Mail]:
    """What the open proposal's addresses are asked: the old one whether it goes, each new one whether it is read."""
    proposal = open_proposal(desk.private, branch)
    wanted = as_addresses(read_addresses(desk, slug, proposal.head)) if proposal else None
    if wanted is None or wanted.awaiting is None:
        return []
    asked: list[tuple[Purpose, str]] = [("address-new", one) for one in wanted.awaiting.new_address]
    if wanted.awaiting.old_address:
        asked += [("address-old", one) for one in _old_ones(as_addresses(read_addresses(desk, slug)), wanted)]
    mark = fingerprint(desk.settings.secrets[0], wanted)
    return [
        messages.address_mail(desk, Reader(address, wanted.language, slug, name), purpose, wanted, mark)
        for purpose, address in asked
    ]


def _old_ones(before: PrivateAddresses | None, wanted: PrivateAddresses) -> tuple[str, ...]:
    """Whose consent counts: the mailbox that is replaced, or else any of the maintainers as they were."""
    if before is None:
        return ()
    is_moved = before.referral_email is not None and before.referral_email != wanted.referral_email
    return (before.referral_email,) if is_moved and before.referral_email else before.data_maintainers


# Agreeing


def fingerprint(secret: bytes, addresses: PrivateAddresses) -> str:
    """What a confirmation is about: when the wish changes, earlier confirmations and links say nothing of it."""
    wanted = json.dumps([addresses.referral_email, *addresses.data_maintainers])
    return sign(secret, "addresses", wanted.encode()).hex()[:24]


def agree(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """POST /api/osoite. Pressing twice changes nothing more. Raises Refusal 403 or 409, and Changed."""
    link = _read(read(AddressConsent, raw).token, desk)
    if link.purpose == "test-request":
        return _answer_test_request(link, desk)
    if link.purpose == "request-key":
        return _agree_to_key(link, desk)
    proposal, addresses, version = _waiting(link, desk)
    awaiting = addresses.awaiting or Awaiting()
    if link.purpose == "address-old":
        _check_old_one(link, addresses, desk)
        left = awaiting.model_copy(update={"old_address": False})
    else:
        is_own = is_for(desk.settings.secrets, link, awaiting.new_address)
        left = awaiting.model_copy(update={"new_address": tuple(one for one in awaiting.new_address if one != is_own)})
    if left != awaiting:
        write_awaiting(desk, link.slug, proposal, version, left, text("fi", "commit.confirmed"))
    return _agreed(link, desk)


def _agree_to_key(link: Link, desk: Desk) -> Answer:
    """The mailbox that gets the requests says that the association has made this key. Raises Refusal 409 when another key is
    proposed by now."""
    key_consent.check_mailbox(link, desk)
    proposal = open_proposal(desk.private, branch_of(EDIT, link.slug))
    version = read_addresses(desk, link.slug, proposal.head) if proposal else NOTHING
    addresses = as_addresses(version)
    awaiting = addresses.awaiting if addresses else None
    if proposal and awaiting and awaiting.new_key and awaiting.new_key == link.said.get("k"):
        left = awaiting.model_copy(update={"new_key": None})
        write_awaiting(desk, link.slug, proposal, version, left, text("fi", "commit.key"))
    elif not key_consent.is_agreed(link, desk):
        raise Refusal(409, "changed")
    return _agreed(link, desk)


def _check_old_one(link: Link, wanted: PrivateAddresses, desk: Desk) -> None:
    """Raises Refusal 403 when the address has lost its say meanwhile."""
    if not is_for(desk.settings.secrets, link, _old_ones(as_addresses(read_addresses(desk, link.slug)), wanted)):
        raise Refusal(403, "link")


def _agreed(link: Link, desk: Desk) -> Answer:
    return Answer(
        202, {"code": "confirmed", "purpose": link.purpose, "name": desk.settings.region.name(link.slug)}, "", link.slug
    )


def _read(token: str, desk: Desk) -> Link:
    for purpose in _PURPOSES[:-1]:
        try:
            return read_link(desk.settings.secrets, purpose, token, desk.now)
        except Refusal:
            continue
    return read_link(desk.settings.secrets, _PURPOSES[-1], token, desk.now)


def _waiting(link: Link, desk: Desk) -> tuple[Proposal, PrivateAddresses, Version]:
    """The open proposal that the link is about. Raises Refusal 409 when there is none, or it wants something else by now."""
    for kind in (EDIT, UNVERIFIED):
        proposal = open_proposal(desk.private, branch_of(kind, link.slug))
        version = read_addresses(desk, link.slug, proposal.head) if proposal else NOTHING
        addresses = as_addresses(version)
        if proposal and addresses and link.said.get("f", "") in [fingerprint(one, addresses) for one in desk.settings.secrets]:
            return proposal, addresses, version
    raise Refusal(409, "changed")


def write_awaiting(desk: Desk, slug: str, proposal: Proposal, version: Version, left: Awaiting, what: str) -> None:
    """One more commit on the proposal: what it still waits for. Raises Changed."""
    path = addresses_path(desk.settings, slug)
    draft = Draft(
        branch=proposal.id,
        files={path: rewrite(version.text, _written_awaiting(version.written, left), PrivateAddresses)},
        message=f"[{slug}] {what}",
        title=proposal.title,
        body=proposal.body,
        labels=proposal.labels,
        replaces={path: version.blob},
    )
    desk.private.propose(draft)


def _written_awaiting(written: Mapping[str, Any], left: Awaiting) -> dict[str, Any]:
    flags = {name: "true" for name in left.names if name not in ("new_address", "new_key")}
    waiting = {
        **flags,
        **({"new_address": list(left.new_address)} if left.new_address else {}),
        **({"new_key": left.new_key} if left.new_key else {}),
    }
    rest = {key: value for key, value in written.items() if key != "awaiting"}
    return {**rest, "awaiting": waiting} if waiting else rest


def _answer_test_request(link: Link, desk: Desk) -> Answer:
    """Somebody reads the mailbox: from now on it gets real requests."""
    version = read_addresses(desk, link.slug)
    addresses = as_addresses(version)
    if addresses is None or not is_for(desk.settings.secrets, link, [addresses.referral_email or ""]):
        raise Refusal(403, "link")
    if addresses.awaiting and addresses.awaiting.test_request:
        path = addresses_path(desk.settings, link.slug)
        left = addresses.awaiting.model_copy(update={"test_request": False})
        title = f"[{link.slug}] {text('fi', 'commit.tested')}"
        made = rewrite(version.text, _written_awaiting(version.written, left), PrivateAddresses)
        branch = branch_of(CAPACITY, link.slug)
        draft = Draft(branch, {path: made}, title, title, text("fi", "pr.tested"), replaces={path: version.blob})
        desk.private.merge(desk.private.propose(draft), title)
    return _agreed(link, desk)


# The coordinator's ways


def called(decision: Decision, proposal: Proposal, slug: str, desk: Desk) -> None:
    """Two people have called a public number of the association because its old address is dead. The call is recorded in the
    history. Raises Invalid."""
    version = read_addresses(desk, slug, proposal.head)
    addresses = as_addresses(version)
    if addresses is None or addresses.awaiting is None or not addresses.awaiting.old_address:
        raise Refusal(409, "changed")
    number = _public_number(decision.number_called, slug, desk)
    roles = sorted({role.strip().lower() for role in decision.callers})
    if len(roles) != 2 or not all(role.replace(" ", "").replace("-", "").isalpha() for role in roles):
        raise Invalid([("callers", sentence("edit.callers"))])
    left = addresses.awaiting.model_copy(update={"old_address": False})
    what = text("fi", "commit.called", number=number, first=roles[0], second=roles[1])
    write_awaiting(desk, slug, proposal, version, left, what)


def _public_number(written: str, slug: str, desk: Desk) -> str:
    """The number in its international form, when the association's published page has it."""
    around = desk.settings.region.around(desk.now)
    main = read_organisation(desk, slug)
    organisation, _ = check_organisation(document_of(slug, main.written), around)
    contacts = [*organisation.contacts, *(one.contact for one in organisation.activities if one.contact)] if organisation else []
    try:
        number = dialled(written)
    except Exception:  # noqa: BLE001  pydantic's own error carries the value
        number = ""
    if not number or number not in [contact.phone for contact in contacts]:
        raise Invalid([("number_called", sentence("edit.number"))])
    return number


def register_checked(proposal: Proposal, slug: str, desk: Desk) -> None:
    version = read_addresses(desk, slug, proposal.head)
    addresses = as_addresses(version)
    if addresses is None or addresses.awaiting is None or not addresses.awaiting.register_check:
        raise Refusal(409, "changed")
    left = addresses.awaiting.model_copy(update={"register_check": False})
    write_awaiting(desk, slug, proposal, version, left, text("fi", "commit.register"))
