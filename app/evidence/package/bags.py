"""A BagIt bag (RFC 8493), written as it is read: to a zip that is streamed, or into a folder."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.kernel.clock import SHANGHAI, shanghai_day

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What a zip can say."""


class Pieces(Protocol):
    """Bytes in pieces, to be closed when done."""

    def __iter__(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Item:
    """A file of a bag: its path, the SHA-256 that its bytes have or should have, how many they
    are, and how they are read; `packed`: they do not get smaller."""

    path: str
    sha256: str
    size: int
    opened: Callable[[], Pieces]
    packed: bool = False


class _Text:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self._data

    def close(self) -> None:
        """Nothing is open."""


def text_item(path: str, text: str | bytes) -> Item:
    """A file of text."""
    data = text.encode() if isinstance(text, str) else text
    return Item(path, sha256(data).hexdigest(), len(data), lambda: _Text(data))


def bagged(payload: Iterable[Item], *, now: datetime | None, about: str) -> Iterator[Item]:
    """The payload below data/, and behind it what makes it a bag; without `now` it does not say
    when, and the same payload is the same bag."""
    lines, size, count = [], 0, 0
    for item in payload:
        path = f"data/{item.path}"
        lines.append(f"{item.sha256}  {path}\n")
        size, count = size + item.size, count + 1
        yield Item(path, item.sha256, item.size, item.opened, item.packed)
    info = f"Payload-Oxum: {size}.{count}\nExternal-Identifier: {about}\n"
    if now is not None:
        info = f"Bagging-Date: {shanghai_day(now).isoformat()}\n{info}"
    declared = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    tags = [
        text_item("bagit.txt", declared),
        text_item("bag-info.txt", info),
        text_item("manifest-sha256.txt", "".join(lines)),
    ]
    yield from tags
    yield text_item(
        "tagmanifest-sha256.txt", "".join(f"{each.sha256}  {each.path}\n" for each in tags)
    )


class _Sink:
    """Where a zip writes what is then taken away; it cannot be sought in."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing behind it."""

    def taken(self) -> bytes:
        data = b"".join(self._written)
        self._written.clear()
        return data


def zipped(items: Iterable[Item], *, folder: str, now: datetime) -> Iterator[bytes]:
    """A zip in pieces, all its files in one folder; a piece of a file at a time is in memory."""
    sink = _Sink()
    local = now.astimezone(SHANGHAI)
    when = max(_EARLIEST, (local.year, local.month, local.day, local.hour, local.minute, 0))
    with ZipFile(sink, "w") as archive:
        for item in items:
            info = ZipInfo(f"{folder}/{item.path}", date_time=when)
            info.compress_type = ZIP_STORED if item.packed else ZIP_DEFLATED
            with archive.open(info, "w") as file:
                for piece in _pieces(item):
                    file.write(piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def into_folder(items: Iterable[Item], folder: Path) -> int:
    """Writes the files below a folder; how many. Raises OSError, FileExistsError for one there."""
    count = 0
    for item in items:
        path = folder / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(_pieces(item))
        count += 1
    return count


def _pieces(item: Item) -> Iterator[bytes]:
    opened = item.opened()
    try:
        yield from opened
    finally:
        opened.close()
