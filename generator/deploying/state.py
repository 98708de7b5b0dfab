"""What one deploy leaves to the next, in a small file beside the site: what is still to be done, and since when files wait."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

STATE = "/.tarjotin.json"  # in the bucket; also the sign that the bucket is ours
VERSION = 1


class UnreadableState(Exception):
    """The file is broken, or of a newer program."""


@dataclass(frozen=True)
class State:
    """`rules`: the mark of the rules that the files were put under; `unused_since`: old assets and the day they were left out
    (ISO); `to_invalidate`: what CloudFront may still hold as it was."""

    rules: str
    unused_since: Mapping[str, str] = field(default_factory=dict)
    to_invalidate: tuple[str, ...] = ()

    def written(self) -> bytes:
        return (json.dumps({"version": VERSION, **asdict(self)}, sort_keys=True) + "\n").encode()

    @classmethod
    def read(cls, raw: bytes) -> "State":
        """Raises UnreadableState."""
        try:
            told: dict[str, Any] = json.loads(raw)
            if told.pop("version") != VERSION:
                raise UnreadableState
            return cls(told["rules"], dict(told["unused_since"]), tuple(told["to_invalidate"]))
        except (ValueError, TypeError, AttributeError, KeyError):
            raise UnreadableState from None
