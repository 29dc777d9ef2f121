"""One category, or the ladder of reminders, changed from a date on, for a township or for all."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import CatalogueVersion, Category, Condition, Entry, ReminderRung
from app.catalogue.schemas import CategoryPart, RungPart
from app.catalogue.snapshots import look_again
from app.kernel.dated import refuse_later, row_on
from app.kernel.errors import Conflict
from app.kernel.ids import new_id

Row = TypeVar("Row", bound=Entry)

_CODES: dict[type[Entry], Any] = {
    Category: Category.code,
    Condition: Condition.category_code,
}
"""By which column the rows of one category are told from those of others."""


class NotOverridden(Conflict):
    """There is no row of this organisation's own to end."""

    code = "not_overridden"
    title = "没有自己的规定可以停用"


def override_category(
    session: Session,
    part: CategoryPart,
    *,
    from_on: date,
    now: datetime,
    town_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> None:
    """Make a category, whole with its conditions, what `part` says from a day (Asia/Shanghai) on.

    With a town it stands in for the deployment's there, else it is the deployment's. Rows that
    say the same already are left. Raises ChangePlanned when another change begins later.
    """
    change = _Change(session, part.code, now, town_id, actor_id, part.model_dump_json())
    change.settle(Category, [_category(part, change.position())], from_on)
    change.settle(Condition, _conditions(part), from_on)
    session.flush()
    look_again(session)


def end_category(
    session: Session,
    code: str,
    *,
    on: date,
    now: datetime,
    town_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> None:
    """End an organisation's own rows of a category on a day: a town falls back to the deployment's.

    Raises NotOverridden when it has none that day, ChangePlanned when one begins later.
    """
    change = _Change(session, code, now, town_id, actor_id, f"end {code} {on}")
    if row_on(change.rows(Category), on) is None:
        raise NotOverridden(f"{on} 没有自己的 {code} 规定。")
    change.settle(Category, [], on)
    change.settle(Condition, [], on)
    session.flush()
    look_again(session)


def own_categories(session: Session, *, day: date, town_id: UUID | None) -> dict[str, Category]:
    """An organisation's own category rows in force on a day, by code."""
    rows = session.scalars(
        select(Category).where(Category.organisation_id == town_id, Category.in_force(day))
    )
    return {row.code: row for row in rows}


def override_rungs(
    session: Session,
    parts: Sequence[RungPart],
    *,
    from_on: date,
    now: datetime,
    town_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> None:
    """Make the ladder of reminders what `parts` say from a day (Asia/Shanghai) on.

    With a town it stands, whole, in for the deployment's there; none at all: it falls back to it.
    Raises ChangePlanned when another change begins later.
    """
    said = " ".join(part.model_dump_json() for part in parts)
    change = _Change(session, "期限的提醒", now, town_id, actor_id, said)
    rungs = [
        ReminderRung(position=position, clock=part.clock, percent=part.percent, audience=part.tell)
        for position, part in enumerate(parts)
    ]
    change.settle(ReminderRung, rungs, from_on)
    session.flush()
    look_again(session)


class _Change:
    """One change under way: it opens a version when the first difference is met."""

    def __init__(
        self,
        session: Session,
        code: str,
        now: datetime,
        town_id: UUID | None,
        actor_id: UUID | None,
        said: str,
    ) -> None:
        self._session = session
        self._code = code
        self._now = now
        self._town_id = town_id
        self._actor_id = actor_id
        self._said = said
        self._version: CatalogueVersion | None = None

    def rows(self, kind: type[Row]) -> Sequence[Row]:
        """Every row there ever was of this category (of the whole ladder) and organisation."""
        asked = select(kind).where(kind.organisation_id == self._town_id).order_by(kind.from_on)
        code = _CODES.get(kind)
        return self._session.scalars(
            asked if code is None else asked.where(code == self._code)
        ).all()

    def position(self) -> int:
        """The category's place: the one it has, else the deployment's, else the last."""
        places = select(Category.position).where(Category.code == self._code)
        own = places.where(Category.organisation_id == self._town_id).limit(1)
        common = places.where(Category.organisation_id.is_(None)).limit(1)
        for known in (self._session.scalar(own), self._session.scalar(common)):
            if known is not None:
                return known
        return (self._session.scalar(select(func.max(Category.position))) or 0) + 1

    def settle(self, kind: type[Row], wanted: Sequence[Row], on: date) -> None:
        """Make the rows that hold from a day on those wanted."""
        rows = self.rows(kind)
        refuse_later(rows, on)
        current = {row.key: row for row in rows if row.holds_on(on)}
        for row in wanted:
            self._renew(current.pop(row.key, None), row, on)
        for row in current.values():
            self._end(row, on)

    def _renew(self, known: Row | None, wanted: Row, on: date) -> None:
        if known is not None and known.content == wanted.content and known.to_on is None:
            return
        if known is not None and known.from_on == on:
            known.version_id, known.to_on = self._version_id(), None
            for name, value in wanted.content.items():
                setattr(known, name, value)
            return
        if known is not None:
            self._end(known, on)
        wanted.organisation_id, wanted.from_on = self._town_id, on
        wanted.version_id = self._version_id()
        self._session.add(wanted)

    def _end(self, row: Row, on: date) -> None:
        row.version_id, row.to_on = self._version_id(), on

    def _version_id(self) -> UUID:
        if self._version is None:
            newest = self._session.scalar(select(func.max(CatalogueVersion.number))) or 0
            self._version = CatalogueVersion(
                id=new_id(),
                number=newest + 1,
                name=f"修改 {self._code}",
                organisation_id=self._town_id,
                loaded_at=self._now,
                loaded_by_id=self._actor_id,
                sha256=hashlib.sha256(self._said.encode()).hexdigest(),
            )
            self._session.add(self._version)
            self._session.flush()
        return self._version.id


def _category(part: CategoryPart, position: int) -> Category:
    return Category(position=position, **part.model_dump(exclude={"conditions"}))


def _conditions(part: CategoryPart) -> list[Condition]:
    return [
        Condition(
            category_code=part.code,
            position=position,
            limit_amount=one.limit.amount,
            limit_unit=one.limit.unit,
            **one.model_dump(exclude={"limit"}),
        )
        for position, one in enumerate(part.conditions)
    ]
