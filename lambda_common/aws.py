"""SES and DynamoDB over plain HTTPS: five operations, each tried once.

Without the SDK on purpose. It takes most of a cold start, and nearly every request meets one. It tries again by itself, which
made three to five mails of one against a slow SES. And only who opens the connection knows whether a mail may have left.
"""

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lambda_common.services import Connection, Item, Mail, NotSent, Services, StoreDown, Uncertain
from lambda_common.signature import Credentials, Scope, signed_headers

MAIL_PATH = "/v2/email/outbound-emails"


class NotReached(Exception):
    """No connection: not a byte of the request has left."""


class Lost(Exception):
    """The request left, wholly or in part, and no whole answer came."""


def connect(environment: Mapping[str, str]) -> Connection:
    """The addresses can be changed by the SDK's own variables, for the runtime emulator."""
    trusted = ssl.create_default_context()
    ses_url = environment.get("AWS_ENDPOINT_URL_SESV2") or f"https://email.{environment['AWS_REGION']}.amazonaws.com"
    scope, credentials = Scope(environment["AWS_REGION"], "ses"), Credentials.from_environment(environment)
    ses = Endpoint(ses_url, scope, credentials, trusted, connect_seconds=2, answer_seconds=5)
    dynamodb = _dynamodb(environment, trusted)
    mailer = SesMailer(ses, environment["FROM_ADDRESS"], environment["CONFIGURATION_SET"])
    services = Services(mailer, DynamoStore(dynamodb, environment["TABLE"]), lambda: datetime.now(UTC))
    return Connection(services, dynamodb.close)


@contextmanager
def open_table(environment: Mapping[str, str]) -> Iterator["DynamoStore"]:
    """The table alone, for who only reads it."""
    endpoint = _dynamodb(environment, ssl.create_default_context())
    try:
        yield DynamoStore(endpoint, environment["TABLE"])
    finally:
        endpoint.close()


def _dynamodb(environment: Mapping[str, str], trusted: ssl.SSLContext) -> "Endpoint":
    url = environment.get("AWS_ENDPOINT_URL_DYNAMODB") or f"https://dynamodb.{environment['AWS_REGION']}.amazonaws.com"
    scope, credentials = Scope(environment["AWS_REGION"], "dynamodb"), Credentials.from_environment(environment)
    return Endpoint(url, scope, credentials, trusted, connect_seconds=1, answer_seconds=1)


