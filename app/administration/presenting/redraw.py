"""A redrawing as JSON."""

from collections.abc import Sequence
from typing import Any

from app.administration.presenting.organisations import named
from app.administration.redraw.drawing import Drawing
from app.administration.redraw.effects import Effect
from app.administration.redraw.preview import Moved, MovedCompound, Redrawing
from app.grid.locate import Place, area_m2


def redraw_json(
    drawing: Drawing,
    redrawing: Redrawing,
    *,
    applied: bool,
    moves: Sequence[Moved],
    compounds: Sequence[MovedCompound],
    effects: Sequence[Effect],
) -> dict[str, Any]:
    """What a redrawing changes; areas in square metres."""
    return {
        "applied": applied,
        "from_on": drawing.from_on.isoformat(),
        "faults": drawing.faults,
        "cells": _cells_json(drawing, redrawing),
        "moves": [
            {
                "from_cell": _named(one.from_cell),
                "to_cell": _named(one.to_cell),
                "area_m2": round(one.area_m2, 1),
            }
            for one in moves
        ],
        "compounds": [
            {
                "compound": named(one.compound),
                "from_cells": [named(cell) for cell in one.from_cells],
                "to_cells": [named(cell) for cell in one.to_cells],
            }
            for one in compounds
        ],
        "effects": [{"kind": one.kind, "label": one.label, "count": one.count} for one in effects],
    }


def _named(place: Place | None) -> dict[str, str] | None:
    return None if place is None else named(place)


def _cells_json(drawing: Drawing, redrawing: Redrawing) -> list[dict[str, Any]]:
    before = {place.code: place for place in redrawing.before.places}
    after = {place.code: place for place in redrawing.after.places}
    codes = [cell.row.code for cell in drawing.drawn]
    codes += [code for code in drawing.retired if code in before]
    return [_cell_json(code, before.get(code), after.get(code)) for code in codes]


def _cell_json(code: str, before: Place | None, after: Place | None) -> dict[str, Any]:
    place = after or before
    return {
        "code": code,
        "name": place.name if place else code,
        "change": _change(before, after),
        "before_m2": round(area_m2(before.outline), 1) if before else None,
        "after_m2": round(area_m2(after.outline), 1) if after else None,
    }


def _change(before: Place | None, after: Place | None) -> str:
    if before is None:
        return "new"
    if after is None:
        return "retired"
    return "unchanged" if before.outline.equals(after.outline) else "redrawn"
