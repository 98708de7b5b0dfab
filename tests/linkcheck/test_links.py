"""`tarjotin links`, against servers on this machine and name services that a test makes up."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from generator.checked import Content, WrittenPage
from generator.cli import main
from generator.linkcheck import web
from generator.linkcheck.gather import gather
from generator.linkcheck.mail import NoReply, NoSuchDomain, check_domains
from generator.linkcheck.run import manners_of, run_links
from generator.linkcheck.verdict import FINE, Verdict, broken, unclear
from generator.linkcheck.web import REDIRECTS, Manners, check_link, check_links
from generator.models import PrivateAddresses
from tests.builders import ROOT, make_content, make_organisation


@dataclass
class Web:
    """`answers`: status, or status and where to, by "METHOD /path"; a list is given out one by one."""

    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""
    together: int = 0
    most_together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, call: str) -> tuple[int, str]:
        found = self.answers.get(call) or [(200, "")]
        return found.pop(0) if len(found) > 1 else found[0]


@pytest.fixture
def server() -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            with web.lock:
                web.asked.append(f"{self.command} {self.path}")
                web.agents.add(self.headers["User-Agent"])
                web.together += 1
                web.most_together = max(web.most_together, web.together)
                status, target = web.next(f"{self.command} {self.path}")
            self.send_response(status)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            time.sleep(0.005)  # long enough for others to be seen, if they came at the same time
            with web.lock:
                web.together -= 1
            self.end_headers()  # only this sends the answer: the next request may come before this thread goes on

        do_HEAD = do_GET = _answer  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    web.url = f"http://127.0.0.1:{made.server_address[1]}"
    yield web
    made.shutdown()
    made.server_close()


def manners(pauses: list[float] | None = None, **changes: object) -> Manners:
    """Of this machine, without waiting; `pauses` collects how long it would have waited."""
    told = pauses if pauses is not None else []
    return Manners(**{"agent": "tests", "allows": lambda address: True, "sleep": told.append, "timeout": 2.0, **changes})


@pytest.mark.parametrize(
    ("answers", "verdict", "calls"),
    [
        ({}, FINE, ["HEAD /x"]),
        ({"HEAD /x": [(405, "")]}, FINE, ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(404, "")]}, FINE, ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(404, "")], "GET /x": [(404, "")]}, broken("sivua ei ole (404)"), ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(410, "")], "GET /x": [(410, "")]}, broken("sivua ei ole (410)"), ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(403, "")], "GET /x": [(403, "")]}, unclear("palvelin vastasi 403"), ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(500, "")], "GET /x": [(503, "")]}, unclear("palvelin vastasi 503"), ["HEAD /x", "GET /x"]),
        ({"HEAD /x": [(301, "/y")]}, FINE, ["HEAD /x", "HEAD /y"]),
        ({"HEAD /x": [(302, "/y")], "HEAD /y": [(404, "")], "GET /x": [(302, "/y")], "GET /y": [(404, "")]},
         broken("sivua ei ole (404)"), ["HEAD /x", "HEAD /y", "GET /x", "GET /y"]),
        ({"HEAD /x": [(302, "/x")]}, broken("uudelleenohjaus ei pääty"), ["HEAD /x"] * (REDIRECTS + 1)),
        ({"HEAD /x": [(302, "ftp://x.fi/")]}, broken("yhteyttä ei saatu"), ["HEAD /x"]),
        ({"HEAD /x": [(304, "")]}, FINE, ["HEAD /x"]),
    ],
    ids=["there", "no HEAD", "HEAD lies", "404", "410", "robots", "5xx", "moved", "moved to nothing", "loop", "ftp", "304"],
)  # fmt: skip
def test_verdict_of_a_link(server: Web, answers: dict[str, list[tuple[int, str]]], verdict: Verdict, calls: list[str]) -> None:
    server.answers = answers
    assert check_link(f"{server.url}/x", manners()) == verdict
    assert server.asked == calls


def test_who_was_down_for_a_moment_is_asked_again(server: Web) -> None:
    server.answers = {"HEAD /x": [(404, ""), (200, "")], "GET /x": [(404, "")]}
    assert check_links([f"{server.url}/x"], manners()) == {f"{server.url}/x": FINE}


def test_one_host_is_asked_one_thing_at_a_time_with_pauses_under_our_name(server: Web) -> None:
    pauses: list[float] = []
    check_links([f"{server.url}/{number}" for number in range(12)], manners(pauses, pause=7.0))
    assert server.most_together == 1
    assert server.agents == {"tests"}
    assert pauses == [7.0] * 12


def test_host_with_very_many_links_is_spared(server: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_OF_A_HOST", 2)
    found = check_links([f"{server.url}/{number}" for number in range(3)], manners())
    assert list(found.values()) == [FINE, FINE, unclear("ei ehditty tarkistaa")]
    assert len(server.asked) == 2


def test_letters_outside_ascii_are_sent_as_browsers_do(server: Web) -> None:
    assert check_link(f"{server.url}/häme?q=ä%20b#x", manners()) == FINE
    assert server.asked == ["HEAD /h%C3%A4me?q=%C3%A4%20b"]


@pytest.mark.parametrize(
    ("link", "verdict"),
    [
        ("http://127.0.0.1:1/", broken("yhteyttä ei saatu")),
        ("http://ei-ole.invalid/", broken("verkkotunnusta ei ole")),
        ("http://hidas.invalid/", unclear("nimipalvelu ei vastannut")),
    ],
)
def test_server_that_is_not_there(link: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    real = web.socket.getaddrinfo

    def lookup(name: str, *rest: object, **named: object) -> object:
        if name.endswith(".invalid"):
            raise web.socket.gaierror(web.socket.EAI_AGAIN if name.startswith("hidas") else web.socket.EAI_NONAME, "")
        return real(name, *rest, **named)

    monkeypatch.setattr(web.socket, "getaddrinfo", lookup)
    assert check_link(link, manners()) == verdict


def test_silent_server_is_left_after_a_while() -> None:
    with web.socket.create_server(("127.0.0.1", 0)) as silent:
        link = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert check_link(link, manners(timeout=0.1)) == unclear("palvelin ei vastannut ajoissa")


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://10.0.0.1/", "http://[::1]/"])
def test_link_into_a_private_network_is_never_followed(server: Web, target: str) -> None:
    """By redirection an association's server could have this machine ask its own neighbours."""
    server.answers = {"HEAD /x": [(302, target)]}
    own = server.url.removeprefix("http://")
    only_public = Manners("tests").allows
    allowed = iter([True])  # the test's own server, once
    assert not only_public(own.partition(":")[0])
    verdict = check_link(f"{server.url}/x", manners(allows=lambda address: next(allowed, False) or only_public(address)))
    assert verdict == broken("osoite ei ole julkisessa verkossa")


