"""The forges of a region at AWS, as the environment names them: one repository, or the addresses in a private one beside it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from lambda_edit.forge import Forge
from lambda_edit.github import GitHub
from lambda_edit.github_api import URL, Line, Repository
from lambda_edit.github_token import InstallationToken, fixed, kms_sign


def connect_forges(environment: Mapping[str, str]) -> tuple[Forge, Forge]:
    """The public forge and the private one; the same when PRIVATE_REPOSITORY is not told. Raises KeyError for a missing setting.

    The right to write is an App's (GITHUB_APP, GITHUB_INSTALLATION, and its key in KMS as GITHUB_KEY) or a person's fine-grained
    token (GITHUB_TOKEN)."""
    public = _forge(environment["REPOSITORY"], environment)
    private = environment.get("PRIVATE_REPOSITORY")
    return public, (_forge(private, environment) if private else public)


def _forge(name: str, environment: Mapping[str, str]) -> GitHub:
    url = environment.get("GITHUB_URL") or URL
    repository = Repository(name, _token(name, environment, url), Line(url))
    return GitHub(repository, environment.get("MAIN_BRANCH") or "main")


def _token(name: str, environment: Mapping[str, str], url: str) -> Callable[[], str]:
    if environment.get("GITHUB_TOKEN"):
        return fixed(environment["GITHUB_TOKEN"])
    app, installation = environment["GITHUB_APP"], environment["GITHUB_INSTALLATION"]
    sign = kms_sign(environment["GITHUB_KEY"], environment)
    return InstallationToken(app, installation, name, sign, lambda: datetime.now(UTC), Line(url))
