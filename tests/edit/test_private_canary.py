"""Nothing private, and nothing that a person wrote beside the public fields, reaches git, the log, the store or a stranger."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from lambda_common.services import Mail, Uncertain
from lambda_edit.desk import Desk
from tests.edit.builders import MAINTAINER, SLUG, Office, call_another_number, fill_up, new_key, post_event, token_in
from tests.edit.test_joining import written_request

# Each is nowhere else in the tests' region. Looked for in parts too: an address must not survive half.
NAMES = (
    "mailbox",
    "maintainer",
    "second",
    "activity",
    "moved",
    "newcomer",
    "joiner",
    "stranger",
    "note",
    "report",
    "reason",
    "asked",
)
PRIVATE = {name: f"zq{name}canary{name}zq" for name in NAMES}
FILE = f"""referral_email: {PRIVATE["mailbox"]}@x.example.fi
activity_emails: {{neuvonta: {PRIVATE["activity"]}@x.example.fi}}
data_maintainers: [{PRIVATE["maintainer"]}@x.example.fi, {PRIVATE["second"]}@x.example.fi]
link_generation: 2
"""


def address(name: str) -> str:
    return f"{PRIVATE[name]}@x.example.fi"


def found_in(text: str) -> set[str]:
    """Which canaries are there: as they are, in capitals, backwards, in hexadecimal or in base64."""
    lower = text.lower()
    shapes = {
        name: (
            word,
            word[::-1],
            word.encode().hex(),
            *(base64.b64encode(b"x" * pad + word.encode()).decode()[4:-4].lower() for pad in range(3)),
        )
        for name, word in PRIVATE.items()
    }
    return {name for name, words in shapes.items() if any(word in lower for word in words)}


@pytest.fixture
def office() -> Office:
    made = Office.of_two_forges()
    made.addresses.main[f"content/private/{SLUG}.yaml"] = FILE
    made.private = type(made.public)(made.addresses.main)
    return made


def token(office: Office, purpose: Any = "edit") -> str:
    return office.token(purpose, address=address("maintainer"))


def everything(office: Office) -> list[tuple[int, dict[str, Any]]]:
    """Every request in every way, as associations and strangers make them; what they are answered."""
    linked, noted = {"token": token(office)}, {"note": PRIVATE["note"]}
    joiners = {"data_maintainers": [address("joiner")], "referral_email": address("joiner")}
    report = {"slug": SLUG, "note": PRIVATE["report"], "email": address("stranger"), "proof": office.proof(SLUG, new_key())}
    told = [
        office.ask_link(address("maintainer")),
        office.ask_link(address("stranger")),
        office.post("/api/virhe", report),
        office.edit(call_another_number, **linked, **noted),
        office.edit(call_another_number, token="", **noted),
        office.edit(fill_up, **linked, **noted),
        office.edit(**linked, addresses={"referral_email": address("moved")}),
        office.edit(**linked, addresses={"data_maintainers": [address("maintainer"), address("newcomer")]}),
        office.edit(token="", addresses={"referral_email": address("stranger")}),
        office.confirm(token=token(office, "confirm")),
        office.edit(**written_request(addresses=joiners, **noted)),
        office.edit(call_another_number, token=f"{PRIVATE['stranger']}.x"),
        office.post("/api/osoite", {"token": PRIVATE["stranger"]}),
        office.post("/api/muokkaustila", {"slug": SLUG, "reference": PRIVATE["stranger"][:20]}),
        office.post("/api/hyvaksynta", {"token": PRIVATE["stranger"], "action": "list"}),
    ]
    questions = [token_in(mail) for mail in office.outbox if "/osoite/" in mail.text]
    return told + [office.post("/api/osoite", {"token": one}) for one in questions]


def decide_everything(office: Office) -> None:
    decide(office, "ask_more", note=PRIVATE["asked"])
    decide(office, "address_by_phone", number_called="017 0000 201", callers=["koordinaattori", "sijainen"])
    decide(office, "approve", register_checked=True)
    office.edit(lambda written: written.update(description="Toinen."), token="")
    decide(office, "return", reason=PRIVATE["reason"])


def decide(office: Office, action: str, **more: Any) -> None:
    """The same about everything that waits."""
    status, body = office.decide("list")
    for one in body.get("proposals", []) if status == 200 else []:
        office.decide(action, id=one["id"], head=one["head"], **more)


def public_things(office: Office) -> str:
    """Everything that a reader of the public repository sees, and what the private one tells besides its files."""
    return json.dumps([office.public.said, list(office.public._states.values()), office.addresses.said])


def test_the_canaries_do_travel(office: Office) -> None:
    everything(office)
    decide_everything(office)
    assert found_in("".join(mail.to + mail.text for mail in office.outbox)) == PRIVATE.keys() - {"activity"}
    assert {"moved", "newcomer"} <= found_in(repr(office.addresses._states))


def test_nothing_private_reaches_the_public_forge(office: Office) -> None:
    everything(office)
    decide_everything(office)
    assert found_in(public_things(office)) == set()


def test_one_forge_tells_nothing_private_outside_its_private_files() -> None:
    office = Office()
    office.public = type(office.public)({**office.public.main, f"content/private/{SLUG}.yaml": FILE})
    everything(office)
    decide_everything(office)
    assert found_in(json.dumps(office.public.said)) == set()
    public = [text for tree in office.public._states.values() for path, text in tree.items() if "/private/" not in path]
    assert found_in("".join(public)) == set()


def test_log_and_store_hold_nothing_private(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    everything(office)
    decide_everything(office)
    assert found_in(repr((office.store.items, office.store.counts))) == set()
    assert found_in("".join(capfd.readouterr())) == set()


def test_nobody_is_answered_with_what_they_did_not_send(office: Office) -> None:
    own = {"stranger"}
    assert found_in(json.dumps(everything(office))) <= own


def test_no_answer_or_header_of_a_mail_tells_of_others(office: Office) -> None:
    everything(office)
    decide_everything(office)
    for mail in office.outbox:
        assert found_in(repr((mail.subject, mail.headers, mail.tags, mail.reply_to))) == set()


FAULTS: dict[str, Callable[[Office], Any]] = {
    "proposals": lambda office: office.public.failing.add("proposals"),
    "read": lambda office: office.addresses.failing.add("read"),
    "propose": lambda office: office.addresses.failing.add("propose"),
    "merge": lambda office: office.public.failing.add("merge"),
    "late": lambda office: office.public.late.add("propose"),
    "mail": lambda office: setattr(office.mailer, "mood", "not_sent"),
    "uncertain mail": lambda office: setattr(office.mailer, "mood", "uncertain"),
    "store": lambda office: office.store.failing.add("put_new"),
    "count": lambda office: office.store.failing.add("count"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_fault_leaves_a_trace(office: Office, fault: Callable[[Office], Any], capfd: pytest.CaptureFixture[str]) -> None:
    fault(office)
    told = everything(office)
    decide_everything(office)
    assert all(status < 500 or body == {"code": "not_saved"} for status, body in told)
    assert found_in(public_things(office)) == set()
    assert found_in("".join(capfd.readouterr()) + repr((office.store.items, office.store.counts))) == set()


WITHIN = [
    "lambda_edit.proposal.read",
    "lambda_edit.proposal.work_on",
    "lambda_edit.proposal.rewrite",
    "lambda_edit.addresses.rewrite",
    "lambda_edit.addresses.questions",
    "lambda_edit.messages.as_html",
    "lambda_edit.notices.send_once",
    "lambda_edit.rights.read_link",
    "lambda_edit.linking.proven_key",
    "lambda_edit.handler.read_post",
    "lambda_edit.waiting.changes",
]


@pytest.mark.parametrize("target", WITHIN)
def test_unforeseen_error_leaves_no_trace(
    office: Office, target: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*what: object, **more: object) -> None:
        raise RuntimeError(repr((what, more)))

    monkeypatch.setattr(target, fail)
    told = everything(office)
    decide_everything(office)
    out = "".join(capfd.readouterr())
    assert '"code":"RuntimeError"' in out
    assert found_in(out) == set()
    assert found_in(public_things(office)) == set()
    assert all(body == {"code": "not_saved"} for status, body in told if status >= 500)


class Broken:
    def send(self, mail: Mail) -> None:
        raise Uncertain(repr(mail))


def test_mail_service_that_repeats_the_mail_in_its_error_leaves_no_trace(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    office.mailer = Broken()  # type: ignore[assignment]
    office.edit(call_another_number, token=token(office), note=PRIVATE["note"])
    assert found_in("".join(capfd.readouterr())) == set()


def test_event_that_is_no_request_leaves_no_trace(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    for event in ({"requestContext": address("stranger")}, {}, post_event(f"/api/{PRIVATE['stranger']}", {})):
        status, body = office.call(event)
        assert status in (404, 503)
        assert found_in(json.dumps(body)) == set()
    assert found_in("".join(capfd.readouterr())) == set()


def test_desk_tells_nothing_when_it_is_printed(office: Office) -> None:
    desk: Desk = office.desk
    assert MAINTAINER not in repr(desk.settings)
    assert "a-secret" not in repr(desk.settings)
