"""Unanswered: who is reminded, when, at most once, and never after an answer or a cancellation."""

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lambda_common.local import LocalMailer, LocalStore
from lambda_common.services import Mail, Services
from lambda_common.working_days import finnish_day, is_working_day
from lambda_referral import reminders, waiting
from lambda_referral.handler import REMINDERS, handle
from lambda_referral.senders import make_proof
from lambda_referral.waiting import DAYS_KEPT, DAYS_STOPPED, Waiting
from tests.builders import ROOT
from tests.referral.builders import (
    ACTIVITY,
    COORDINATOR,
    MAILBOX,
    NOW,
    ORGANISATION,
    RESIDENT,
    SENDER,
    SITE,
    Counter,
    make_settings,
    written_organisation,
    written_request,
)
from tests.referral.test_canary import BY_EMAIL, CANARY, canaries_in

# Asked on Monday 23.11.2026, promised in three working days: Thursday; two working days later is Monday.
DAY = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 6, 20, tzinfo=UTC)
TELL: dict[str, Any] = {"tell_late": True}


def run(counter: Counter) -> None:
    counter.hear({"run": REMINDERS})


def wait_until_morning(counter: Counter, day: date = DAY) -> None:
    counter.now = datetime(day.year, day.month, day.day, 6, 20, tzinfo=UTC)


def asked(counter: Counter, **changes: Any) -> dict[str, Any]:
    """A request that was taken; the outbox is emptied."""
    body = counter.prove(written_request(**changes))
    assert counter.send(body)[0] == 202
    return body


def reminded(counter: Counter, **changes: Any) -> list[Mail]:
    """What the day's run sends about one request."""
    asked(counter, **changes)
    counter.outbox.clear()
    wait_until_morning(counter)
    run(counter)
    return counter.outbox


def link_in(mail: Mail, page: str, ending: str = "") -> str:
    found = re.search(rf"{SITE}/{page}/#([\w-]+){ending}", mail.text)
    assert found, mail.text
    return found[1]


def answered(counter: Counter, token: str, answer: str = "contacted") -> int:
    return counter.post("/api/vastaus", {"token": token, "answer": answer})[0]


def stopped(counter: Counter, mail: Mail, wish: str = "stop") -> tuple[int, dict[str, Any]]:
    return counter.post("/api/muistutukset", {"token": link_in(mail, "muistutukset"), "answer": wish})


# When


@pytest.mark.parametrize(
    ("asked_on", "within", "day"),
    [
        ("2026-11-23", 3, "2026-11-30"),
        ("2026-11-27", 1, "2026-12-02"),  # a Friday
        ("2026-12-21", 3, "2026-12-30"),  # Christmas in between
        ("2026-12-30", 1, "2027-01-05"),  # New Year and then the weekend
        ("2027-03-26", 3, "2027-04-02"),  # over the change to summer time
        ("2027-07-01", 5, "2027-07-12"),  # July has working days
    ],
)
def test_reminder_comes_two_working_days_after_the_promised_one(asked_on: str, within: int, day: str) -> None:
    organisation = written_organisation(within_working_days=within, pauses=[], stale_after="2027-12-31")
    counter = Counter(make_settings(organisations={ORGANISATION: organisation}))
    counter.now = datetime.fromisoformat(f"{asked_on}T09:00:00+00:00")
    asked(counter)
    counter.outbox.clear()
    while not counter.outbox:
        counter.now += timedelta(days=1)
        run(counter)
    assert finnish_day(counter.now).isoformat() == day


def test_holidays_and_weekends_remind_nobody(counter: Counter) -> None:
    asked(counter)
    counter.outbox.clear()
    for day in (DAY - timedelta(2), DAY - timedelta(1)):
        wait_until_morning(counter, day)
        run(counter)
    assert counter.outbox == []
    counter.settings = make_settings(holidays=[DAY.isoformat()])
    wait_until_morning(counter, DAY)
    run(counter)
    assert counter.outbox == []
    wait_until_morning(counter, DAY + timedelta(1))
    run(counter)
    assert len(counter.outbox) == 1


