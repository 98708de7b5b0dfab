"""The mail of the twice-a-year check: the data as the site shows it, what is missing in plain words, two links and a telephone.

One mail to each data maintainer, in the language of the association's mails. Opening a link changes nothing: a person ticks and
posts on the page (design.md §5).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from generator.checked import Content
from generator.completeness import completeness
from generator.dates import Freshness, freshness_on, freshness_periods
from generator.mails.shown import Shown, Speech
from generator.models import Organisation, PrivateAddresses
from generator.rendering.environment import load_voice
from generator.review.rounds import Due, check_days
from lambda_common.languages import front_page
from lambda_common.letter import KIND_HEADER, UPKEEP, Row, Section, as_html, as_text
from lambda_common.services import Mail
from lambda_edit.links import link_url

DAYS_VALID = 60
MOST_ADVICE = 5
Purpose = Literal["confirm", "edit"]
PURPOSES: tuple[Purpose, ...] = ("confirm", "edit")
MakeToken = Callable[[Purpose, str, int, str], str]


@dataclass(frozen=True)
class Origin:
    """Where mails come from: `site` is the address of the site's front page, without a slash at its end; `token` makes the token
    of a link from its purpose, the slug, the link generation and the reader's address."""

    site: str
    token: MakeToken


def check_mail(content: Content, due: Due, address: str, origin: Origin, today: date, requests: int = 0) -> Mail:
    """The mail of a round, a request or a reminder, to one maintainer. `requests`: how many contact requests the association has
    had in twelve months, 0 when that is not to be told."""
    private = content.private[due.slug]
    letter = _Letter(content, due, private, Speech(load_voice(private.language, content.site)), origin, today, requests)
    sections, subject = letter.sections(address), letter.speech.say(f"subject.{due.round}")
    coordinator = content.site.coordinator.email
    return Mail(
        to=address,
        subject=subject,
        text=as_text(sections),
        html=as_html(private.language, subject, sections),
        reply_to=coordinator,  # read by a person: "all is well" as an answer must not vanish
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<mailto:{quote(coordinator, safe='@')}?subject=Tarkistusviestit%20pois>",
            KIND_HEADER: UPKEEP,
        },
        tags={"laji": UPKEEP, "organisation": due.slug},
    )


@dataclass(frozen=True)
class _Letter:
    content: Content
    due: Due
    private: PrivateAddresses
    speech: Speech
    origin: Origin
    today: date
    requests: int

    def sections(self, address: str) -> tuple[Section, ...]:
        shown = Shown(self.content, self.due.slug, self.private, self.speech, self.origin.site, self.today)
        tokens = {purpose: self._token(purpose, address) for purpose in PURPOSES}
        links = tuple(self._link(purpose, token) for purpose, token in tokens.items())
        data = (*self._passed(), *shown.sections(), *self._missing())
        return (self._opening(links), *self._brought(), self._help(), *data, self._codes(tokens), self._closing())

    def _token(self, purpose: Purpose, address: str) -> str:
        return self.origin.token(purpose, self.due.slug, self.private.link_generation, address)

    @property
    def _it(self) -> Organisation:
        return self.content.organisations[self.due.slug]

    def _opening(self, links: tuple[Row, ...]) -> Section:
        site = self.speech.plain(self.content.site.name)
        opening = self.speech.say(f"opening.{self.due.round}", name=self._it.name, site=site)
        return Section(self.speech.say("heading"), (opening, *self._freshness()), (), links)

    def _link(self, purpose: Purpose, token: str) -> Row:
        url = self._url(purpose, token)
        return Row(self.speech.say(f"link.{purpose}"), url, url)

    def _url(self, purpose: Purpose, token: str) -> str:
        front = front_page(self.origin.site, self.private.language, self.content.site.languages)
        return link_url(front, purpose, self.due.slug, token)

    def _freshness(self) -> Iterator[str]:
        """When the data was confirmed, and what follows if it is not."""
        say, review, limits = self.speech.say, self._it.review, self.content.site.freshness
        if review:
            yield say("confirmed", day=self.speech.day(review.confirmed_on))
        rung, periods = freshness_on(self.today, review, limits), freshness_periods(review, limits)
        is_asked = self._it.referral is not None
        if self._it.status == "paused":
            yield say("paused")
        elif rung in (Freshness.OLD, Freshness.GONE):
            said = (say(str(rung) if review else "never"), say("no_requests") if is_asked else "", say("mends"))
            yield " ".join(one for one in said if one)
        elif ends := periods[Freshness.OLD].first:
            yield say("until", day=self.speech.day(ends)) + (f" {say('until.requests')}" if is_asked else "")

    def _brought(self) -> Iterator[Section]:
        """What the site has brought to the association, and once a year our thanks for answering."""
        if self.requests:
            is_yearly = self._it.is_national or self.due.check_day == check_days(self.due.slug, self.due.check_day.year)[0]
            lines = (self.speech.say("brought.requests", requests=str(self.requests)),)
            thanks = (self.speech.say("brought.thanks"),) if is_yearly else ()
            yield Section(self.speech.say("brought.year" if is_yearly else "brought"), (*lines, *thanks))

    def _help(self) -> Section:
        say = self.speech.say
        phone = self.content.site.coordinator.phone
        return Section(
            say("help"),
            (say("help.opening"), say("help.phone")),
            (Row(say("row.coordinator"), self.speech.phone(phone), f"tel:{phone}"),),
        )

    def _passed(self) -> Iterator[Section]:
        """Dates that have gone by: what is most likely no longer true."""
        lines = []
        for it in self._it.activities:
            ends = {"season": it.season.last if it.season else None, "capacity": it.capacity.until}
            kind, day = next(((kind, day) for kind, day in ends.items() if day and day < self.today), ("", None))
            if day:
                name = self.speech.plain(it.name)
                lines.append(f"– {self.speech.say(f'passed.{kind}', activity=name, day=self.speech.day(day))}")
        if lines:
            yield Section(self.speech.say("passed"), tuple(lines))

    def _missing(self) -> Iterator[Section]:
        advice = completeness(self._it).missing[:MOST_ADVICE]
        if advice:
            lines = (f"– {one.sentence(self.private.language)}" for one in advice)
            yield Section(self.speech.say("missing"), (self.speech.say("missing.lead"), *lines))

    def _codes(self, tokens: Mapping[Purpose, str]) -> Section:
        """For programs that break links: the same by hand."""
        lines = []
        for purpose, token in tokens.items():
            lines += [self.speech.say(f"paste.{purpose}", page=self._url(purpose, "").partition("#")[0]), token]
        return Section(self.speech.say("paste"), tuple(lines))

    def _closing(self) -> Section:
        why = self.speech.say(f"closing.why.{self._it.scope}")
        return Section("", (self.speech.say("closing.link", days=str(DAYS_VALID)), why))
