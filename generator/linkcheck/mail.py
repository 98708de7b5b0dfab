"""Whether a domain takes mail at all (RFC 5321, 5.1; RFC 7505). No mailbox is ever asked: that would be taken for spying."""

from collections.abc import Iterable
from typing import Protocol

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from generator.linkcheck.verdict import FINE, Verdict, broken, unclear

SECONDS = 10


class NoSuchDomain(Exception):
    """The name is not registered, or has been given up."""


class NoReply(Exception):
    """The name service did not answer: nothing is known."""


class Names(Protocol):
    def records(self, domain: str, kind: str) -> list[str]:
        """Empty when there are none of the kind. Raises NoSuchDomain or NoReply."""


class Dns:
    """The name service of this machine."""

    def __init__(self) -> None:
        self._resolver = Resolver()
        self._resolver.lifetime = SECONDS

    def records(self, domain: str, kind: str) -> list[str]:
        try:
            return [one.to_text() for one in self._resolver.resolve(domain, kind)]
        except NXDOMAIN:
            raise NoSuchDomain from None
        except NoAnswer:
            return []
        except (DNSException, OSError):
            raise NoReply from None


def check_domains(domains: Iterable[str], names: Names) -> dict[str, Verdict]:
    return {domain: _check(domain, names) for domain in sorted(domains)}


def _check(domain: str, names: Names) -> Verdict:
    try:
        hosts = [record.split()[-1] for record in names.records(domain, "MX")]
        if hosts == ["."]:
            return broken("verkkotunnus ei ota vastaan sähköpostia")
        if hosts or names.records(domain, "A") or names.records(domain, "AAAA"):  # without MX, mail goes to the name itself
            return FINE
    except NoSuchDomain:
        return broken("verkkotunnusta ei ole")
    except NoReply:
        return unclear("nimipalvelu ei vastannut")
    return broken("verkkotunnuksella ei ole sähköpostipalvelinta")
