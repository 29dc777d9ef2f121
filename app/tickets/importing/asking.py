"""A planned row as it is kept until it is made, and the report that it is then."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.grid.models import Area
from app.kernel.geo import Datum
from app.kernel.moments import Moment
from app.tickets.importing.planning import PlannedRow
from app.tickets.intake.placing import PlaceAsked
from app.tickets.intake.reporting import Report
from app.tickets.intake.town_map import Position
from app.tickets.words import Source


def asked_json(row: PlannedRow, photo_ids: list[UUID]) -> dict[str, Any]:
    """What is to be reported; texts hold nobody's number."""
    said, asked = row.said, row.asked
    at = said.position
    return {
        "line": said.line,
        "town_id": str(row.place.community.town_id),
        "source": said.source.value,
        "external_number": said.number,
        "external_due_at": _text(said.due_at),
        "handed_down_at": _text(said.handed_down_at),
        "category": row.category.code,
        "condition": row.condition.code,
        "compound": asked.compound,
        "cell": asked.cell,
        "area": asked.area.value if asked.area else None,
        "position": [at.lng, at.lat, at.datum.value] if at else None,
        "description": said.description,
        "photo_ids": [str(photo_id) for photo_id in photo_ids],
    }


def report_of(asked: dict[str, Any], *, now: datetime) -> Report:
    """The report of a row that was kept."""
    position = None
    if asked["position"] is not None:
        lng, lat, datum = asked["position"]
        position = Position.from_given(lng, lat, Datum(datum), None)
    return Report(
        category=asked["category"],
        condition=asked["condition"],
        description=asked["description"],
        place=PlaceAsked(
            compound=asked["compound"],
            cell=asked["cell"],
            position=position,
            area=Area(asked["area"]) if asked["area"] else None,
        ),
        moment=Moment(now, now),
        photo_ids=[UUID(photo_id) for photo_id in asked["photo_ids"]],
        source=Source(asked["source"]),
        external_number=asked["external_number"],
        external_due_at=_instant(asked["external_due_at"]),
        handed_down_at=_past(_instant(asked["handed_down_at"]), now),
    )


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _past(instant: datetime | None, now: datetime) -> datetime | None:
    """The clocks of two offices may differ by minutes; nothing happened in the future."""
    return min(instant, now) if instant else None
