"""AWS Signature Version 4, which every request to AWS carries.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

The SDK would do it too, and would take longer to start than all the rest of the function. A test compares our signatures with the
SDK's.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Credentials:
    key_id: str
    secret: str
    token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Credentials":
        """As Lambda gives them to the function's role."""
        token = environment.get("AWS_SESSION_TOKEN", "")
        return cls(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], token)


@dataclass(frozen=True)
class Scope:
    """What a signature is good for: one service in one region."""

    region: str
    service: str


def signed_headers(
    credentials: Credentials, scope: Scope, path: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, str]:
    """The headers of a POST with their signature. `headers` have lower-case names and contain the host."""
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    sent = {**headers, "x-amz-date": moment, **({"x-amz-security-token": credentials.token} if credentials.token else {})}
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
    request = f"POST\n{path}\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    place = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{place}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = _hmac(_key(credentials.secret, place), to_sign).hex()
    told = f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{place}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "authorization": told}


def _key(secret: str, place: str) -> bytes:
    """The secret narrowed to a day, a region and a service."""
    key = b"AWS4" + secret.encode()
    for part in place.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), hashlib.sha256)
