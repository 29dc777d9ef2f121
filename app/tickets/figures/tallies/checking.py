"""What was counted in advance, held against a count of all tickets: every tally of every day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.tickets.figures.tallies.keeping import NAMES, counted_as
from app.tickets.figures.tallies.models import Tally
from app.tickets.figures.tallies.reading import tickets_to_correct, usable_revision
from app.tickets.figures.tallies.shares import (
    FIGURES_BY,
    LISTS_BY,
    as_key,
    figure_shares,
    figures_of_all,
    list_of_all,
    list_shares,
)
from app.tickets.figures.tallies.sums import NONE_OF_IT, STANDING_ON, Amount, Cell, Grain, Sums

_BY_DAYS, _STANDING = (Grain.day, Grain.month), (Grain.standing,)


@dataclass(frozen=True)
class Difference:
    """A tally that says something else than the tickets do."""

    cell: Cell
    tallied: Amount
    counted: Amount


def tallies_are_used(session: Session, now: datetime) -> bool:
    """Whether the county's figures are read from tallies at all."""
    return usable_revision(session) is not None and tickets_to_correct(session, now) is not None


def differences(session: Session, now: datetime) -> Iterator[Difference]:
    """The tallies that are wrong, as they are read at an instant; one dimension after another.

    The session has to see one state of the database throughout.
    """
    corrections = _corrections(session, now)
    for place, by in enumerate(FIGURES_BY):
        told = _tallied(session, by.value, _BY_DAYS, corrections)
        yield from _between(told, _figures_counted(session, place, now))
    for place, of in enumerate(LISTS_BY):
        told = _tallied(session, of.value, _STANDING, corrections)
        yield from _between(told, _list_counted(session, place, now))


def _corrections(session: Session, now: datetime) -> Sums:
    ids, sums = tickets_to_correct(session, now) or [], Sums()
    for shares in counted_as(session, ids):
        sums.add(shares, -1)
    for found in (figure_shares(session, ids, now), list_shares(session, ids, now)):
        for shares in found.values():
            sums.add(shares)
    return sums


def _tallied(
    session: Session, dimension: str, grains: Sequence[Grain], corrections: Sums
) -> dict[Cell, Amount]:
    wanted, sums = [grain.value for grain in grains], Sums()
    columns = [getattr(Tally, name) for name in (*Cell._fields, *NAMES)]
    asked = select(*columns).where(Tally.dimension == dimension, Tally.grain.in_(wanted))
    for row in session.execute(asked):
        sums.put(Cell(*row[: len(Cell._fields)]), tuple(row[len(Cell._fields) :]))
    for cell, amount in corrections.amounts.items():
        if cell.dimension == dimension and cell.grain in wanted:
            sums.put(cell, amount)
    return sums.changed()


def _figures_counted(session: Session, place: int, now: datetime) -> dict[Cell, Amount]:
    rows, sums = figures_of_all(now).subquery(), Sums()
    group = rows.c.on_day, rows.c[f"key_{place}"], rows.c.counted
    counts = [func.sum(rows.c[name]) for name in NAMES[1:]]
    asked = select(*group, func.count(), *counts).group_by(*group)
    dimension = FIGURES_BY[place].value
    for day, key, counted, *amounts in session.execute(asked):
        amount = tuple(map(int, amounts))
        for grain, on in ((Grain.day, day), (Grain.month, day.replace(day=1))):
            sums.put(Cell(dimension, grain.value, on, as_key(key), counted), amount)
    return sums.changed()


def _list_counted(session: Session, place: int, now: datetime) -> dict[Cell, Amount]:
    rows, sums = list_of_all(now).subquery(), Sums()
    group = rows.c[f"key_{place}"], rows.c.counted
    counts = [func.sum(rows.c[name]) for name in NAMES[1:]]
    dimension, grain = LISTS_BY[place].value, Grain.standing.value
    for key, state, *amounts in session.execute(
        select(*group, func.count(), *counts).group_by(*group)
    ):
        cell = Cell(dimension, grain, STANDING_ON, as_key(key), state.value)
        sums.put(cell, tuple(map(int, amounts)))
    return sums.changed()


def _between(told: dict[Cell, Amount], counted: dict[Cell, Amount]) -> Iterator[Difference]:
    for cell in sorted({*told, *counted}):
        pair = told.get(cell, NONE_OF_IT), counted.get(cell, NONE_OF_IT)
        if pair[0] != pair[1]:
            yield Difference(cell, *pair)
