"""POST /api/vahvistus: a person says "all this is still true". A week's confirmations are one proposal, of `review` alone."""

from collections.abc import Mapping
from typing import Any

from generator.problems import counted, sentence
from lambda_common.reference import EDIT as EDIT_REFERENCE
from lambda_common.reference import reference_of
from lambda_common.web import Answer, Refusal
from lambda_common.working_days import finnish_day
from lambda_edit import limits, status
from lambda_edit.changes import message, references_in
from lambda_edit.desk import Desk, Version, branch_of, open_proposal, organisation_path, read_organisation
from lambda_edit.document import rewrite
from lambda_edit.fields import PARTS, Confirmation, Invalid, read
from lambda_edit.forge import REVIEWS, Draft, Proposal
from lambda_edit.retrying import tried
from lambda_edit.rights import maintainer
from lambda_edit.texts import text


def confirm(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Refusal 403 for the link, 422 when a part was not ticked, 409 when the data is no longer what was shown."""
    asked = read(Confirmation, raw)
    who = maintainer(desk, "confirm", asked.token)
    if missing := [part for part in PARTS if part not in asked.parts]:
        raise Invalid([(f"parts.{part}", sentence("edit.part")) for part in missing])
    limits.take(desk, limits.of_confirmation(desk))
    return tried(lambda: _record(desk, who.slug, asked.blob, asked.role, who.link.once))


def confirm_by_phone(desk: Desk, slug: str, role: str) -> Answer:
    """The coordinator has read the data aloud to the association. Raises Refusal 422 for an association that is not."""
    main = read_organisation(desk, slug)
    if not main.blob:
        raise Refusal(422, "unknown")
    return tried(lambda: _record(desk, slug, main.blob, role, f"{slug} {desk.now.isoformat()}"))


def _record(desk: Desk, slug: str, blob: str, role: str, once: str) -> Answer:
    """Confirming again on the same day changes nothing more. Raises Changed."""
    main = read_organisation(desk, slug)
    if not main.blob or main.blob != blob:
        raise Refusal(409, "changed")
    branch = branch_of(REVIEWS, _week(desk))
    proposal = open_proposal(desk.public, branch)
    standing = read_organisation(desk, slug, proposal.head) if proposal else main
    reference = reference_of(once, EDIT_REFERENCE)
    review = {"confirmed_on": desk.settings.region.today(desk.now).isoformat(), "confirmed_by": role}
    if standing.written.get("review") != review:
        _propose(desk, slug, main, standing, review, proposal, reference)
    status.remember(desk, reference, slug, status.WAITING)
    return Answer(202, {"code": "confirmed", "reference": reference}, reference, slug)


def _week(desk: Desk) -> str:
    week = finnish_day(desk.now).isocalendar()
    return f"{week.year}-W{week.week:02}"


def _propose(
    desk: Desk, slug: str, main: Version, standing: Version, review: dict[str, str], proposal: Proposal | None, reference: str
) -> None:
    path = organisation_path(slug)
    files = sorted({path, *(proposal.files if proposal else ())})
    references = list(dict.fromkeys((*references_in(proposal.body if proposal else ""), reference)))
    year, week = _week(desk).split("-W")
    count = counted(len(files), "järjestö", "järjestöä")
    title = text("fi", "commit.reviews", week=str(int(week)), year=year, count=count)
    rows = "\n".join(f"- `{one}`" for one in files)
    draft = Draft(
        branch=branch_of(REVIEWS, _week(desk)),
        files={path: rewrite(main.text, {**main.written, "review": review})},
        message=message(f"[{slug}] {text('fi', 'commit.review')}", [reference]),
        title=title,
        body=message(f"{text('fi', 'pr.reviews')}\n\n{rows}", references),
        replaces={path: standing.blob},
    )
    desk.public.propose(draft)
