"""Whether a link leads somewhere. Polite: one request at a time to each host, with a pause, under our own name, HEAD before GET,
and no more of an answer than its first line and headers.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from generator.linkcheck.verdict import FINE, Verdict, broken, unclear

HOSTS_AT_ONCE = 8
MOST_OF_A_HOST = 100  # in one run; what is left is told
REDIRECTS = 5
_SAFE = "/%:@!$&'()*+,;=~-._?"

GONE = frozenset({404, 410})

Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Manners:
    """`agent`: who asks, with an address where to complain; `allows`: whether an IP address may be asked at all."""

    agent: str
    pause: float = 2.0
    timeout: float = 15.0
    allows: Callable[[str], bool] = lambda address: ipaddress.ip_address(address).is_global
    sleep: Sleep = time.sleep
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context)


class Forbidden(OSError):
    """The name leads into a private network: a link of the content must not make this machine ask there."""


def check_links(links: Iterable[str], manners: Manners) -> dict[str, Verdict]:
    by_host: Mapping[str, list[str]] = defaultdict(list)
    for link in sorted(links):
        by_host[urlsplit(link).netloc].append(link)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        told = list(pool.map(lambda mine: _check_host(mine, manners), by_host.values()))
    return {link: verdict for one in told for link, verdict in one.items()}


def _check_host(links: list[str], manners: Manners) -> dict[str, Verdict]:
    found = {}
    for link in links[:MOST_OF_A_HOST]:
        found[link] = _checked_twice(link, manners)
        manners.sleep(manners.pause)
    return {**found, **dict.fromkeys(links[MOST_OF_A_HOST:], unclear("ei ehditty tarkistaa"))}


def _checked_twice(link: str, manners: Manners) -> Verdict:
    """A server may be down for a moment; nobody should write to an association about that."""
    verdict = check_link(link, manners)
    if verdict == FINE:
        return verdict
    manners.sleep(manners.pause)
    return check_link(link, manners)


def check_link(link: str, manners: Manners) -> Verdict:
    try:
        status = _status(link, "HEAD", manners)
        if status >= 400:  # many servers do not know HEAD, or refuse it
            manners.sleep(manners.pause)
            status = _status(link, "GET", manners)
    except ssl.SSLCertVerificationError:
        return broken("varmenne ei kelpaa")
    except Forbidden:
        return broken("osoite ei ole julkisessa verkossa")
    except socket.gaierror as error:
        return unclear("nimipalvelu ei vastannut") if error.errno == socket.EAI_AGAIN else broken("verkkotunnusta ei ole")
    except TimeoutError:
        return unclear("palvelin ei vastannut ajoissa")
    except (OSError, http.client.HTTPException, ValueError):
        return broken("yhteyttä ei saatu")
    return _told(status)


def _told(status: int) -> Verdict:
    if status in GONE:
        return broken(f"sivua ei ole ({status})")
    if status >= 400:  # a server that wants no robots answers people
        return unclear(f"palvelin vastasi {status}")
    return broken("uudelleenohjaus ei pääty") if status >= 300 else FINE


def _status(link: str, method: str, manners: Manners) -> int:
    """Of where the link leads in the end; 3xx when it goes on and on. Raises OSError, HTTPException or ValueError."""
    status = 300
    for hop in range(REDIRECTS + 1):
        if hop:
            manners.sleep(manners.pause)
        status, target = _ask(link, method, manners)
        if not (300 <= status < 400 and target):
            return status if status != 304 else 200
        link = urljoin(link, target)
    return status


def _ask(link: str, method: str, manners: Manners) -> tuple[int, str]:
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("scheme")
    line = _line(parts.scheme, parts.hostname, parts.port, manners)
    try:
        target = _target(parts)
        line.request(method, target, headers={"User-Agent": manners.agent, "Accept": "text/html,*/*;q=0.5"})
        answer = line.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        line.close()


def _target(parts: SplitResult) -> str:
    """Letters outside ASCII as browsers send them."""
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return quote(parts.path or "/", safe=_SAFE) + query


def _line(scheme: str, host: str, port: int | None, manners: Manners) -> http.client.HTTPConnection:
    """An open connection to an address that has been looked at: a second look-up could give another."""
    name = host.encode("idna").decode()
    if scheme == "http":
        line = http.client.HTTPConnection(name, port, timeout=manners.timeout)
        line.sock = _socket(name, line.port, manners)
        return line
    line = http.client.HTTPSConnection(name, port, timeout=manners.timeout)
    plain = _socket(name, line.port, manners)
    try:
        line.sock = manners.trusted.wrap_socket(plain, server_hostname=name)
    except OSError:
        plain.close()
        raise
    return line


def _socket(name: str, port: int, manners: Manners) -> socket.socket:
    """To the first address that takes the call: a name may have one of IPv6, and this machine no way there."""
    addresses = [str(found[4][0]) for found in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    if not all(manners.allows(address) for address in addresses):
        raise Forbidden
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=manners.timeout)
    return socket.create_connection((addresses[-1], port), timeout=manners.timeout)
