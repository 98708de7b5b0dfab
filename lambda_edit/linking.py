"""POST /api/muokkauslinkki: mails an edit link to a listed data maintainer, and says the same to everybody.

Nobody may learn from the answer, or from its time, whether an address is listed: so nothing is told of limits either, and every
answer takes as long as a slow mail service.
"""

import time
from collections.abc import Mapping
from typing import Any

from lambda_common.proof import proven_key
from lambda_common.services import StoreDown
from lambda_common.web import Answer, Refusal
from lambda_edit import limits, messages, notices
from lambda_edit.desk import Desk, as_addresses, read_addresses
from lambda_edit.fields import LinkWish, read
from lambda_edit.forge import ForgeDown
from lambda_edit.messages import Reader

SECONDS = 3.0
ANSWER = Answer(202, {"code": "sent_if_known"})


def send_link(raw: Mapping[str, Any], desk: Desk) -> Answer:
    """Raises Invalid and Refusal 403 before anything is looked up."""
    if isinstance(raw.get("website"), str) and raw["website"]:
        return ANSWER
    started = time.monotonic()
    wish = read(LinkWish, raw)
    key = proven_key(desk.settings.secrets, wish.proof, wish.slug, desk.now)
    try:
        limits.take(desk, [limits.spent_proof(desk, key), *limits.of_link(desk, wish.email)])
        _mail(wish, key, desk)
    except (Refusal, ForgeDown, StoreDown):
        pass  # the answer is the same; the log of the mail says how it went
    desk.pause(max(0.0, SECONDS - (time.monotonic() - started)))
    return ANSWER


def _mail(wish: LinkWish, key: str, desk: Desk) -> None:
    addresses = as_addresses(read_addresses(desk, wish.slug))
    listed = addresses.data_maintainers if addresses else ()
    known = [address for address in listed if address.lower() == wish.email.lower()]
    if addresses and known:
        reader = Reader(known[0], addresses.language, wish.slug, desk.settings.region.name(wish.slug))
        notices.send(desk, key, messages.link_mail(desk, reader, addresses.link_generation))
