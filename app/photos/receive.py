"""Bytes from the wire, counted and hashed on their way to a temporary file."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from app.photos.errors import PhotoTooLarge

_CHUNK_BYTES = 1 << 18


class Readable(Protocol):
    """Anything with bytes to read."""

    def read(self, size: int = ..., /) -> bytes: ...


_OPEN_FILES = Path("/proc/self/fd")


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
    with _temporary(directory) as file:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        yield Received(_path_of(file), size, digest.hexdigest())


def _temporary(directory: Path | None) -> Any:
    """A file without a name, where its content can be opened again all the same: a process that is
    killed leaves no photo behind. Elsewhere than on Linux it has a name."""
    if _OPEN_FILES.is_dir():
        return tempfile.TemporaryFile(dir=directory)
    return tempfile.NamedTemporaryFile(prefix="gexun-", dir=directory)


def _path_of(file: Any) -> Path:
    return _OPEN_FILES / str(file.fileno()) if _OPEN_FILES.is_dir() else Path(file.name)


def _too_large(max_bytes: int) -> PhotoTooLarge:
    return PhotoTooLarge(
        f"每张照片不超过 {max_bytes / (1 << 20):.3g} MB，请调低拍照分辨率或压缩后再传。",
        max_bytes=max_bytes,
    )
