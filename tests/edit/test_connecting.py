"""The service as it runs at AWS: over GitHub, by what the environment says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.content import blob_name, parse_yaml
from lambda_common.services import Connection, Services
from lambda_edit.connecting import connect_forges
from lambda_edit.desk import organisation_path
from lambda_edit.github import GitHub
from lambda_edit.handler import make_app
from tests.edit.builders import (
    FILE,
    FROM,
    NEW_PHONE,
    PHONE,
    SLUG,
    Office,
    call_another_number,
    new_key,
    post_event,
    private_files,
    public_files,
    read_lines,
    written_region,
)
from tests.edit.fake_github import MAIN, REPOSITORY, TOKEN, FakeGitHub
from tests.edit.fake_kms import FakeKms

PATH = organisation_path(SLUG)


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub() as github:
        github.push(MAIN, {**public_files(), **private_files()}, "Alku")
        yield github
        assert github.faults == []


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 15_000


class Function:
    """The function as AWS calls it."""

    def __init__(self, github: FakeGitHub, folder: Path, **environment: str) -> None:
        record = folder / "edit.json"
        record.write_text(json.dumps(written_region()), "utf-8")
        self.office = Office()
        services = Services(self.office.mailer, self.office.store, lambda: self.office.now)
        self._invoke = make_app(
            {
                "REGION": str(record),
                "SECRETS": "a-secret-of-thirty-two-characters",
                "FROM_ADDRESS": FROM,
                "REPOSITORY": REPOSITORY,
                "GITHUB_URL": github.url,
                **environment,
            },
            lambda _: Connection(services, lambda: None),
            connect_forges,
        )

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        answer = self._invoke(post_event(path, body), Context())
        return answer["statusCode"], json.loads(answer["body"])

    def edit(self, change: Any, **more: Any) -> tuple[int, dict[str, Any]]:
        written, key = parse_yaml(FILE), new_key()
        change(written)
        body = {"key": key, "slug": SLUG, "base": blob_name(FILE.encode()), "token": self.office.token(), "written": written}
        return self.post("/api/muokkaus", {**body, "proof": self.office.proof(SLUG, key), **more})

    def decide(self, action: str, **more: Any) -> tuple[int, dict[str, Any]]:
        token = self.office.token("approve", "", 1, "koordinaattori@example.fi")
        return self.post("/api/hyvaksynta", {"token": token, "action": action, **more})

    def approve(self) -> tuple[int, dict[str, Any]]:
        [one] = self.decide("list")[1]["proposals"]
        return self.decide("approve", id=one["id"], head=one["head"])


def test_edit_becomes_a_pull_request_and_a_commit(github: FakeGitHub, tmp_path: Path) -> None:
    function = Function(github, tmp_path, GITHUB_TOKEN=TOKEN)
    assert function.edit(call_another_number)[1]["code"] == "waiting"
    [pull] = github.open_pulls
    assert pull["title"] == f"[{SLUG}] Muuttaa tietoja: yhteystiedot"
    assert function.approve()[0] == 200
    changed = github.text(PATH)
    assert changed
    assert read_lines(FILE, changed) == [
        f"-    phone: {PHONE}  # päivystetään arkisin",
        f'+    phone: "{NEW_PHONE}"  # päivystetään arkisin',
    ]
    assert github.messages()[0].startswith(f"[{SLUG}] Muuttaa tietoja: yhteystiedot")
    assert github.orphans() == []
    assert len(function.office.outbox) == 2


def test_strangers_proposal_is_labelled(github: FakeGitHub, tmp_path: Path) -> None:
    function = Function(github, tmp_path, GITHUB_TOKEN=TOKEN)
    assert function.edit(call_another_number, token="")[0] == 202
    [one] = function.decide("list")[1]["proposals"]
    assert (one["id"], one["is_verified"]) == (f"ehdotukset/{SLUG}", False)


def test_addresses_wait_and_stand_in_no_text(github: FakeGitHub, tmp_path: Path) -> None:
    function = Function(github, tmp_path, GITHUB_TOKEN=TOKEN)
    assert function.edit(call_another_number, addresses={"referral_email": "uusi@x.example.fi"})[0] == 202
    assert function.approve() == (409, {"code": "awaiting", "awaiting": ["old_address", "new_address"]})
    [pull] = github.open_pulls
    assert "uusi@x.example.fi" not in json.dumps(pull)


@pytest.mark.parametrize("call", range(30))
def test_same_request_completes_the_work_after_a_fault_at_any_call(github: FakeGitHub, tmp_path: Path, call: int) -> None:
    function = Function(github, tmp_path, GITHUB_TOKEN=TOKEN)
    github.moods = {call: "broken"}
    key, written = new_key(), parse_yaml(FILE)
    call_another_number(written)
    body = {"key": key, "slug": SLUG, "base": blob_name(FILE.encode()), "token": function.office.token(), "written": written}
    body["proof"] = function.office.proof(SLUG, key)
    first, told = function.post("/api/muokkaus", body)
    assert first in (202, 503), told
    status, again = function.post("/api/muokkaus", body)
    assert (status, again["code"]) == (202, "waiting")
    assert len(github.open_pulls) == 1
    assert github.orphans() == []


def test_app_signs_with_a_key_that_the_function_never_sees(github: FakeGitHub, tmp_path: Path) -> None:
    with FakeKms() as kms:
        function = Function(
            github,
            tmp_path,
            GITHUB_APP="12345",
            GITHUB_INSTALLATION="67890",
            GITHUB_KEY=kms.key,
            AWS_ENDPOINT_URL_KMS=kms.url,
            AWS_REGION="eu-north-1",
            AWS_ACCESS_KEY_ID="tests",
            AWS_SECRET_ACCESS_KEY="tests",
        )
        assert function.edit(call_another_number)[0] == 202
    assert github.calls[0] == "POST /app/installations/67890/access_tokens"
    assert len(github.open_pulls) == 1


def test_addresses_can_live_in_a_repository_of_their_own(github: FakeGitHub) -> None:
    environment = {"REPOSITORY": REPOSITORY, "GITHUB_URL": github.url, "GITHUB_TOKEN": TOKEN}
    public, private = connect_forges(environment)
    assert public is private
    public, private = connect_forges({**environment, "PRIVATE_REPOSITORY": "esimerkkialue/osoitteet"})
    assert isinstance(public, GitHub)
    assert isinstance(private, GitHub)
    assert (public.repository.name, private.repository.name) == (REPOSITORY, "esimerkkialue/osoitteet")


@pytest.mark.parametrize("missing", ["REPOSITORY", "GITHUB_APP", "GITHUB_INSTALLATION", "GITHUB_KEY"])
def test_missing_setting_stops_the_start(missing: str) -> None:
    whole = {
        "REPOSITORY": REPOSITORY,
        "GITHUB_APP": "1",
        "GITHUB_INSTALLATION": "2",
        "GITHUB_KEY": "3",
        "AWS_REGION": "eu-north-1",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
    }
    connect_forges(whole)
    with pytest.raises(KeyError, match=missing):
        connect_forges({name: value for name, value in whole.items() if name != missing})
