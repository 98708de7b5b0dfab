"""The edit service on this machine: the function's own code over this very repository.

Part of `tarjotin serve` only. A proposal is a branch here; merging it changes the files, and the preview builds itself anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.places import NoHistory, local_places
from lambda_common.services import Services
from lambda_edit.desk import Desk
from lambda_edit.handler import handle
from lambda_edit.links import link_url, make_link
from lambda_edit.region import Region
from lambda_edit.settings import Settings

NOT_BUILT = "Sivustoa ei ole vielä muodostettu. Korjaa ensin sisällön virheet."


class NotReady(Exception):
    """There is no site yet; the sentence says what to do."""


@dataclass
class LocalEdit:
    """`record` is what the build wrote for the function; `origin` the preview's address without a path."""

    root: Path
    record: Path
    origin: str
    from_address: str
    key: bytes
    services: Services
    _known: tuple[int, Region] | None = field(default=None, repr=False)

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """As the function would; with a sentence when this folder has no history to keep proposals in."""
        try:
            return handle(event, self.desk())
        except (NotReady, NoHistory) as error:
            return self._refusal(str(error))

    def desk(self) -> Desk:
        """Made anew for each request, because a rebuild may have changed the region. Raises NotReady or NoHistory."""
        region = self._region()
        places = local_places(self.root, region.site.private_folder)
        site = self.origin + region.site.base_path.rstrip("/")
        settings = Settings([self.key], self.from_address, site, region, places.folder)
        return Desk(self.services, settings, places.public, places.private)

    def approval_url(self) -> str:
        """The coordinator's page with a link of its own: whoever sits at this machine is the coordinator. Raises NotReady."""
        region = self._region()
        address, now = region.site.coordinator.email, self.services.now()
        token = make_link([self.key], "approve", "", 1, address, now)
        return link_url(self.origin + region.site.base_path.rstrip("/"), "approve", "", token)

    def _region(self) -> Region:
        try:
            changed = self.record.stat().st_mtime_ns
            if self._known is None or self._known[0] != changed:
                self._known = (changed, Region.load(self.record))
        except FileNotFoundError:
            raise NotReady(NOT_BUILT) from None
        return self._known[1]

    def _refusal(self, sentence: str) -> dict[str, Any]:
        body = json.dumps({"code": "not_saved", "message": sentence}, ensure_ascii=False)
        return {"statusCode": 503, "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"}, "body": body}