def test_missed_mornings_are_made_up_for(counter: Counter) -> None:
    asked(counter)
    counter.outbox.clear()
    wait_until_morning(counter, DAY + timedelta(reminders.DAYS_BACK))
    run(counter)
    assert len(counter.outbox) == 1


def test_day_of_reminding_is_that_of_finland() -> None:
    """A quarter past midnight in Finland is still yesterday in UTC."""
    counter = Counter()
    counter.now = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)
    asked(counter)
    assert waiting.on_day(counter.store, DAY + timedelta(1))


# To whom, and what


def test_association_is_reminded_with_the_reference_and_the_links_of_the_request(counter: Counter) -> None:
    counter.settings = replace(
        counter.settings, recipients=replace(counter.settings.recipients, coordinator_phone="+358170001111")
    )
    asked(counter, **TELL)
    request = counter.outbox.pop()
    wait_until_morning(counter)
    run(counter)
    mail = counter.outbox[0]
    reference = request.tags["viite"]
    assert (mail.to, mail.subject) == (MAILBOX, f"Muistutus yhteydenottopyynnöstä {reference}")
    assert mail.headers == {"X-Tarjotin-Viite": reference, "Auto-Submitted": "auto-generated"}
    for answer in ("contacted", "not_reached", "full", "unsuitable"):
        assert link_in(mail, "vastaa", rf"\.{answer}\b") == link_in(request, "vastaa", rf"\.{answer}\b")
    assert ".unopened" not in mail.text
    assert "Koordinaattori: 017 000 1111" in mail.text


def test_professional_is_told_to_look_for_another(counter: Counter) -> None:
    association, sender = reminded(counter, **TELL)
    assert sender.to == SENDER
    assert sender.headers == {"Auto-Submitted": "auto-replied"}
    reference = association.tags["viite"]
    for sentence in (
        "Yhdistys ei ole vastannut yhteydenottopyyntöön luvatussa ajassa.",
        f"Viite: {reference}",
        "Yhdistyksen puhelin: 017 000 1234",
        f"{SITE}/",
        "Föreningen har inte svarat",
        "The association has not answered",
    ):
        assert sentence in sender.text


@pytest.mark.parametrize(
    ("languages", "found"), [(("fi",), {"/"}), (("fi", "sv"), {"/", "/sv/"}), (("fi", "sv", "en"), {"/", "/sv/", "/en/"})]
)
def test_every_language_of_the_mail_leads_to_the_site_in_that_language(
    languages: tuple[str, ...], found: set[str], counter: Counter
) -> None:
    counter.settings = replace(counter.settings, recipients=replace(counter.settings.recipients, languages=languages))
    _, sender = reminded(counter, **TELL)
    assert {one.removeprefix(SITE) for one in re.findall(rf"{SITE}/(?:\w\w/)?(?=\s|$)", sender.text)} == found


def test_professional_who_does_not_want_to_hear_is_not_remembered(counter: Counter) -> None:
    asked(counter, tell_late=False)
    assert SENDER not in counter.kept
    counter.outbox.clear()
    wait_until_morning(counter)
    run(counter)
    (mail,) = counter.outbox
    assert mail.to == MAILBOX
    assert "Vastaa alkuperäisen viestin linkeistä." in mail.text
    assert "vastaa/#" not in mail.text


def test_where_senders_are_verified_only_the_proven_address_is_remembered_and_told() -> None:
    counter = Counter(make_settings(senders="verified"))
    token = make_proof(counter.settings, SENDER, NOW)["token"]
    mails = reminded(counter, **TELL, sender_token=token, sender_email="toinen@pohjois-savo.example.fi")
    assert [mail.to for mail in mails] == [MAILBOX, SENDER]
    assert "toinen@" not in counter.kept


