"""Photos in a bucket that speaks S3: AWS, MinIO, or the clouds' own (OSS, COS, OBS)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

from app.photos.errors import BytesMissing, StoreUnavailable
from app.photos.store import StoredBytes, checked_key

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_PAST_THE_END = frozenset({"416", "InvalidRange"})
_ITS_OWN_FAULT = frozenset({429, 500, 502, 503, 504})
_AGAIN_AFTER_S = 0.2
_CONNECTIONS_KEPT = 32


@dataclass(frozen=True, slots=True)
class S3Options:
    """How to reach the bucket. Keys left out: those of the environment or the machine's role.

    `checksums`: the Chinese clouds' S3 refuses what boto3 sends by default, `when_supported`.
    `timeout_s`: how long connecting, and each wait for an answer, may take, in seconds.
    """

    endpoint_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    region: str | None = None
    addressing_style: Literal["auto", "path", "virtual"] = "auto"
    signature_version: Literal["s3v4", "s3"] = "s3v4"
    checksums: Literal["when_required", "when_supported"] = "when_required"
    timeout_s: float = 3.0


class S3PhotoStore:
    """A PhotoStore in one bucket, every key below `prefix`."""

    def __init__(self, bucket: str, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = s3_prefix(prefix)
        self._client = s3_client(options)

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """One PUT: an object is there whole or not at all."""
        _ask(self._client.put_object, **self._at(key), Body=source, ContentType=media_type)

    def open(self, key: str, start: int = 0, end: int | None = None) -> StoredBytes:
        """GET, of a range when one is asked for."""
        if end is not None and end <= start:
            return self._nothing(key)
        reach: dict[str, Any] = {}
        if start or end is not None:
            reach["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        try:
            answer = _ask(self._client.get_object, **self._at(key), **reach)
        except _PastTheEnd:
            return self._nothing(key)
        return StoredBytes(_Reader(answer["Body"]))

    def size(self, key: str) -> int | None:
        """The length that HEAD gives."""
        head = self._head(key)
        return None if head is None else int(head["ContentLength"])

    def delete(self, key: str) -> None:
        """DELETE, which S3 answers alike for what is not there."""
        _ask(self._client.delete_object, **self._at(key))

    def delete_if_older(self, key: str, than: datetime) -> bool:
        """HEAD, then DELETE: S3 has no conditional one for every cloud, so the two stand close."""
        head = self._head(key)
        if head is None or head["LastModified"].astimezone(UTC) >= than:
            return False
        self.delete(key)
        return True

    def entries(self) -> Iterator[tuple[str, datetime]]:
        """Every object below the prefix, page by page."""
        with store_failures():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for entry in page.get("Contents", []):
                    key = entry["Key"].removeprefix(self._prefix)
                    yield key, entry["LastModified"].astimezone(UTC)

    def ping(self) -> None:
        """The bucket answers to our credentials."""
        try:
            _ask(self._client.head_bucket, Bucket=self._bucket)
        except BytesMissing as error:
            raise StoreUnavailable("照片存储桶不存在，请联系管理员。") from error

    def _at(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked_key(key)}

    def _head(self, key: str) -> Any:
        """What HEAD says of an object; None when there is none.

        Its 404 has no body to tell a missing object from a missing bucket, so that is asked for:
        a photo must not look deleted because the bucket is gone.
        """
        try:
            return _ask(self._client.head_object, **self._at(key))
        except BytesMissing:
            self.ping()
            return None

    def _nothing(self, key: str) -> StoredBytes:
        if self.size(key) is None:
            raise BytesMissing("照片文件不存在。")
        return StoredBytes(_Reader(None))


class _PastTheEnd(Exception):
    """A range that begins after the last byte."""


class _Reader:
    """A response body whose errors are the store's; None reads as empty."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1, /) -> bytes:
        if self._body is None:
            return b""
        with store_failures():
            return bytes(self._body.read(None if size < 0 else size))

    def close(self) -> None:
        if self._body is not None:
            self._body.close()


def _ask(call: Callable[..., Any], **arguments: Any) -> Any:
    """One request, and one more when the connection broke or the store had a fault of its own.

    A store that keeps us waiting is not asked twice: the phone would wait twice as long for 503.
    """
    body = arguments.get("Body")
    start = body.tell() if body else 0
    try:
        with store_failures():
            return call(**arguments)
    except StoreUnavailable as error:
        if not _may_pass(error.__cause__):
            raise
    time.sleep(_AGAIN_AFTER_S)
    if body:
        body.seek(start)
    with store_failures():
        return call(**arguments)


def _may_pass(cause: BaseException | None) -> bool:
    if isinstance(cause, ClientError):
        return cause.response["ResponseMetadata"].get("HTTPStatusCode") in _ITS_OWN_FAULT
    broke = isinstance(cause, HTTPClientError | EndpointConnectionError)
    return broke and not _timed_out(cause)


def _timed_out(error: BaseException | None) -> bool:
    """A body that cannot be sent in time comes to us as a broken connection, with the reason."""
    while error is not None:
        if isinstance(error, ReadTimeoutError | TimeoutError):
            return True
        error = error.__context__
    return False


@contextmanager
def store_failures() -> Iterator[None]:
    """What boto3 raises, as the port's errors."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise BytesMissing("照片文件不存在。") from error
        if code in _PAST_THE_END:
            raise _PastTheEnd from error
        raise StoreUnavailable("照片存储拒绝了请求，请联系管理员。") from error
    except (BotoCoreError, OSError) as error:
        raise StoreUnavailable("照片存储没有应答，请稍后再试。") from error


def s3_prefix(path: str) -> str:
    """What stands before every key, given the path of a store's url."""
    return f"{path.strip('/')}/" if path.strip("/") else ""


def s3_client(options: S3Options) -> Any:
    """A client of the bucket's server; nothing is asked of it yet."""
    return boto3.client(
        "s3",
        endpoint_url=options.endpoint_url,
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        region_name=options.region or "us-east-1",
        config=_config(options),
    )


def _config(options: S3Options) -> Config:
    return Config(
        signature_version=options.signature_version,
        s3={"addressing_style": options.addressing_style},
        request_checksum_calculation=options.checksums,
        response_checksum_validation=options.checksums,
        connect_timeout=options.timeout_s,
        read_timeout=options.timeout_s,
        max_pool_connections=_CONNECTIONS_KEPT,
        # How often to ask is `_ask`'s: boto3 would also repeat what timed out.
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
