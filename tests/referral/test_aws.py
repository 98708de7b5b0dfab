"""SES and DynamoDB over HTTP: what is sent is what the SDK would send, and no fault of theirs makes a second mail."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials as SdkCredentials

from lambda_common import aws
from lambda_common.aws import DynamoStore, Endpoint, SesMailer
from lambda_common.local import METHODS, LocalStore
from lambda_common.services import Item, Mail, NotSent, Services, StoreDown, Uncertain
from lambda_common.signature import Credentials, Scope, signed_headers
from lambda_referral.handler import make_app
from tests.referral.builders import (
    FROM,
    NOW,
    SECRETS,
    SENDER,
    SITE,
    Counter,
    http_event,
    post_event,
    solved,
    written_recipients,
    written_request,
)
from tests.referral.fake_dynamodb import TABLE, FakeDynamoDb
from tests.referral.fake_ses import FakeSes, Mood

TRUSTED = ssl.create_default_context()
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a-session-token")
MAIL = Mail(
    to="ohjaus@savon-esimerkki.example.fi",
    subject="Yhteydenottopyyntö HT-TGEZ-P7",
    text="Soita Äijälle 😀",
    html="<p>Soita Äijälle</p>",
    reply_to="ei-vastausta@tarjotin.example.fi",
    headers={"X-Tarjotin-Viite": "HT-TGEZ-P7", "Auto-Submitted": "auto-generated", "X-Tarjotin-Sender": SENDER},
    tags={"viite": "HT-TGEZ-P7", "organisation": "savon-esimerkki"},
)


def endpoint(url: str, service: str = "ses", connect_seconds: float = 5, answer_seconds: float = 5) -> Endpoint:
    return Endpoint(url, Scope("eu-north-1", service), CREDENTIALS, TRUSTED, connect_seconds, answer_seconds)


def mailer_at(url: str, **seconds: float) -> SesMailer:
    return SesMailer(endpoint(url, **seconds), FROM, "tarjotin")


@pytest.fixture(scope="module")
def table() -> Iterator[FakeDynamoDb]:
    with FakeDynamoDb() as dynamodb:
        yield dynamodb


@pytest.fixture
def dynamodb(table: FakeDynamoDb) -> FakeDynamoDb:
    table.moods.clear()
    table.calls.clear()
    for item in table.items():
        table.client.delete_item(TableName=TABLE, Key={"pk": item["pk"]})
    return table


def store_at(url: str) -> DynamoStore:
    return DynamoStore(endpoint(url, "dynamodb"), TABLE)


@pytest.fixture
def store(dynamodb: FakeDynamoDb) -> Iterator[DynamoStore]:
    line = endpoint(dynamodb.url, "dynamodb")
    yield DynamoStore(line, TABLE)
    line.close()


def item(attempt: str = "a", **changes: Any) -> Item:
    return Item(state="sending", attempt=attempt, expires=1_800_000_000, **changes)


# The requests themselves


@pytest.mark.parametrize("token", ["a-session-token", ""], ids=["with a session token", "without"])
@pytest.mark.parametrize("body", [b"", b'{"a":"\xc3\xa4"}'], ids=["empty", "letters"])
@pytest.mark.parametrize("service", ["ses", "dynamodb"])
def test_signature_is_the_sdks_own(monkeypatch: pytest.MonkeyPatch, service: str, body: bytes, token: str) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None))
    headers = {
        "host": "email.eu-north-1.amazonaws.com",
        "content-type": "application/json",
        "x-amz-target": "DynamoDB_20120810.GetItem",
    }
    request = AWSRequest("POST", f"https://{headers['host']}{aws.MAIL_PATH}", headers=headers, data=body)
    sdk = SdkCredentials(CREDENTIALS.key_id, CREDENTIALS.secret, token or None)
    botocore.auth.SigV4Auth(sdk, service, "eu-north-1").add_auth(request)
    ours = signed_headers(
        Credentials(CREDENTIALS.key_id, CREDENTIALS.secret, token),
        Scope("eu-north-1", service),
        aws.MAIL_PATH,
        headers,
        body,
        NOW,
    )
    assert ours["authorization"] == request.headers["Authorization"]
    assert ours["x-amz-date"] == request.headers["X-Amz-Date"]


def sdk_client(service: str, url: str) -> Any:
    names = {"region_name": "eu-north-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=url, config=Config(retries={"total_max_attempts": 1}), **names)


def test_mail_is_written_as_the_sdk_writes_it(fake_ses: FakeSes) -> None:
    mailer = mailer_at(fake_ses.url)
    mailer.send(MAIL)
    client = sdk_client("sesv2", fake_ses.url)
    client.send_email(**mailer._written(MAIL))  # refuses what SES's own model does not know
    client.close()
    ours, sdks = fake_ses.accepted
    assert ours == sdks
    assert fake_ses.paths == [aws.MAIL_PATH] * 2


def test_mail_has_one_recipient_and_no_copies(fake_ses: FakeSes) -> None:
    mailer_at(fake_ses.url).send(MAIL)
    (sent,) = fake_ses.accepted
    assert sent["Destination"] == {"ToAddresses": [MAIL.to]}
    assert sent["ReplyToAddresses"] == ["ei-vastausta@tarjotin.example.fi"]
    assert sent["FromEmailAddress"] == FROM
    assert sent["ConfigurationSetName"] == "tarjotin"
    assert sent["Content"]["Simple"]["Subject"] == {"Data": MAIL.subject, "Charset": "UTF-8"}
    assert sent["Content"]["Simple"]["Body"]["Text"]["Data"] == MAIL.text
    assert {one["Name"] for one in sent["Content"]["Simple"]["Headers"]} == set(MAIL.headers)


# Mails that fail


@pytest.mark.parametrize("mood", ["throttle", "refuse", "forbidden"])
def test_refused_mail_is_not_sent(fake_ses: FakeSes, mood: Mood) -> None:
    fake_ses.mood = mood
    with pytest.raises(NotSent):
        mailer_at(fake_ses.url).send(MAIL)
    assert (fake_ses.requests, fake_ses.accepted) == (1, [])


@pytest.mark.parametrize("mood", ["late", "close", "cut_short", "garbage", "broken", "unavailable"])
def test_mail_without_a_clear_answer_is_uncertain_and_asked_for_once(fake_ses: FakeSes, mood: Mood) -> None:
    fake_ses.mood = mood
    with pytest.raises(Uncertain):
        mailer_at(fake_ses.url, answer_seconds=0.2).send(MAIL)
    assert fake_ses.requests == 1


def test_mail_is_not_sent_when_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            mailer_at(f"http://127.0.0.1:{unused.getsockname()[1]}").send(MAIL)


def test_mail_is_not_sent_when_the_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        mailer_at("https://email.eu-north-1.amazonaws.com").send(MAIL)


def test_mail_is_not_sent_when_the_connection_takes_too_long() -> None:
    """A queue of one that is full: the connection is never made."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        with pytest.raises(NotSent):
            mailer_at(f"http://127.0.0.1:{server.getsockname()[1]}", connect_seconds=0.2).send(MAIL)


