"""The thresholds of findings about photos as dated rows, each a whole set of figures.

A row that has begun is never changed, only ended: what a photo was judged by on a day can be read
for good. So a change holds from tomorrow at the earliest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import JSON, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.models import CatalogueVersion, Entry
from app.catalogue.snapshots import look_again
from app.kernel.clock import shanghai_day
from app.kernel.dated import BadDates, refuse_later, row_on
from app.kernel.db import Base
from app.kernel.ids import new_id


class PhotoThresholds(Entry, Base):
    """A whole set of figures with which findings about photos compare, by name."""

    __tablename__ = "photo_thresholds"
    content_columns = ("figures",)

    figures: Mapped[dict[str, float]] = mapped_column(JSON)

    @property
    def key(self) -> str:
        """There is one set at a time."""
        return ""


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """A set of figures, the version of the catalogue that wrote it, and from when to when."""

    figures: Mapping[str, float]
    version: int
    from_on: date
    to_on: date | None
    made_at: datetime

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day (Asia/Shanghai)."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


def day_of_change(day: date | None, *, now: datetime) -> date:
    """The day from which a change holds, tomorrow unless given; raises BadDates for an earlier one:
    a photo received this morning was judged already, and a day has one set."""
    tomorrow = shanghai_day(now) + timedelta(days=1)
    if day is not None and day < tomorrow:
        detail = "最早从明天起：今天收到的照片已按现在的界限判断。"
        raise BadDates(detail, fields={"from_on": ["最早从明天起"]})
    return day or tomorrow


def set_thresholds(
    session: Session,
    figures: Mapping[str, float],
    *,
    from_on: date,
    now: datetime,
    actor_id: UUID | None = None,
) -> None:
    """Makes a set of figures hold from a day on that is to come; one that was to begin on the very
    day is replaced. Raises ChangePlanned when another begins later."""
    rows = session.scalars(select(PhotoThresholds).order_by(PhotoThresholds.from_on)).all()
    refuse_later(rows, from_on)
    known = row_on(rows, from_on)
    if known is not None and known.figures == dict(figures):
        return
    version_id = _new_version(session, figures, from_on, now, actor_id)
    if known is not None and known.from_on == from_on:
        known.figures, known.version_id = dict(figures), version_id
    else:
        if known is not None:
            known.to_on = from_on
        fresh = PhotoThresholds(figures=dict(figures), from_on=from_on, position=0)
        fresh.version_id = version_id
        session.add(fresh)
    session.flush()
    look_again(session)


def _new_version(
    session: Session,
    figures: Mapping[str, float],
    from_on: date,
    now: datetime,
    actor_id: UUID | None,
) -> UUID:
    newest = session.scalar(select(func.max(CatalogueVersion.number))) or 0
    said = json.dumps({**figures, "from_on": from_on.isoformat()}, sort_keys=True)
    version = CatalogueVersion(
        id=new_id(),
        number=newest + 1,
        name=f"照片疑点的界限 {from_on}",
        loaded_at=now,
        loaded_by_id=actor_id,
        sha256=hashlib.sha256(said.encode()).hexdigest(),
    )
    session.add(version)
    session.flush()
    return version.id
