"""Tickets of a township, what happened to them and their photos, as rows to be kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.grid.models import AREA_LABELS, Cell, Compound
from app.kernel.clock import SHANGHAI
from app.kernel.spreadsheets import Ledger
from app.people.models import Organisation, Person
from app.photos.evidence import ROLE_LABELS, VERDICT_LABELS
from app.photos.masking.models import MASK_STATE_LABELS
from app.photos.masking.presenting import mask_state
from app.photos.models import Photo, PhotoBlob
from app.tickets.actions import ACTION_LABELS
from app.tickets.models import (
    SOURCE_LABELS,
    STATE_LABELS,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
)

Row = tuple[int, Sequence[str | int]]
ENDED = frozenset({State.closed, State.rejected, State.voided, State.withdrawn})
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}

_TICKET_COLUMNS = (
    ("工单号", 24), ("状态", 10), ("事项类别", 16), ("立案条件", 16), ("社区", 16), ("小区", 16),
    ("网格", 18), ("区域", 10), ("问题描述", 40), ("来源", 10), ("来件编号", 16),
    ("责任单位", 20), ("上报人", 10), ("上报时间", 18), ("派遣时间", 18), ("整改期限", 18),
    ("整改时间", 18), ("结案时间", 18), ("返工次数", 8), ("延期次数", 8), ("经度", 12),
    ("纬度", 12),
)  # fmt: skip
_EVENT_COLUMNS = (
    ("工单号", 24), ("序号", 6), ("时间", 18), ("谁", 10), ("单位", 20), ("动作", 12),
    ("原状态", 10), ("新状态", 10), ("说明", 40),
)  # fmt: skip
_PHOTO_COLUMNS = (
    ("工单号", 24), ("用途", 10), ("结论", 12), ("文件", 76), ("收到时间", 18), ("拍摄人", 10),
    ("经度", 12), ("纬度", 12), ("遮盖", 10),
)  # fmt: skip


def ticket_ledgers(session: Session, town: Organisation) -> list[Ledger]:
    """A township's tickets, their timelines, and the photos of it, in tickets and not."""
    return [
        Ledger("工单", _TICKET_COLUMNS, _tickets(session, town)),
        Ledger("经过", _EVENT_COLUMNS, _events(session, town)),
        Ledger("照片", _PHOTO_COLUMNS, _photos(session, town)),
    ]


def open_tickets(session: Session, town: Organisation) -> int:
    """How many tickets of a township have not come to an end."""
    asked = select(func.count()).select_from(Ticket)
    there = asked.where(Ticket.town_id == town.id, Ticket.state.not_in(ENDED))
    return session.scalar(there) or 0


def blobs_of(session: Session, town: Organisation) -> list[tuple[str, str]]:
    """SHA-256 and file name of everything in the ledger of photos."""
    found = session.execute(
        select(PhotoBlob.sha256, PhotoBlob.media_type)
        .where(
            PhotoBlob.sha256.in_(_shown(town).with_only_columns(Photo.sha256)),
            PhotoBlob.purged_at.is_(None),
        )
        .order_by(PhotoBlob.sha256)
    )
    return [(sha256, file_name(sha256, media_type)) for sha256, media_type in found]


def file_name(sha256: str, media_type: str) -> str:
    """Where a photo lies below the ledgers."""
    return f"照片/{sha256[:2]}/{sha256}.{_EXTENSIONS.get(media_type, 'bin')}"


def _tickets(session: Session, town: Organisation) -> Iterator[Row]:
    community, responsible = aliased(Organisation), aliased(Organisation)
    found = session.execute(
        select(Ticket, community.name, responsible.name, Compound.name, Cell.code, Person.name)
        .join(community, community.id == Ticket.community_id)
        .outerjoin(responsible, responsible.id == Ticket.responsible_id)
        .outerjoin(Compound, Compound.id == Ticket.compound_id)
        .outerjoin(Cell, Cell.id == Ticket.cell_id)
        .join(Person, Person.id == Ticket.reporter_id)
        .where(Ticket.town_id == town.id)
        .order_by(Ticket.reported_at, Ticket.id)
        .execution_options(yield_per=1000)
    )
    for one, home, unit, compound, cell, reporter in found:
        yield (
            _year(one.reported_at),
            (
                one.number,
                STATE_LABELS[one.state],
                one.category_name,
                one.condition_name,
                home,
                compound or "",
                cell or "",
                AREA_LABELS[one.area] if one.area else "",
                one.description,
                SOURCE_LABELS[one.source],
                one.external_number or "",
                unit or "",
                reporter,
                *(_said(at) for at in _instants(one)),
                one.rework_count,
                one.extension_count,
                _number(one.lng),
                _number(one.lat),
            ),
        )


def _instants(one: Ticket) -> tuple[datetime | None, ...]:
    return one.reported_at, one.dispatched_at, one.due_at, one.rectified_at, one.closed_at


def _events(session: Session, town: Organisation) -> Iterator[Row]:
    found = session.execute(
        select(TicketEvent, Ticket.number, Ticket.reported_at, Person.name, Organisation.name)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .outerjoin(Person, Person.id == TicketEvent.actor_id)
        .outerjoin(Organisation, Organisation.id == TicketEvent.organisation_id)
        .where(Ticket.town_id == town.id)
        .order_by(Ticket.reported_at, Ticket.id, TicketEvent.sequence)
        .execution_options(yield_per=1000)
    )
    for event, number, reported_at, actor, unit in found:
        yield (
            _year(reported_at),
            (
                number,
                event.sequence,
                _said(event.at),
                actor or "系统",
                unit or "",
                _action(event.action),
                STATE_LABELS[event.from_state] if event.from_state else "",
                STATE_LABELS[event.to_state],
                event.note or "",
            ),
        )


def _photos(session: Session, town: Organisation) -> Iterator[Row]:
    for photo, blob, maker, use, number in session.execute(
        _shown(town).execution_options(yield_per=1000)
    ):
        verdict = use.verdict if use else photo.verdict
        yield (
            _year(photo.received_at),
            (
                number or "",
                ROLE_LABELS[use.role] if use else "",
                VERDICT_LABELS[verdict],
                "" if photo.purged_at else file_name(photo.sha256, blob.media_type),
                _said(photo.received_at),
                maker,
                _number(photo.lng),
                _number(photo.lat),
                MASK_STATE_LABELS[mask_state(blob)],
            ),
        )


def _shown(town: Organisation) -> Any:
    """Photos used in the township's tickets, once for each use, and others made there."""
    return (
        select(Photo, PhotoBlob, Person.name, TicketPhoto, Ticket.number)
        .join(PhotoBlob, PhotoBlob.sha256 == Photo.sha256)
        .join(Person, Person.id == Photo.maker_id)
        .outerjoin(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        .outerjoin(Ticket, Ticket.id == TicketPhoto.ticket_id)
        .where((Ticket.town_id == town.id) | (Ticket.id.is_(None) & (Photo.town_id == town.id)))
        .order_by(Photo.received_at, Photo.id, TicketPhoto.id)
    )


def _action(text: str) -> str:
    known = {action.value: label for action, label in ACTION_LABELS.items()}
    return known.get(text, text)


def _year(at: datetime) -> int:
    return at.astimezone(SHANGHAI).year


def _said(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
