"""The days on which a place is in service: one rule, in SQL and in Python.

Days are those of Asia/Shanghai; a place is in service from its first day to the day before it is
retired, but for the stretches in between from which it came back.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship

from app.kernel.db import Base, Dated, Identified


class ServiceGap(Identified, Dated, Base):
    """A stretch in which a cell, compound or checkpoint that is in use again was out of service.

    `place_id` is of three kinds of place and so without a foreign key. Two gaps of one place never
    touch: taking up a place that was retired on the day it came back prolongs the gap before.
    """

    __tablename__ = "service_gaps"

    place_id: Mapped[UUID] = mapped_column(index=True)


class Retirable(Identified):
    """A place that may be retired with a date, and come back."""

    retired_on: Mapped[date | None]

    @declared_attr
    @classmethod
    def gaps(cls) -> Mapped[list[ServiceGap]]:
        """The stretches out of service that are over."""
        return relationship(
            ServiceGap, primaryjoin=lambda: foreign(ServiceGap.place_id) == cls.id, viewonly=True
        )

    @classmethod
    def in_service(cls, first: Any, last: Any = None) -> ColumnElement[bool]:
        """The SQL condition that the row is in service on a day, or on any day from the first to
        the last (values or columns)."""
        last = first if last is None else last
        gap_of_all_days = exists().where(
            ServiceGap.place_id == cls.id,
            or_(ServiceGap.from_on <= first, *cls._begins_with_gap()),
            or_(ServiceGap.to_on > last, ServiceGap.to_on >= cls.retired_on),
        )
        gap_of_all_days = gap_of_all_days.correlate_except(ServiceGap)
        return and_(or_(cls.retired_on.is_(None), cls.retired_on > first), ~gap_of_all_days)

    @classmethod
    def _begins_with_gap(cls) -> tuple[ColumnElement[bool], ...]:
        return ()

    def serves_on(self, day: date) -> bool:
        """Whether this place is in service on a day."""
        retired = self.retired_on is not None and self.retired_on <= day
        return not retired and not any(gap.holds_on(day) for gap in self.gaps)


class Serving(Retirable):
    """A place that is in service from a day on."""

    in_service_on: Mapped[date]

    @classmethod
    def in_service(cls, first: Any, last: Any = None) -> ColumnElement[bool]:
        """The SQL condition that the row is in service on a day, or on any day from the first to
        the last (values or columns)."""
        begun = cls.in_service_on <= (first if last is None else last)
        ever = or_(cls.retired_on.is_(None), cls.retired_on > cls.in_service_on)
        return and_(begun, ever, super().in_service(first, last))

    @classmethod
    def _begins_with_gap(cls) -> tuple[ColumnElement[bool], ...]:
        return (ServiceGap.from_on <= cls.in_service_on,)

    def serves_on(self, day: date) -> bool:
        """Whether this place is in service on a day."""
        return self.in_service_on <= day and super().serves_on(day)
