"""The routes of the function, and its outermost except. Knows nothing of AWS but the shape of its events: the local server and
the tests call `handle` with a desk of their own.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lambda_common import log
from lambda_common.challenge import give_challenge
from lambda_common.services import Connection, StoreDown
from lambda_common.web import Answer, Refusal, Request, read_post, response
from lambda_edit import addresses, approval, confirmation, following, keys, linking, proposal, reports
from lambda_edit.approval import Blocked
from lambda_edit.desk import Desk
from lambda_edit.fields import MAX_BYTES, Invalid
from lambda_edit.forge import Changed, Forge, ForgeDown
from lambda_edit.settings import Settings
from lambda_edit.work import Conflicting

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
Connect = Callable[[Mapping[str, str]], Connection]
ConnectForges = Callable[[Mapping[str, str]], tuple[Forge, Forge]]
NOT_SAVED = Answer(503, {"code": "not_saved"})


def make_app(environment: Mapping[str, str], connect: Connect, connect_forges: ConnectForges) -> Handler:
    """The function as AWS calls it. Reads every setting now: a wrong one stops the start, not a request."""
    settings = Settings.from_environment(environment)
    connection, (public, private) = connect(environment), connect_forges(environment)

    def invoke(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        ends = time.monotonic() + context.get_remaining_time_in_millis() / 1000
        services = replace(connection.services, seconds_left=lambda: ends - time.monotonic())
        try:
            return handle(event, Desk(services, settings, public, private))
        finally:
            connection.close()

    return invoke


def handle(event: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """An HTTP response; never raises."""
    started = time.monotonic()
    name = "http"
    try:
        asked = Request.from_event(event)
        name, route = _route(asked)
        answer = route(asked, desk)
    except Refusal as refusal:
        answer = refused(refusal)
    except (ForgeDown, StoreDown, Changed) as error:
        log.write(name, code=type(error).__name__)
        answer = NOT_SAVED
    except Exception as error:  # noqa: BLE001  a traceback would carry the request's own words into the log
        log.write(name, code=type(error).__name__)
        answer = NOT_SAVED
    ms = round((time.monotonic() - started) * 1000)
    organisation = answer.organisation if answer.organisation in desk.settings.region.organisations else ""
    log.write(name, reference=answer.reference, organisation=organisation, code=answer.code, ms=ms)
    return response(answer)


Route = Callable[[Request, Desk], Answer]


def _route(asked: Request) -> tuple[str, Route]:
    """The route's name for the log, and what answers it. Raises Refusal 404 or 405."""
    if asked.path not in (CHALLENGE, *ROUTES):
        raise Refusal(404, "not_found")
    if asked.method != ("GET" if asked.path == CHALLENGE else "POST"):
        raise Refusal(405, "method")
    return asked.path.rpartition("/")[2], _challenge if asked.path == CHALLENGE else _post


def _challenge(asked: Request, desk: Desk) -> Answer:
    return give_challenge(asked, desk.settings.secrets, desk.settings.site, desk.now)


def _post(asked: Request, desk: Desk) -> Answer:
    return ROUTES[asked.path](read_post(asked, desk.settings.site, MAX_BYTES), desk)


def refused(refusal: Refusal) -> Answer:
    """What is told of a refusal: codes, and to the one who wrote them, what is wrong with the values."""
    told: dict[str, Any] = {"code": refusal.code}
    if isinstance(refusal, Invalid):
        told["problems"] = [{"field": field, "message": message} for field, message in refusal.problems]
    elif isinstance(refusal, Conflicting):
        conflicts = [conflict._asdict() for conflict in refusal.conflicts]
        told |= {"base": refusal.base, "written": refusal.written, "conflicts": conflicts}
    elif isinstance(refusal, Blocked):
        told |= refusal.told
    elif refusal.fields:
        told["fields"] = refusal.fields
    return Answer(refusal.status, told)


CHALLENGE = "/api/haaste"
Act = Callable[[Mapping[str, Any], Desk], Answer]
ROUTES: Mapping[str, Act] = {
    "/api/muokkaus": proposal.propose,
    "/api/muokkauslinkki": linking.send_link,
    "/api/muokkaustila": following.follow,
    "/api/vahvistus": confirmation.confirm,
    "/api/virhe": reports.report,
    "/api/osoite": addresses.agree,
    "/api/avain": keys.offer,
    "/api/hyvaksynta": approval.decide,
}
