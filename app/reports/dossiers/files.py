"""The files of a dossier: their names, and bytes that are kept aside until they are packed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO

from app.evidence.package.bags import Item

_PIECE = 1 << 16
_IN_MEMORY = 4 << 20
_LONGEST = 60
_NOT_IN_NAMES = re.compile(r"[^\w（）()-]+")
"""Of a file's name, which programs and manifests of all kinds have to read."""


def named(*parts: str | None) -> str:
    """A name of words that people wrote."""
    words = (_NOT_IN_NAMES.sub(" ", part).strip() for part in parts if part)
    return " ".join(word[:_LONGEST] for word in words if word)


@dataclass
class Shelf:
    """What has been put into a dossier, for its first page, in order."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    waiting: int = 0
    """Photos left out: nobody has looked yet what must be covered."""

    def note(self, name: str, says: str) -> None:
        """A file, or a folder of several, and what it is."""
        self.lines.append((name, says))


class _Held:
    """Bytes kept aside, which are gone when they have been read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()


def held_item(path: str, pieces: Iterable[bytes], *, packed: bool = True) -> Item:
    """A file of any size whose hash is known before it is packed; it is read once."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    digest, size = sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        file.write(piece)
    return Item(path, digest.hexdigest(), size, lambda: _Held(file), packed=packed)
