"""The packed function in AWS's own runtime emulator, against a mail service and a store that fail over HTTP.

Each call meets a function that has just started, as nearly every request does at AWS; two calls at once crash the emulator, so
twenty at once are tried in test_aws.py.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.emulator import Unavailable, call, fetch_emulator
from generator.building.output import write_private
from generator.packing.referral_function import RECORD, package_function
from tests.builders import ROOT
from tests.referral.builders import (
    FROM,
    SECRETS,
    SITE,
    post_event,
    solved_for,
    written_organisation,
    written_recipients,
    written_request,
)
from tests.referral.fake_dynamodb import TABLE, FakeDynamoDb
from tests.referral.fake_ses import FakeSes, Mood

CLIENT = {"client_name": "Kanarialintu", "phone": "0401234567", "note": "Laulaa aamuisin."}


@dataclass
class Lambda:
    """The function as it would run at AWS."""

    emulator: Path
    folder: Path
    environment: dict[str, str]
    log: str = ""

    def send(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        event = json.dumps(post_event("/api/ohjaus", body)).encode()
        raw, written = call(self.emulator, self.folder, "lambda_referral.entry.handler", self.environment, event)
        self.log += written
        answer = json.loads(raw)
        return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The emulator, and the folder of the unpacked zip."""
    pytest.importorskip("awslambdaric", reason="The Lambda runtime client is for Linux only.")
    try:
        emulator = fetch_emulator(ROOT / ".tools")
    except Unavailable as reason:
        pytest.skip(f"No Lambda emulator: {reason}")
    build, folder = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("task")
    organisation = written_organisation(pauses=[], stale_after="2999-12-31")  # the function reads the real clock here
    write_private(build, RECORD, written_recipients(organisations={"savon-esimerkki": organisation}))
    with zipfile.ZipFile(package_function(build, compiled=True).path) as archive:
        archive.extractall(folder)
    return emulator, folder


@pytest.fixture
def dynamodb() -> Iterator[FakeDynamoDb]:
    with FakeDynamoDb() as store:
        yield store


@pytest.fixture
def function(unpacked: tuple[Path, Path], fake_ses: FakeSes, dynamodb: FakeDynamoDb) -> Lambda:
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_REGION": "eu-north-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "15",
        "AWS_ENDPOINT_URL_SESV2": fake_ses.url,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.url,
        "TABLE": TABLE,
        "CONFIGURATION_SET": "tarjotin",
        "FROM_ADDRESS": FROM,
        "SECRETS": SECRETS[0].decode(),
        "RECIPIENTS": RECORD,
        "SITE": SITE,
    }
    return Lambda(*unpacked, environment)


@pytest.mark.parametrize(
    ("mood", "first", "again", "mails"),
    [
        pytest.param("ok", 202, 202, 1, id="accepted"),
        pytest.param("throttle", 503, 202, 1, id="throttled"),
        pytest.param("refuse", 503, 202, 1, id="refused"),
        pytest.param("broken", 502, 409, 0, id="5xx"),
        pytest.param("close", 502, 409, 1, id="closed after the mail was taken"),
        pytest.param("late", 502, 409, 1, id="late"),
    ],
)
def test_packed_function_sends_one_mail_at_most(
    function: Lambda, fake_ses: FakeSes, dynamodb: FakeDynamoDb, mood: Mood, first: int, again: int, mails: int
) -> None:
    raw = written_request(**CLIENT)
    asked = {**raw, "proof": solved_for(raw["organisation"], raw["key"], datetime.now(UTC))}
    fake_ses.mood = mood
    assert function.send(asked)[0] == first
    fake_ses.mood = "ok"
    assert function.send(asked)[0] == again
    assert len(fake_ses.accepted) == mails
    kept = json.dumps(dynamodb.client.scan(TableName=TABLE)["Items"])
    assert not [told for told in ("Kanarialintu", "0401234567", "401234567", "Laulaa") if told in function.log + kept]
