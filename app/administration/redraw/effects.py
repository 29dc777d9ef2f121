"""What lies above administration and would move with the cells: asked through what it registers."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.administration.redraw.preview import Redrawing


@dataclass(frozen=True, slots=True)
class Effect:
    """How many things of a kind lie where the cell changes; they stay as they are."""

    kind: str
    label: str
    count: int


RedrawEffect = Callable[[Session, Redrawing], Effect]
"""Counts, in a drawing's two maps, what would be placed in another cell."""
