"""The pages of the contact request: one association's, the tray's, and the one where an association answers."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.dates import Period
from generator.models import Activity
from generator.pages import AnswerPage, ReferralPage, RemindersPage, SenderPage, TrayPage, edit_path, referral_path
from generator.referrals import facts_hash, referral_activities, referral_period
from generator.rendering.environment import data_block
from generator.rendering.frame import Frame
from generator.rendering.typography import phone
from lambda_referral.fields import DAYS_PROVEN, FORM

API = "/api/"
CONSENT_VERSION = "2026-11"
NEVER = Period(last=None)


@dataclass(frozen=True)
class AssociationView:
    """The part of the form that is about one association."""

    slug: str
    name: str
    phone_shown: str
    facts: str
    activities: tuple[Activity, ...]
    open: Period
    seal_key: str  # to what the request is sealed; "" when the association has no key


class ReferralRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def request(self, page: ReferralPage) -> bytes:
        frame = self._frame
        it, view = frame.content.organisations[page.slug], frame.organisation_view(page.slug)
        texts = frame.voice.texts["referral"]
        return frame.render(
            "pages/referral.html",
            title=texts["title"].format(name=it.name),
            description=texts["description"].format(name=it.name),
            path=page.path,
            is_indexed=False,
            it=it,
            view=view,
            stale=view.old if view.old and view.old.first else None,
            **self.form(page.slug),
        )

    def tray(self, page: TrayPage) -> bytes:
        texts = self._frame.voice.texts["tray"]
        return self._frame.render(
            "pages/tray.html",
            title=texts["title"],
            description=texts["description"],
            path=page.path,
            is_indexed=False,
            **self._form,
        )

    def answer(self, page: AnswerPage) -> bytes:
        texts = self._frame.voice.texts["answer"]
        data = {"words": texts, "paths": {"answer": self._api("vastaus"), "edit": self._frame.voice.url(edit_path("{slug}"))}}
        return self._frame.render_unlisted("answer", page.path, words=data_block(data), fields=FORM["fields"])

    def sender(self, page: SenderPage) -> bytes:
        texts = self._frame.voice.texts["proving"]
        words = {key: texts[key] for key in ("checking", "proven", "forgotten", "go_back", "not_kept", "problems")}
        data = {"words": words, "paths": {"prove": self._api("lahettajatunnus")}}
        return self._frame.render_unlisted("proving", page.path, words=data_block(data), days=DAYS_PROVEN)

    def reminders(self, page: RemindersPage) -> bytes:
        data = {"words": self._frame.voice.texts["reminders"], "paths": {"answer": self._api("muistutukset")}}
        return self._frame.render_unlisted("reminders", page.path, words=data_block(data))

    def form(self, slug: str) -> dict[str, Any]:
        """What the form for one association is given."""
        return {"one": self._association(slug), **self._form}

    def _association(self, slug: str) -> AssociationView:
        organisation = self._frame.content.organisations[slug]
        contact = organisation.contacts[0]
        period = referral_period(organisation, self._frame.content.site.freshness)
        return AssociationView(
            slug=slug,
            name=organisation.name,
            phone_shown=phone(contact.phone) if contact.phone else str(contact.email),
            facts=facts_hash(organisation),
            activities=referral_activities(organisation),
            open=period or Period(last=self._frame.today.min),
            seal_key=organisation.request_keys[0].public if organisation.has_key else "",
        )

    @cached_property
    def _form(self) -> dict[str, Any]:
        """What every form is given: choices, limits and words."""
        frame = self._frame
        policy, texts = frame.content.site.referral, frame.voice.texts["referral"]
        domains = list(policy.sender_domains) if policy else []
        data = {
            "fields": FORM["fields"],
            "domains": domains,
            "version": CONSENT_VERSION,
            "paths": {
                "build": frame.content.site.base_path + "build.json",
                "challenge": self._api("haaste"),
                "send": self._api("ohjaus"),
                "cancel": self._api("peruutus"),
                "worker": frame.assets.address("todiste.js"),
                "referral": frame.voice.url(referral_path("{slug}")),
            },
            "words": {key: texts[key] for key in WORDS},
        }
        verifies_senders = bool(policy and policy.verifies_senders)
        if verifies_senders:
            self._add_proving(data)
        return {
            "fields": FORM["fields"],
            "words": data_block(data),
            "domains": ", ".join(domains),
            "verifies_senders": verifies_senders,
            "proof_days": DAYS_PROVEN,
            "reminders": bool(policy and policy.reminders),
            "can_send": bool(policy and policy.protection != "none"),
            "languages": [(one.id, frame.voice.plain(one.label)) for one in frame.content.taxonomy.languages],
            "municipalities": [(one.id, frame.voice.plain(one.label)) for one in frame.content.taxonomy.municipalities],
        }

    def _add_proving(self, data: dict[str, Any]) -> None:
        """What the form's script needs where a professional proves a mailbox."""
        texts = self._frame.voice.texts["proving"]
        data["words"]["proving"] = {key: texts[key] for key in PROVING_WORDS}
        data["paths"] |= {"ask": self._api("lahettaja"), "prove": self._api("lahettajatunnus")}

    def _api(self, name: str) -> str:
        return f"{API}{name}"


WORDS = ("error_title", "sending", "outcome", "copy", "copied", "record", "cancel", "problems")
PROVING_WORDS = (
    *("asking", "asked", "ask_uncertain", "ask_too_many", "not_asked", "checking"),
    *("confirmed", "proven", "forgotten", "expired", "problems"),
)


def qr_code(address: str) -> bytes:
    """A code that leads to an address, as a picture that scales."""
    import segno  # noqa: PLC0415 - most edits of one association leave its code as it is

    picture = io.BytesIO()
    # Any of the eight masks can be read; finding the prettiest would take eight times as long.
    segno.make(address, error="m", mask=3, micro=False).save(picture, kind="svg", border=4, light="#fff", omitsize=True)
    return picture.getvalue()