def test_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with web.socket.create_server(("127.0.0.1", 0)) as listening:

        def shake() -> None:
            caller, _ = listening.accept()
            with caller, suppress(OSError):  # the caller hangs up
                context.wrap_socket(caller, server_side=True)

        server = threading.Thread(target=shake)
        server.start()
        assert check_link(f"https://127.0.0.1:{listening.getsockname()[1]}/", manners()) == broken("varmenne ei kelpaa")
        server.join()


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "esimerkki.invalid")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1)).sign(key, hashes.SHA256())
    file = folder / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + signed.public_bytes(pem))
    return file


# Mail


@dataclass
class MadeUpNames:
    known: dict[str, dict[str, list[str]]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def records(self, domain: str, kind: str) -> list[str]:
        self.asked.append((domain, kind))
        if domain == "hiljaa.fi":
            raise NoReply
        if domain not in self.known:
            raise NoSuchDomain
        return self.known[domain].get(kind, [])


@pytest.mark.parametrize(
    ("domain", "verdict"),
    [
        ("posti.fi", FINE),
        ("ilman-mx.fi", FINE),
        ("vain-ipv6.fi", FINE),
        ("ei-postia.fi", broken("verkkotunnus ei ota vastaan sähköpostia")),
        ("tyhja.fi", broken("verkkotunnuksella ei ole sähköpostipalvelinta")),
        ("luovuttu.fi", broken("verkkotunnusta ei ole")),
        ("hiljaa.fi", unclear("nimipalvelu ei vastannut")),
    ],
)
def test_verdict_of_a_mail_domain(domain: str, verdict: Verdict) -> None:
    names = MadeUpNames(
        {
            "posti.fi": {"MX": ["10 mail.posti.fi."]},
            "ilman-mx.fi": {"A": ["192.0.2.1"]},
            "vain-ipv6.fi": {"AAAA": ["2001:db8::1"]},
            "ei-postia.fi": {"MX": ["0 ."], "A": ["192.0.2.1"]},
            "tyhja.fi": {},
        }
    )
    assert check_domains([domain], names) == {domain: verdict}


# What is checked, and what is told


def written(server: str = "http://127.0.0.1:1") -> Content:
    """Links in every kind of place."""
    page = WrittenPage("Tietoa", "", f"Katso [sivu]({server}/sivu). Tai {server}/teksti, ja **{server}/lihava**!")
    open_one = make_organisation(
        website="https://yhdistys.fi/", contacts=[{"role": "x", "phone": "017 000 0101", "email": "Toimisto@Yhdistys.fi"}]
    )
    content = make_content(yhdistys=open_one, lopettanut=make_organisation(website="https://poissa.fi/", status="closed"))
    content.private["yhdistys"] = PrivateAddresses(data_maintainers=("anna@oma.fi",), referral_email="a@yhdistys.fi")  # type: ignore[index]
    content.pages[("tietoa", "fi")] = page  # type: ignore[index]
    return content


def test_links_and_domains_are_found_wherever_they_are_written_and_closed_ones_are_left() -> None:
    found = gather(written())
    mine = {link for link in found.links if "127.0.0.1" in link or "yhdistys" in link or "poissa" in link}
    assert mine == {"https://yhdistys.fi/", *(f"http://127.0.0.1:1/{one}" for one in ("sivu", "teksti", "lihava"))}
    assert found.links["http://127.0.0.1:1/sivu"] == {"content/pages/tietoa.fi.md"}
    assert found.domains["yhdistys.fi"] == {"content/organisations/yhdistys.yaml"}
    assert set(found.private) == {"oma.fi", "yhdistys.fi"}
    assert written().site.url not in found.links


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("(https://x.fi/a)", "https://x.fi/a"),
        ("https://x.fi/a.", "https://x.fi/a"),
        ("<https://x.fi/a?b=c,d>", "https://x.fi/a?b=c,d"),
        ("[a](https://x.fi/a_(b)), ja", "https://x.fi/a_(b)"),
        ("[a](https://x.fi/a),[b](https://x.fi/b)", "https://x.fi/a"),
        ("https://x.fi/~a/b.html#c", "https://x.fi/~a/b.html#c"),
        ("https://x.fi", "https://x.fi"),
    ],
)
def test_link_ends_where_its_sentence_goes_on(text: str, link: str) -> None:
    content = make_content()
    content.pages[("tietoa", "fi")] = WrittenPage("", "", text)  # type: ignore[index]
    assert link in gather(content).links


