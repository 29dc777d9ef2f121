"""A photo store that remembers what was new in it, so that a load broken off leaves nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from app.photos.store import PhotoStore, StoredBytes


class RememberingStore:
    """A PhotoStore in front of another; `forget` removes what was put where nothing was.

    `before_each` is called before bytes are put: there a load can be broken off.
    """

    def __init__(self, store: PhotoStore, before_each: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._before_each = before_each
        self._fresh: set[str] = set()

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Keep the bytes, and remember the key when there was nothing under it."""
        self._before_each()
        # Another database may share the store: what it has there is not ours to remove.
        if key not in self._fresh and self._store.size(key) is None:
            self._fresh.add(key)
        self._store.put(key, source, media_type=media_type)

    def open(self, key: str, start: int = 0, end: int | None = None) -> StoredBytes:
        """As the store."""
        return self._store.open(key, start, end)

    def size(self, key: str) -> int | None:
        """As the store."""
        return self._store.size(key)

    def delete(self, key: str) -> None:
        """As the store."""
        self._store.delete(key)

    def delete_if_older(self, key: str, than: datetime) -> bool:
        """As the store."""
        return self._store.delete_if_older(key, than)

    def entries(self) -> Iterator[tuple[str, datetime]]:
        """As the store."""
        return self._store.entries()

    def ping(self) -> None:
        """As the store."""
        self._store.ping()

    def forget(self) -> None:
        """Remove everything that was new."""
        for key in sorted(self._fresh):
            self._store.delete(key)
        self._fresh.clear()
