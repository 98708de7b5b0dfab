"""POST /api/muokkaus: an edit from its body to a proposal, or to the site at once. After a failure every step can be repeated."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from generator.content import MAX_FILE_BYTES
from generator.problems import sentence
from lambda_common import proof
from lambda_common.once import HOURS_KEPT, new_attempt
from lambda_common.reference import EDIT as EDIT_REFERENCE
from lambda_common.reference import reference_of
from lambda_common.services import Item
from lambda_common.signing import is_signed, sign
from lambda_common.web import Answer, Refusal
from lambda_edit import addresses, limits, messages, notices, publishing, status
from lambda_edit.alike import is_same
from lambda_edit.changes import body, message, title
from lambda_edit.desk import Desk, organisation_path
from lambda_edit.document import Unwritable, new_document, rewrite
from lambda_edit.fields import Edit, Invalid, read
from lambda_edit.forge import CAPACITY, EDIT, UNVERIFIED, Draft, NotMergeable
from lambda_edit.merge import Change
from lambda_edit.retrying import tried
from lambda_edit.rights import Maintainer, editor
from lambda_edit.texts import text
from lambda_edit.waiting import JOINING_LABEL, UNVERIFIED_LABEL, find
from lambda_edit.work import Work, work_on


def propose(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Refusal, ForgeDown and StoreDown; then the same request can be made again."""
    if isinstance(raw.get("website"), str) and raw["website"]:
        return _feigned(raw)
    edit = read(Edit, raw)
    if (answer := _earlier(raw, edit, desk)) is not None:
        return answer
    proof.check_proof(desk.settings.secrets, edit.proof, edit.slug, edit.key, desk.now)
    who = editor(desk, edit.token, edit.slug)
    answer = tried(lambda: _carry_out(edit, who, desk))
    if answer.status == 202:
        _remember(raw, answer, desk)
    return answer


def _feigned(raw: Mapping[str, Any]) -> Answer:
    """What a robot that filled the hidden field is told; nothing is kept."""
    return Answer(202, _told("waiting", reference_of(str(raw.get("key")), EDIT_REFERENCE), "", [], []))


def _told(code: str, reference: str, slug: str, changed: list[Change], merged: list[str]) -> dict[str, Any]:
    return {
        "code": code,
        "reference": reference,
        "slug": slug,
        "changes": [change._asdict() for change in changed],
        "merged": merged,
    }


def _earlier(raw: Mapping[str, Any], edit: Edit, desk: Desk) -> Answer | None:
    """The answer when this very request has been carried out already."""
    item = desk.services.store.get(_key(edit))
    if item is None or not is_signed(desk.settings.secrets, "fingerprint", _canonical(raw), bytes.fromhex(item.fingerprint)):
        return None
    reference = reference_of(edit.key, EDIT_REFERENCE)
    return Answer(202, _told(item.state, reference, item.organisation, [], []), reference, item.organisation)


def _remember(raw: Mapping[str, Any], answer: Answer, desk: Desk) -> None:
    expires = int((desk.now + timedelta(hours=HOURS_KEPT)).timestamp())
    fingerprint = sign(desk.settings.secrets[0], "fingerprint", _canonical(raw)).hex()
    item = Item(answer.code, new_attempt(), expires, fingerprint, answer.organisation)
    desk.services.store.put_new(f"e#{raw['key']}", item)


def _key(edit: Edit) -> str:
    return f"e#{edit.key}"


def _canonical(raw: Mapping[str, Any]) -> bytes:
    said = {name: value for name, value in raw.items() if name not in ("proof", "website")}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def _carry_out(edit: Edit, who: Maintainer | None, desk: Desk) -> Answer:
    work = work_on(edit, who, desk)
    has_news = not is_same(work.upon, work.final) or work.private is not None
    if not has_news and not work.is_repeated:
        return Answer(200, {"code": "unchanged"}, "", work.slug)
    if has_news:
        caps = limits.of_joining(desk) if edit.is_joining else limits.of_edit(desk, work.slug, who)
        with limits.counted(desk, caps):
            _write(work, desk)
    code = _publish(work, desk)
    _mail(work, desk)
    status.remember(desk, work.reference, work.slug, code)
    return Answer(202, _told(code, work.reference, work.slug, work.own_changes, work.merged), work.reference, work.slug)


def _write(work: Work, desk: Desk) -> None:
    """The proposals, private addresses first: what is public never goes ahead of what it needs."""
    if work.private is not None:
        addresses.propose(work.private, work.branch, work.reference, _labels(work), desk)
    path = organisation_path(work.slug)
    if is_same(work.upon, work.final):
        return
    draft = Draft(
        branch=work.branch,
        files={path: _new_text(work)},
        message=message(_title(work), [work.reference]),
        title=_title(work),
        body=_body(work),
        labels=_labels(work),
        replaces={path: work.standing.blob},
    )
    desk.public.propose(draft)


def _title(work: Work) -> str:
    return title(work.slug, work.changes, is_new=not work.main.blob)


def _body(work: Work) -> str:
    references = list(dict.fromkeys((*work.earlier, work.reference)))
    opening = text("fi", "pr.joining" if not work.main.blob else _OPENINGS[work.kind])
    return body(opening, work.changes, work.main.text, _new_text(work), references)


def _labels(work: Work) -> tuple[str, ...]:
    if work.who:
        return ()
    return (UNVERIFIED_LABEL,) if work.main.blob else (UNVERIFIED_LABEL, JOINING_LABEL)


def _new_text(work: Work) -> str:
    """Raises Invalid when the file would grow too large, or cannot be written so that it reads as it was meant."""
    try:
        return rewrite(work.standing.text, work.final) if work.standing.blob else new_document(work.final)
    except Unwritable:
        pass
    size, allowed = len(json.dumps(work.final, ensure_ascii=False).encode()), MAX_FILE_BYTES
    if size > allowed * 2 // 3:  # the file has indents besides
        raise Invalid([("", sentence("file.too_large", found=max(size, allowed + 1024) // 1024, allowed=allowed // 1024))])
    raise Invalid([("", sentence("text_control"))])


_OPENINGS = {EDIT: "pr.verified", UNVERIFIED: "pr.unverified", CAPACITY: "pr.capacity"}


def _mail(work: Work, desk: Desk) -> None:
    """The note to the coordinator, and to each address the question that it has to answer. Raises Refusal 503 when one did not
    leave: the proposal stands, and the same request made again completes it."""
    name, key = str(work.final["name"]), work.edit.key
    mails = []
    if work.edit.note:
        is_verified = work.who is not None
        mails.append(messages.note_mail(desk, work.slug, name, work.edit.note, work.reference, is_verified=is_verified))
    if work.edit.addresses is not None:
        mails += addresses.questions(desk, work.slug, name, work.branch)
    if notices.send_all(desk, key, mails):
        raise Refusal(503, "not_saved")


def _publish(work: Work, desk: Desk) -> str:
    """What publishes itself is merged at once, unless the forge's own checks are still running: then it waits."""
    if work.kind != CAPACITY:
        return "waiting"
    waiting = find(desk, work.branch)
    if waiting is None:
        return "published"
    try:
        publishing.publish(desk, waiting)
    except NotMergeable:
        return "waiting"
    return "published"
