"""A run of the coordinator's weekly mail: gathers what waits in the forges, and sends each mail once a week."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from generator.checked import Content
from generator.counting.counts import Read, bounces_of, waiting_of
from generator.counting.sheets import open_sheets_if_any
from generator.digest.mail import Open, Week, coordinator_mail, deputy_mail
from generator.edits import edit_record
from generator.mails.post import Post, Tally, connect_post, send_by_key
from generator.places import Places, open_places
from generator.problems import counted
from generator.referrals import days_off
from generator.review.rounds import all_due, is_quiet
from generator.review.run import calls, confirmed_slugs
from lambda_common.local import LocalMailer, LocalStore, local_services
from lambda_common.services import Mail, StoreDown
from lambda_edit.desk import Desk
from lambda_edit.links import link_url, make_link
from lambda_edit.region import Region
from lambda_edit.settings import Settings
from lambda_edit.waiting import Waiting, all_waiting, proposed_addresses

LOOKED_BACK = timedelta(days=366)
DAYS_REMEMBERED = 30
Tell = Callable[[str], None]


class Days(NamedTuple):
    """`today`: until when proposals have waited; `judged`: as of when data is, as in `tarjotin review`."""

    today: date
    judged: date


def run_digest(content: Content, root: Path, days: Days, tell: Tell, environment: Mapping[str, str], *, send: bool) -> bool:
    """Tells the week, and mails it when asked to; False when a mail did not leave. Raises NoPost, ForgeDown."""
    with open_sheets_if_any(root, environment) as read:
        week = with_counts(week_of(content, open_places(root, content.site.private_folder, environment), days), read)
    if not send:
        tell(coordinator_mail(content, week, content.site.url).text)
        tell(f"{told(week)} Mitään ei lähetetty. Lähetä: tarjotin digest --send")
        return True
    return send_digest(content, week, connect_post(content, root, environment), tell)


def week_of(content: Content, places: Places, days: Days) -> Week:
    """Raises ForgeDown."""
    desk = _desk(content, places)
    proposals = [_open(content, desk, one) for one in all_waiting(desk)]
    unconfirmed = [
        (content.organisations[slug].name, tuple(one.awaiting.names))
        for slug, one in content.private.items()
        if slug in content.organisations and one.awaiting and one.awaiting.names
    ]
    due = [] if is_quiet(days.judged) else all_due(content, days.judged, confirmed=confirmed_slugs(places.public))
    return Week(
        days.today, frozenset(days_off(days.today - LOOKED_BACK, days.today)), proposals, unconfirmed, calls(content, due)
    )


def with_counts(week: Week, read: Read | None) -> Week:
    """The same week with what the functions' counters tell; without them when there are none to read."""
    if read is None:
        return week
    try:
        return replace(week, unanswered=waiting_of(read, week.today), bounced=bounces_of(read, week.today))
    except StoreDown:
        return replace(week, is_counted=False)


def _desk(content: Content, places: Places) -> Desk:
    """The forges as the edit function sees them. Nothing is signed or sent from this desk, so it has no secret and no mail."""
    settings = Settings([], "", "", Region.from_json(edit_record(content)), places.folder.strip("/"))
    return Desk(local_services(LocalMailer(), LocalStore()), settings, places.public, places.private)


def _open(content: Content, desk: Desk, waiting: Waiting) -> Open:
    organisation = content.organisations.get(waiting.slug)
    what = waiting.parts[0].title.partition("] ")[2] or waiting.parts[0].title
    addresses = proposed_addresses(desk, waiting) if waiting.slug else None
    return Open(
        name=organisation.name if organisation else waiting.slug or "Viikon vahvistukset",
        what=what,
        opened_on=waiting.opened_on,
        is_verified=waiting.is_verified,
        awaited=tuple(addresses.awaiting.names) if addresses and addresses.awaiting else (),
    )


def mails_of(content: Content, week: Week, post: Post) -> Iterator[Mail]:
    """The coordinator's, and the deputy's when something has waited too long. Each has a link of its own."""
    coordinator = content.site.coordinator
    yield coordinator_mail(content, week, _link(post, coordinator.email))
    mail = deputy_mail(content, week, _link(post, coordinator.deputy_email or coordinator.email))
    if mail:
        yield mail


def _link(post: Post, address: str) -> str:
    token = make_link(post.secrets, "approve", "", 0, address, post.services.now())
    return link_url(post.site, "approve", "", token)


def told(week: Week) -> str:
    """The week in a line."""
    waiting = counted(len(week.proposals), "muutos odottaa", "muutosta odottaa")
    unanswered = sum(map(len, week.unanswered.values()))
    return (
        f"{waiting}, niistä {len(week.overdue)} yli viisi arkipäivää. Soitettavia {len(week.calls)}. "
        f"Vastaamatta jääneitä pyyntöjä {unanswered}."
    )


def send_digest(content: Content, week: Week, post: Post, tell: Tell) -> bool:
    """False when a mail did not leave."""
    year, number, _ = week.today.isocalendar()
    tally = Tally()
    for mail in mails_of(content, week, post):
        tally.add(send_by_key(post, f"digest#{year}-W{number:02}", mail, DAYS_REMEMBERED))
    tell(f"{tally.sentence(post.place)} {told(week)}")
    return tally.is_whole
