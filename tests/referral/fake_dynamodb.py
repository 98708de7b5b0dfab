"""DynamoDB on this machine: moto's table behind HTTP, which can be slow, closed or down on command."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, Self

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.referral.fake_ses import Server

TABLE = "tarjotin"
Mood = Literal["ok", "down", "close", "garbage", "done_but_lost"]
_METHODS = {"GetItem": "get_item", "PutItem": "put_item", "UpdateItem": "update_item", "DeleteItem": "delete_item"}


@dataclass
class FakeDynamoDb:
    """`moods` by operation ("PutItem": "down"); "" is for all others."""

    moods: dict[str, Mood] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._moto = mock_aws()
        self._moto.start()
        names = {"region_name": "eu-north-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.client = boto3.client("dynamodb", **names)
        self.client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self._server = Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.client.close()
        self._moto.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.scan(TableName=TABLE)["Items"]
        return found

    def mood(self, operation: str) -> Mood:
        return self.moods.get(operation, self.moods.get("", "ok"))

    def do(self, operation: str, what: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            answer = getattr(self.client, _METHODS[operation])(**what)
        except ClientError as error:
            name = f"com.amazonaws.dynamodb.v20120810#{error.response['Error']['Code']}"
            return 400, {"__type": name, "message": error.response["Error"]["Message"]}
        return 200, {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _handler(dynamodb: FakeDynamoDb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            what = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].removeprefix("DynamoDB_20120810.")
            dynamodb.calls.append(operation)
            mood = dynamodb.mood(operation)
            if mood in ("ok", "done_but_lost"):
                status, answer = dynamodb.do(operation, what)
                body = json.dumps(answer).encode()
            else:
                status, body = (200, b"<html>") if mood == "garbage" else (500, b'{"__type":"InternalServerError"}')
            if mood in ("close", "done_but_lost"):
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to stderr: the canary test reads it."""

    return Handler
