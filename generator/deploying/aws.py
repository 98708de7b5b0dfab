"""S3, CloudFront and Lambda, as far as a deploy needs them. The only module that knows boto3."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from generator.deploying import THREADS
from generator.deploying.region import Region
from generator.deploying.serving import Serving

AT_ONCE = 1000  # S3's limit for one call of DeleteObjects

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class AwsSaysNo(Exception):
    """No answer, or a refusal, after the tries that the SDK makes by itself: says which call and why."""


def _told(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    @wraps(method)
    def call(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        try:
            return method(*arguments, **named)
        except ClientError as error:
            raise AwsSaysNo(f"{error.operation_name}: {error.response.get('Error', {}).get('Code', '')}") from None
        except BotoCoreError as error:
            raise AwsSaysNo(str(error)) from None

    return call


class Bucket:
    """The files of the site by their path from the front page. Methods raise AwsSaysNo."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name

    @_told
    def sums(self) -> dict[str, str]:
        """Path → MD5. S3's ETag is that, when the object came in one piece and S3 itself keeps the key of its encryption."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {f"/{one['Key']}": one["ETag"].strip('"') for page in pages for one in page.get("Contents", ())}

    @_told
    def read(self, path: str) -> bytes | None:
        try:
            return bytes(self._client.get_object(Bucket=self.name, Key=path[1:])["Body"].read())
        except self._client.exceptions.NoSuchKey:
            return None

    @_told
    def put(self, path: str, raw: bytes, serving: Serving) -> None:
        """Whole or not at all: S3 compares the checksum before it shows anything."""
        checksum = base64.b64encode(hashlib.md5(raw, usedforsecurity=False).digest()).decode()
        self._client.put_object(
            Bucket=self.name,
            Key=path[1:],
            Body=raw,
            ContentMD5=checksum,
            ContentType=serving.content_type,
            CacheControl=serving.cache_control,
        )

    @_told
    def remove(self, paths: Iterable[str]) -> None:
        keys = [{"Key": path[1:]} for path in paths]
        for start in range(0, len(keys), AT_ONCE):
            answer = self._client.delete_objects(
                Bucket=self.name, Delete={"Objects": keys[start : start + AT_ONCE], "Quiet": True}
            )
            if errors := answer.get("Errors"):
                raise AwsSaysNo(f"DeleteObjects: {errors[0].get('Code', '')}")


class Distribution:
    """CloudFront before the bucket."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name = client, name

    @_told
    def invalidate(self, paths: tuple[str, ...]) -> None:
        """Begins it; CloudFront is done within minutes."""
        reference = secrets.token_hex(16)  # a known one would be taken for the same request, made again
        batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": reference}
        self._client.create_invalidation(DistributionId=self._name, InvalidationBatch=batch)


class Functions:
    """Lambda's functions, by their name."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @_told
    def has(self, name: str, raw: bytes) -> bool:
        """Whether this very zip runs there."""
        digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        return bool(self._client.get_function_configuration(FunctionName=name)["CodeSha256"] == digest)

    @_told
    def update(self, name: str, raw: bytes) -> None:
        self._client.update_function_code(FunctionName=name, ZipFile=raw)


@dataclass(frozen=True)
class Aws:
    bucket: Bucket
    distribution: Distribution
    functions: Functions


@_told
def connect(region: Region) -> Aws:
    """Rights and their source are the SDK's own: an OIDC role, SSO, variables. Raises AwsSaysNo."""
    config = Config(
        region_name=region.aws_region, max_pool_connections=THREADS, retries={"mode": "standard", "total_max_attempts": 5}
    )
    session = boto3.session.Session()
    s3, cloudfront, functions = (session.client(name, config=config) for name in ("s3", "cloudfront", "lambda"))
    return Aws(Bucket(s3, region.site.bucket), Distribution(cloudfront, region.site.distribution), Functions(functions))
