"""Bytes from the wire, counted and hashed on their way to a temporary file."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.photos.errors import PhotoTooLarge

_CHUNK_BYTES = 1 << 18


class Readable(Protocol):
    """Anything with bytes to read."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came: where it lies for now, its length in bytes and its SHA-256 in hex."""

    path: Path
    size: int
    sha256: str

    def open(self) -> BinaryIO:
        """The bytes from the start; the caller closes."""
        return self.path.open("rb")


@contextmanager
def receive(
    stream: Readable, *, max_bytes: int, directory: Path | None = None
) -> Iterator[Received]:
    """Read a stream into a temporary file that is gone when the block ends, however it ends.

    PhotoTooLarge as soon as more than `max_bytes` have come. `directory` None: the system's own.
    """
    with tempfile.NamedTemporaryFile(prefix="gexun-", dir=directory) as file:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        yield Received(Path(file.name), size, digest.hexdigest())


def _too_large(max_bytes: int) -> PhotoTooLarge:
    return PhotoTooLarge(
        f"每张照片不超过 {max_bytes / (1 << 20):.3g} MB，请调低拍照分辨率或压缩后再传。",
        max_bytes=max_bytes,
    )
