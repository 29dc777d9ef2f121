"""Rows that hold from a date to a date: one of a key after the other, never two at once."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from app.kernel.db import Dated
from app.kernel.errors import Conflict, Rejected

Row = TypeVar("Row", bound=Dated)


class ChangePlanned(Conflict):
    """Something else is to begin later: what is asked for now would run into it."""

    code = "change_planned"
    title = "之后已安排了别的变动"


class BadDates(Rejected):
    """A date in the past, or an end that is not after the beginning."""

    code = "bad_dates"
    title = "日期不成立"


def day_from(day: date | None, *, today: date, field: str) -> date:
    """The day from which a change holds, today unless given; raises BadDates for a past one.

    What was true on a day stays true.
    """
    if day is not None and day < today:
        detail = "不能早于今天：过去的日子当时怎样就是怎样。"
        raise BadDates(detail, fields={field: ["不能早于今天"]})
    return day or today


def refuse_later(rows: Iterable[Dated], day: date) -> None:
    """Raises ChangePlanned when a row begins after a day and is not cancelled."""
    later = [row.from_on for row in rows if row.from_on > day and row.to_on != row.from_on]
    if later:
        raise ChangePlanned(f"{min(later)} 起已安排了别的变动，请先改那一次。")


def row_on(rows: Iterable[Row], day: date) -> Row | None:
    """The row that holds on a day."""
    return next((row for row in rows if row.holds_on(day)), None)
