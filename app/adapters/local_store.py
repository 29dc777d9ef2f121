"""Photos in a folder of this machine; the embedded default."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.photos.errors import BytesMissing, StoreUnavailable
from app.photos.store import StoredBytes, checked_key, is_key

_COPY_BYTES = 1 << 20
_PART = ".part-"


class LocalPhotoStore:
    """A PhotoStore in `root`: a file appears under its name only when its bytes are on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Write beside the target, fsync, rename, fsync the folder."""
        path = self._path(key)
        part = path.with_name(f"{path.name}{_PART}{secrets.token_hex(8)}")
        with _failures():
            _make_folders(path.parent)
            try:
                _write(part, source)
                os.replace(part, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def open(self, key: str, start: int = 0, end: int | None = None) -> StoredBytes:
        """The bytes of a file from `start` to before `end`."""
        path = self._path(key)
        with _failures():
            if not path.is_file():
                raise BytesMissing("照片文件不存在。")
            file = path.open("rb")
        file.seek(start)
        return StoredBytes(_Reader(file), None if end is None else max(0, end - start))

    def size(self, key: str) -> int | None:
        """The file's length."""
        path = self._path(key)
        with _failures():
            return path.stat().st_size if path.is_file() else None

    def delete(self, key: str) -> None:
        """Unlink the file; its folders stay, another put may be about to use them."""
        with _failures(), contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._path(key).unlink()

    def delete_if_older(self, key: str, than: datetime) -> bool:
        """Unlink a file that was last put before an instant.

        It is moved aside and looked at again first: a put of the same bytes may come in between.
        """
        path = self._path(key)
        aside = path.with_name(f"{path.name}{_PART}{secrets.token_hex(8)}")
        with _failures(), contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if _put_at(path) >= than:
                return False
            os.rename(path, aside)
            if _put_at(aside) < than:
                aside.unlink()
                return True
            os.rename(aside, path)
        return False

    def entries(self) -> Iterator[tuple[str, datetime]]:
        """Every file below the root whose path is a key, with its time of modification."""
        with _failures():
            for folder, _, names in os.walk(self._root):
                for path in (Path(folder, name) for name in names):
                    key = path.relative_to(self._root).as_posix()
                    with contextlib.suppress(FileNotFoundError):
                        if is_key(key):
                            yield key, _put_at(path)

    def ping(self) -> None:
        """The root can be made, may be written to, and has room for a photo."""
        with _failures():
            _make_folders(self._root)
            if not os.access(self._root, os.W_OK | os.X_OK):
                raise OSError(errno.EACCES, "not writable")
            if shutil.disk_usage(self._root).free < 64 * _COPY_BYTES:
                raise OSError(errno.ENOSPC, "no room")

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)


class _Reader:
    """A file whose read errors are the store's."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        with _failures():
            return self._file.read(size)

    def close(self) -> None:
        self._file.close()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable("照片存储目录无法读写或空间不足，请联系管理员。") from error


def _put_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _write(part: Path, source: BinaryIO) -> None:
    with open(part, "xb", opener=_for_the_group) as file:
        shutil.copyfileobj(source, file, _COPY_BYTES)
        file.flush()
        os.fsync(file.fileno())


def _for_the_group(path: str, flags: int) -> int:
    """Photos are for the service and, where the umask lets it, its group, such as a backup's."""
    return os.open(path, flags, 0o640)


def _make_folders(folder: Path) -> None:
    """Folders that survive a power cut: each new one is made known in its parent."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o750, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
