"""A run of the twice-a-year check: what would be sent, and with `--send` what was, told to the last line as it went."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.checked import Content
from generator.comparing.comparison import changed_slugs
from generator.counting.counts import Read, requests_of
from generator.counting.sheets import open_sheets_if_any
from generator.mails.post import Post, Tally, connect_post, send_by_key
from generator.problems import counted
from generator.review.mail import DAYS_VALID, Origin, Purpose, check_mail
from generator.review.rounds import Due, Round, all_due, is_quiet
from lambda_common.phones import spoken_phone
from lambda_edit.forge import REVIEWS, Forge
from lambda_edit.links import make_link

DAYS_REMEMBERED = 200  # longer than a check: the next one has another day, and so another key
HEADINGS = {Round.REQUEST: "Pyyntö lähtee", Round.REMINDER: "Muistutus lähtee", Round.PHONE: "Soitettavat"}
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """The day of the run; checks from before `since` are left alone; `slug` for one association only; `confirmed` are those whose
    confirmation waits to be merged."""

    today: date
    since: date = date.min
    slug: str | None = None
    confirmed: Collection[str] = ()

    def chosen(self, content: Content) -> list[Due]:
        found = all_due(content, self.today, confirmed=self.confirmed, since=self.since)
        return [one for one in found if self.slug in (None, one.slug)]


@dataclass(frozen=True)
class Letter:
    """One mail that is to be sent: to one maintainer, about one check."""

    due: Due
    address: str


def run_review(content: Content, root: Path, wanted: Wanted, tell: Tell, environment: Mapping[str, str] | None = None) -> bool:
    """Tells who is due. With an environment the mails are sent too, and False means that some were not. Raises NoPost."""
    tell(f"Tarkistukset {_day(wanted.today)}")
    if is_quiet(wanted.today):
        tell("Heinäkuussa ja 15.12.–6.1. ketään ei pyydetä tarkistamaan tietojaan.")
        return True
    due = wanted.chosen(content)
    for line in overview(content, due):
        tell(line)
    chosen, called = letters(content, due), calls(content, due)
    if environment is None:
        tell(f"{_would_send(chosen)} Soitettavia {len(called)}. Mitään ei lähetetty. Lähetä: tarjotin review --send")
        return True
    post = connect_post(content, root, environment)
    with open_sheets_if_any(root, environment) as read:
        tally = send_letters(content, chosen, post, wanted.today, read)
    tell(f"{tally.sentence(post.place)} Soitettavia {len(called)}.")
    return tally.is_whole


def confirmed_slugs(forge: Forge) -> set[str]:
    """The associations whose confirmation is in a proposal of a week, and only waits to be merged. Raises ForgeDown."""
    weeks = (one for one in forge.proposals() if one.id.startswith(f"{REVIEWS}/"))
    return {slug for week in weeks for slug in changed_slugs(list(week.files))}


def _would_send(chosen: list[Letter]) -> str:
    rounds = Counter(one.due.round for one in chosen)
    requests = counted(rounds[Round.REQUEST], "pyyntö", "pyyntöä")
    return f"Lähtisi {requests} ja {counted(rounds[Round.REMINDER], 'muistutus', 'muistutusta')}."


def letters(content: Content, due: list[Due]) -> list[Letter]:
    """The mails of the first two rounds, one for each maintainer."""
    return [Letter(one, address) for one in due if not _is_called(content, one) for address in _maintainers(content, one.slug)]


def calls(content: Content, due: list[Due]) -> list[Due]:
    """Whom the coordinator calls: who has not answered two mails, and who has no address to mail to."""
    return [one for one in due if _is_called(content, one)]


def _is_called(content: Content, due: Due) -> bool:
    return due.round is Round.PHONE or not _maintainers(content, due.slug)


def _maintainers(content: Content, slug: str) -> tuple[str, ...]:
    private = content.private.get(slug)
    return tuple(dict.fromkeys(private.data_maintainers)) if private else ()


def overview(content: Content, due: list[Due]) -> Iterator[str]:
    """The list as it is shown: never an address of a maintainer, only how many there are."""
    called = set(calls(content, due))
    for kind, heading in HEADINGS.items():
        chosen = [one for one in due if (one in called) == (kind is Round.PHONE) and (one in called or one.round is kind)]
        if chosen:
            yield f"{heading} ({len(chosen)})"
            yield from (f"  {_line(content, one)}" for one in chosen)


def _line(content: Content, due: Due) -> str:
    it = content.organisations[due.slug]
    confirmed = f"vahvistettu {_day(it.review.confirmed_on)}" if it.review else "ei koskaan vahvistettu"
    reached = counted(len(_maintainers(content, due.slug)), "osoite", "osoitetta")
    if _is_called(content, due):
        phone = next((one.phone for one in it.contacts if one.phone), None)
        reached = f"puh. {spoken_phone(phone)}" if phone else "ei puhelinnumeroa"
    return f"{due.slug}: {it.name}. Pyyntöpäivä {_day(due.check_day)}, {confirmed}, {reached}"


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def send_letters(content: Content, chosen: list[Letter], post: Post, today: date, read: Read | None = None) -> Tally:
    """Sends what has not been sent. Each mail by itself: one that fails does not stop the others."""
    tally = Tally()
    origin = Origin(post.site, lambda *facts: _token(post, *facts))
    for letter in chosen:
        due = letter.due
        requests = requests_of(read, (due.slug, *content.organisations[due.slug].former_slugs), today)
        mail = check_mail(content, due, letter.address, origin, today, requests)
        tally.add(send_by_key(post, f"check#{due.slug}#{due.check_day}#{due.round}", mail, DAYS_REMEMBERED))
    return tally


def _token(post: Post, purpose: Purpose, slug: str, generation: int, address: str) -> str:
    return make_link(post.secrets, purpose, slug, generation, address, post.services.now(), DAYS_VALID)
