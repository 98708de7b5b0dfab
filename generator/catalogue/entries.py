"""One association as the catalogue tells it: everything that the site shows, as it holds on the day."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.dates import Freshness, freshness_on
from generator.markdown import text_blocks
from generator.models import Activity, Contact, Helpline, Organisation, Text
from generator.pages import organisation_path
from generator.posters.region import Region
from generator.rendering.environment import Voice
from generator.rendering.typography import phone
from generator.rendering.views import activity_view

Facts = dict[str, Any]
Said = dict[str, str]  # a text and the language that it is in


class Entries:
    def __init__(self, region: Region, voice: Voice, numbers: Mapping[str, int]) -> None:
        self._region, self._voice, self._numbers = region, voice, numbers
        self._t = voice.texts

    # Words

    def said(self, text: Text) -> Said:
        is_written = bool(getattr(text, self._voice.language))
        return {"text": self._voice.plain(text), "lang": self._voice.language if is_written else "fi"}

    def word(self, text: str) -> Said:
        """A word of the interface, or a name that has no language of its own."""
        return {"text": text, "lang": self._voice.language}

    def telephone(self, number: str) -> Said:
        return {"shown": phone(number), "dialled": number}

    def helpline(self, it: Helpline) -> Facts:
        shown = {"shown": it.phone.replace(" ", "\u00a0"), "dialled": it.dialled}
        return {"name": self.said(it.name), "phone": shown, "note": self.said(it.note)}

    # The association

    def association(self, slug: str) -> Facts:
        it = self._region.content.organisations[slug]
        return {
            "slug": slug,
            "number": str(self._numbers[slug]),
            "name": it.name,
            "pitch": self.said(it.pitch),
            "notices": list(self._notices(it)),
            "freshness": list(self._freshness(it)),
            "contacts": [self._contact(one) for one in it.contacts],
            "website": it.website,
            "address": self._region.address(self._voice, organisation_path(slug)),
            "activities": [self._activity(one, it) for one in it.activities],
            "blocks": [{"kind": kind, "text": text} for kind, text in text_blocks(self._voice.plain(it.description))],
            "blocks_lang": self.said(it.description)["lang"],
            "facts": list(self._facts(it)),
        }

    def _notices(self, it: Organisation) -> Iterator[Said]:
        if it.status == "paused":
            yield self.word(self._t["organisation"]["paused"])
        for pause in it.pauses:
            if pause.last >= self._region.today:
                yield self.word(self._t["pause"].format(days=self._voice.span(pause.first, pause.last)))
                if pause.note:
                    yield self.said(pause.note)

    def _freshness(self, it: Organisation) -> Iterator[str]:
        """When the data was confirmed, and what follows from it today."""
        t = self._t["freshness"]
        if it.review is None:
            yield t["never"]
            return
        day = self._voice.day(it.review.confirmed_on)
        rung = freshness_on(self._region.today, it.review, self._region.content.site.freshness)
        if rung != Freshness.GONE:
            yield t["confirmed"].format(day=day) + "."
        if rung != Freshness.FRESH:
            yield t[rung.value].format(day=day)

    def _contact(self, it: Contact) -> Facts:
        """A person's name is left out: the catalogue stays where it was copied to when the person has left."""
        return {
            "role": self.said(it.role),
            "phone": self.telephone(it.phone) if it.phone else None,
            "email": it.email,
        }

    def _facts(self, it: Organisation) -> Iterator[Facts]:
        t = self._t["organisation"]
        if it.part_of:
            yield self._row(t["part_of"], self.word(self._region.content.known[it.part_of].name))
        for name in ("business_id", "register_number"):
            if value := getattr(it, name):
                yield self._row(t[name], self.word(value))

    @staticmethod
    def _row(name: str, *values: Said) -> Facts:
        """Words of a kind, one after another."""
        return {"name": name, "values": list(values), "glue": ", "}

    @staticmethod
    def _told(name: str, *values: Said) -> Facts:
        """What people wrote and what we add, as sentences."""
        whole = [{**one, "text": one["text"].rstrip(".") + "."} for one in values]
        return {"name": name, "values": whole if len(values) > 1 else list(values), "glue": " "}

    # Its activities

    def _activity(self, it: Activity, organisation: Organisation) -> Facts:
        return {
            "name": self.said(it.name),
            "type": self.said(self._region.terms.types[it.type].label),
            "capacity": self._capacity(it, organisation),
            "summary": self.said(it.summary),
            "facts": [row for row in self._activity_rows(it, organisation) if row["values"]],
            "contact": self._contact(it.contact) if it.contact else None,
        }

    def _view(self, it: Activity, organisation: Organisation) -> Any:
        return activity_view(it, organisation, self._region.terms, self._region.content.site, self._voice)

    def _capacity(self, it: Activity, organisation: Organisation) -> str:
        periods = self._view(it, organisation).capacity
        status, until = next((status, until) for period, status, until in periods if period.includes(self._region.today))
        t = self._t["capacity"]
        return str(t[status]) + (f" {t['until'].format(day=self._voice.day(until))}" if until else "")

    def _activity_rows(self, it: Activity, organisation: Organisation) -> Iterator[Facts]:
        card, of_organisation, terms = self._t["card"], self._t["organisation"], self._region.terms
        yield self._row(card["for_whom"], *self._written(it.for_whom))
        yield self._told(card["when"], *self._written(it.when), *self._season(it, organisation))
        yield self._row(card["where"], *self._written(it.where))
        yield self._told(card["price"], self.word(card[it.price]), *self._written(it.price_note))
        yield self._row(card["languages"], *self._spoken(it))
        yield self._row(card["accessibility"], *self._written(it.accessibility))
        groups = [self.said(terms.target_groups[one].label) for one in it.target_groups]
        yield self._row(of_organisation["target_groups"], *groups)
        yield self._row(of_organisation["serves"], *self._serves(it, organisation))
        needs = [self.said(terms.needs[one].label) for one in dict.fromkeys(it.needs)]
        yield self._row(of_organisation["needs"], *needs)

    def _written(self, text: Text | None) -> list[Said]:
        return [self.said(text)] if text else []

    def _spoken(self, it: Activity) -> Iterator[Said]:
        yield from (self.said(self._region.terms.languages[one].label) for one in it.languages)
        if it.interpreter:
            yield self.word(self._t["interpreter"][it.interpreter])

    def _season(self, it: Activity, organisation: Organisation) -> list[Said]:
        t, today = self._t["season"], self._region.today
        notes = self._view(it, organisation).season_notes
        return [self.word(t[kind].format(day=self._voice.day(day))) for period, kind, day in notes if period.includes(today)]

    def _serves(self, it: Activity, organisation: Organisation) -> Iterator[Said]:
        card, terms = self._t["card"], self._region.terms
        if organisation.is_national:
            yield self.word(card["national"])
        elif it.is_region_wide:
            yield self.said(self._region.content.site.whole_region)
        else:
            yield from (self.said(terms.municipalities[one].label) for one in it.municipalities)
        if it.remote:
            yield self.word(card["remote"])
