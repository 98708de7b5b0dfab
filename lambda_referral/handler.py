"""The routes of the function, and its outermost except. Knows nothing of AWS but the shape of its events: the local server and
the tests call `handle` with services of their own.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lambda_common import log
from lambda_common.challenge import give_challenge
from lambda_common.once import Outcome
from lambda_common.services import Connection, Services, StoreDown
from lambda_common.web import Answer, Refusal, Request, read_post, response
from lambda_referral import alerts, answers, cancellation, proving, reminders, stopping
from lambda_referral.fields import MAX_BYTES
from lambda_referral.outcomes import answer_of
from lambda_referral.referral import refer
from lambda_referral.settings import Settings

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any] | None]
Connect = Callable[[Mapping[str, str]], Connection]
REMINDERS = "reminders"  # {"run": "reminders"} is what the schedule of deploy/template.yaml says


def make_app(environment: Mapping[str, str], connect: Connect) -> Handler:
    """The function as AWS calls it. Reads every setting now: a wrong one stops the start, not a request."""
    settings = Settings.from_environment(environment)
    connection = connect(environment)

    def invoke(event: Mapping[str, Any], context: Any) -> dict[str, Any] | None:
        ends = time.monotonic() + context.get_remaining_time_in_millis() / 1000
        try:
            return handle(event, replace(connection.services, seconds_left=lambda: ends - time.monotonic()), settings)
        finally:
            connection.close()

    return invoke


def handle(event: Mapping[str, Any], services: Services, settings: Settings) -> dict[str, Any] | None:
    """An HTTP response, or None for events of the mail service and of the clock. Raises only AlertsNotSent and RemindersNotSent,
    which tell nothing."""
    if "Records" in event:
        _unheard("alert", alerts.AlertsNotSent, lambda: alerts.handle_events(event, services, settings))
        return None
    if event.get("run") == REMINDERS:
        _unheard("reminder", reminders.RemindersNotSent, lambda: reminders.remind(services, settings))
        return None
    started = time.monotonic()
    name = "http"
    try:
        asked = Request.from_event(event)
        name, route = _route(asked)
        answer = route(asked, services, settings)
    except Refusal as refusal:
        answer = _refused(refusal)
    except StoreDown:
        answer = answer_of(Outcome.NOT_SENT)
    except Exception as error:  # noqa: BLE001  a traceback would carry the request's own words into the log
        # The page tells the truth about this answer as well: call, do not send again.
        log.write(name, code=type(error).__name__)
        answer = answer_of(Outcome.UNCERTAIN)
    ms = round((time.monotonic() - started) * 1000)
    log.write(name, reference=answer.reference, organisation=answer.organisation, code=answer.code, ms=ms)
    return response(answer)


def _unheard(name: str, failure: type[Exception], run: Callable[[], None]) -> None:
    """For what nobody waits for. Raises `failure` and nothing else, so that Lambda tries again."""
    try:
        run()
    except failure:
        raise
    except Exception as error:  # noqa: BLE001  as above; raised again without its words
        log.write(name, code=type(error).__name__)
        raise failure from None


Route = Callable[[Request, Services, Settings], Answer]


def _route(asked: Request) -> tuple[str, Route]:
    """The route's name for the log, and what answers it. Raises Refusal 404 or 405."""
    routes = ROUTES.get(asked.path)
    if routes is None:
        raise Refusal(404, "not_found")
    if asked.method not in routes:
        raise Refusal(405, "method")
    return routes[asked.method]


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, {"code": refusal.code, **({"fields": refusal.fields} if refusal.fields else {})})


def _read_post(asked: Request, settings: Settings) -> dict[str, Any]:
    return read_post(asked, settings.site, MAX_BYTES)


def _challenge(asked: Request, services: Services, settings: Settings) -> Answer:
    return give_challenge(asked, settings.secrets, settings.site, services.now())


def _refer(asked: Request, services: Services, settings: Settings) -> Answer:
    return refer(_read_post(asked, settings), services, settings)


def _cancel(asked: Request, services: Services, settings: Settings) -> Answer:
    return cancellation.cancel(_read_post(asked, settings), services, settings)


def _take_answer(asked: Request, services: Services, settings: Settings) -> Answer:
    written, answer = answers.check_answer(_read_post(asked, settings))
    token = answers.read_token(settings.secrets, written, services.now())
    return answers.pass_on(token, answer, services, settings)


def _ask_sender(asked: Request, services: Services, settings: Settings) -> Answer:
    return proving.ask(_read_post(asked, settings), services, settings)


def _prove_sender(asked: Request, services: Services, settings: Settings) -> Answer:
    return proving.prove(_read_post(asked, settings), services, settings)


def _stop_or_start(asked: Request, services: Services, settings: Settings) -> Answer:
    return stopping.stop_or_start(_read_post(asked, settings), services, settings)


ROUTES: Mapping[str, Mapping[str, tuple[str, Route]]] = {
    "/api/haaste": {"GET": ("haaste", _challenge)},
    "/api/ohjaus": {"POST": ("ohjaus", _refer)},
    "/api/peruutus": {"POST": ("peruutus", _cancel)},
    "/api/vastaus": {"POST": ("vastaus", _take_answer)},
    "/api/lahettaja": {"POST": ("lahettaja", _ask_sender)},
    "/api/lahettajatunnus": {"POST": ("lahettajatunnus", _prove_sender)},
    "/api/muistutukset": {"POST": ("muistutukset", _stop_or_start)},
}
