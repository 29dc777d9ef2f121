"""For how long photos are kept, by what they were used for, and telephone numbers of residents."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import PHOTO_USES, CatalogueVersion, KeptAs, RetentionPeriod
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class Period:
    """Days for which the photos of a use, or numbers, are kept, and the version of the catalogue
    saying so."""

    days: int
    version: int


def periods_in_force(session: Session, *, day: date) -> dict[KeptAs, Period]:
    """The periods on a day (Asia/Shanghai); a use without one is kept for good."""
    known = snapshot_of(session, _read_periods)
    return {
        kept_as: period
        for kept_as, period, begins, ends in known
        if begins <= day and (not ends or day < ends)
    }


def photo_periods_in_force(session: Session, *, day: date) -> dict[KeptAs, Period]:
    """Those of photos alone."""
    found = periods_in_force(session, day=day)
    return {kept_as: period for kept_as, period in found.items() if kept_as in PHOTO_USES}


def _read_periods(session: Session) -> tuple[tuple[KeptAs, Period, date, date | None], ...]:
    asked = (
        select(RetentionPeriod, CatalogueVersion.number)
        .join(CatalogueVersion, CatalogueVersion.id == RetentionPeriod.version_id)
        .order_by(RetentionPeriod.position)
    )
    return tuple(
        (row.kept_as, Period(row.days, number), row.from_on, row.to_on)
        for row, number in session.execute(asked)
    )