class Endpoint:
    """One AWS service, over one connection until `close`. A frozen function loses connections unseen: none outlives a call."""

    def __init__(
        self,
        url: str,
        scope: Scope,
        credentials: Credentials,
        trusted: ssl.SSLContext,
        connect_seconds: float,
        answer_seconds: float,
    ) -> None:
        parts = urlsplit(url)
        self._host, self._scope, self._credentials = parts.netloc, scope, credentials
        self._answer_seconds = answer_seconds
        self._line = http.client.HTTPConnection(parts.netloc, timeout=connect_seconds)
        if parts.scheme == "https":
            self._line = http.client.HTTPSConnection(parts.netloc, timeout=connect_seconds, context=trusted)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NotReached or Lost."""
        named = {"host": self._host, **headers}
        signed = signed_headers(self._credentials, self._scope, path, named, body, datetime.now(UTC))
        if self._line.sock is None:
            self._open()
        try:
            self._line.request("POST", path, body, signed)
            answer = self._line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise Lost from None

    def _open(self) -> None:
        """With the TLS handshake, so that whatever fails later failed after a byte had left."""
        try:
            self._line.connect()
        except OSError:
            self.close()
            raise NotReached from None
        self._line.sock.settimeout(self._answer_seconds)

    def close(self) -> None:
        self._line.close()


class SesMailer:
    """SES v2 "Simple": SES builds the message, so no header is ever put together here."""

    def __init__(self, endpoint: Endpoint, from_address: str, configuration_set: str) -> None:
        self._endpoint, self._from, self._set = endpoint, from_address, configuration_set

    def send(self, mail: Mail) -> None:
        body = json.dumps(self._written(mail)).encode()
        try:
            status, answer = self._endpoint.post(MAIL_PATH, {"content-type": "application/json"}, body)
        except NotReached:
            raise NotSent from None
        except Lost:
            raise Uncertain from None
        finally:
            self._endpoint.close()
        if 400 <= status < 500:
            raise NotSent
        if status != http.client.OK or b'"MessageId"' not in answer:
            raise Uncertain

    def _written(self, mail: Mail) -> dict[str, Any]:
        simple = {
            "Subject": _content(mail.subject),
            "Body": {"Text": _content(mail.text), "Html": _content(mail.html)},
            "Headers": [{"Name": name, "Value": value} for name, value in mail.headers.items()],
        }
        return {
            "FromEmailAddress": self._from,
            "Destination": {"ToAddresses": [mail.to]},
            "ReplyToAddresses": [mail.reply_to],
            "Content": {"Simple": simple},
            "EmailTags": [{"Name": name, "Value": value} for name, value in mail.tags.items()],
            "ConfigurationSetName": self._set,
        }


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


class DynamoStore:
    """One table: key `pk`, and `exp` as its time to live."""

    def __init__(self, endpoint: Endpoint, table: str) -> None:
        self._endpoint, self._table = endpoint, table

    def get(self, key: str) -> Item | None:
        found = self._call("GetItem", Key=_pk(key), ConsistentRead=True).get("Item")
        return _item(found) if found else None

    def put_new(self, key: str, item: Item) -> bool:
        return self._held("PutItem", Item={**_pk(key), **_written_item(item)}, ConditionExpression="attribute_not_exists(pk)")

    def set_state(self, key: str, state: str) -> None:
        self._held(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="SET st = :state",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":state": {"S": state}},
        )

    def delete(self, key: str, attempt: str) -> None:
        self._held(
            "DeleteItem",
            Key=_pk(key),
            ConditionExpression="att = :attempt",
            ExpressionAttributeValues={":attempt": {"S": attempt}},
        )

    def count(self, key: str, limit: int, expires: int) -> bool:
        return self._held(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="ADD n :one SET #exp = :expires",
            ConditionExpression="attribute_not_exists(n) OR n < :limit",
            ExpressionAttributeNames={"#exp": "exp"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":limit": {"N": str(limit)}, ":expires": {"N": str(expires)}},
        )

    def uncount(self, key: str) -> None:
        self._held(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="ADD n :less",
            ConditionExpression="n > :zero",
            ExpressionAttributeValues={":less": {"N": "-1"}, ":zero": {"N": "0"}},
        )

    def add(self, key: str, amounts: Mapping[str, int], expires: int) -> None:
        names = {f"#n{at}": name for at, name in enumerate(amounts)}
        values = {f":n{at}": {"N": str(amount)} for at, amount in enumerate(amounts.values())}
        self._call(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression=f"ADD {', '.join(f'#n{at} :n{at}' for at in range(len(amounts)))} SET #exp = :expires",
            ExpressionAttributeNames={**names, "#exp": "exp"},
            ExpressionAttributeValues={**values, ":expires": {"N": str(expires)}},
        )

    def note(self, key: str, name: str, text: str, expires: int) -> None:
        self._call(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="SET #name = :text, #exp = :expires",
            ExpressionAttributeNames={"#name": name, "#exp": "exp"},
            ExpressionAttributeValues={":text": {"S": text}, ":expires": {"N": str(expires)}},
        )

    def amend(self, key: str, name: str, text: str) -> bool:
        return self._held(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="SET #name = :text",
            ConditionExpression="attribute_exists(#name)",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":text": {"S": text}},
        )

    def drop(self, key: str, name: str) -> None:
        """Without the condition, an item that had ended would be made anew, without an end."""
        self._held(
            "UpdateItem",
            Key=_pk(key),
            UpdateExpression="REMOVE #name",
            ConditionExpression="attribute_exists(#name)",
            ExpressionAttributeNames={"#name": name},
        )

    def read(self, key: str) -> Mapping[str, str]:
        found = self._call("GetItem", Key=_pk(key), ConsistentRead=True).get("Item", {})
        return {name: str(*value.values()) for name, value in found.items() if name not in ("pk", "exp")}

    def _held(self, operation: str, **what: Any) -> bool:
        """Whether the condition held, and so the operation was done."""
        return "__type" not in self._call(operation, **what)

    def _call(self, operation: str, **what: Any) -> dict[str, Any]:
        """What DynamoDB answers; also when a condition does not hold, which is not a failure. Raises StoreDown."""
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"DynamoDB_20120810.{operation}"}
        try:
            status, raw = self._endpoint.post("/", headers, json.dumps({"TableName": self._table, **what}).encode())
            answer: dict[str, Any] = json.loads(raw)
        except (NotReached, Lost, ValueError):
            raise StoreDown from None
        condition_failed = str(answer.get("__type")).endswith("#ConditionalCheckFailedException")
        if status != http.client.OK and not condition_failed:
            raise StoreDown
        return answer


_ATTRIBUTES = {"state": "st", "attempt": "att", "fingerprint": "fp", "organisation": "org", "activity": "act", "due": "due"}


def _pk(key: str) -> dict[str, Any]:
    return {"pk": {"S": key}}


def _written_item(item: Item) -> dict[str, Any]:
    texts = {short: {"S": getattr(item, name)} for name, short in _ATTRIBUTES.items()}
    return {**texts, "exp": {"N": str(item.expires)}}


def _item(found: Mapping[str, Any]) -> Item:
    texts = {name: found.get(short, {}).get("S", "") for name, short in _ATTRIBUTES.items()}
    return Item(**texts, expires=int(found["exp"]["N"]))
