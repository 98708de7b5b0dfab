"""KMS on this machine: moto's keys behind HTTP, for the one call that the function makes."""

import base64
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.referral.fake_ses import Server


@dataclass
class FakeKms:
    key: str = ""
    public_key: bytes = b""

    def __enter__(self) -> Self:
        self._moto = mock_aws()
        self._moto.start()
        names = {"region_name": "eu-north-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self._client = boto3.client("kms", **names)
        self.key = self._client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        self.public_key = self._client.get_public_key(KeyId=self.key)["PublicKey"]
        self._server = Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()
        self._moto.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def sign(self, what: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            answer = self._client.sign(**{**what, "Message": base64.b64decode(what["Message"])})
        except ClientError as error:
            return 400, {"__type": error.response["Error"]["Code"]}
        return 200, {"Signature": base64.b64encode(answer["Signature"]).decode()}


def _handler(kms: FakeKms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            what = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_signing = self.headers["X-Amz-Target"] == "TrentService.Sign"
            status, answer = kms.sign(what) if is_signing else (400, {"__type": "UnknownOperationException"})
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Nothing to stderr."""

    return Handler