def test_mail_is_not_sent_without_a_trusted_certificate(fake_ses: FakeSes) -> None:
    with pytest.raises(NotSent):
        mailer_at(fake_ses.url.replace("http:", "https:")).send(MAIL)
    assert fake_ses.requests == 0


def test_connection_that_died_in_a_freeze_is_not_used_again(fake_ses: FakeSes) -> None:
    mailer = mailer_at(fake_ses.url)
    mailer.send(MAIL)
    fake_ses.drop_connections()
    mailer.send(MAIL)
    assert len(fake_ses.accepted) == 2


# The store


def test_item_is_kept_as_it_was_put(store: DynamoStore) -> None:
    kept = item(fingerprint="ff", organisation="savon-esimerkki", activity="ryhma", due="2026-11-26")
    assert store.put_new("r#1", kept)
    assert store.get("r#1") == kept
    assert store.get("r#2") is None


def test_taken_key_is_not_taken_again(store: DynamoStore) -> None:
    assert store.put_new("r#1", item("a"))
    assert not store.put_new("r#1", item("b"))
    assert store.get("r#1") == item("a")


def test_state_changes_only_where_something_is(store: DynamoStore) -> None:
    store.put_new("r#1", item())
    store.set_state("r#1", "sent")
    store.set_state("r#2", "sent")
    assert store.get("r#1") == Item("sent", "a", 1_800_000_000)
    assert store.get("r#2") is None


def test_only_ones_own_attempt_is_deleted(store: DynamoStore) -> None:
    store.put_new("r#1", item("a"))
    store.delete("r#1", "b")
    assert store.get("r#1") is not None
    store.delete("r#1", "a")
    store.delete("r#1", "a")
    assert store.get("r#1") is None