def test_resident_leaves_nothing_and_the_association_is_reminded(counter: Counter) -> None:
    (mail,) = reminded(counter, **RESIDENT)
    assert mail.to == MAILBOX
    counter.outbox.clear()
    assert answered(counter, link_in(mail, "vastaa", r"\.contacted")) == 202
    assert counter.outbox[0].to == COORDINATOR


def test_resident_cannot_ask_to_be_told(counter: Counter) -> None:
    status, body = counter.refer(**{**RESIDENT, **TELL})
    assert (status, body["fields"]) == (422, {"tell_late": "not_for_sender"})


def test_reminder_goes_to_the_mailbox_that_is_right_today(counter: Counter) -> None:
    asked(counter)
    counter.outbox.clear()
    counter.settings = make_settings(organisations={ORGANISATION: written_organisation(email="uusi@savon-esimerkki.example.fi")})
    wait_until_morning(counter)
    run(counter)
    assert [mail.to for mail in counter.outbox] == ["uusi@savon-esimerkki.example.fi"]


def test_professional_hears_also_of_an_association_that_has_left(counter: Counter) -> None:
    asked(counter, **TELL)
    counter.outbox.clear()
    counter.settings = make_settings(organisations={})
    wait_until_morning(counter)
    run(counter)
    assert [mail.to for mail in counter.outbox] == [SENDER]
    assert f"Yhdistys: {ORGANISATION}" in counter.outbox[0].text


@pytest.mark.parametrize("changes", [TELL, RESIDENT, {**TELL, **BY_EMAIL}], ids=["professional", "resident", "by e-mail"])
def test_no_reminder_and_no_state_carries_the_client(
    counter: Counter, capfd: pytest.CaptureFixture[str], changes: dict[str, Any]
) -> None:
    mails = reminded(counter, **{**CANARY, **changes})
    for mail in mails:
        stopped(counter, mail)
    assert mails
    assert canaries_in(repr(mails)) == set()
    assert canaries_in(counter.kept + "".join(capfd.readouterr())) == set()


def test_field_holds_what_the_reminder_needs_and_no_more(counter: Counter) -> None:
    asked(counter, **TELL)
    ((reference, text),) = counter.store.sheets[waiting.sheet_key(DAY)].items()
    assert reference.startswith("HT-")
    organisation, activity, expires, sender, is_sealed = json.loads(text)
    assert (organisation, activity, sender, is_sealed) == (ORGANISATION, ACTIVITY, SENDER, False)
    assert expires == int(NOW.timestamp()) + 60 * 86400


def test_after_the_reminder_only_the_association_is_left(counter: Counter) -> None:
    reminded(counter, **TELL)
    (one,) = waiting.on_day(counter.store, DAY)
    assert one.waiting == Waiting(ORGANISATION)
    assert SENDER not in counter.kept


# At most once


def test_running_again_sends_nothing(counter: Counter) -> None:
    mails = list(reminded(counter, **TELL))
    for hours in (1, 24, 24, 24):
        counter.wait(hours=hours)
        run(counter)
    assert counter.outbox == mails
    assert len(mails) == 2


def test_reminder_that_did_not_leave_is_tried_again_and_only_that(counter: Counter) -> None:
    asked(counter, **TELL)
    counter.outbox.clear()
    wait_until_morning(counter)
    counter.mailer.mood = "not_sent"
    with pytest.raises(reminders.RemindersNotSent):
        run(counter)
    counter.mailer.mood = "ok"
    run(counter)
    run(counter)
    assert [mail.to for mail in counter.outbox] == [MAILBOX, SENDER]


def test_reminder_that_may_have_left_is_not_sent_again(counter: Counter) -> None:
    asked(counter, **TELL)
    counter.outbox.clear()
    wait_until_morning(counter)
    counter.mailer.mood = "uncertain"
    run(counter)
    counter.mailer.mood = "ok"
    run(counter)
    assert [mail.to for mail in counter.outbox] == [MAILBOX, SENDER]


