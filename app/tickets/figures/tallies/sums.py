"""Shares added up, pure: which tallies a share counts in, and which tallies make up a period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from operator import add
from typing import NamedTuple

from app.tickets.figures.tallies.shares import COUNTS, FIGURES_BY, LISTS_BY, Share

ONE_DAY = timedelta(days=1)
STANDING_ON = date(1970, 1, 1)
"""The day of what has none."""


class Grain(StrEnum):
    """What a tally is of: a day, a whole month, or the tickets as they stand."""

    day = "day"
    month = "month"
    standing = "standing"


class Cell(NamedTuple):
    """The key of a tally."""

    dimension: str
    grain: str
    on_day: date
    key: str
    counted: str


Amount = tuple[int, ...]
"""How many, and of how many each numerator holds (or each light is on)."""

NONE_OF_IT: Amount = (0,) * (1 + COUNTS)


def added(one: Amount, other: Iterable[int]) -> Amount:
    """Two amounts together."""
    return tuple(map(add, one, other))


def cells_of(share: Share) -> Iterator[Cell]:
    """The tallies in which a share counts."""
    if share.on is None:
        for by, key in zip(LISTS_BY, share.keys, strict=True):
            yield Cell(by.value, Grain.standing.value, STANDING_ON, key, share.counted)
        return
    month = share.on.replace(day=1)
    for dimension, key in zip(FIGURES_BY, share.keys, strict=True):
        yield Cell(dimension.value, Grain.day.value, share.on, key, share.counted)
        yield Cell(dimension.value, Grain.month.value, month, key, share.counted)


@dataclass
class Sums:
    """Amounts by their cells."""

    amounts: dict[Cell, Amount] = field(default_factory=dict)

    def add(self, shares: Iterable[Share], times: int = 1) -> None:
        """Adds shares, or with -1 takes them away."""
        for share in shares:
            amount = tuple(times * each for each in (1, *share.holds))
            for cell in cells_of(share):
                self.put(cell, amount)

    def put(self, cell: Cell, amount: Amount) -> None:
        """Adds an amount to one cell."""
        self.amounts[cell] = added(self.amounts.get(cell, NONE_OF_IT), amount)

    def changed(self) -> dict[Cell, Amount]:
        """Those that do not come to nothing, in the order of their cells."""
        found = self.amounts.items()
        return {cell: amount for cell, amount in sorted(found) if any(amount)}


class Span(NamedTuple):
    """Tallies of a grain from a day to a day, both included."""

    grain: Grain
    first: date
    last: date


def spans(first: date, last: date) -> list[Span]:
    """What makes up some days, both included: whole months, and days before and behind them."""
    if last < first:
        return []
    months = first if first.day == 1 else _next_month(first)
    behind = _month(last + ONE_DAY)
    if months >= behind:
        return [Span(Grain.day, first, last)]
    found = [Span(Grain.month, months, _month(behind - ONE_DAY))]
    if first < months:
        found.insert(0, Span(Grain.day, first, months - ONE_DAY))
    if behind <= last:
        found.append(Span(Grain.day, behind, last))
    return found


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month(_month(day) + timedelta(days=31))
