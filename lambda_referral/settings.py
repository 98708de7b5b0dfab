"""What the function is told at start; read from the environment once, in handler.make_app."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lambda_common.languages import front_page
from lambda_common.signing import Secrets, read_secrets
from lambda_referral.recipients import Recipients


@dataclass(frozen=True)
class Settings:
    """`site` is the address of the site's front page, without a slash at its end; `secrets` are newest first."""

    secrets: Secrets
    from_address: str
    site: str
    recipients: Recipients

    def site_in(self, language: str) -> str:
        """The same in the language of a mail."""
        return front_page(self.site, language, self.recipients.languages)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises KeyError or ValueError at a setting that is missing or weak: then the function must not start."""
        secrets = read_secrets(environment["SECRETS"])
        recipients = Recipients.load(Path(environment["RECIPIENTS"]))
        site = (environment.get("SITE") or recipients.site).rstrip("/")
        return cls(secrets, environment["FROM_ADDRESS"], site, recipients)
