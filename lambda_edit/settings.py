"""What the function is told at start; read from the environment once, in handler.make_app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_common.signing import Secrets, read_secrets
from lambda_edit.region import Region


@dataclass(frozen=True)
class Settings:
    """`site` is the address of the site's front page, without a slash at its end; `secrets` are newest first; `private_folder` is
    where the private forge keeps the addresses."""

    secrets: Secrets = field(repr=False)
    from_address: str
    site: str
    region: Region
    private_folder: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises KeyError or ValueError at a setting that is missing or weak: then the function must not start."""
        region = Region.load(Path(environment["REGION"]))
        return cls(
            secrets=read_secrets(environment["SECRETS"]),
            from_address=environment["FROM_ADDRESS"],
            site=(environment.get("SITE") or region.address).rstrip("/"),
            region=region,
            private_folder=(environment.get("PRIVATE_FOLDER") or region.site.private_folder).strip("/"),
        )
