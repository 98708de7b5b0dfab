"""POST /api/hyvaksynta: the coordinator's page, by a signed link. What waits, field by field, and what can be done about it."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.models import Organisation, PrivateAddresses
from generator.problems import Problem, sentence
from generator.validation import check_organisation
from lambda_common.web import Answer, Refusal
from lambda_edit import addresses, confirmation, messages, notices, publishing, status
from lambda_edit.desk import Desk, as_addresses, document_of, read_addresses
from lambda_edit.fields import Decision, Invalid, errors_in, read
from lambda_edit.forge import NotMergeable, Proposal
from lambda_edit.merge import Change, changes
from lambda_edit.messages import Reader
from lambda_edit.rights import coordinator, hashed
from lambda_edit.waiting import Waiting, addresses_part, again, all_waiting, find, proposed_addresses, states

MOST_AT_ONCE = 12  # each takes a few calls to the forge, and the function has seconds
Act = Callable[[Decision, Desk], Answer]


def decide(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Refusal 403 for the link, 409 when the proposal is no longer what was looked at, Changed."""
    asked = read(Decision, raw)
    coordinator(desk, asked.token)
    act = ACTIONS.get(asked.action)
    if act is None:
        raise Invalid([("action", sentence("choice", found=asked.action, hint=", ".join(ACTIONS)))])
    return act(asked, desk)


# What waits


def _list(asked: Decision, desk: Desk) -> Answer:  # noqa: ARG001 - every action has the same shape
    waiting = all_waiting(desk)
    shown = [_shown(one, desk) for one in waiting[:MOST_AT_ONCE]]
    return Answer(200, {"proposals": shown, "total": len(waiting)})


def _shown(waiting: Waiting, desk: Desk) -> dict[str, Any]:
    about = _reviews_shown(waiting, desk) if not waiting.slug else _edit_shown(waiting, desk)
    return {
        "id": waiting.id,
        "head": waiting.head,
        "slug": waiting.slug,
        "title": waiting.parts[0].title,
        "is_verified": waiting.is_verified,
        "opened_on": waiting.opened_on.isoformat(),
        "references": waiting.references,
        **about,
    }


def _edit_shown(waiting: Waiting, desk: Desk) -> dict[str, Any]:
    found = states(desk, waiting, waiting.slug)
    organisation, problems = _checked(waiting.slug, found.final, desk)
    alike = desk.settings.region.look_alikes(waiting.slug, organisation) if organisation else []
    return {
        "name": str(found.final.get("name", waiting.slug)),
        "is_new": not found.main.blob,
        "changes": [change._asdict() for change in found.changes],
        "problems": [{"field": one.field, "message": one.message, "severity": str(one.severity)} for one in problems],
        "duplicates": [{"slug": slug, "name": desk.settings.region.name(slug)} for slug in alike],
        "awaiting": _awaited(proposed_addresses(desk, waiting)),
        "changes_addresses": addresses_part(desk, waiting) is not None,
        "written": found.final,
    }


def _reviews_shown(waiting: Waiting, desk: Desk) -> dict[str, Any]:
    """The week's confirmations: who, when, in which role."""
    changed = [change for slug in _slugs(waiting) for change in _review_changes(waiting, slug, desk)]
    return {
        "name": waiting.parts[0].title,
        "is_new": False,
        "changes": [change._asdict() for change in changed],
        "problems": [],
        "duplicates": [],
        "awaiting": [],
        "changes_addresses": False,
        "written": {},
    }


def _slugs(waiting: Waiting) -> list[str]:
    return sorted(path.rpartition("/")[2].removesuffix(".yaml") for path in waiting.parts[0].files)


def _review_changes(waiting: Waiting, slug: str, desk: Desk) -> list[Change]:
    found = states(desk, waiting, slug)
    return [one._replace(field=f"{slug}.{one.field}") for one in changes(found.main.written, found.final)]


def _checked(slug: str, written: dict[str, Any], desk: Desk) -> tuple[Organisation | None, list[Problem]]:
    return check_organisation(document_of(slug, written), desk.settings.region.around(desk.now))


def _awaited(proposed: PrivateAddresses | None) -> list[str]:
    return proposed.awaiting.names if proposed and proposed.awaiting else []


# What can be done


def _looked_at(asked: Decision, desk: Desk) -> Waiting:
    """The proposal, when it is still the one that the coordinator saw."""
    waiting = find(desk, asked.id)
    if waiting is None or waiting.head != asked.head:
        raise Refusal(409, "changed")
    return waiting


def _approve(asked: Decision, desk: Desk) -> Answer:
    waiting = _looked_at(asked, desk)
    try:
        if waiting.slug:
            waiting = _settled(asked, waiting, desk)
        unsent = publishing.publish(desk, waiting)
    except NotMergeable:
        raise Refusal(409, "not_mergeable") from None
    return Answer(200, {"code": "published", "mails_not_sent": unsent}, "", waiting.slug)


