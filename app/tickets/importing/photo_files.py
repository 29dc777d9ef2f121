"""The photos that come with a spreadsheet: files in a folder, or entries of a zip, by bare name.

Names only find files that are there; nothing is ever written under a name that somebody sent.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.photos.receive import Readable
from app.tickets.importing.errors import ImportTooLarge, PhotoArchiveFaulty

MOST_ENTRIES = 300
MOST_ARCHIVE_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024

_UTF8_NAMES = 0x800


class UnreadableFile(Exception):
    """A file that is there and gives no bytes."""


class PhotoFiles(Protocol):
    """Photos by bare name."""

    def __contains__(self, name: object, /) -> bool: ...
    def names(self) -> Iterable[str]:
        """The names there are."""

    def opened(self, name: str) -> AbstractContextManager[Readable]:
        """The bytes under a name that is there; raises UnreadableFile while they are read."""


def known_as(name: str) -> str:
    """A file's name as it is compared: one form of letters, no case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def left_behind(name: str) -> bool:
    """Whether a file is one that systems and spreadsheet programs leave beside others."""
    return name.startswith((".", "~$", "Thumbs.db"))


class NoFiles:
    """No photos came."""

    def __contains__(self, name: object, /) -> bool:
        return False

    def names(self) -> Iterable[str]:
        """None."""
        return ()

    def opened(self, name: str) -> AbstractContextManager[Readable]:
        """There is nothing to open."""
        raise KeyError(name)


class FolderOfPhotos:
    """The plain files of one folder but the spreadsheet that names them; folders in it are not
    looked into."""

    def __init__(self, folder: Path, *, sheet: Path) -> None:
        files = sorted(path for path in folder.iterdir() if path.is_file())
        photos = (path for path in files if not path.samefile(sheet))
        self._files = {known_as(path.name): path for path in photos if not left_behind(path.name)}

    def __contains__(self, name: object, /) -> bool:
        return isinstance(name, str) and known_as(name) in self._files

    def names(self) -> Iterable[str]:
        """The files' names."""
        return [path.name for path in self._files.values()]

    @contextmanager
    def opened(self, name: str) -> Iterator[Readable]:
        """The file's bytes."""
        try:
            with self._files[known_as(name)].open("rb") as file:
                yield file
        except OSError as error:
            raise UnreadableFile(name) from error


class ZipOfPhotos:
    """The entries of a zip within bounds; the folders they were packed in do not count."""

    def __init__(self, file: BinaryIO) -> None:
        if _size(file) > MOST_ARCHIVE_BYTES:
            detail = f"照片压缩包不超过 {MOST_ARCHIVE_BYTES >> 20} MB，请分几次导入。"
            raise ImportTooLarge(detail)
        try:
            self._archive = ZipFile(file)
            entries = [entry for entry in self._archive.infolist() if _counts(entry)]
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise PhotoArchiveFaulty("不是正确的 zip 文件。") from error
        _refuse_beyond_bounds(entries)
        self._entries = _by_name(entries)

    def __contains__(self, name: object, /) -> bool:
        return isinstance(name, str) and known_as(name) in self._entries

    def names(self) -> Iterable[str]:
        """The entries' bare names."""
        return [_bare_name(entry) for entry in self._entries.values()]

    @contextmanager
    def opened(self, name: str) -> Iterator[Readable]:
        """The entry's bytes: never more than it said that it has."""
        try:
            with self._archive.open(self._entries[known_as(name)]) as file:
                yield file
        except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise UnreadableFile(name) from error


def _size(file: BinaryIO) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _counts(entry: ZipInfo) -> bool:
    """Folders, and what systems leave behind, are not photos."""
    hidden = "__MACOSX/" in entry.filename or left_behind(_bare_name(entry))
    return not entry.is_dir() and not hidden


def _bare_name(entry: ZipInfo) -> str:
    """The name without its folders; old Chinese packers write GBK where the format says cp437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    return name.replace("\\", "/").rpartition("/")[2]


def _refuse_beyond_bounds(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise PhotoArchiveFaulty(f"照片压缩包最多 {MOST_ENTRIES} 个文件，请分几次导入。")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise PhotoArchiveFaulty(f"照片解开后共超过 {MOST_UNPACKED >> 20} MB，请分几次导入。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise PhotoArchiveFaulty("照片压缩包加了密码，请去掉密码。")


def _by_name(entries: list[ZipInfo]) -> Mapping[str, ZipInfo]:
    found: dict[str, ZipInfo] = {}
    for entry in entries:
        name = known_as(_bare_name(entry))
        if name in found:
            raise PhotoArchiveFaulty(f"照片压缩包里有两个 {_bare_name(entry)[:60]}，请改名。")
        found[name] = entry
    return found
