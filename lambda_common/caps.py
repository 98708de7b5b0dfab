"""Counters that keep a function from being used to flood: so many by the hour and the day, never by network address."""

from contextlib import suppress
from dataclasses import dataclass

from lambda_common.services import Services, Store, StoreDown
from lambda_common.web import Refusal


@dataclass(frozen=True)
class Cap:
    """A counter's key in the store, its limit, and when the store may forget it."""

    key: str
    limit: int
    expires: int


def count(services: Services, caps: list[Cap]) -> None:
    """Raises Refusal 429 at a limit, and StoreDown; what was counted before that is taken back."""
    counted: list[Cap] = []
    try:
        for cap in caps:
            if not services.store.count(cap.key, cap.limit, cap.expires):
                raise Refusal(429, "too_many")
            counted.append(cap)
    except (Refusal, StoreDown):
        uncount(services.store, counted)
        raise


def uncount(store: Store, caps: list[Cap]) -> None:
    """For a mail that did not leave, so that a failing mail service does not use up the day's requests."""
    with suppress(StoreDown):
        for cap in caps:
            store.uncount(cap.key)