def _settled(asked: Decision, waiting: Waiting, desk: Desk) -> Waiting:
    """Nothing is published that would break the site, or whose addresses nobody has confirmed. Raises Refusal 409, and
    NotMergeable when somebody else has changed the same field meanwhile: the page has not shown it."""
    proposed = proposed_addresses(desk, waiting)
    if asked.register_checked and "register_check" in _awaited(proposed):
        addresses.register_checked(_part(waiting, desk), waiting.slug, desk)
        waiting = again(desk, waiting)
        proposed = proposed_addresses(desk, waiting)
    if left := [one for one in _awaited(proposed) if one != "test_request"]:
        raise Blocked("awaiting", awaiting=left)
    found = states(desk, waiting, waiting.slug)
    if found.conflicts:
        raise NotMergeable
    organisation, problems = _checked(waiting.slug, found.final, desk)
    if errors := errors_in(problems):
        raise Invalid.of(errors)
    if organisation:
        addresses.check_mailbox(organisation, proposed or as_addresses(read_addresses(desk, waiting.slug)))
    return waiting


class Blocked(Refusal):
    """Something has to happen first; `told` says what, in codes."""

    def __init__(self, code: str, **told: Any) -> None:
        super().__init__(409, code)
        self.told = told


def _part(waiting: Waiting, desk: Desk) -> Proposal:
    part = addresses_part(desk, waiting)
    if part is None:
        raise Refusal(409, "changed")
    return part


def _return(asked: Decision, desk: Desk) -> Answer:
    """Closes the proposal and mails the reason. The mail goes first: a proposal is never closed without a word."""
    waiting = _looked_at(asked, desk)
    if not asked.reason.strip():
        raise Invalid([("reason", sentence("edit.reason"))])
    everyone = _readers(waiting, desk) if waiting.slug else []
    mails = [messages.returned_mail(desk, reader, asked.reason) for reader in everyone]
    unsent = notices.send_all(desk, f"{waiting.head}#return#{hashed(desk, asked.reason)}", mails)
    if unsent:
        raise Refusal(503, "not_saved")
    for forge, part in ((desk.public, waiting.public), (desk.private, waiting.private)):
        if part:
            forge.close(part)
    for reference in waiting.references:
        status.remember(desk, reference, waiting.slug, status.RETURNED)
    return Answer(200, {"code": "returned", "mails_sent": len(mails)}, "", waiting.slug)


def _readers(waiting: Waiting, desk: Desk) -> list[Reader]:
    """The maintainers as they are; of an association that joins, as proposed."""
    known = as_addresses(read_addresses(desk, waiting.slug)) or proposed_addresses(desk, waiting)
    name = str(states(desk, waiting, waiting.slug).final.get("name", waiting.slug))
    return notices.readers(waiting.slug, name, known)


def _ask_more(asked: Decision, desk: Desk) -> Answer:
    waiting = _looked_at(asked, desk)
    if not asked.fields and not asked.note.strip():
        raise Invalid([("fields", sentence("edit.fields"))])
    known = as_addresses(read_addresses(desk, waiting.slug))
    generation = known.link_generation if known else 0
    mails = [messages.ask_more_mail(desk, one, generation, asked.fields, asked.note) for one in _readers(waiting, desk)]
    about = f"{waiting.head}#ask#{','.join(asked.fields)}#{hashed(desk, asked.note)}"
    if notices.send_all(desk, about, mails):
        raise Refusal(503, "not_saved")
    return Answer(200, {"code": "asked", "mails_sent": len(mails)}, "", waiting.slug)


def _address_by_phone(asked: Decision, desk: Desk) -> Answer:
    waiting = _looked_at(asked, desk)
    addresses.called(asked, _part(waiting, desk), waiting.slug, desk)
    return _renewed("confirmed", waiting, desk)


def _register_checked(asked: Decision, desk: Desk) -> Answer:
    waiting = _looked_at(asked, desk)
    addresses.register_checked(_part(waiting, desk), waiting.slug, desk)
    return _renewed("checked", waiting, desk)


def _renewed(code: str, waiting: Waiting, desk: Desk) -> Answer:
    """The proposal has a new head, by which it can be approved."""
    now = again(desk, waiting)
    return Answer(200, {"code": code, "head": now.head, "awaiting": _awaited(proposed_addresses(desk, now))}, "", waiting.slug)


def _confirm_by_phone(asked: Decision, desk: Desk) -> Answer:
    if not asked.role or not asked.slug:
        missing = "slug" if asked.role else "role"
        raise Invalid([(missing, sentence("missing", found=missing))])
    return confirmation.confirm_by_phone(desk, asked.slug, asked.role)


ACTIONS: Mapping[str, Act] = {
    "list": _list,
    "approve": _approve,
    "return": _return,
    "ask_more": _ask_more,
    "address_by_phone": _address_by_phone,
    "register_checked": _register_checked,
    "confirm_by_phone": _confirm_by_phone,
}
