"""`photos sweep`, `photos check` and `photos rehash`."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import click
from flask import current_app
from flask.cli import AppGroup

from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.db import unit_of_work
from app.photos.errors import BytesMissing, PhotoUnreadable
from app.photos.imaging.renditions import grey_of
from app.photos.likeness.hashing import Hashes, hashes_of
from app.photos.likeness.rehashing import blobs_behind, rehash
from app.photos.store import BlobKind, PhotoStore, blob_key
from app.photos.sweeping import (
    faults_of,
    forget_unused_blobs,
    known_blobs,
    old_keys,
    orphans_among,
    remove_orphan,
    unused_blobs,
)

_BATCH = 500
_REHASHED = 10
"""Blobs brought along in one transaction, for which other writers wait."""

photos = AppGroup("photos", help="照片文件的清理和核对。")


def _store() -> PhotoStore:
    found: PhotoStore = current_app.extensions["gexun_store"]
    return found


@photos.command("sweep")
@click.option("--dry-run", is_flag=True, help="只说会清理什么，不动任何文件")
def sweep(dry_run: bool) -> None:
    """清理一天以前留下、没有任何照片记录的文件。"""
    with plain_refusals():
        sizes = list(_would_remove() if dry_run else removed_orphans())
    verb = "将清理" if dry_run else "已清理"
    click.echo(f"{verb} {len(sizes)} 个文件，共 {amount(sum(sizes))}；不满一天的不动。")


@photos.command("check")
def check() -> None:
    """逐个核对照片文件：缺失的、与入库时不同的，都列出来。"""
    with plain_refusals():
        with unit_of_work() as session:
            known = known_blobs(session)
        faults = [fault for blob in known for fault in faults_of(_store(), blob)]
    for fault in faults:
        said = "与入库时不同" if fault.altered else "缺失"
        kind = f"{fault.kind}（遮盖后）" if fault.masked else fault.kind
        click.echo(f"{fault.sha256}\t{kind}\t{said}\t涉及 {fault.photos} 张照片")
    if faults:
        stop(f"核对了 {len(known)} 份照片，{len(faults)} 个文件有问题；请从备份恢复。")
    click.echo(f"核对了 {len(known)} 份照片，文件都在，内容无误。")


@photos.command("rehash")
def rehash_all() -> None:
    """为还没有比对特征、或特征版本较旧的照片补算特征，系统可照常使用；中断后再次运行即可继续。"""
    with plain_refusals():
        done, missing = 0, 0
        for count, without in brought_along():
            done, missing = done + count, missing + without
    click.echo(f"已为 {done} 份照片计算特征。")
    if missing:
        stop(f"{missing} 份照片的缩略图缺失或损坏，未能计算；请运行 flask photos check 查看。")


def brought_along(before_each: Callable[[], None] = lambda: None) -> Iterator[tuple[int, int]]:
    """Brings blobs along whose hashes are behind, a batch in each transaction; how many were, and
    of how many the thumb is missing or broken."""
    last = 0
    while True:
        before_each()
        with unit_of_work() as session:
            behind = blobs_behind(session, after=last, most=_REHASHED)
        if not behind:
            return
        seen = {number: _looks(sha256) for number, sha256 in behind}
        with unit_of_work() as session:
            now, its = present(), {number: one for number, one in seen.items() if one}
            known = [rehash(session, number, one, now=now) for number, one in its.items()]
        yield sum(known), sum(one is None for one in seen.values())
        last = behind[-1][0]


def _looks(sha256: str) -> Hashes | None:
    """The hashes of a blob's thumb; None when it is missing or no picture."""
    try:
        with _store().open(blob_key(sha256, BlobKind.THUMB)) as stored:
            return hashes_of(grey_of(stored.read()))
    except (BytesMissing, PhotoUnreadable):
        return None


def removed_orphans(before_each: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Removes rows first and bytes after them, so that no row is ever without; bytes of each.

    Each batch is looked up again just before its files go, and a file put again meanwhile stays.
    `before_each` is called before each batch, outside of any transaction.
    """
    now, store = present(), _store()
    with unit_of_work() as session:
        forget_unused_blobs(session, now=now)
    for keys in _batches(old_keys(store, now=now)):
        before_each()
        with unit_of_work() as session:
            orphans = orphans_among(session, keys)
        sizes = (remove_orphan(store, key, now=now) for key in orphans)
        yield from (size for size in sizes if size is not None)


def _would_remove() -> Iterator[int]:
    now, store = present(), _store()
    with unit_of_work() as session:
        forgotten = unused_blobs(session, now=now)
    for keys in _batches(old_keys(store, now=now)):
        with unit_of_work() as session:
            orphans = orphans_among(session, keys, forgotten=forgotten)
        yield from (store.size(key) or 0 for key in orphans)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while batch := list(islice(left, _BATCH)):
        yield batch


def amount(size: int) -> str:
    """A size for people."""
    return f"{size} 字节" if size < 1 << 20 else f"{size / (1 << 20):.1f} MB（{size} 字节）"