def test_report_tells_what_to_do_and_nothing_of_private_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = {"https://yhdistys.fi/": broken("sivua ei ole (404)"), "http://127.0.0.1:1/sivu": unclear("palvelin vastasi 403")}
    monkeypatch.setattr(
        "generator.linkcheck.run.check_links", lambda links, _: {link: verdicts.get(link, FINE) for link in links}
    )
    told: list[str] = []
    known = {domain: {"MX": ["1 x."]} for domain in gather(written()).domains}
    assert run_links(written(), manners(), MadeUpNames(known), told.append) is False
    text = "\n".join(told)
    assert "- <https://yhdistys.fi/>: sivua ei ole (404). `content/organisations/yhdistys.yaml`" in text
    assert "- <http://127.0.0.1:1/sivu>: palvelin vastasi 403. `content/pages/tietoa.fi.md`" in text
    assert "- yksityinen osoite: verkkotunnusta ei ole. `content/private/yhdistys.yaml`" in text
    assert "oma.fi" not in text
    assert told[-1].endswith("Rikki 2, epäselviä 1.")


def test_all_is_well_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.linkcheck.run.check_links", lambda links, _: dict.fromkeys(links, FINE))
    told: list[str] = []
    known = {domain: {"MX": ["1 x."]} for domain in (*gather(written()).domains, *gather(written()).private)}
    assert run_links(written(), manners(), MadeUpNames(known), told.append) is True
    assert len(told) == 1


def test_we_say_who_asks_and_where_to_complain() -> None:
    content = make_content()
    assert content.site.url in manners_of(content).agent
    assert content.site.feedback_email in manners_of(content).agent


def test_command_ends_in_1_when_something_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.linkcheck.run.check_links", lambda links, _: dict.fromkeys(links, FINE))
    monkeypatch.setattr("generator.linkcheck.run.check_domains", lambda domains, _: dict.fromkeys(domains, broken("rikki")))
    told = CliRunner().invoke(main, ["--root", str(ROOT), "links"])
    assert told.exit_code == 1
    assert told.output.startswith("## Rikki\n\nSoita järjestöön")
