"""The database file of a backup: written while others write, and read back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.backup.errors import BackupRefused
from app.photos.imaging.renditions import RENDITIONS_MEDIA_TYPE
from app.photos.models import masked_files
from app.photos.store import BlobKind, blob_key

Mask = tuple[UUID | None, str | None, str | None]


@dataclass(frozen=True)
class Bytes:
    """Bytes of a photo that a database knows: their key in a store, their SHA-256 and kind."""

    key: str
    sha256: str
    media_type: str


def write_snapshot(database: Path, target: Path) -> None:
    """A copy of an SQLite database as it is at one instant; writers go on meanwhile. Raises
    BackupRefused when the copy is damaged, as the database then is."""
    target.touch(mode=0o600)
    with reading(database) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (said := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BackupRefused(f"数据库已损坏（{said}），没有做成备份；请查看磁盘。")


def is_empty(database: Path) -> bool:
    """Whether a file is no database yet, or one without tables."""
    if not database.exists():
        return True
    try:
        with reading(database) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def faults_in(database: Path) -> str | None:
    """What SQLite finds wrong in a file: its structure, or rows that name rows which are not
    there; None when all is well."""
    try:
        with reading(database) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as problem:
        return str(problem)
    return f"foreign key of {lost[0]}" if lost else None if said == "ok" else str(said)


def revision_of(database: Path) -> str:
    """The revision of the tables."""
    with reading(database) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0])


def photo_count(database: Path) -> int:
    """How many photos there are."""
    with reading(database) as connection:
        return int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])


def photo_bytes(database: Path) -> Iterator[Bytes]:
    """All bytes that the photos of a database have."""
    with reading(database) as connection:
        for row in connection.execute(
            f"SELECT media_type, sha256, display_sha256, thumb_sha256, {_masked(connection)}"
            f" FROM blobs WHERE {_kept(connection)}"
            " EXISTS (SELECT 1 FROM photos WHERE photos.sha256 = blobs.sha256)"
            " ORDER BY sha256"
        ):
            media_type, received, display, thumb, mask_id, *masked = row
            mask: Mask = (UUID(mask_id) if mask_id else None, masked[0], masked[1])
            yield from bytes_of_blob(media_type, received, display, thumb, mask=mask)


def _masked(connection: sqlite3.Connection) -> str:
    """What names the masked renditions; nothing in a backup from before there were any."""
    names = ("mask_id", "masked_display_sha256", "masked_thumb_sha256")
    columns = _columns(connection)
    return ", ".join(name if name in columns else "NULL" for name in names)


def _kept(connection: sqlite3.Connection) -> str:
    """What leaves purged blobs out; nothing in a backup from before there was purging."""
    return "purged_at IS NULL AND" if "purged_at" in _columns(connection) else ""


def _columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("PRAGMA table_info(blobs)")}


def bytes_of_blob(
    media_type: str,
    sha256: str,
    display_sha256: str,
    thumb_sha256: str,
    mask: Mask = (None, None, None),
) -> Iterator[Bytes]:
    """What is kept of one blob, given the media type received, the SHA-256 of each kind, and what
    names its masked renditions."""
    hashes = (sha256, display_sha256, thumb_sha256)
    for kind, digest in zip(BlobKind, hashes, strict=True):
        said = media_type if kind is BlobKind.RECEIVED else RENDITIONS_MEDIA_TYPE
        yield Bytes(blob_key(sha256, kind), digest, said)
    for file in masked_files(sha256, *mask).values():
        yield Bytes(file.key, file.sha256, RENDITIONS_MEDIA_TYPE)


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
