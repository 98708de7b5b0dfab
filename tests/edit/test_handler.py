"""The routes, and what happens at their edges."""

import json
from typing import Any

import pytest

from lambda_common.challenge import ID
from lambda_common.local import http_event
from lambda_common.services import Connection, Services
from lambda_edit.handler import ROUTES, make_app
from tests.edit.builders import FROM, SITE, SLUG, Office, call_another_number, new_key, post_event, written_region

POSTS = sorted(ROUTES)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_nothing_is_done_but_by_post(office: Office, path: str, method: str) -> None:
    assert office.call(http_event(method, path, {"origin": SITE})) == (405, {"code": "method"})
    assert office.public.calls == []


@pytest.mark.parametrize("path", POSTS)
def test_other_sites_are_refused_everywhere(office: Office, path: str) -> None:
    assert office.post(path, {}, origin="https://muu.example.org") == (403, {"code": "origin"})
    assert office.post(path, {}, sec_fetch_site="cross-site") == (403, {"code": "origin"})
    assert office.post(path, {}, content_type="text/plain") == (415, {"code": "content_type"})


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"null", b"{", b"\xff", b"NaN"], ids=repr)
def test_body_that_is_no_object_is_refused_everywhere(office: Office, path: str, body: bytes) -> None:
    assert office.post(path, body) == (400, {"code": "json"})


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body", [{}, {"x": 1}, {"token": 5}, {"slug": ["x"]}, {"token": "x" * 5000}], ids=lambda one: repr(one)[:20]
)
def test_body_without_its_fields_is_told_by_field(office: Office, path: str, body: dict[str, Any]) -> None:
    status, told = office.post(path, body)
    assert (status, told["code"]) == (422, "invalid")
    assert all(problem.keys() == {"field", "message"} for problem in told["problems"])


@pytest.mark.parametrize("path", ["/", "/api/", "/api/muokkaus/", "/api/tuntematon", "/api/../muokkaus"])
def test_unknown_path_is_not_found(office: Office, path: str) -> None:
    assert office.call(post_event(path, {})) == (404, {"code": "not_found"})


def test_challenge_is_given_for_any_id_also_of_one_that_joins(office: Office) -> None:
    for slug, status in ((SLUG, 200), ("uusi", 200), ("../x", 422), ("", 422), ("x" * 61, 422), ("A", 422)):
        event = http_event("GET", "/api/haaste", {}, query={"jarjesto": slug, "avain": new_key()})
        assert office.call(event)[0] == status, slug
        assert bool(ID.fullmatch(slug)) is (status == 200)


def test_log_tells_of_each_call_in_one_line(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    office.edit(call_another_number)
    office.edit(call_another_number, token="x")
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["event"], line["code"]) for line in lines] == [("muokkaus", "waiting"), ("muokkaus", "link")]
    assert lines[0]["organisation"] == SLUG
    assert lines[0]["reference"].startswith("ME-")
    assert lines[0].keys() == {"event", "reference", "organisation", "code", "ms"}


def test_answers_are_never_stored_by_a_cache(office: Office) -> None:
    from lambda_edit.handler import handle

    answer = handle(post_event("/api/muokkaus", {}), office.desk)
    assert answer["headers"]["Cache-Control"] == "no-store"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 15_000


def test_function_reads_its_settings_at_start_and_closes_its_connection(tmp_path: Any, office: Office) -> None:
    record = tmp_path / "edit.json"
    record.write_text(json.dumps(written_region()), "utf-8")
    closed: list[bool] = []
    connection = Connection(Services(office.mailer, office.store, lambda: office.now), lambda: closed.append(True))
    environment = {"REGION": str(record), "SECRETS": "s" * 32, "FROM_ADDRESS": FROM}
    invoke = make_app(environment, lambda _: connection, lambda _: (office.public, office.addresses))
    answer = invoke(http_event("GET", "/api/haaste", {}, query={"jarjesto": SLUG, "avain": new_key()}), Context())
    assert (answer["statusCode"], closed) == (200, [True])
    with pytest.raises(KeyError):
        make_app({}, lambda _: connection, lambda _: (office.public, office.addresses))