@pytest.mark.parametrize("method", ["read", "put_new", "amend"])
def test_run_without_the_store_fails_without_words_and_is_made_up_for(counter: Counter, method: str) -> None:
    asked(counter, **TELL)
    counter.outbox.clear()
    wait_until_morning(counter)
    counter.store.failing = {method}
    with pytest.raises(reminders.RemindersNotSent) as failed:
        run(counter)
    assert failed.value.args == ()
    counter.store.failing = set()
    run(counter)
    assert [mail.to for mail in counter.outbox] == [MAILBOX, SENDER]


def test_unforeseen_fault_tells_its_name_alone(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(SENDER)

    monkeypatch.setattr(reminders, "remind", fail)
    with pytest.raises(reminders.RemindersNotSent) as failed:
        run(counter)
    assert failed.value.__cause__ is None
    out = "".join(capfd.readouterr())
    assert '"code":"RuntimeError"' in out
    assert SENDER not in out


# Never after an answer or a cancellation


@pytest.mark.parametrize("answer", ["contacted", "not_reached", "full", "unsuitable"])
def test_answer_takes_the_reminder_away_at_once(counter: Counter, answer: str) -> None:
    asked(counter, **TELL)
    assert answered(counter, link_in(counter.outbox[0], "vastaa", r"\.contacted"), answer) == 202
    assert waiting.on_day(counter.store, DAY) == []
    assert SENDER not in counter.kept
    counter.outbox.clear()
    wait_until_morning(counter)
    run(counter)
    assert counter.outbox == []


def test_cancellation_takes_the_reminder_away_at_once(counter: Counter) -> None:
    body = asked(counter, **TELL)
    assert counter.post("/api/peruutus", {"key": body["key"], "organisation": ORGANISATION})[0] == 202
    assert waiting.on_day(counter.store, DAY) == []


def test_answer_that_did_not_leave_leaves_the_reminder(counter: Counter) -> None:
    asked(counter)
    counter.mailer.mood = "not_sent"
    assert answered(counter, link_in(counter.outbox[0], "vastaa", r"\.contacted")) == 503
    assert waiting.on_day(counter.store, DAY)


def test_answer_after_the_reminder_takes_it_out_of_the_week(counter: Counter) -> None:
    mails = reminded(counter, **TELL)
    assert answered(counter, link_in(mails[0], "vastaa", r"\.contacted")) == 202
    assert waiting.on_day(counter.store, DAY) == []


def test_answer_that_comes_while_reminding_stops_what_has_not_been_sent(counter: Counter) -> None:
    class Answering(LocalMailer):
        def send(self, mail: Mail) -> None:
            super().send(mail)
            counter.store.drop(waiting.sheet_key(DAY), mail.tags["viite"])

    asked(counter, **TELL)
    counter.mailer = Answering()
    wait_until_morning(counter)
    run(counter)
    assert [mail.to for mail in counter.outbox] == [MAILBOX]
    assert waiting.on_day(counter.store, DAY) == []


def test_request_that_was_not_surely_sent_reminds_nobody(counter: Counter) -> None:
    for mood in ("not_sent", "uncertain"):
        counter.mailer.mood = mood  # type: ignore[assignment]
        counter.refer(**TELL)
    assert counter.store.sheets == {}


# Stopping


def test_association_can_stop_its_reminders_and_only_its_own(counter: Counter) -> None:
    first = reminded(counter, **TELL)[0]
    assert stopped(counter, first) == (202, {})
    counter.now = NOW
    assert [mail.to for mail in reminded(counter, **TELL)] == [SENDER]


def test_professional_can_stop_theirs_and_is_no_longer_remembered(counter: Counter) -> None:
    sender = reminded(counter, **TELL)[1]
    assert stopped(counter, sender) == (202, {})
    counter.now = NOW
    assert [mail.to for mail in reminded(counter, **TELL)] == [MAILBOX]
    assert SENDER not in counter.kept


def test_stopping_also_ends_what_was_waiting(counter: Counter) -> None:
    sender = reminded(counter, **TELL)[1]
    counter.now = NOW
    asked(counter, **TELL)
    stopped(counter, sender)
    counter.outbox.clear()
    wait_until_morning(counter)
    run(counter)
    assert [mail.to for mail in counter.outbox] == [MAILBOX]


def test_stop_holds_after_a_change_of_secrets(counter: Counter) -> None:
    sender = reminded(counter, **TELL)[1]
    stopped(counter, sender)
    counter.settings = replace(counter.settings, secrets=(b"n" * 32, *counter.settings.secrets))
    counter.now = NOW
    assert [mail.to for mail in reminded(counter, **TELL)] == [MAILBOX]


@pytest.mark.parametrize("at", [0, 1], ids=["association", "professional"])
def test_who_stopped_can_start_again_with_the_same_link(counter: Counter, at: int) -> None:
    mail = reminded(counter, **TELL)[at]
    stopped(counter, mail)
    assert stopped(counter, mail, "start") == (202, {})
    counter.now = NOW
    assert [one.to for one in reminded(counter, **TELL)] == [MAILBOX, SENDER]


def test_starting_what_was_not_stopped_changes_nothing(counter: Counter) -> None:
    mail = reminded(counter, **TELL)[0]
    kept = counter.kept
    assert stopped(counter, mail, "start") == (202, {})
    assert counter.kept == kept


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_scanner_that_opens_the_stopping_link_changes_nothing(counter: Counter, method: str) -> None:
    mail = reminded(counter)[0]
    kept = counter.kept
    assert counter.get("/api/muistutukset", token=link_in(mail, "muistutukset"))[0] == 405
    assert counter.kept == kept


def test_stopping_token_changed_anywhere_is_refused(counter: Counter) -> None:
    token = link_in(reminded(counter)[0], "muistutukset")
    for place in range(len(token)):
        changed = token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]
        assert counter.post("/api/muistutukset", {"token": changed, "answer": "stop"}) == (403, {"code": "altered"}), place


