"""What came of one check."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """`is_broken`: somebody has to do something; otherwise `reason` tells why it could not be known, or is empty."""

    is_broken: bool
    reason: str


FINE = Verdict(is_broken=False, reason="")


def broken(reason: str) -> Verdict:
    return Verdict(is_broken=True, reason=reason)


def unclear(reason: str) -> Verdict:
    return Verdict(is_broken=False, reason=reason)
