"""Where the command line's own mails leave: through the mail service when the environment names one, else to the mailbox of the
preview that runs on this machine. Nothing is ever sent from sample content to the outside.
"""

import http.client
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.checked import Content
from generator.mails.journal import FileStore
from generator.preview.running import INTAKE, Running, ask_preview, find_preview
from generator.problems import counted
from generator.settings import preview_folder
from lambda_common.aws import connect
from lambda_common.once import Claim, Outcome, deliver, earlier, new_attempt, take
from lambda_common.services import Item, Mail, Mailer, NotSent, Services, StoreDown, Uncertain
from lambda_common.signing import SHORTEST_SECRET, Secrets, read_secrets
from lambda_edit.links import address_hash

AWS_NEEDS = ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONFIGURATION_SET", "FROM_ADDRESS", "SECRETS", "TABLE")


class NoPost(Exception):
    """There is nowhere to send; the sentence says what to do."""


@dataclass(frozen=True)
class Post:
    """`site`: the address of the front page that links begin with, without a slash at its end; `place`: where the mails go."""

    services: Services
    secrets: Secrets
    site: str
    place: str


@dataclass
class Tally:
    """How each mail went: sent, already, uncertain or failed."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str) -> None:
        self.counts[outcome] += 1

    @property
    def is_whole(self) -> bool:
        return not self.counts["failed"]

    def sentence(self, place: str) -> str:
        told = [f"Lähetettiin {counted(self.counts['sent'], 'viesti', 'viestiä')} {place}"]
        told += [f"{self.counts[kind]} {words}" for kind, words in _KINDS.items() if self.counts[kind]]
        return f"{', '.join(told)}."


_KINDS = {
    "already": "oli jo lähetetty",
    "uncertain": "jäi epävarmaksi (ei lähetetä uudelleen)",
    "failed": "ei lähtenyt (aja komento uudelleen)",
}


def send_by_key(post: Post, about: str, mail: Mail, days_remembered: int) -> str:
    """One mail to this reader about this occasion, however often it is asked for: sent, already, uncertain or failed."""
    store, now = post.services.store, post.services.now()
    key = f"{about}#{address_hash(post.secrets, mail.to)}"
    expires = int((now + timedelta(days_remembered)).timestamp())
    claim = Claim(key, Item("sending", new_attempt(), expires, organisation=mail.tags.get("organisation", "")))
    try:
        if not take(store, claim):
            return "already" if earlier(store.get(key)) is Outcome.SENT else "uncertain"
        return {Outcome.SENT: "sent", Outcome.NOT_SENT: "failed"}.get(deliver(post.services, claim, mail), "uncertain")
    except StoreDown:
        return "failed"


def connect_post(content: Content, root: Path, environment: Mapping[str, str]) -> Post:
    """Raises NoPost."""
    return _aws(content, environment) if environment.get("FROM_ADDRESS") else _preview(root)


def _aws(content: Content, environment: Mapping[str, str]) -> Post:
    if content.site.sample:
        raise NoPost("Mallisisällöstä ei lähetetä oikeita viestejä. Poista ensin sample tiedostosta content/site.yaml.")
    if content.site.unfinished:
        raise NoPost("Keskeneräisestä alueesta ei lähetetä viestejä. Poista ensin unfinished tiedostosta content/site.yaml.")
    check_environment(environment, AWS_NEEDS)
    try:
        secrets = read_secrets(environment["SECRETS"])
    except ValueError:
        raise NoPost(f"Salaisuus SECRETS on liian lyhyt. Siinä pitää olla vähintään {SHORTEST_SECRET} merkkiä.") from None
    site = environment.get("SITE") or content.site.url.rstrip("/") + content.site.base_path
    return Post(connect(environment).services, secrets, site.rstrip("/"), "sähköpostipalvelun kautta")


def check_environment(environment: Mapping[str, str], needed: Iterable[str]) -> None:
    """Raises NoPost when something of what AWS is reached with is missing."""
    missing = [name for name in needed if not environment.get(name)]
    if missing:
        raise NoPost(f"Ympäristömuuttujia puuttuu: {', '.join(missing)}. Katso docs/yllapito.md.")


def _preview(root: Path) -> Post:
    running = find_preview(preview_folder(root))
    if running is None or not _answers(running):
        raise NoPost("Ei ole, minne lähettää. Käynnistä esikatselu toisessa ikkunassa (make serve), tai katso docs/yllapito.md.")
    try:
        journal = FileStore(path=root / "build" / "review" / "sent.jsonl")
    except StoreDown:
        raise NoPost("Lähetettyjen luetteloa build/review/sent.jsonl ei voi lukea. Tarkista sen oikeudet.") from None
    services = Services(PreviewMailer(running), journal, lambda: datetime.now(UTC))
    return Post(services, [running.secret], running.front, f"esikatselun postiin {running.origin}/_posti/")


def _answers(running: Running) -> bool:
    try:
        return PreviewMailer(running).call("GET", "") == http.client.NO_CONTENT
    except (OSError, http.client.HTTPException):  # nobody, or something else at a killed preview's port
        return False


@dataclass(frozen=True)
class PreviewMailer(Mailer):
    """Puts mails into the mailbox of `tarjotin serve`."""

    running: Running

    def send(self, mail: Mail) -> None:
        try:
            status = self.call("POST", json.dumps({**asdict(mail), "headers": dict(mail.headers), "tags": dict(mail.tags)}))
        except ConnectionRefusedError:
            raise NotSent from None
        except (OSError, http.client.HTTPException):
            raise Uncertain from None
        if status != http.client.NO_CONTENT:
            raise NotSent

    def call(self, method: str, body: str) -> int:
        return ask_preview(self.running, method, INTAKE, body)[0]
