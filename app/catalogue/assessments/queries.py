"""The schemes of assessment, every row there ever was, kept in the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.assessments.models import (
    WAY_OF,
    AssessmentScheme,
    SchemePeriod,
    Source,
    Subject,
    Way,
)
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a scheme; points in hundredths of a point."""

    source: Source
    name: str
    points: int
    each: int
    basis: str

    @property
    def way(self) -> Way:
        """How it scores."""
        return WAY_OF[self.source]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as one row says it."""

    id: UUID
    code: str
    name: str
    subject: Subject
    period: SchemePeriod
    objection_days: int
    red_from: int | None
    black_below: int | None
    items: tuple[Item, ...]
    from_on: date
    to_on: date | None


def schemes_known(session: Session) -> Mapping[UUID, Scheme]:
    """Every row by its id: a frozen score goes by its own."""
    return snapshot_of(session, _read)


def schemes_in_force(session: Session, *, day: date) -> list[Scheme]:
    """The schemes in force on a day (Asia/Shanghai), in the order of the file."""
    every = schemes_known(session).values()
    return [one for one in every if one.from_on <= day and (one.to_on is None or day < one.to_on)]


def _read(session: Session) -> Mapping[UUID, Scheme]:
    asked = select(AssessmentScheme).order_by(AssessmentScheme.position, AssessmentScheme.from_on)
    return {row.id: _scheme(row) for row in session.scalars(asked)}


def _scheme(row: AssessmentScheme) -> Scheme:
    return Scheme(
        row.id,
        row.code,
        row.name,
        row.subject,
        row.period,
        row.objection_days,
        row.red_from,
        row.black_below,
        tuple(map(_item, row.items)),
        row.from_on,
        row.to_on,
    )


def _item(said: dict[str, Any]) -> Item:
    return Item(
        Source(said["source"]),
        said["name"],
        _hundredths(said["points"]),
        _hundredths(said["each"] or "0.00"),
        said["basis"],
    )


def _hundredths(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)
