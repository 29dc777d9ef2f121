"""A redrawing that is planned: a load may change nothing that would break it on its day."""

from collections.abc import Mapping
from datetime import date

from shapely import unary_union
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.grid.locate import area_m2
from app.grid.models import Cell, CellOutline
from app.grid.township.faults import Fault, TownshipFaults
from app.grid.township.outlines import SLIVER_M2, overlapping_pairs

FILE = "cells.geojson"

Ground = Mapping[str, BaseGeometry]
"""The outlines of the county's cells on a day, by code."""


class PlannedRedrawings:
    """The ground of today and of each later day on which outlines are to change, as it was before
    a load."""

    def __init__(self, session: Session, *, today: date) -> None:
        self._session, self._today = session, today
        days = _days_of_change(session, today)
        self._before = {day: _ground(session, day) for day in (today, *days)} if days else {}

    def refuse_broken(self) -> None:
        """Raises TownshipFaults when, after the load, cells would overlap or ground be lost on a
        planned day; each fault names the day."""
        after = {day: _ground(self._session, day) for day in self._before}
        lost = {day: _lost(before, after[day]) for day, before in self._before.items()}
        faults: list[Fault] = []
        for day, before in self._before.items():
            if day != self._today and after[day] != before:
                # What the files leave to nobody from today on is their own affair.
                fresh = lost[day].difference(lost[self._today])
                faults += _broken(day, before, after[day], fresh)
        if faults:
            raise TownshipFaults(faults)


def _broken(day: date, before: Ground, after: Ground, lost: BaseGeometry) -> list[Fault]:
    known = _overlaps(before)
    wrong = [
        f"网格 {one} 与 {other} 重叠 {area:.0f} 平方米"
        for (one, other), area in _overlaps(after).items()
        if (one, other) not in known
    ]
    if (area := area_m2(lost)) > SLIVER_M2:
        wrong.append(f"有 {area:.0f} 平方米不属于任何网格")
    planned = f"{day} 起已安排了重划网格，按这里的轮廓，从那天起"
    advice = "；请先改那一次重划，或到那天以后再载入"
    return [Fault(FILE, None, planned + one + advice) for one in wrong]


def _overlaps(ground: Ground) -> dict[tuple[str, str], float]:
    codes = list(ground)
    pairs = overlapping_pairs(list(ground.values()))
    return {(codes[a], codes[b]): area for a, b, area in pairs}


def _lost(before: Ground, after: Ground) -> BaseGeometry:
    """The ground that is in no cell any more; looks at cells that changed and their like only."""
    changed = [outline for code, outline in before.items() if after.get(code) != outline]
    return unary_union(changed).difference(unary_union(list(after.values())))


def _days_of_change(session: Session, today: date) -> list[date]:
    holds = or_(CellOutline.to_on.is_(None), CellOutline.to_on > CellOutline.from_on)
    begin = select(CellOutline.from_on).where(CellOutline.from_on > today, holds)
    end = select(CellOutline.to_on).where(CellOutline.to_on > today, holds)
    return sorted({day for day in (*session.scalars(begin), *session.scalars(end)) if day})


def _ground(session: Session, day: date) -> Ground:
    rows = session.execute(
        select(Cell.code, CellOutline.outline)
        .join(CellOutline, CellOutline.cell_id == Cell.id)
        .where(CellOutline.in_force(day), Cell.in_service(day))
        .order_by(Cell.code)
    )
    return {code: shape(outline) for code, outline in rows}
