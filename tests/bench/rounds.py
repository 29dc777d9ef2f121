"""The rounds of the last weeks: four in five complete, one in ten begun, the rest missed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.kernel.clock import iso_week, shanghai_day
from app.kernel.ids import new_id
from app.rounds.models import CheckResult
from tests.bench.tickets import Ground, Row

WEEKS, COMPLETE, BEGUN = 12, 0.8, 0.9


def rounds(
    ground: Ground, *, now: datetime, seed: int = 8, weeks: int = WEEKS
) -> Iterator[tuple[Row, list[Row]]]:
    """Each round with its checks."""
    chance = random.Random(seed)
    for back in range(weeks):
        at = now - timedelta(weeks=back)
        for compound, _cell, home, _company in ground.places:
            drawn = chance.random()
            if drawn < BEGUN:
                checked = ground.checkpoints[compound.id]
                seen = checked if drawn < COMPLETE else checked[:2]
                round_ = _round(compound.id, at, complete=drawn < COMPLETE)
                person = ground.wardens[home.id]
                yield round_, [_check(round_, each, person, at) for each in seen]


def _round(compound_id: object, at: datetime, *, complete: bool) -> Row:
    return {
        "id": new_id(),
        "compound_id": compound_id,
        "week": iso_week(shanghai_day(at)),
        "began_at": at,
        "completed_at": at if complete else None,
    }


def _check(round_: Row, checkpoint_id: object, person: tuple[object, object], at: datetime) -> Row:
    return {
        "id": new_id(),
        "round_id": round_["id"],
        "checkpoint_id": checkpoint_id,
        "result": CheckResult.fine,
        "one_tap": True,
        "person_id": person[0],
        "post_id": person[1],
        "occurred_at": at,
        "received_at": at,
    }
