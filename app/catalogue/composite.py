"""What the composite of KPIs is made of on a day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.kpis import KpiCode
from app.catalogue.models import CompositePart
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a KPI weighs in the composite, from a day on (`to_on` not included)."""

    kpi: KpiCode
    weight: int
    from_on: date
    to_on: date | None


def weights_in_force(session: Session, *, day: date) -> list[Weight]:
    """The weights of the composite on a day (Asia/Shanghai), in their order; none were ever loaded:
    there is no composite."""
    known = snapshot_of(session, _read_weights)
    return [one for one in known if one.from_on <= day and (one.to_on is None or day < one.to_on)]


def _read_weights(session: Session) -> tuple[Weight, ...]:
    rows = session.scalars(select(CompositePart).order_by(CompositePart.position)).all()
    return tuple(Weight(row.kpi, row.weight, row.from_on, row.to_on) for row in rows)
