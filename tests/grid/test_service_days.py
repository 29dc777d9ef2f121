"""On which days a place is in service, after any life: SQL, Python and a count by hand agree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import Area, Checkpoint, Compound, ServiceGap
from app.grid.service_days import take_up_again
from app.kernel.db import db
from app.kernel.ids import new_id
from tests.towns import Town

MONDAY = date(2026, 11, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(42)]


@dataclass
class Life:
    """A checkpoint: made on a day, then retired and taken up again in turn."""

    made: date
    turns: list[date] = field(default_factory=list)

    def serves_on(self, day: date) -> bool:
        """By hand: made by then, and taken up again as often as retired."""
        return self.made <= day and sum(turn <= day for turn in self.turns) % 2 == 0


def lives(chance: Random, number: int) -> list[Life]:
    """Any lives, with turns on one day and on the first among them."""
    made = []
    for _ in range(number):
        life = Life(chance.choice(DAYS[:10]))
        day = life.made
        for _ in range(chance.randrange(6)):
            day += timedelta(days=chance.choice([0, 0, 1, 2, 6, 9]))
            life.turns.append(day)
        made.append(life)
    return made


def lived(session: Session, life: Life, compound: Compound, name: str) -> Checkpoint:
    """The checkpoint after its life, as those who retire and take up write it."""
    place = Checkpoint(
        id=new_id(),
        compound_id=compound.id,
        name=name,
        area=Area.main_road,
        position=1,
        in_service_on=life.made,
    )
    session.add(place)
    for day in life.turns:
        if place.retired_on is None:
            place.retired_on = day
        else:
            take_up_again(session, place, today=day)
        session.flush()
    return place


@pytest.mark.parametrize("seed", range(3))
def test_the_days_in_service_are_those_counted_by_hand(
    town: Town, session: Session, seed: int
) -> None:
    compound = session.scalars(select(Compound)).first()
    assert compound is not None
    told = lives(Random(seed), 40)
    places = [lived(session, life, compound, f"处{n}") for n, life in enumerate(told)]
    known = {place.id: life for place, life in zip(places, told, strict=True)}
    session.expire_all()
    for day in DAYS:
        asked = select(Checkpoint.id).where(Checkpoint.in_service(day))
        expected = {one for one, life in known.items() if life.serves_on(day)}
        assert set(session.scalars(asked.where(Checkpoint.id.in_(known)))) == expected, day
        assert {place.id for place in places if place.serves_on(day)} == expected, day
    for monday in DAYS[::7]:
        week = [monday + timedelta(days=n) for n in range(7)]
        asked = select(Checkpoint.id).where(Checkpoint.in_service(monday, week[-1]))
        expected = {one for one, life in known.items() if any(map(life.serves_on, week))}
        assert set(session.scalars(asked.where(Checkpoint.id.in_(known)))) == expected, monday


def gaps(turns: Iterable[int], session: Session) -> list[tuple[date, date | None]]:
    """The gaps in the life of a checkpoint made on the first Monday."""
    compound = session.scalars(select(Compound)).first()
    assert compound is not None
    life = Life(MONDAY, [DAYS[turn] for turn in turns])
    place = lived(session, life, compound, "处")
    rows = session.scalars(select(ServiceGap).where(ServiceGap.place_id == place.id))
    return sorted((row.from_on, row.to_on) for row in rows)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([3], []),
        ([3, 3], []),
        ([3, 5], [(3, 5)]),
        ([3, 5, 8, 9], [(3, 5), (8, 9)]),
        ([3, 5, 5, 9], [(3, 9)]),
    ],
)
def test_gaps_never_touch_and_are_never_empty(
    town: Town, session: Session, turns: list[int], expected: list[tuple[int, int]]
) -> None:
    assert gaps(turns, session) == [(DAYS[a], DAYS[b]) for a, b in expected]


def test_a_retirement_planned_for_later_is_cancelled(town: Town, session: Session) -> None:
    compound = session.scalars(select(Compound)).first()
    assert compound is not None
    compound.retired_on = DAYS[9]
    take_up_again(session, compound, today=DAYS[3])
    assert compound.retired_on is None
    assert session.scalars(select(ServiceGap)).all() == []


def test_a_checkpoint_of_before_the_revision_is_as_old_as_its_compound(
    app: Flask, town: Town
) -> None:
    with app.app_context():
        downgrade(revision="0001")
        upgrade()
        rows = db.session.execute(
            select(Checkpoint.in_service_on, Compound.in_service_on).join(
                Compound, Compound.id == Checkpoint.compound_id
            )
        ).all()
        db.session.remove()
    assert len(rows) == sum(len(one.checkpoints) for one in town.township.compounds)
    assert all(checkpoint == compound for checkpoint, compound in rows)
