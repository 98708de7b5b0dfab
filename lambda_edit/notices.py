"""Which mails follow from what was done, each sent once however often the request is repeated."""

from collections.abc import Iterable
from datetime import timedelta

from generator.models import PrivateAddresses
from lambda_common import log
from lambda_common.once import Claim, Outcome, new_attempt, send_once
from lambda_common.services import Item, Mail
from lambda_edit.desk import Desk
from lambda_edit.messages import Reader
from lambda_edit.rights import hashed

DAYS_REMEMBERED = 30


def send(desk: Desk, about: str, mail: Mail) -> bool:
    """Whether the mail has left, now or before. `about` names the occasion: an edit's key or a proposal's head. Raises
    StoreDown."""
    expires = int((desk.now + timedelta(days=DAYS_REMEMBERED)).timestamp())
    item = Item("sending", new_attempt(), expires, organisation=mail.tags.get("organisation", ""))
    outcome = send_once(desk.services, Claim(f"x#{about}#{hashed(desk, f'{mail.subject} {mail.to}')}", item), mail)
    if outcome is not Outcome.SENT:
        log.write("posti", organisation=item.organisation, code=outcome)
    return outcome is not Outcome.NOT_SENT


def send_all(desk: Desk, about: str, mails: Iterable[Mail]) -> int:
    """How many did not leave."""
    return sum(not send(desk, about, mail) for mail in mails)


def readers(slug: str, name: str, *known: PrivateAddresses | None) -> list[Reader]:
    """Each data maintainer of these addresses once, in the language of the association's mails."""
    listed = [addresses for addresses in known if addresses]
    language = listed[-1].language if listed else "fi"
    everyone = dict.fromkeys(address for addresses in listed for address in addresses.data_maintainers)
    return [Reader(address, language, slug, name) for address in everyone]
