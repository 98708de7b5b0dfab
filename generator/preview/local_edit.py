"""The edit service on this machine: the function's own code over this very repository.

Part of `tarjotin serve` only. A proposal is a branch here; merging it changes the files, and the preview builds itself anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_common.services import Services
from lambda_edit.desk import ORGANISATIONS, Desk
from lambda_edit.forge import Forge, ForgeDown
from lambda_edit.git import Git
from lambda_edit.handler import handle
from lambda_edit.links import link_url, make_link
from lambda_edit.local_git import LocalGit
from lambda_edit.region import Region
from lambda_edit.settings import Settings

NOT_BUILT = "Sivustoa ei ole vielä muodostettu. Korjaa ensin sisällön virheet."


class NotReady(Exception):
    """Nothing can be proposed here yet; the sentence says why."""


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
        except NotReady as error:
            return self._refusal(str(error))

    def desk(self) -> Desk:
        """Made anew for each request, because a rebuild may have changed the region. Raises NotReady."""
        region = self._region()
        public, private, folder = forges(self.root, region.site.private_folder)
        site = self.origin + region.site.base_path.rstrip("/")
        settings = Settings([self.key], self.from_address, site, region, folder)
        return Desk(self.services, settings, public, private)

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


def forges(root: Path, private_folder: str) -> tuple[Forge, Forge, str]:
    """The public forge, the private one, and the folder of addresses in it. One forge keeps both, unless the addresses are a
    repository of their own. Raises NotReady."""
    public = LocalGit(root)
    try:
        public.names(ORGANISATIONS)
    except ForgeDown as error:
        raise NotReady(str(error)) from None
    place = root / private_folder
    if not place.is_dir() or _top(place) == _top(root):
        return public, public, private_folder
    return public, LocalGit(place), ""


def _top(folder: Path) -> str:
    try:
        return Git(folder).text("rev-parse", "--show-toplevel")
    except ForgeDown:
        return ""
