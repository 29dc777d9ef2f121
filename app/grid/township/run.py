"""What the writing steps of one load share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.grid.models import Cell, Checkpoint, Compound
from app.grid.service_days import take_up_again
from app.grid.township.report import LoadReport
from app.people.models import Organisation, Person


@dataclass
class LoadRun:
    """One load under way: its day (Asia/Shanghai), its report, and the rows known by code."""

    session: Session
    today: date
    report: LoadReport
    organisations: dict[str, Organisation]
    but_posts: Collection[UUID] = ()
    """Posts that no file can name: a deputy's."""
    people: dict[str, Person] = field(default_factory=dict)
    compounds: dict[str, Compound] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)

    def make(self, kind: str, row: Any) -> None:
        """Add a new row and count it."""
        self.session.add(row)
        self.report.made[kind] += 1

    def update(self, kind: str, row: Any, values: Mapping[str, Any]) -> None:
        """Set what differs and count the row when anything did."""
        if self._set(row, values):
            self.report.updated[kind] += 1

    def keep(
        self, kind: str, place: Cell | Compound | Checkpoint, values: Mapping[str, Any]
    ) -> None:
        """Set what differs, take the place up again when it was retired, and count it then.

        A retirement that is planned for later stays planned.
        """
        revived = place.retired_on is not None and place.retired_on <= self.today
        if revived:
            take_up_again(self.session, place, today=self.today)
        if self._set(place, values) or revived:
            self.report.updated[kind] += 1

    def end(self, kind: str, row: Any) -> None:
        """End a dated row today and count it."""
        row.to_on = self.today
        self.report.closed[kind] += 1

    def planned_starts(self, key: InstrumentedAttribute[UUID], ids: list[UUID]) -> dict[UUID, date]:
        """When the next dated row of each key begins that was planned for a later day: what is
        written today ends where it begins."""
        kind = key.class_
        rows = self.session.execute(
            select(key, func.min(kind.from_on))
            .where(
                key.in_(ids),
                kind.from_on > self.today,
                or_(kind.to_on.is_(None), kind.to_on > kind.from_on),
            )
            .group_by(key)
        )
        return {owner: first for owner, first in rows}

    def _set(self, row: Any, values: Mapping[str, Any]) -> bool:
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        return bool(changed)

    def is_own(self, organisation: Organisation) -> bool:
        """Whether an organisation lies in the township that is loaded."""
        return organisation.town_id is not None