def test_counter_stops_at_its_limit_and_may_be_taken_back(store: DynamoStore) -> None:
    assert [store.count("d#1", 2, 1_800_000_000) for _ in range(3)] == [True, True, False]
    store.uncount("d#1")
    assert store.count("d#1", 2, 1_800_000_000)
    store.uncount("d#2")


NAMES = ("11.requests", "HT-7K3M-9Q", "pk-like #name", "ä")


@pytest.mark.parametrize("kind", ["dynamodb", "local"])
def test_sheet_holds_numbers_that_grow_and_texts_that_come_and_go(kind: str, store: DynamoStore) -> None:
    kept = store if kind == "dynamodb" else LocalStore()
    assert kept.read("c#1") == {}
    kept.add("c#1", dict.fromkeys(NAMES[:2], 1), 1_800_000_000)
    kept.add("c#1", {NAMES[0]: 2}, 1_800_000_000)
    for name in NAMES[2:]:
        kept.note("c#1", name, f'["{name}"]', 1_800_000_000)
    assert kept.read("c#1") == {NAMES[0]: "3", NAMES[1]: "1", **{name: f'["{name}"]' for name in NAMES[2:]}}
    assert kept.amend("c#1", "ä", "muu")
    kept.drop("c#1", NAMES[2])
    assert not kept.amend("c#1", NAMES[2], "muu")
    assert kept.read("c#1") == {NAMES[0]: "3", NAMES[1]: "1", "ä": "muu"}


@pytest.mark.parametrize("kind", ["dynamodb", "local"])
def test_dropping_from_what_is_not_there_leaves_nothing_behind(kind: str, store: DynamoStore, dynamodb: FakeDynamoDb) -> None:
    kept = store if kind == "dynamodb" else LocalStore()
    kept.drop("w#1", "HT-7K3M-9Q")
    assert not kept.amend("w#1", "HT-7K3M-9Q", "muu")
    assert kept.read("w#1") == {}
    assert dynamodb.items() == []


def test_numbers_added_at_once_are_all_counted_in_the_preview() -> None:
    """DynamoDB's own ADD is one step; memory has to see to it."""
    store = LocalStore()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.add("c#1", {"a": 1, "b": 2}, 1_800_000_000), range(200)))
    assert store.read("c#1") == {"a": "200", "b": "400"}


