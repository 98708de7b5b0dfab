"""The morning's reminders: the association is asked once about a request that nobody has answered, and the professional is told
to look for another. Never after an answer or a cancellation, and each at most once, however often this runs.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from lambda_common import log, once
from lambda_common.once import Claim, Outcome
from lambda_common.services import Item, Mail, Services, StoreDown
from lambda_common.working_days import finnish_day, is_working_day
from lambda_referral import waiting
from lambda_referral.reminder_mails import mail_to_association, mail_to_sender
from lambda_referral.settings import Settings
from lambda_referral.waiting import ASSOCIATION, DAYS_KEPT, SENDER, Overdue

DAYS_BACK = 7  # for mornings on which this did not run, or did not finish
DAYS_REMEMBERED = DAYS_KEPT + DAYS_BACK  # who has been reminded: longer than anything could remind again


class RemindersNotSent(Exception):
    """Some reminders did not leave: the invocation must fail, so that Lambda tries again."""


def remind(services: Services, settings: Settings) -> None:
    """Raises RemindersNotSent after everything that could be sent was sent."""
    today, recipients = finnish_day(services.now()), settings.recipients
    if not recipients.reminders or not is_working_day(today, recipients.holidays):
        return
    days = (today - timedelta(number) for number in range(DAYS_BACK, -1, -1))
    told = [_remind_of(day, services, settings) for day in days]
    if not all(told):
        raise RemindersNotSent


def _remind_of(day: date, services: Services, settings: Settings) -> bool:
    """Whether everything of this day has been told, now or before."""
    try:
        found = waiting.on_day(services.store, day)
    except StoreDown:
        return False
    told = [_remind_about(one, services, settings) for one in found if not one.waiting.is_reminded]
    return all(told)


def _remind_about(one: Overdue, services: Services, settings: Settings) -> bool:
    try:
        code = _told(one, services, settings)
    except StoreDown:
        code = Outcome.NOT_SENT
    log.write("reminder", reference=one.reference, organisation=one.waiting.organisation, code=code)
    return code is not Outcome.NOT_SENT


def _told(one: Overdue, services: Services, settings: Settings) -> Outcome:
    """The worst of how the mails went. What has been told is not told again, and the professional's address is forgotten."""
    outcomes = [_send(role, mail, one, services) for role, mail in _mails(one, services, settings)]
    if Outcome.NOT_SENT in outcomes:
        return Outcome.NOT_SENT
    waiting.keep_for_the_week(services.store, one)
    return next((outcome for outcome in outcomes if outcome is not Outcome.SENT), Outcome.SENT)


def _mails(one: Overdue, services: Services, settings: Settings) -> Iterator[tuple[str, Mail]]:
    """To those who have not stopped them. Raises StoreDown."""
    organisation, sender = one.waiting.organisation, one.waiting.sender
    recipient = settings.recipients.find(organisation, one.waiting.activity)
    if recipient and not waiting.is_stopped(services.store, ASSOCIATION, organisation, settings.secrets):
        yield ASSOCIATION, mail_to_association(one, recipient, settings)
    if sender and not waiting.is_stopped(services.store, SENDER, sender, settings.secrets):
        yield SENDER, mail_to_sender(one, sender, recipient, settings)


def _send(role: str, mail: Mail, one: Overdue, services: Services) -> Outcome:
    """Looks once more whether the request still waits: an answer may have come meanwhile."""
    if not waiting.still_waits(services.store, one):
        return Outcome.SENT
    expires = int((services.now() + timedelta(days=DAYS_REMEMBERED)).timestamp())
    item = Item("sending", once.new_attempt(), expires, organisation=one.waiting.organisation)
    return once.send_once(services, Claim(f"m#{one.reference}#{role}", item), mail)