def test_answers_token_does_not_stop_reminders_nor_the_other_way_round(counter: Counter) -> None:
    mail = reminded(counter, **TELL)[0]
    token, stop = link_in(mail, "vastaa", r"\.full"), link_in(mail, "muistutukset")
    assert counter.post("/api/muistutukset", {"token": token, "answer": "stop"})[0] == 403
    assert answered(counter, stop) == 403


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"token": "x"}, {"answer": "choice"}),
        ({"token": "x", "answer": "contacted"}, {"answer": "choice"}),
        ({"token": "", "answer": "stop"}, {"token": "form"}),
        ({"token": 1, "answer": "stop"}, {"token": "form"}),
        ({"token": "a" * 601, "answer": "stop"}, {"token": "form"}),
        ({"token": "x", "answer": "stop", "to": "x"}, {"body": "unknown_key"}),
    ],
)
def test_stopping_in_another_form_is_refused(counter: Counter, body: dict[str, Any], fields: dict[str, str]) -> None:
    assert counter.post("/api/muistutukset", body) == (422, {"code": "invalid", "fields": fields})


def test_stopping_without_the_store_is_not_done(counter: Counter) -> None:
    mail = reminded(counter)[0]
    counter.store.failing = {"note", "drop"}
    assert stopped(counter, mail)[0] == 503
    assert stopped(counter, mail, "start")[0] == 503


def test_professionals_link_does_not_show_the_address(counter: Counter) -> None:
    token = link_in(reminded(counter, **TELL)[1], "muistutukset")
    assert SENDER.encode() not in base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def test_region_can_do_without_reminders() -> None:
    counter = Counter(make_settings(reminders=False))
    asked(counter, **TELL)
    assert not [key for key in counter.store.sheets if key.startswith("w#")]
    counter.settings = make_settings()
    counter.outbox.clear()
    wait_until_morning(counter)
    run(counter)
    assert counter.outbox == []


