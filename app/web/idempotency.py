"""Nothing twice: a POST with an Idempotency-Key is done once, and its answer given again.

A key is claimed in a transaction of its own before the work, with a lease of 60 s; the answer is
written in the work's own transaction and only by the holder of the lease, so that work and answer
exist together or not at all. A refusal frees the key. Where one transaction writes at a time
(SQLite) the key is claimed in the work's own, unless there is work before it: nobody could look
between the two.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Identified, rows_changed, unit_of_work
from app.kernel.errors import Conflict, Rejected
from app.kernel.ids import new_id
from app.kernel.schemas import is_key

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)
RETRY_AFTER_S = 2
"""Work takes a second or two; only a lease whose process died lasts longer."""


class IdempotencyKeyReused(Rejected):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    title = "这个请求编号已用于另一内容"


class RequestInProgress(Conflict):
    """The first request with this key is still being done."""

    code = "request_in_progress"
    title = "同一请求正在处理，请稍后重试"


class BadIdempotencyKey(Rejected):
    """The header is not 1–64 printable characters."""

    code = "bad_idempotency_key"
    title = "请求编号格式不对"


class RequestRecord(Identified, Base):
    """One keyed request of a person, and its answer once it succeeded."""

    __tablename__ = "request_records"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    lease: Mapped[UUID]
    leased_until: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    made_kind: Mapped[str | None] = mapped_column(String(16))
    made_id: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_request_records_scope", "person_id", "key", "method", "path", unique=True),
        Index("ix_request_records_leased", "leased_until"),
    )


_TABLE = cast("Table", RequestRecord.__table__)
_OF_THE_HOLDER = update(_TABLE).where(
    _TABLE.c.id == bindparam("held_id"), _TABLE.c.lease == bindparam("held_lease")
)


@dataclass(frozen=True)
class KeyedRequest:
    """Who asks what under which key, and the digest of what they say."""

    person_id: UUID
    method: str
    path: str
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Claim:
    """The right to do the work of a keyed request."""

    record_id: UUID
    lease: UUID


@dataclass(frozen=True)
class Replay:
    """The answer that a keyed request was given before."""

    status: int
    answer: Any


def checked_key(key: str) -> str:
    """The key itself; raises BadIdempotencyKey unless 1–64 printable ASCII characters."""
    if not is_key(key):
        raise BadIdempotencyKey("Idempotency-Key 须为 1 至 64 个可见字符，建议用 UUID。")
    return key


def claim(asked: KeyedRequest, *, now: datetime) -> Claim | Replay:
    """The claim to do the work (one statement when the key is new), or the earlier answer.

    Raises IdempotencyKeyReused or RequestInProgress.
    """
    with unit_of_work() as session:
        return claim_within(session, asked, now=now)


def claim_within(session: Session, asked: KeyedRequest, *, now: datetime) -> Claim | Replay:
    """The same in a transaction that is open already; a claim is gone when that is undone."""
    fresh = _first_claim(session, asked, now=now)
    if fresh is not None:
        return fresh
    record = _record(session, asked)
    if record is None:
        raise RequestInProgress(retry_after=RETRY_AFTER_S)
    return _second_claim(session, record, asked, now=now)


def _record(session: Session, asked: KeyedRequest) -> RequestRecord | None:
    return session.scalar(
        select(RequestRecord).where(
            RequestRecord.person_id == asked.person_id,
            RequestRecord.key == asked.key,
            RequestRecord.method == asked.method,
            RequestRecord.path == asked.path,
        )
    )


def _first_claim(session: Session, asked: KeyedRequest, *, now: datetime) -> Claim | None:
    lease = new_id()
    row = {
        "id": new_id(),
        "person_id": asked.person_id,
        "method": asked.method,
        "path": asked.path,
        "key": asked.key,
        "fingerprint": asked.fingerprint,
        "lease": lease,
        "leased_until": now + LEASE,
    }
    record_id = session.scalar(_insertion(session.get_bind().dialect.name), row)
    return None if record_id is None else Claim(record_id, lease)


@cache
def _insertion(dialect: str) -> Any:
    """Makes a row unless its key is known; built once, because every write asks it."""
    fresh = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(_TABLE)
    scope = ["person_id", "key", "method", "path"]
    return fresh.on_conflict_do_nothing(index_elements=scope).returning(_TABLE.c.id)


def _second_claim(
    session: Session, record: RequestRecord, asked: KeyedRequest, *, now: datetime
) -> Claim | Replay:
    expired = record.answered_at is not None and record.answered_at < now - KEPT
    if not expired and record.fingerprint != asked.fingerprint:
        raise IdempotencyKeyReused("请换一个新的请求编号再提交。")
    if record.status is not None and not expired:
        return Replay(record.status, record.answer)
    if record.leased_until > now and not expired:
        left = (record.leased_until - now).total_seconds()
        raise RequestInProgress(retry_after=min(left, RETRY_AFTER_S))
    return _take_over(session, record, asked, now=now)


def _take_over(
    session: Session, record: RequestRecord, asked: KeyedRequest, *, now: datetime
) -> Claim:
    lease = new_id()
    taken = rows_changed(
        session,
        update(RequestRecord)
        .where(RequestRecord.id == record.id, RequestRecord.lease == record.lease)
        .values(
            lease=lease,
            leased_until=now + LEASE,
            fingerprint=asked.fingerprint,
            status=None,
            answer=None,
            answered_at=None,
            made_kind=None,
            made_id=None,
        ),
    )
    if taken != 1:
        raise RequestInProgress(retry_after=RETRY_AFTER_S)
    return Claim(record.id, lease)


def record_answer(
    session: Session,
    held: Claim,
    *,
    status: int,
    answer: Any,
    made: tuple[str, UUID] | None,
    now: datetime,
) -> None:
    """Keeps the answer beside the work; raises RequestInProgress when the lease was lost."""
    kind, made_id = made or (None, None)
    said = {"status": status, "answer": answer, "answered_at": now}
    made_what = {"made_kind": kind, "made_id": made_id}
    holder = {"held_id": held.record_id, "held_lease": held.lease}
    if rows_changed(session, _OF_THE_HOLDER, {**said, **made_what, **holder}) != 1:
        raise RequestInProgress(retry_after=RETRY_AFTER_S)


def free(held: Claim) -> None:
    """Gives the key back after a refusal; without a database the lease ends by itself."""
    with suppress(SQLAlchemyError), unit_of_work() as session:
        session.execute(
            delete(RequestRecord).where(
                RequestRecord.id == held.record_id,
                RequestRecord.lease == held.lease,
                RequestRecord.status.is_(None),
            )
        )


def forget_old_answers(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes the records of requests made more than 30 days ago; how many there were."""
    old = select(RequestRecord.id).where(RequestRecord.leased_until < now - KEPT).limit(at_most)
    return rows_changed(session, delete(RequestRecord).where(RequestRecord.id.in_(old)))
