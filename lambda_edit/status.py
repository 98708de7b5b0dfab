"""What became of an edit, by its reference, as the store remembers it."""

from datetime import timedelta

from lambda_common.once import new_attempt
from lambda_common.services import Item
from lambda_common.web import Refusal
from lambda_edit.desk import Desk

WAITING, PUBLISHED, RETURNED = "waiting", "published", "returned"
DAYS_REMEMBERED = 180


def remember(desk: Desk, reference: str, slug: str, state: str) -> None:
    """Raises StoreDown."""
    expires = int((desk.now + timedelta(days=DAYS_REMEMBERED)).timestamp())
    item = Item(state, new_attempt(), expires, organisation=slug)
    if not desk.services.store.put_new(_key(reference), item):
        desk.services.store.set_state(_key(reference), state)


def known(desk: Desk, reference: str, slug: str) -> str:
    """Raises Refusal 422 for a reference that is not this association's."""
    item = desk.services.store.get(_key(reference))
    if item is None or item.organisation != slug or item.expires < desk.now.timestamp():
        raise Refusal(422, "unknown")
    return item.state


def _key(reference: str) -> str:
    return f"s#{reference}"
