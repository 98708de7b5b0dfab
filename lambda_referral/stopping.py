"""POST /api/muistutukset: no more reminders to this association, or to this professional, or reminders again. The link names whom
by a signed text, and works only when a person presses a button of the page.
"""

from collections.abc import Mapping
from typing import Any

from lambda_common.services import Services
from lambda_common.signed_word import read_word, write_word
from lambda_common.web import Answer
from lambda_referral import waiting
from lambda_referral.answers import check_answer
from lambda_referral.settings import Settings

PAGE = "/muistutukset/"
STOP, START = "stop", "start"
_PURPOSE = "reminders"


def stop_link(settings: Settings, reader: str, language: str) -> str:
    return f"{settings.site_in(language)}{PAGE}#{write_word(settings.secrets, _PURPOSE, reader.encode())}"


def stop_or_start(raw: Mapping[str, Any], services: Services, settings: Settings) -> Answer:
    """Raises Refusal 403 or 422, and StoreDown."""
    token, wish = check_answer(raw, (STOP, START))
    reader = read_word(settings.secrets, _PURPOSE, token).decode()
    if wish == STOP:
        waiting.stop(services.store, reader, services.now())
    else:
        waiting.start(services.store, reader)
    return Answer(202, {})
