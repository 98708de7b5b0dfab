"""The log: one line for each call, of these keys and no others. A value that does not look like one of ours is left out."""

import json
import re
import sys

KEYS = ("event", "reference", "organisation", "code", "ms")
_OURS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def write(event: str, *, reference: str = "", organisation: str = "", code: str = "", ms: int = 0) -> None:
    """`organisation` only when it is one of the region's: what a stranger typed there may be anything."""
    facts = {"event": event, "reference": reference, "organisation": organisation, "code": code}
    line = {key: value for key, value in facts.items() if _OURS.fullmatch(value)}
    sys.stdout.write(json.dumps({**line, "ms": ms}, separators=(",", ":")) + "\n")
    sys.stdout.flush()
