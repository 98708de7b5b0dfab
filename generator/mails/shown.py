"""An association's data as the site shows it, told as sections of a mail. What the pages say too is said in their words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from generator.checked import Content
from generator.dates import capacity_on
from generator.mails.texts import text
from generator.models import Activity, Contact, Organisation, PrivateAddresses, Term, Text
from generator.pages import organisation_path
from generator.referrals import referral_activities
from generator.rendering.environment import Voice
from generator.rendering.typography import NBSP
from generator.rendering.views import Terms, season_notes
from lambda_common.languages import front_page
from lambda_common.letter import Row, Section
from lambda_common.phones import spoken_phone


@dataclass(frozen=True)
class Speech:
    """One language of a mail: its own words, and those of the site's pages. Without spaces that do not break: mail programs show
    them in their own ways."""

    voice: Voice

    def say(self, key: str, **facts: str) -> str:
        return text(self.voice.language, key, **facts)

    def word(self, *keys: str) -> str:
        """A word of the pages, by its place in texts/<language>.yaml."""
        found = self.voice.texts
        for key in keys:
            found = found[key]
        return str(found)

    def plain(self, written: Text) -> str:
        return self.voice.plain(written)

    def day(self, value: date) -> str:
        return self.voice.day(value).replace(NBSP, " ")

    def span(self, first: date, last: date) -> str:
        return self.voice.span(first, last).replace(NBSP, " ")

    def phone(self, value: str) -> str:
        return spoken_phone(value)


@dataclass(frozen=True)
class Shown:
    """One association on a day. `address` is that of the site's front page, without a slash at its end."""

    content: Content
    slug: str
    private: PrivateAddresses
    speech: Speech
    address: str
    today: date

    def sections(self) -> Iterator[Section]:
        yield self._basics()
        yield self._about()
        yield self._contacts()
        yield from (self._activity(one) for one in self._it.activities)
        yield from self._pauses()
        yield self._referral()

    @property
    def _it(self) -> Organisation:
        return self.content.organisations[self.slug]

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self.content.taxonomy)

    def _row(self, label: str, value: str | Text | None) -> Iterator[Row]:
        """Nothing when nothing is written."""
        shown = self.speech.plain(value) if isinstance(value, Text) else value
        if shown:
            yield Row(label, shown)

    def _basics(self) -> Section:
        it, say, word = self._it, self.speech.say, self.speech.word
        page = front_page(self.address, self.speech.voice.language, self.content.site.languages) + organisation_path(self.slug)
        rows = [
            *self._row(say("row.name"), it.name),
            *self._row(say("row.pitch"), it.pitch),
            *self._row(word("organisation", "website"), it.website),
            *self._row(word("organisation", "business_id"), it.business_id),
            *self._row(word("organisation", "register_number"), it.register_number),
            Row(say("row.page"), page, page),
        ]
        return Section(say("shown"), (), tuple(rows), is_calm=True)

    def _about(self) -> Section:
        """The description as it was written, one paragraph after another."""
        lines = self.speech.plain(self._it.description).splitlines()
        return Section(self.speech.say("about"), tuple(line.lstrip("# ").replace("**", "") for line in lines if line.strip()))

    def _contacts(self) -> Section:
        rows = [Row(self.speech.plain(one.role), self._reached(one)) for one in self._it.contacts]
        return Section(self.speech.say("contacts"), (), tuple(rows), is_calm=True)

    def _reached(self, contact: Contact) -> str:
        parts = (contact.name, contact.phone and self.speech.phone(contact.phone), contact.email)
        return ", ".join(part for part in parts if part)

    def _activity(self, it: Activity) -> Section:
        say, word, plain = self.speech.say, self.speech.word, self.speech.plain
        rows = [
            *self._row(say("row.type"), self._terms.types[it.type].label),
            *self._row(say("row.capacity"), self._capacity(it)),
            *self._row(word("card", "for_whom"), it.for_whom),
            *self._row(word("card", "when"), self._when(it)),
            *self._row(word("card", "where"), it.where),
            *self._row(word("organisation", "serves"), self._serves(it)),
            *self._row(word("card", "price"), self._price(it)),
            *self._row(word("card", "languages"), self._languages(it)),
            *self._row(word("card", "accessibility"), it.accessibility),
            *self._row(word("organisation", "target_groups"), self._labels(it.target_groups, self._terms.target_groups)),
            *self._row(word("organisation", "needs"), self._labels(it.needs, self._terms.needs)),
            *self._row(word("card", "contact"), f"{plain(it.contact.role)}: {self._reached(it.contact)}" if it.contact else ""),
        ]
        return Section(plain(it.name), (plain(it.summary),), tuple(rows), is_calm=True)

    def _labels(self, ids: tuple[str, ...], terms: Mapping[str, Term]) -> str:
        return ", ".join(self.speech.plain(terms[one].label) for one in ids)

    def _capacity(self, it: Activity) -> str:
        """The state that holds on the day, with its end while the written one holds."""
        status, until = capacity_on(self.today, it), it.capacity.until
        said = self.speech.word("capacity", status)
        if until and self.today <= until:
            said += f", {self.speech.word('capacity', 'until').format(day=self.speech.day(until))}"
        return said

    def _when(self, it: Activity) -> str:
        notes = season_notes(it.season) if it.season else ()
        now = [(kind, day) for period, kind, day in notes if period.includes(self.today)]
        said = [self.speech.word("season", kind).format(day=self.speech.day(day)) for kind, day in now]
        return ". ".join([self.speech.plain(it.when).rstrip("."), *said] if it.when else said)

    def _serves(self, it: Activity) -> str:
        if self._it.is_national:
            return self.speech.word("card", "national")
        whole_region = self.speech.plain(self.content.site.whole_region)
        places = whole_region if it.is_region_wide else self._labels(it.municipalities, self._terms.municipalities)
        return ", ".join(one for one in (places, self.speech.word("card", "remote") if it.remote else "") if one)

    def _price(self, it: Activity) -> str:
        price = self.speech.word("card", it.price)
        return f"{price}. {self.speech.plain(it.price_note)}" if it.price_note else price

    def _languages(self, it: Activity) -> str:
        said = self._labels(it.languages, self._terms.languages)
        return f"{said}; {self.speech.word('interpreter', it.interpreter)}" if it.interpreter else said

    def _pauses(self) -> Iterator[Section]:
        """Those that are still to come or go on."""
        rows = tuple(
            Row(self.speech.span(one.first, one.last), self.speech.plain(one.note) if one.note else "–")
            for one in self._it.pauses
            if self.today <= one.last
        )
        if rows:
            yield Section(self.speech.say("pauses"), (), rows, is_calm=True)

    def _referral(self) -> Section:
        say, referral = self.speech.say, self._it.referral
        if referral is None:
            return Section(say("referral"), (say("referral.none"),))
        names = {one.id: self.speech.plain(one.name) for one in referral_activities(self._it)}
        rows = [
            *self._row(say("row.responsible"), referral.responsible),
            Row(say("row.first_contact"), say(f"first_contact.{referral.first_contact}")),
            Row(say("row.within"), str(referral.within_working_days)),
            *self._row(say("row.promise"), referral.promise),
            *self._row(say("row.requests_for"), "; ".join(names.values())),
            *self._row(say("row.mailbox"), self.private.referral_email),
            *(
                Row(say("row.mailbox_of", activity=names[one]), to)
                for one, to in self.private.activity_emails.items()
                if one in names
            ),
        ]
        return Section(say("referral"), (), tuple(rows), is_calm=True)
