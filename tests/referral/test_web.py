"""HTTP: who may ask, how, and what every answer looks like."""

from typing import Any

import pytest

from lambda_common.services import Services
from lambda_referral.handler import ROUTES, handle
from tests.referral.builders import NOW, ORGANISATION, SITE, Counter, in_base64, new_key, post_event, written_request

POSTS = [path for path, methods in ROUTES.items() if "POST" in methods]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "application/json; charset=latin-1",
    ],
)
def test_only_json_is_taken(counter: Counter, path: str, kind: str) -> None:
    assert counter.post(path, {}, content_type=kind) == (415, {"code": "content_type"})


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
def test_json_is_taken_as_browsers_name_it(counter: Counter, kind: str) -> None:
    assert counter.post("/api/ohjaus", {}, content_type=kind)[0] == 422


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": SITE + ".example.org"},
        {"origin": SITE.replace("https", "http")},
        {"origin": SITE + ":8443"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
    ],
    ids=lambda headers: " ".join(f"{name} {value}" for name, value in headers.items()),
)
def test_other_sites_are_refused(counter: Counter, path: str, headers: dict[str, str]) -> None:
    assert counter.post(path, {}, **headers) == (403, {"code": "origin"})


def test_request_without_origin_is_refused(counter: Counter) -> None:
    event = post_event("/api/ohjaus", {})
    del event["headers"]["origin"]
    assert counter.call(event) == (403, {"code": "origin"})


def test_old_browser_without_sec_fetch_site_is_heard(counter: Counter) -> None:
    event = post_event("/api/ohjaus", counter.prove(written_request()))
    del event["headers"]["sec-fetch-site"]
    assert counter.call(event)[0] == 202


def test_other_site_gets_no_challenge(counter: Counter) -> None:
    event = post_event("/api/haaste", b"", origin="https://example.org")
    event["requestContext"]["http"]["method"] = "GET"
    assert counter.call(event) == (403, {"code": "origin"})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "", "post"])
def test_other_methods_are_refused(counter: Counter, method: str) -> None:
    event = post_event("/api/ohjaus", counter.prove(written_request()))
    event["requestContext"]["http"]["method"] = method
    assert counter.call(event) == (405, {"code": "method"})
    assert counter.outbox == []


@pytest.mark.parametrize(
    "path", ["/", "/api/", "/api/ohjaus/", "/api/ohjaus/../ohjaus", "/API/OHJAUS", "/api/muokkaus", "//api/ohjaus"]
)
def test_other_paths_are_not_found(counter: Counter, path: str) -> None:
    assert counter.post(path, {}) == (404, {"code": "not_found"})


@pytest.mark.parametrize("body", [b"[" * 9 * 1024, b"a" * 1024 * 1024], ids=["9 KB", "1 MB"])
@pytest.mark.parametrize("encode", [dict, in_base64], ids=["plain", "base64"])
def test_large_body_is_refused(counter: Counter, body: bytes, encode: Any) -> None:
    assert counter.call(encode(post_event("/api/ohjaus", body))) == (413, {"code": "too_large"})


@pytest.mark.parametrize(
    "body", [b'{"a":' * 1300 + b"1" + b"}" * 1300, b'{"key":' + b"[" * 3000 + b"]" * 3000 + b"}"], ids=["objects", "lists"]
)
def test_deep_nesting_is_refused_whether_python_can_read_it_or_not(counter: Counter, body: bytes) -> None:
    assert counter.post("/api/ohjaus", body)[0] in (400, 422)


def test_body_in_base64_is_heard(counter: Counter) -> None:
    assert counter.call(in_base64(post_event("/api/ohjaus", counter.prove(written_request()))))[0] == 202


def test_large_body_is_refused_before_it_is_decoded(counter: Counter) -> None:
    event = {**post_event("/api/ohjaus", b""), "body": "!" * 1024 * 1024, "isBase64Encoded": True}
    assert counter.call(event) == (413, {"code": "too_large"})


@pytest.mark.parametrize("body", ["!!!", "e30", "ä", "e30=\n="])
def test_broken_base64_is_refused(counter: Counter, body: str) -> None:
    event = {**post_event("/api/ohjaus", b""), "body": body, "isBase64Encoded": True}
    assert counter.call(event) == (400, {"code": "json"})


@pytest.mark.parametrize("body", [b"\xff", b'{"key": "\xc3"}', b""], ids=["not UTF-8", "cut UTF-8", "empty"])
def test_unreadable_body_is_refused(counter: Counter, body: bytes) -> None:
    assert counter.post("/api/ohjaus", body) == (400, {"code": "json"})


def test_missing_body_is_refused(counter: Counter) -> None:
    event = {name: value for name, value in post_event("/api/ohjaus", b"").items() if name != "body"}
    assert counter.call(event) == (400, {"code": "json"})


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"requestContext": None},
        {"requestContext": {"http": {}}},
        {"requestContext": {"http": {"method": None, "path": []}}},
        {**post_event("/api/ohjaus", {}), "headers": None},
        {**post_event("/api/ohjaus", {}), "headers": []},
        {**post_event("/api/ohjaus", {}), "body": 7},
        {**post_event("/api/haaste", {}), "queryStringParameters": None},
    ],
)
def test_no_event_makes_the_function_fail(counter: Counter, event: dict[str, Any]) -> None:
    status, body = counter.call(event)
    assert status >= 400
    assert body.keys() == {"code"}


@pytest.mark.parametrize(
    "event",
    [post_event("/api/ohjaus", {}), post_event("/", {}), post_event("/api/ohjaus", b"["), {}, post_event("/api/peruutus", {})],
    ids=["422", "404", "400", "502", "422 cancelled"],
)
def test_every_answer_is_json_that_nobody_keeps(counter: Counter, event: dict[str, Any]) -> None:
    answer = handle(event, Services(counter.mailer, counter.store, lambda: NOW), counter.settings)
    assert answer is not None
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_challenge_needs_a_key_and_a_known_association(counter: Counter) -> None:
    assert counter.get("/api/haaste", jarjesto=ORGANISATION, avain="x") == (422, {"code": "invalid", "fields": {"key": "form"}})
    assert counter.get("/api/haaste", jarjesto="../x", avain=new_key()) == (422, {"code": "unknown"})
    assert counter.get("/api/haaste")[0] == 422
    assert counter.get("/api/haaste", jarjesto=ORGANISATION, avain=new_key())[0] == 200
