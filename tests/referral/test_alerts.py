"""What the mail service tells later: who is alerted, with what, and never in a loop."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_common.letter import KIND_HEADER, UPKEEP
from lambda_common.local import event_about
from lambda_common.services import Mail
from lambda_referral import alerts
from tests.referral.builders import COORDINATOR, FROM, MAILBOX, NOW, ORGANISATION, RESIDENT, SENDER, Counter

KINDS = ("Bounce", "Complaint", "DeliveryDelay", "Reject")


def message_about(mail: Mail, kind: str = "Bounce", **changes: Any) -> dict[str, Any]:
    """The event inside the notification, with its `mail` changed."""
    message: dict[str, Any] = json.loads(event_about(mail, kind, NOW, FROM)["Records"][0]["Sns"]["Message"])
    message["mail"] |= changes
    return message


def notified(*messages: Any) -> dict[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": one}} for one in messages]}


def as_identity_notification(message: dict[str, Any]) -> dict[str, Any]:
    """As SES tells of an identity: another name for the kind, and no tags."""
    mail = {name: value for name, value in message["mail"].items() if name != "tags"}
    rest = {name: value for name, value in message.items() if name not in ("eventType", "mail")}
    return {**rest, "notificationType": message["eventType"], "mail": mail}


def header(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


@pytest.fixture
def mail(counter: Counter) -> Mail:
    counter.refer()
    return counter.outbox.pop()


@pytest.mark.parametrize("kind", KINDS)
def test_sender_and_coordinator_are_alerted(counter: Counter, mail: Mail, kind: str) -> None:
    counter.hear(event_about(mail, kind, NOW, FROM))
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR]


def test_alert_tells_the_reference_the_association_and_the_time(counter: Counter, mail: Mail) -> None:
    counter.hear(event_about(mail, "Bounce", NOW, FROM))
    alert = counter.outbox[0]
    assert alert.subject == f"Yhteydenottopyyntö ei ehkä mennyt perille: {mail.tags['viite']}"
    for sentence in (
        "Yhteydenottopyyntöä ei saatu toimitettua yhdistyksen sähköpostiin. Soita yhdistykseen.",
        f"Viite: {mail.tags['viite']}",
        "Yhdistys: Savon Esimerkkiyhdistys ry",
        "Yhdistyksen puhelin: 017 000 1234",
        "Pyyntö lähetettiin: maanantaina 23.11.2026 klo 11.00",
        "Kontaktbegäran kunde inte levereras",
        "The contact request could not be delivered",
    ):
        assert sentence in alert.text


def test_alert_tells_nothing_of_the_client_or_of_the_mail_system(counter: Counter, mail: Mail) -> None:
    message = message_about(mail)
    message["bounce"] |= {"bouncedRecipients": [{"emailAddress": MAILBOX, "diagnosticCode": "smtp; 550 no Matti 0401234567"}]}
    counter.hear(notified(json.dumps(message)))
    for alert in counter.outbox:
        for word in ("Matti", "4567", "smtp", MAILBOX, "Torstairyhmä"):
            assert word not in alert.text + alert.html + repr(alert.headers)


@pytest.mark.parametrize("kind", KINDS)
def test_check_mail_that_does_not_arrive_is_told_to_the_coordinator_in_its_own_words(counter: Counter, kind: str) -> None:
    headers, tags = {KIND_HEADER: UPKEEP}, {"laji": UPKEEP, "organisation": ORGANISATION}
    mail = Mail("tiedot@yhdistys.example.fi", "Tiedot", "", "", COORDINATOR, headers, tags)
    counter.hear(event_about(mail, kind, NOW, FROM))
    (alert,) = counter.outbox
    assert alert.to == COORDINATOR
    assert alert.subject == "Tietojen ylläpidon viesti ei ehkä mennyt perille"
    assert "Yhdistys: Savon Esimerkkiyhdistys ry" in alert.text
    assert "Viesti lähetettiin: maanantaina 23.11.2026 klo 11.00" in alert.text
    assert "yhteydenottopyyn" not in alert.text.lower()
    assert mail.to not in alert.text + alert.html


def test_only_the_coordinator_is_alerted_of_a_residents_request(counter: Counter) -> None:
    counter.refer(**RESIDENT)
    counter.hear(event_about(counter.outbox.pop(), "Bounce", NOW, FROM))
    assert [alert.to for alert in counter.outbox] == [COORDINATOR]


@pytest.mark.parametrize("encode", [json.dumps, dict], ids=["text", "object"])
@pytest.mark.parametrize("tell", [dict, as_identity_notification], ids=["configuration set", "identity"])
def test_event_is_understood_in_every_form_it_comes_in(counter: Counter, mail: Mail, encode: Any, tell: Any) -> None:
    counter.hear(notified(encode(tell(message_about(mail)))))
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR]


def test_identity_notification_without_headers_alerts_the_coordinator(counter: Counter, mail: Mail) -> None:
    message = as_identity_notification(message_about(mail))
    del message["mail"]["headers"]
    counter.hear(notified(message))
    assert [alert.to for alert in counter.outbox] == [COORDINATOR]
    assert "Viite: ei tiedossa" in counter.outbox[0].text
    assert "Yhdistys: Savon Esimerkkiyhdistys ry" in counter.outbox[0].text


def test_repeated_event_alerts_once(counter: Counter, mail: Mail) -> None:
    event = event_about(mail, "Bounce", NOW, FROM)
    for _ in range(3):
        counter.hear(event)
    counter.hear({"Records": event["Records"] * 3})
    assert len(counter.outbox) == 2


def test_event_with_several_recipients_alerts_once(counter: Counter, mail: Mail) -> None:
    message = message_about(mail, destination=[MAILBOX, "toinen@savon-esimerkki.example.fi"])
    message["bounce"]["bouncedRecipients"] *= 3
    counter.hear(notified(message))
    assert len(counter.outbox) == 2


def test_events_in_any_order_are_each_told_once(counter: Counter, mail: Mail) -> None:
    for kind in ("Complaint", "Bounce", "DeliveryDelay", "Bounce", "DeliveryDelay"):
        counter.hear(event_about(mail, kind, NOW, FROM))
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR] * 3


def test_several_records_are_all_heard(counter: Counter) -> None:
    counter.refer()
    counter.refer(**RESIDENT)
    first, second = counter.outbox
    counter.outbox.clear()
    counter.hear(notified(message_about(first), "not JSON", message_about(second)))
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR, COORDINATOR]


@pytest.mark.parametrize("kind", ["Delivery", "Send", "Open", "Click", "Rendering Failure", "", None, 7, ["Bounce"]])
def test_other_events_alert_nobody(counter: Counter, mail: Mail, kind: Any) -> None:
    counter.hear(notified({**message_about(mail), "eventType": kind}))
    assert counter.outbox == []


@pytest.mark.parametrize("kind", KINDS)
def test_alert_that_bounces_alerts_nobody(counter: Counter, mail: Mail, kind: str) -> None:
    counter.hear(event_about(mail, "Bounce", NOW, FROM))
    alerted = list(counter.outbox)
    for alert in alerted:
        counter.hear(event_about(alert, kind, NOW, FROM))
        counter.hear(notified(as_identity_notification(message_about(alert, kind))))
        counter.hear(notified(message_about(alert, kind, headers=None)))
    assert counter.outbox == alerted


def test_automatic_mail_to_an_associations_mailbox_alerts_nobody(counter: Counter, mail: Mail) -> None:
    headers = [header("auto-submitted", "auto-replied"), header("X-Tarjotin-Viite", mail.tags["viite"])]
    counter.hear(notified(message_about(mail, headers=headers)))
    assert counter.outbox == []


def test_mail_that_is_not_ours_alerts_nobody(counter: Counter, mail: Mail) -> None:
    counter.hear(notified(message_about(mail, tags={}, destination=["joku@example.org"])))
    assert counter.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "x@example.org",
        "x@pohjois-savo.example.fi.example.org",
        "x@example.org, maija@pohjois-savo.example.fi",
        "maija@pohjois-savo.example.fi\r\nBcc: x@example.org",
        "Maija <maija@pohjois-savo.example.fi>",
        "=?utf-8?q?x?=@pohjois-savo.example.fi",
        "",
    ],
)
def test_no_alert_goes_to_a_stranger(counter: Counter, mail: Mail, address: str) -> None:
    headers = [header("X-Tarjotin-Sender", address), header("X-Tarjotin-Viite", mail.tags["viite"])]
    counter.hear(notified(message_about(mail, headers=headers)))
    assert [alert.to for alert in counter.outbox] == [COORDINATOR]


@pytest.mark.parametrize("reference", ["HT-0000-00", "x\r\nBcc: y", "0401234567", ""])
def test_false_reference_is_not_repeated(counter: Counter, mail: Mail, reference: str) -> None:
    headers = [header("X-Tarjotin-Viite", reference)]
    counter.hear(notified(message_about(mail, headers=headers, tags={"organisation": [ORGANISATION]})))
    assert counter.outbox[0].subject == "Yhteydenottopyyntö ei ehkä mennyt perille:"
    assert "Viite: ei tiedossa" in counter.outbox[0].text


def test_alert_that_did_not_leave_is_tried_again_and_only_that(counter: Counter, mail: Mail) -> None:
    event = event_about(mail, "Bounce", NOW, FROM)
    counter.mailer.mood = "not_sent"
    with pytest.raises(alerts.AlertsNotSent):
        counter.hear(event)
    counter.mailer.mood = "ok"
    counter.hear(event)
    counter.hear(event)
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR]


def test_alert_that_may_have_left_is_not_sent_again(counter: Counter, mail: Mail) -> None:
    counter.mailer.mood = "uncertain"
    counter.hear(event_about(mail, "Bounce", NOW, FROM))
    counter.mailer.mood = "ok"
    with pytest.raises(alerts.AlertsNotSent):  # a person is to look at it
        counter.hear(event_about(mail, "Bounce", NOW, FROM))
    assert [alert.to for alert in counter.outbox] == [SENDER, COORDINATOR]


def test_alert_without_the_store_is_tried_again(counter: Counter, mail: Mail) -> None:
    counter.store.failing = {"put_new"}
    with pytest.raises(alerts.AlertsNotSent):
        counter.hear(event_about(mail, "Bounce", NOW, FROM))
    assert counter.outbox == []


def test_failure_says_nothing_of_the_event(counter: Counter, mail: Mail) -> None:
    counter.mailer.mood = "not_sent"
    with pytest.raises(alerts.AlertsNotSent) as failed:
        counter.hear(event_about(mail, "Bounce", NOW, FROM))
    assert failed.value.args == ()
    assert failed.value.__cause__ is None


@pytest.mark.parametrize("event", [{"Records": None}, {"Records": 7}], ids=["null", "number"])
def test_unreadable_notification_fails_without_its_words(counter: Counter, event: dict[str, Any]) -> None:
    with pytest.raises(alerts.AlertsNotSent):
        counter.hear(event)


JSON_VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
PARTS = ("headers", "tags", "destination", "timestamp", "messageId")


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from(PARTS), JSON_VALUES), JSON_VALUES)
def test_odd_events_alert_nobody_but_those_who_should_know(changes: dict[str, Any], odd: Any) -> None:
    counter = Counter()
    counter.refer()
    mail = counter.outbox.pop()
    counter.hear(notified(message_about(mail, **changes), odd, {"eventType": "Bounce", "mail": odd}))
    assert {alert.to for alert in counter.outbox} <= {SENDER, COORDINATOR}
