"""The coordinator's weekly mail: what waits and how long, whose addresses are unconfirmed, who has not answered, whom to call.

What has waited for more than five working days goes to the deputy too. In Finnish only, like everything the coordinator reads.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from generator.checked import Content
from generator.problems import counted
from generator.rendering.typography import day
from generator.review.rounds import Due
from lambda_common.letter import KIND_HEADER, UPKEEP, Row, Section, as_html, as_text
from lambda_common.phones import spoken_phone
from lambda_common.services import Mail
from lambda_common.working_days import working_days_between

PATIENCE = 5  # working days
AWAITED = {
    "old_address": "vanha osoite ei ole vahvistanut vaihtoa",
    "new_address": "uusi osoite ei ole vahvistanut itseään",
    "test_request": "koepyyntöön ei ole vastattu",
    "register_check": "rekisterinumero on tarkistamatta",
    "new_key": "pyyntöjen postilaatikko ei ole vahvistanut uutta avainta",
}


@dataclass(frozen=True)
class Open:
    """A proposal that waits for the coordinator. `what` is ours: names of field groups, never a value."""

    name: str
    what: str
    opened_on: date
    is_verified: bool
    awaited: tuple[str, ...] = ()

    def days(self, today: date, days_off: Set[date]) -> int:
        """Working days since the one on which it was opened."""
        return working_days_between(self.opened_on, today, days_off)

    def is_overdue(self, today: date, days_off: Set[date]) -> bool:
        return self.days(today, days_off) > PATIENCE


@dataclass(frozen=True)
class Week:
    """What a digest tells on a day. `unconfirmed`: associations whose published files still wait for something, by name."""

    today: date
    days_off: frozenset[date]
    proposals: Sequence[Open]
    unconfirmed: Sequence[tuple[str, tuple[str, ...]]]
    calls: Sequence[Due]
    unanswered: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by slug, references past their promised day
    bounced: Mapping[str, int] = field(default_factory=dict)  # by slug, mails that did not arrive
    is_counted: bool = True  # False when the functions' counters could not be read

    @property
    def overdue(self) -> list[Open]:
        return [one for one in self.proposals if one.is_overdue(self.today, self.days_off)]


def coordinator_mail(content: Content, week: Week, link: str) -> Mail:
    """`link` opens the approval page."""
    told = (*_proposals(week, week.proposals), *_addresses(week), *_unanswered(content, week), *_bounced(content, week))
    sections = (_opening(week, link), *told, *_calls(content, week), _closing())
    return _mail(content.site.coordinator.email, "Viikon kooste: mitä odottaa", sections, content)


def deputy_mail(content: Content, week: Week, link: str) -> Mail | None:
    """None when nothing has waited too long, or there is no deputy."""
    deputy = content.site.coordinator.deputy_email
    if not deputy or not week.overdue:
        return None
    told = (
        f"{_many(len(week.overdue))} odottanut yli {PATIENCE} arkipäivää. Koordinaattori on ehkä poissa. "
        "Voitko katsoa ne hänen puolestaan? Hyväksyntäsivu on sama, ja linkki on sinun."
    )
    opening = Section("Muutoksia on jäänyt odottamaan", (told,), (), (_approval(link),))
    return _mail(
        deputy, "Järjestöjen muutoksia odottaa hyväksyntää", (opening, *_proposals(week, week.overdue), _closing()), content
    )


def _many(count: int) -> str:
    return f"{counted(count, 'muutos on', 'muutosta on')}"


def _opening(week: Week, link: str) -> Section:
    if not week.proposals:
        return Section("Viikon kooste", ("Mikään muutos ei odota hyväksyntää.",), (), (_approval(link),))
    told = [f"{counted(len(week.proposals), 'muutos odottaa', 'muutosta odottaa')} hyväksyntää."]
    if week.overdue:
        told.append(f"Niistä {len(week.overdue)} on odottanut yli {PATIENCE} arkipäivää.")
    return Section("Viikon kooste", (" ".join(told),), (), (_approval(link),))


def _approval(link: str) -> Row:
    return Row("Avaa hyväksyntäsivu", link, link)


def _proposals(week: Week, chosen: Sequence[Open]) -> Iterator[Section]:
    if chosen:
        rows = tuple(Row(one.name, _told(week, one)) for one in chosen)
        yield Section("Odottavat muutokset", ("Vanhin ensin.",), rows, is_calm=True)


def _told(week: Week, one: Open) -> str:
    days = one.days(week.today, week.days_off)
    told = [one.what, f"Odottanut {counted(days, 'arkipäivän', 'arkipäivää') if days else 'alle arkipäivän'}"]
    if not one.is_verified:
        told.append("Vahvistamaton: soita yhdistykselle ennen hyväksymistä")
    told += [_capital(AWAITED[name]) for name in one.awaited]
    return ". ".join(told) + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _addresses(week: Week) -> Iterator[Section]:
    if week.unconfirmed:
        rows = tuple(Row(name, _capital(", ".join(AWAITED[one] for one in awaited)) + ".") for name, awaited in week.unconfirmed)
        yield Section(
            "Julkaistut, joilta odotetaan vielä jotakin", ("Näille ei välitetä yhteydenottopyyntöjä.",), rows, is_calm=True
        )


def _unanswered(content: Content, week: Week) -> Iterator[Section]:
    if not week.is_counted:
        yield Section("Vastaamatta jääneet pyynnöt", ("Näitä ei saatu nyt luettua. Aja kooste uudelleen, jos haluat nähdä ne.",))
    elif week.unanswered:
        told = "Näihin pyyntöihin ei ole vastattu, vaikka luvatusta päivästä on jo kaksi arkipäivää. Soita ja kysy, miten kävi."
        rows = tuple(
            _row(content, slug, f"{counted(len(references), 'pyyntö', 'pyyntöä')}: {', '.join(references)}")
            for slug, references in sorted(week.unanswered.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        )
        yield Section("Vastaamatta jääneet pyynnöt", (told,), rows, is_calm=True)


def _bounced(content: Content, week: Week) -> Iterator[Section]:
    if week.bounced:
        told = ("Viesti ei mennyt perille. Soita ja kysy, mikä osoite on oikea.",)
        rows = tuple(
            _row(content, slug, counted(number, "viesti", "viestiä")) for slug, number in sorted(week.bounced.items()) if number
        )
        yield Section("Postilaatikot, joista viesti palautui", told, rows, is_calm=True)


def _row(content: Content, slug: str, told: str) -> Row:
    """Of an association, with the number to call; also of one that has left meanwhile."""
    it = content.organisations.get(slug)
    phone = next((one.phone for one in it.contacts if one.phone), None) if it else None
    number = f" ({spoken_phone(phone)})" if phone else ""
    return Row(it.name if it else slug, f"{told}{number}", f"tel:{phone}" if phone else "")


def _calls(content: Content, week: Week) -> Iterator[Section]:
    if week.calls:
        told = (
            "Nämä eivät ole vastanneet kahteen viestiin, tai niillä ei ole osoitetta. Soita ja lue tiedot ääneen. "
            "Jos kaikki pitää paikkansa, kirjaa vahvistus hyväksyntäsivulla.",
        )
        rows = tuple(_call(content, one) for one in week.calls)
        yield Section(f"Soitettavat ({len(week.calls)})", told, rows, is_calm=True)


def _call(content: Content, due: Due) -> Row:
    it = content.organisations[due.slug]
    phone = next((one.phone for one in it.contacts if one.phone), None)
    since = f"vahvistettu {_day(it.review.confirmed_on)}" if it.review else "ei koskaan vahvistettu"
    number = spoken_phone(phone) if phone else "ei puhelinnumeroa"
    return Row(it.name, f"{number} ({since})", f"tel:{phone}" if phone else "")


def _day(value: date) -> str:
    return day(value, "fi")


def _closing() -> Section:
    return Section("", ("Linkki on vain sinulle. Älä lähetä tätä viestiä eteenpäin.",))


def _mail(to: str, subject: str, sections: tuple[Section, ...], content: Content) -> Mail:
    return Mail(
        to=to,
        subject=subject,
        text=as_text(sections),
        html=as_html("fi", subject, sections),
        reply_to=content.site.coordinator.email,
        headers={"Auto-Submitted": "auto-generated", KIND_HEADER: UPKEEP},
        tags={"laji": UPKEEP},
    )
