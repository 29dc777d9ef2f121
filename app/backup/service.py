"""Making backups, thinning them out, and bringing one back.

The database is copied first and the photos after it: bytes come before their row, and those that
nobody has any more are left for a day, so every row of the copy finds its bytes.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

from app.backup.errors import BackupRefused
from app.backup.shelf import Backup, Manifest, Shelf, sha256_of, sync
from app.backup.snapshot import (
    Bytes,
    faults_in,
    is_empty,
    photo_bytes,
    photo_count,
    revision_of,
    write_snapshot,
)
from app.backup.thinning import kept_among
from app.kernel.clock import rfc3339
from app.kernel.version import VERSION
from app.photos.errors import BytesMissing
from app.photos.store import PhotoStore

Said = Callable[[int], None]
"""Told now and then how many files are done; what it raises ends the work."""


def _nothing(_done: int) -> None:
    """For who does not want to know."""


def make_backup(
    database: Path, store: PhotoStore, shelf: Shelf, kept: PhotoStore, *, now: datetime,
    said: Said = _nothing,
) -> Backup:  # fmt: skip
    """A backup of now; `kept` is where the shelf has its photos. Bytes that are missing or altered
    in the store are named in the manifest and do not stop it. Ended half way, there is none."""
    if not database.is_file():
        raise BackupRefused("数据库还没有建，没有可以备份的。")
    with shelf.one_at_a_time():
        begun = shelf.begin(now)
        copy = begun / "gexun.db"
        write_snapshot(database, copy)
        missing = _copied(photo_bytes(copy), store, kept, said)
        return shelf.finish(
            begun,
            Manifest(
                made_at=rfc3339(now) or "",
                version=VERSION,
                revision=revision_of(copy),
                database_bytes=copy.stat().st_size,
                database_sha256=sha256_of(copy),
                photos=photo_count(copy),
                missing=missing,
            ),
        )


def thin_out(shelf: Shelf, kept: PhotoStore) -> list[Backup]:
    """Removes the backups that do not stay, and then the photos that none of the others has."""
    with shelf.one_at_a_time():
        known = shelf.backups()
        stay = kept_among([each.made_at for each in known])
        gone = [each for each in known if each.made_at not in stay]
        for each in gone:
            shelf.remove(each)
        if gone:
            _sweep(shelf, kept)
    return gone


def bring_back(
    backup: Backup, kept: PhotoStore, *, database: Path, store: PhotoStore, said: Said = _nothing
) -> list[str]:
    """Puts the photos of a backup into a store and its database, last and all at once, in place of
    none; keys of photos that the backup lacks. Run again after an interruption it goes on."""
    if not is_empty(database):
        raise BackupRefused(f"{database} 里已经有数据；请先把它移开，或换一个 GEXUN_DATABASE_URL。")
    check(backup)
    missing = _copied(photo_bytes(backup.database), kept, store, said)
    part = database.with_name(f"{database.name}.part")
    shutil.copyfile(backup.database, part)
    part.chmod(0o600)
    sync(part)
    for left in ("-wal", "-shm"):
        database.with_name(database.name + left).unlink(missing_ok=True)
    os.replace(part, database)
    sync(database.parent)
    return missing


def check(backup: Backup) -> Manifest:
    """What a backup says of itself, after its database was found as it says; BackupRefused."""
    manifest = backup.manifest()
    if not backup.database.is_file() or sha256_of(backup.database) != manifest.database_sha256:
        raise BackupRefused(f"备份 {backup.name} 的数据库缺失或与做的时候不同，不能用。")
    if fault := faults_in(backup.database):
        raise BackupRefused(f"备份 {backup.name} 的数据库已损坏（{fault}），不能用。")
    return manifest


def _copied(
    wanted: Iterable[Bytes], source: PhotoStore, target: PhotoStore, said: Said
) -> list[str]:
    """Copies what the target lacks; the keys of what the source has not, or not unaltered."""
    missing = []
    for done, each in enumerate(wanted):
        if done % 100 == 0:
            said(done)
        if target.size(each.key) is None and not copy_bytes(each, source, target):
            missing.append(each.key)
    return missing


def copy_bytes(wanted: Bytes, source: PhotoStore, target: PhotoStore) -> bool:
    """Copies what one key holds; False when the source has it not, or not unaltered."""
    digest = sha256()
    with TemporaryFile() as held:
        try:
            with source.open(wanted.key) as stored:
                for chunk in stored:
                    digest.update(chunk)
                    held.write(chunk)
        except BytesMissing:
            return False
        if digest.hexdigest() != wanted.sha256:
            return False
        held.seek(0)
        target.put(wanted.key, held, media_type=wanted.media_type)
    return True


def _sweep(shelf: Shelf, kept: PhotoStore) -> None:
    used = {each.key for backup in shelf.backups() for each in photo_bytes(backup.database)}
    for key, _ in kept.entries():
        if key not in used:
            kept.delete(key)
