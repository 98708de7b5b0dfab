"""One mail per key: ∅ → sending → sent | unknown, and back to ∅ only when the mail certainly did not leave.

The claim is written before the mail is handed over and read before anything else is done with a request, so whatever fails in
between (a slow mail service, a store that goes down, a function killed in the middle), the same key never sends again.
"""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex

from lambda_common.services import Item, Mail, NotSent, Services, Store, StoreDown

HOURS_KEPT = 48
SECONDS_TO_SEND = 9.0  # the longest that sending takes: 2 to connect, 5 to answer, 2 to write it down


class Outcome(StrEnum):
    SENT = "sent"
    NOT_SENT = "not_sent"
    UNCERTAIN = "uncertain"
    UNFINISHED = "unfinished"  # an earlier call with this key did not learn how it went


@dataclass(frozen=True)
class Claim:
    """The right of one call to send the mail of one key."""

    key: str
    item: Item


def new_attempt() -> str:
    return token_hex(8)


def take(store: Store, claim: Claim) -> bool:
    """False when another call has it. Raises StoreDown; then the claim is given back, in case it was written after all."""
    try:
        return store.put_new(claim.key, claim.item)
    except StoreDown:
        give_back(store, claim)
        raise


def give_back(store: Store, claim: Claim) -> None:
    """Nothing was sent. If the store fails here, the key stays closed: better no mail than two."""
    with suppress(StoreDown):
        store.delete(claim.key, claim.item.attempt)


def earlier(item: Item | None) -> Outcome:
    """What became of the mail of a key that is taken."""
    return Outcome.SENT if item is not None and item.state == "sent" else Outcome.UNFINISHED


def send_once(services: Services, claim: Claim, mail: Mail) -> Outcome:
    """Sends unless this key has sent before. Raises StoreDown when nothing was sent for want of the store."""
    if take(services.store, claim):
        return deliver(services, claim, mail)
    return earlier(services.store.get(claim.key))


def deliver(services: Services, claim: Claim, mail: Mail) -> Outcome:
    """Sends the mail of a claim that was taken, and writes down how it went."""
    if services.seconds_left() < SECONDS_TO_SEND:
        give_back(services.store, claim)
        return Outcome.NOT_SENT
    try:
        services.mailer.send(mail)
    except NotSent:
        give_back(services.store, claim)
        return Outcome.NOT_SENT
    except Exception:  # noqa: BLE001  Uncertain, and whatever nobody thought of: the mail may have left
        _note(services.store, claim, "unknown")
        return Outcome.UNCERTAIN
    _note(services.store, claim, "sent")
    return Outcome.SENT


def _note(store: Store, claim: Claim, state: str) -> None:
    """When the store fails here the claim stays at "sending", which is answered like "unknown"."""
    with suppress(StoreDown):
        store.set_state(claim.key, state)