def test_table_can_be_opened_for_reading_without_a_mail_service(dynamodb: FakeDynamoDb, store: DynamoStore) -> None:
    store.add("c#1", {"a": 1}, 1_800_000_000)
    environment = {"AWS_REGION": "eu-north-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "TABLE": TABLE}
    with aws.open_table({**environment, "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.url}) as table:
        assert table.read("c#1") == {"a": "1"}


def test_everything_that_is_kept_has_an_end(store: DynamoStore, dynamodb: FakeDynamoDb) -> None:
    store.put_new("r#1", item())
    store.count("d#1", 2, 1_800_000_000)
    store.add("c#1", {"a": 1}, 1_800_000_000)
    store.note("w#1", "a", "b", 1_800_000_000)
    assert {kept["exp"]["N"] for kept in dynamodb.items()} == {"1800000000"}


@pytest.mark.parametrize("mood", ["down", "close", "garbage"])
@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.get("r#1"),
        lambda store: store.put_new("r#1", item()),
        lambda store: store.set_state("r#1", "sent"),
        lambda store: store.delete("r#1", "a"),
        lambda store: store.count("d#1", 1, 1),
        lambda store: store.uncount("d#1"),
        lambda store: store.add("c#1", {"a": 1}, 1),
        lambda store: store.note("w#1", "a", "b", 1),
        lambda store: store.amend("w#1", "a", "b"),
        lambda store: store.drop("w#1", "a"),
        lambda store: store.read("w#1"),
    ],
    ids=METHODS,
)
def test_failing_store_says_so_and_works_again(
    store: DynamoStore, dynamodb: FakeDynamoDb, mood: Any, use: Callable[..., Any]
) -> None:
    dynamodb.moods[""] = mood
    with pytest.raises(StoreDown):
        use(store)
    dynamodb.moods.clear()
    use(store)
    assert len(dynamodb.calls) == 2


def test_unreachable_store_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(StoreDown):
            store_at(f"http://127.0.0.1:{unused.getsockname()[1]}").get("r#1")


# The whole function, with both


def counter_at(ses: FakeSes, dynamodb: FakeDynamoDb, answer_seconds: float = 5) -> tuple[Counter, Endpoint]:
    """The function with connections of its own, as one running copy of it has; the endpoint is to be closed."""
    line = endpoint(dynamodb.url, "dynamodb")
    services = Services(mailer_at(ses.url, answer_seconds=answer_seconds), DynamoStore(line, TABLE), lambda: NOW)
    return Counter(services=services), line


FAULTS: dict[str, tuple[Mood, dict[str, Any]]] = {
    "nothing fails": ("ok", {}),
    "SES is late": ("late", {}),
    "SES closes": ("close", {}),
    "SES cuts its answer short": ("cut_short", {}),
    "SES answers garbage": ("garbage", {}),
    "SES breaks": ("broken", {}),
    "SES throttles": ("throttle", {}),
    "SES refuses": ("refuse", {}),
    "store fails after sending": ("ok", {"UpdateItem": "down"}),
    "claim is written but the answer is lost": ("ok", {"PutItem": "done_but_lost"}),
    "claim is lost and cannot be removed": ("ok", {"PutItem": "done_but_lost", "DeleteItem": "down"}),
    "claim cannot be removed": ("refuse", {"DeleteItem": "down"}),
    "store is down": ("ok", {"": "down"}),
}


@pytest.mark.parametrize(("mood", "moods"), FAULTS.values(), ids=FAULTS)
def test_no_fault_makes_two_mails_of_one_key(
    fake_ses: FakeSes, dynamodb: FakeDynamoDb, mood: Mood, moods: dict[str, Any]
) -> None:
    counter, line = counter_at(fake_ses, dynamodb, answer_seconds=0.2 if mood == "late" else 5)
    asked = counter.prove(written_request())
    fake_ses.mood = mood
    dynamodb.moods.update(moods)
    first, _ = counter.send(asked)
    second, _ = counter.send(asked)
    fake_ses.mood = "ok"
    dynamodb.moods.clear()
    third, _ = counter.send(asked)
    line.close()
    assert {first, second, third} <= {202, 409, 502, 503}
    assert len(fake_ses.accepted) <= 1
    assert (third == 202) is (len(fake_ses.accepted) == 1 and first in (202, 503))


def test_twenty_at_once_make_one_request_to_ses(fake_ses: FakeSes, dynamodb: FakeDynamoDb) -> None:
    asked = Counter().prove(written_request())
    copies = [counter_at(fake_ses, dynamodb) for _ in range(20)]
    started = threading.Barrier(20)

    def send(counter: Counter) -> int:
        started.wait()
        return counter.send(asked)[0]

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(send, [counter for counter, _ in copies]))
    for _, line in copies:
        line.close()
    assert fake_ses.requests == 1
    assert statuses.count(202) >= 1
    assert set(statuses) <= {202, 409}


def test_function_starts_from_its_environment_and_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_ses: FakeSes, dynamodb: FakeDynamoDb
) -> None:
    file = tmp_path / "recipients.json"
    file.write_text(json.dumps(written_recipients()), "utf-8")
    environment = {
        "AWS_REGION": "eu-north-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL_SESV2": fake_ses.url,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.url,
        "TABLE": TABLE,
        "CONFIGURATION_SET": "tarjotin",
        "FROM_ADDRESS": FROM,
        "SECRETS": SECRETS[0].decode(),
        "RECIPIENTS": str(file),
        "SITE": SITE,
    }
    invoke = make_app(environment, aws.connect)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 15_000)
    monkeypatch.setattr(aws, "datetime", SimpleNamespace(now=lambda zone: datetime.now(zone).replace(2026, 11, 23)))
    raw = written_request()
    query = {"jarjesto": raw["organisation"], "avain": raw["key"]}
    challenged = invoke(http_event("GET", "/api/haaste", {}, query=query), context)
    assert challenged is not None
    proof = solved(json.loads(challenged["body"])["challenge"])
    answer = invoke(post_event("/api/ohjaus", {**raw, "proof": proof}), context)
    assert answer is not None
    assert answer["statusCode"] == 202
    assert len(fake_ses.accepted) == 1


def test_function_about_to_be_stopped_sends_nothing(fake_ses: FakeSes, dynamodb: FakeDynamoDb) -> None:
    counter, line = counter_at(fake_ses, dynamodb)
    assert counter.services is not None
    counter.services = Services(counter.services.mailer, counter.services.store, lambda: NOW, seconds_left=lambda: 8.0)
    assert counter.refer()[0] == 503
    line.close()
    assert fake_ses.requests == 0
