"""Reading the functions' counters: from the table when the environment names one, else from the preview that runs here."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from generator.counting.counts import Read
from generator.mails.post import NoPost, check_environment
from generator.preview.running import SHEETS, Running, ask_preview, find_preview
from generator.settings import preview_folder
from lambda_common.aws import open_table
from lambda_common.services import StoreDown

AWS_NEEDS = ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@contextmanager
def open_sheets(root: Path, environment: Mapping[str, str]) -> Iterator[Read]:
    """Raises NoPost when there is nothing to read from."""
    if environment.get("TABLE"):
        check_environment(environment, AWS_NEEDS)
        with open_table(environment) as table:
            yield table.read
    else:
        running = find_preview(preview_folder(root))
        if running is None:
            raise NoPost(
                "Ei ole, mistä lukea lukuja. Käynnistä esikatselu toisessa ikkunassa (make serve), tai katso docs/yllapito.md."
            )
        yield lambda key: read_from_preview(running, key)


@contextmanager
def open_sheets_if_any(root: Path, environment: Mapping[str, str]) -> Iterator[Read | None]:
    """None when there is nothing to read from: for mails that are sent all the same."""
    with ExitStack() as stack:
        read: Read | None = None
        with suppress(NoPost):
            read = stack.enter_context(open_sheets(root, environment))
        yield read


def read_from_preview(running: Running, key: str) -> Mapping[str, str]:
    """Raises StoreDown."""
    try:
        status, raw = ask_preview(running, "GET", f"{SHEETS}?avain={quote(key, safe='')}")
        found: dict[str, str] = json.loads(raw) if status == http.client.OK else {}
    except (OSError, http.client.HTTPException, ValueError):
        raise StoreDown from None
    if status != http.client.OK:
        raise StoreDown
    return found
