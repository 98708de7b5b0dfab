"""How much is taken before something is surely wrong. Never counted by network address alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from lambda_common.caps import Cap, count, uncount
from lambda_common.web import Refusal
from lambda_common.working_days import finnish_day
from lambda_edit.desk import Desk
from lambda_edit.rights import Maintainer, hashed

EDITS_AN_HOUR = 20  # of one association
EDITS_A_DAY = 40  # by one address
UNVERIFIED_A_DAY = 100
JOINING_A_DAY = 30
ALL_A_DAY = 500
LINKS_A_DAY = 3  # to one address
LINKS_OF_ALL_A_DAY = 300
REPORTS_A_DAY = 10  # about one association
REPORTS_OF_ALL_A_DAY = 100
CONFIRMATIONS_A_DAY = 1000


def of_edit(desk: Desk, slug: str, who: Maintainer | None) -> list[Cap]:
    own = _cap(desk, f"ma#{_of_day(desk, who.address)}", EDITS_A_DAY) if who else _cap(desk, "mu", UNVERIFIED_A_DAY)
    return [_cap(desk, f"mo#{slug}#{int(desk.now.timestamp()) // 3600}", EDITS_AN_HOUR), own, _cap(desk, "m", ALL_A_DAY)]


def of_joining(desk: Desk) -> list[Cap]:
    return [_cap(desk, "mj", JOINING_A_DAY), _cap(desk, "m", ALL_A_DAY)]


def of_link(desk: Desk, email: str) -> list[Cap]:
    return [_cap(desk, f"la#{_of_day(desk, email)}", LINKS_A_DAY), _cap(desk, "l", LINKS_OF_ALL_A_DAY)]


def of_report(desk: Desk, slug: str) -> list[Cap]:
    return [_cap(desk, f"ro#{slug}", REPORTS_A_DAY), _cap(desk, "r", REPORTS_OF_ALL_A_DAY)]


def of_confirmation(desk: Desk) -> list[Cap]:
    return [_cap(desk, "c", CONFIRMATIONS_A_DAY)]


def spent_proof(desk: Desk, key: str) -> Cap:
    """A proof without a key of its own in the request is good for one request."""
    return _cap(desk, f"pk#{key}", 1)


def _of_day(desk: Desk, who: str) -> str:
    """The day is hashed in, so that what is stored on one day says nothing about another."""
    return hashed(desk, f"{finnish_day(desk.now).isoformat()} {who}")


def _cap(desk: Desk, key: str, limit: int) -> Cap:
    day = finnish_day(desk.now).isoformat()
    return Cap(f"{key}#{day}", limit, int((desk.now + timedelta(days=2)).timestamp()))


def take(desk: Desk, caps: list[Cap]) -> None:
    """Raises Refusal 429."""
    try:
        count(desk.services, caps)
    except Refusal:
        raise Refusal(429, "limit") from None


@contextmanager
def counted(desk: Desk, caps: list[Cap]) -> Iterator[None]:
    """Counts what is done inside; nothing when it fails. Raises Refusal 429."""
    take(desk, caps)
    try:
        yield
    except BaseException:
        uncount(desk.services.store, caps)
        raise
