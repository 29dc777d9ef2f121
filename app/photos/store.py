"""The port behind which photo bytes are kept, and the keys they are kept under."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import BinaryIO, Protocol
from uuid import UUID

from app.photos.errors import BytesMissing

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_BLOB_KEY = re.compile(r"(..)/(..)/(?P<sha256>\1\2[0-9a-f]{60})/(?P<name>[^/]+)")
_STAGED_KEY = re.compile(r"uploads/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[^/]*")
_KEY_LENGTH = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK_BYTES = 1 << 18


class BlobKind(StrEnum):
    """The three things kept for one photo."""

    RECEIVED = "received"
    DISPLAY = "display"
    THUMB = "thumb"


class Source(Protocol):
    """What a `StoredBytes` reads from."""

    def read(self, size: int = ..., /) -> bytes: ...
    def close(self) -> None: ...


class StoredBytes:
    """Stored bytes being read: iterate for chunks, or `read`; `close` when done.

    At most `length` bytes are given (None: all there are).
    """

    def __init__(self, source: Source, length: int | None = None) -> None:
        self._source = source
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes (-1: all that are left)."""
        if self._left is not None:
            size = self._left if size < 0 else min(size, self._left)
        data = self._source.read(size)
        if self._left is not None:
            self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(_CHUNK_BYTES):
            yield chunk

    def close(self) -> None:
        """Let go of the file or connection."""
        self._source.close()

    def __enter__(self) -> "StoredBytes":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class PhotoStore(Protocol):
    """Where photo bytes live. Every method raises StoreUnavailable when the store does not answer
    and ValueError for a key that is none; keys are made by `blob_key`."""

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Keep all bytes of a seekable source, durably and all at once, when this returns.

        The same key again replaces the bytes and renews their time.
        """

    def open(self, key: str, start: int = 0, end: int | None = None) -> StoredBytes:
        """Bytes from `start` up to `end` (not included; None: to the last); BytesMissing."""

    def size(self, key: str) -> int | None:
        """How many bytes there are; None when there is nothing."""

    def delete(self, key: str) -> None:
        """Remove what is there; nothing there is no error."""

    def delete_if_older(self, key: str, than: datetime) -> bool:
        """Remove what was last put before an instant; False when it was put since, or not there."""

    def entries(self) -> Iterator[tuple[str, datetime]]:
        """Every key with the time (UTC) it was last put, in no order; left-over parts of puts that
        never ended are among them, under keys nobody asked for."""

    def ping(self) -> None:
        """Return when the store would take a photo now."""


def blob_key(sha256: str, kind: BlobKind) -> str:
    """The key of a photo's bytes: two levels of two hex digits, the SHA-256, the kind."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hex")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}/{kind}"


def masked_key(sha256: str, kind: BlobKind, mask_id: UUID) -> str:
    """The key of a rendition that a mask covers: beside that of the one without, by the mask's id,
    so that what a row names is never replaced by something else."""
    return f"{blob_key(sha256, kind)}-{mask_id}"


def staged_key(upload_id: UUID) -> str:
    """The key of what was posted to the address of an upload, until it is made a photo."""
    return f"uploads/{upload_id}"


def is_staged(key: str) -> bool:
    """Whether a key is that of something posted, or of the left-over part of such a put."""
    return _STAGED_KEY.fullmatch(key) is not None


def blob_of_key(key: str) -> tuple[str, str] | None:
    """SHA-256 and last name of a key of ours; None for a file that somebody else put there.

    The name is a BlobKind, or the left-over part of a put that never ended.
    """
    found = _BLOB_KEY.fullmatch(key)
    return (found["sha256"], found["name"]) if found else None


def is_key(text: str) -> bool:
    """Whether a text is a key, and so cannot lead out of the store."""
    return len(text) <= _KEY_LENGTH and _KEY.fullmatch(text) is not None


def checked_key(key: str) -> str:
    """The key itself; ValueError when it is none."""
    if not is_key(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def hash_in(store: PhotoStore, key: str) -> str | None:
    """The SHA-256 of what lies under a key; None when nothing does."""
    digest = sha256()
    try:
        with store.open(key) as stored:
            for chunk in stored:
                digest.update(chunk)
    except BytesMissing:
        return None
    return digest.hexdigest()
