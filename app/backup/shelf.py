"""The folder with the backups: one folder for each, and the photos of all of them together.

20261127T180000Z/gexun.db        the database as it was at that instant
20261127T180000Z/manifest.json   what it holds, by which it is checked
photos/ab/cd/<sha256>/received   and `display`, `thumb`; kept once for all backups
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from app.backup.errors import BackupRefused

FORMAT = 1
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `missing` are photos whose bytes were lost before."""

    made_at: str
    version: str
    revision: str
    database_bytes: int
    database_sha256: str
    photos: int
    missing: list[str]
    format: int = FORMAT


@dataclass(frozen=True)
class Backup:
    """One backup on the shelf, whole."""

    folder: Path
    made_at: datetime

    @property
    def name(self) -> str:
        """The instant (UTC) of which it is, as its folder is called."""
        return self.folder.name

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "gexun.db"

    def manifest(self) -> Manifest:
        """What it says of itself; raises BackupRefused when that cannot be read or understood."""
        try:
            said = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
            found = Manifest(**said)
        except (OSError, ValueError, TypeError) as problem:
            raise BackupRefused(f"备份 {self.name} 的说明读不出来，这份备份不能用。") from problem
        if found.format != FORMAT:
            raise BackupRefused(f"备份 {self.name} 是别的版本做的，请用那个版本恢复。")
        return found


class Shelf:
    """Backups in a folder; only its owner may read what is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def photos(self) -> Path:
        """Where the photos of all backups are."""
        return self.folder / "photos"

    def backups(self) -> list[Backup]:
        """All whole backups, the oldest first."""
        if not self.folder.is_dir():
            return []
        names = sorted(each.name for each in self.folder.iterdir() if _NAME.fullmatch(each.name))
        return [self._of(name) for name in names]

    def backup(self, name: str) -> Backup:
        """The one of a name, or the newest (`latest`); raises BackupRefused."""
        known = self.backups()
        found = known[-1:] if name == "latest" else [one for one in known if one.name == name]
        if not found:
            raise BackupRefused(f"{self.folder} 里没有备份 {name}；用 backup list 看有哪些。")
        return found[0]

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Waits until nobody else makes or thins backups here; what an earlier one that was ended
        half way left is removed."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / ".lock", "ab", opener=_privately) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for left in self.folder.glob("*.part"):
                shutil.rmtree(left)
            yield

    def begin(self, now: datetime) -> Path:
        """A folder for a backup that is not whole yet; BackupRefused when this second has one."""
        made = self.folder / f"{now.astimezone(UTC):{_STAMP}}.part"
        if made.with_suffix("").exists():
            raise BackupRefused("这一秒已经有一份备份，请稍等再做。")
        made.mkdir(mode=0o700)
        return made

    def finish(self, begun: Path, manifest: Manifest) -> Backup:
        """The backup whole under its name, on the disk, all at once."""
        written = begun / "manifest.json"
        written.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), "utf-8")
        for path in (written, begun / "gexun.db", begun):
            sync(path)
        os.replace(begun, begun.with_suffix(""))
        sync(self.folder)
        return self._of(begun.with_suffix("").name)

    def remove(self, backup: Backup) -> None:
        """Takes a backup off the shelf; its photos stay until they are swept."""
        aside = backup.folder.with_suffix(".part")
        os.replace(backup.folder, aside)
        shutil.rmtree(aside)

    def _of(self, name: str) -> Backup:
        made_at = datetime.strptime(name, _STAMP).replace(tzinfo=UTC)
        return Backup(self.folder / name, made_at)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync(path: Path) -> None:
    """Waits until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
