"""A PhotoStore in memory, held to the same contract as the real ones."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from app.kernel.clock import utc_now
from app.photos.errors import BytesMissing, StoreUnavailable
from app.photos.store import StoredBytes, checked_key


class MemoryPhotoStore:
    """Keeps bytes in a dictionary; `down` makes every call fail as a dead store would."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self.down = False
        self.blobs: dict[str, tuple[bytes, datetime, str]] = {}
        self._clock = clock

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Keep the bytes."""
        self.blobs[self._key(key)] = (source.read(), self._clock(), media_type)

    def open(self, key: str, start: int = 0, end: int | None = None) -> StoredBytes:
        """A slice of the bytes."""
        found = self.blobs.get(self._key(key))
        if found is None:
            raise BytesMissing("照片文件不存在。")
        return StoredBytes(io.BytesIO(found[0][start:end]))

    def size(self, key: str) -> int | None:
        """The number of bytes."""
        found = self.blobs.get(self._key(key))
        return None if found is None else len(found[0])

    def delete(self, key: str) -> None:
        """Forget the bytes."""
        self.blobs.pop(self._key(key), None)

    def delete_if_older(self, key: str, than: datetime) -> bool:
        """Forget bytes that were put before an instant."""
        found = self.blobs.get(self._key(key))
        if found is None or found[1] >= than:
            return False
        del self.blobs[key]
        return True

    def entries(self) -> Iterator[tuple[str, datetime]]:
        """Every key and its time."""
        self.ping()
        yield from [(key, at) for key, (_, at, _) in self.blobs.items()]

    def ping(self) -> None:
        """Fail when down."""
        if self.down:
            raise StoreUnavailable("照片存储没有应答。")

    def _key(self, key: str) -> str:
        self.ping()
        return checked_key(key)
