"""Rows that should be on the record and are not, and photo files whose bytes changed."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.evidence.checking.faults import Fault
from app.evidence.models import EntryKind, RecordEntry
from app.kernel.db import fetch
from app.kernel.recording import ON_RECORD
from app.photos.judgements import PhotoJudgement
from app.photos.models import Photo, PhotoBlob, PhotoRemoval
from app.photos.store import BlobKind, PhotoStore
from app.photos.sweeping import faults_of, known_blob
from app.tickets.actions import EVENT_LABELS
from app.tickets.judgements import UseJudgement
from app.tickets.models import Ticket, TicketEvent

PAGE = 1000
FIRST = UUID(int=0)
KIND_LABELS = {
    BlobKind.RECEIVED: "原图",
    BlobKind.DISPLAY: "大图",
    BlobKind.THUMB: "缩略图",
}


def check_rows(session: Session, town_id: UUID | None) -> Iterator[Fault]:
    """Rows marked as linked that no entry is about, and a remark on those that still wait."""
    events: Any = (
        select(TicketEvent.id, TicketEvent.record_state, TicketEvent.sequence, TicketEvent.action,
               Ticket.number)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
    )  # fmt: skip
    photos: Any = select(Photo.id, Photo.record_state)
    judged: Any = (
        select(UseJudgement.id, UseJudgement.record_state, UseJudgement.judged_for, Ticket.number)
        .join(Ticket, Ticket.id == UseJudgement.ticket_id)
    )  # fmt: skip
    judged_alone: Any = select(
        PhotoJudgement.id, PhotoJudgement.record_state, PhotoJudgement.photo_id
    )
    if town_id:
        judged_alone = judged_alone.where(PhotoJudgement.town_id == town_id)
        judged = judged.where(Ticket.town_id == town_id)
        events = events.where(Ticket.town_id == town_id)
        photos = photos.where(Photo.town_id == town_id)
    waiting = 0
    for asked, key, kind in (
        (photos, Photo.id, EntryKind.photo_received),
        (events, TicketEvent.id, EntryKind.ticket_event),
        (judged, UseJudgement.id, EntryKind.use_judged),
        (judged_alone, PhotoJudgement.id, EntryKind.photo_judged),
    ):
        for page in _pages(session, asked, key):
            there = _on_record(session, kind, [row.id for row in page])
            waiting += sum(row.record_state != ON_RECORD for row in page)
            yield from (
                Fault("", "库中有，链上没有", about=_about(row))
                for row in page
                if row.record_state == ON_RECORD and row.id not in there
            )
    if waiting:
        yield Fault("", f"{waiting} 条记录等待入链，请看后台任务进程是否在运行", remark=True)


def _pages(session: Session, asked: Select[Any], key: Any) -> Iterator[Sequence[Any]]:
    last = FIRST
    while page := fetch(session, asked.where(key > last).order_by(key).limit(PAGE)):
        yield page
        last = page[-1].id


def _on_record(session: Session, kind: EntryKind, ids: list[UUID]) -> set[UUID]:
    asked = select(RecordEntry.source_id).where(
        RecordEntry.kind == kind, RecordEntry.source_id.in_(ids)
    )
    return set(session.scalars(asked))


def _about(row: Any) -> str:
    if hasattr(row, "judged_for"):
        return f"工单 {row.number} 事后的结论 {row.id}"
    if hasattr(row, "photo_id"):
        return f"照片 {row.photo_id} 事后的结论 {row.id}"
    if not hasattr(row, "sequence"):
        return f"照片 {row.id}"
    action = EVENT_LABELS.get(row.action, row.action)
    return f"工单 {row.number} 第 {row.sequence} 步（{action}）"


def check_files(session: Session, store: PhotoStore, town_id: UUID | None) -> Iterator[Fault]:
    """Files of photos that are missing or have other bytes; every byte is read. What was rightly
    removed is not looked for."""
    last = ""
    while page := _blobs(session, last, town_id):
        for row in page:
            blob, photos = row
            for found in faults_of(store, known_blob(blob, photos)):
                kind = f"{'遮盖后的' if found.masked else ''}{KIND_LABELS[found.kind]}"
                said = "被改动" if found.altered else "缺失"
                yield from (
                    Fault("", f"{kind}文件{said}", about=f"照片 {photo_id}")
                    for photo_id in _photos_of(session, blob.sha256, town_id)
                )
        last = page[-1][0].sha256


def _blobs(session: Session, after: str, town_id: UUID | None) -> Sequence[Any]:
    asked: Any = (
        select(PhotoBlob, func.count(Photo.id))
        .join(Photo, Photo.sha256 == PhotoBlob.sha256)
        .where(PhotoBlob.sha256 > after, Photo.id.not_in(select(PhotoRemoval.photo_id)))
        .group_by(*PhotoBlob.__table__.c)
        .order_by(PhotoBlob.sha256)
        .limit(PAGE)
    )
    asked = asked.where(Photo.town_id == town_id) if town_id else asked
    return session.execute(asked).all()


def _photos_of(session: Session, sha256: str, town_id: UUID | None) -> Sequence[UUID]:
    asked = select(Photo.id).where(Photo.sha256 == sha256).order_by(Photo.id)
    return session.scalars(asked.where(Photo.town_id == town_id) if town_id else asked).all()