def test_reminders_that_were_turned_off_meanwhile_are_not_sent(counter: Counter) -> None:
    asked(counter, **TELL)
    counter.outbox.clear()
    counter.settings = make_settings(reminders=False)
    wait_until_morning(counter)
    run(counter)
    assert counter.outbox == []


# Whatever happens, in whatever order

DEEDS = ("ask", "answer", "cancel", "bounce", "run", "wait", "refuse", "uncertain", "mail_ok")


@examples(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(DEEDS), max_size=25), st.randoms(use_true_random=False))
def test_nobody_is_reminded_twice_or_after_an_answer(deeds: list[str], chance: Any) -> None:
    counter = Counter()
    sent: dict[str, dict[str, Any]] = {}  # reference → its key and token
    done: set[str] = set()
    for deed in deeds:
        before = len(counter.outbox)
        known = sorted(sent)
        if deed == "ask":
            body = counter.prove(written_request(tell_late=chance.random() < 0.7))
            if counter.send(body)[0] == 202:
                mail = counter.outbox[-1]
                sent[mail.tags["viite"]] = {"key": body["key"], "token": link_in(mail, "vastaa", r"\.full")}
        elif deed == "answer" and known:
            reference = chance.choice(known)
            if answered(counter, sent[reference]["token"], chance.choice(["contacted", "full"])) != 503:
                done.add(reference)
        elif deed == "cancel" and known:
            reference = chance.choice(known)
            if counter.post("/api/peruutus", {"key": sent[reference]["key"], "organisation": ORGANISATION})[0] in (202, 502, 409):
                done.add(reference)
        elif deed == "run":
            wait = counter.mailer.mood
            try:
                run(counter)
            except reminders.RemindersNotSent:
                assert wait == "not_sent"
            for mail in counter.outbox[before:]:
                reference = next(one for one in known if one in mail.text)
                assert reference not in done
        elif deed == "wait":
            counter.wait(days=chance.randint(1, 4))
        elif deed in ("refuse", "uncertain", "mail_ok"):
            counter.mailer.mood = {"refuse": "not_sent", "uncertain": "uncertain", "mail_ok": "ok"}[deed]  # type: ignore[assignment]
    for reference in sent:
        subjects = [mail.subject for mail in counter.outbox if reference in mail.subject]
        assert sum(one.startswith("Muistutus") for one in subjects) <= 1
        assert sum("ei ole vielä vastannut" in one for one in subjects) <= 1


def test_limits_of_keeping() -> None:
    assert DAYS_KEPT > reminders.DAYS_BACK
    assert DAYS_STOPPED == 365


def test_run_is_called_as_the_template_calls_it() -> None:
    template = (ROOT / "deploy" / "template.yaml").read_text("utf-8")
    (written,) = re.findall(r"Input: '(.*)'", template)
    counter = Counter()
    asked(counter)
    counter.outbox.clear()
    wait_until_morning(counter)
    assert handle(json.loads(written), Services(counter.mailer, counter.store, lambda: counter.now), counter.settings) is None
    assert len(counter.outbox) == 1


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 24)], ids=str)
def test_weekend_and_holiday_are_no_working_days(day: date) -> None:
    assert not is_working_day(day, make_settings().recipients.holidays)


def test_sealed_request_is_reminded_with_its_fifth_answer() -> None:
    store = LocalStore()
    counter = Counter(store=store)
    waiting.note(store, DAY.isoformat(), "HT-TGEZ-P7", Waiting(ORGANISATION, ACTIVITY, 1_900_000_000, SENDER, is_sealed=True))
    wait_until_morning(counter)
    run(counter)
    assert link_in(counter.outbox[0], "vastaa", r"\.unopened")
