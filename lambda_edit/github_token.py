"""By what right the function changes a repository at GitHub.

Either a fine-grained token, which belongs to a person and ends within a year, or a GitHub App's installation token, which lasts
an hour. The App's private key stays in KMS: the function may ask for a signature and can never read the key.
"""

import base64
import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from lambda_common.aws import Endpoint, Lost, NotReached
from lambda_common.signature import Credentials, Scope
from lambda_edit.forge import ForgeDown
from lambda_edit.github_api import Line

Token = Callable[[], str]
Sign = Callable[[bytes], bytes]  # RSASSA-PKCS1-v1_5 with SHA-256, which GitHub asks for

PERMISSIONS = {"contents": "write", "pull_requests": "write"}  # and not "workflows": .github/workflows stays out of reach

_CLOCKS_DIFFER = timedelta(seconds=60)
_LASTS = timedelta(minutes=9)  # GitHub takes at most ten
_RENEW_BEFORE = timedelta(minutes=5)


def fixed(token: str) -> Token:
    return lambda: token


class InstallationToken:
    """A token for one repository of one installation, kept until shortly before it ends. Calling it raises ForgeDown."""

    def __init__(
        self, app: str, installation: str, repository: str, sign: Sign, now: Callable[[], datetime], line: Line | None = None
    ) -> None:
        self._app, self._installation, self._repository = app, installation, repository
        self._sign, self._now, self._line = sign, now, line or Line()
        self._kept: tuple[str, datetime] | None = None

    def __call__(self) -> str:
        if self._kept is None or self._now() > self._kept[1] - _RENEW_BEFORE:
            self._kept = self._asked()
        return self._kept[0]

    def _asked(self) -> tuple[str, datetime]:
        body = {"repositories": [self._repository.rpartition("/")[2]], "permissions": PERMISSIONS}
        path = f"/app/installations/{self._installation}/access_tokens"
        try:
            status, answer = self._line.call("POST", path, self._claim(), body)
        finally:
            self._line.close()
        if status != http.client.CREATED:
            raise ForgeDown(f"github token {status}")
        try:
            return str(answer["token"]), datetime.fromisoformat(answer["expires_at"])
        except (KeyError, TypeError, ValueError):
            raise ForgeDown("github token answer") from None

    def _claim(self) -> str:
        """A JSON Web Token (RFC 7519) that says "I am this App", for a few minutes."""
        now = self._now()
        times = {"iat": int((now - _CLOCKS_DIFFER).timestamp()), "exp": int((now + _LASTS).timestamp())}
        claim = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part({**times, 'iss': self._app})}"
        return f"{claim}.{_base64(self._sign(claim.encode()))}"


def kms_sign(key: str, environment: Mapping[str, str]) -> Sign:
    """Signs with a key in KMS, of type RSA_2048 for SIGN_VERIFY. The signing raises ForgeDown."""
    region = environment["AWS_REGION"]
    url = environment.get("AWS_ENDPOINT_URL_KMS") or f"https://kms.{region}.amazonaws.com"
    credentials, trusted = Credentials.from_environment(environment), ssl.create_default_context()
    endpoint = Endpoint(url, Scope(region, "kms"), credentials, trusted, connect_seconds=2, answer_seconds=5)

    def sign(message: bytes) -> bytes:
        text = base64.b64encode(message).decode()
        asked = {"KeyId": key, "Message": text, "MessageType": "RAW", "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.Sign"}
        try:
            status, raw = endpoint.post("/", headers, json.dumps(asked).encode())
            if status != http.client.OK:
                raise ForgeDown(f"kms {status}")
            return base64.b64decode(json.loads(raw)["Signature"])
        except (NotReached, Lost, KeyError, TypeError, ValueError):
            raise ForgeDown("kms") from None
        finally:
            endpoint.close()

    return sign


def _part(value: Mapping[str, object]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
