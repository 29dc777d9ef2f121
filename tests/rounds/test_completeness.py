"""What counts among checks, whatever the order in which they arrive."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rounds.completeness import (
    completion,
    counting_checks,
    without_result_at,
)

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
GATE, ROAD = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Check:
    id: UUID
    checkpoint_id: UUID
    one_tap: bool
    occurred_at: datetime
    received_at: datetime


def check(number: int, minute: int, *, tap: bool = False, received: int = 60) -> Check:
    moment = NOON + timedelta(minutes=minute)
    return Check(UUID(int=100 + number), GATE, tap, moment, NOON + timedelta(minutes=received))


@pytest.mark.parametrize(
    ("checks", "counts"),
    [
        ([check(1, 0)], 1),
        ([check(1, 0), check(2, 5)], 2),
        ([check(1, 5), check(2, 0)], 1),
        ([check(1, 0, received=61), check(2, 0, received=60)], 1),
        ([check(1, 0), check(2, 0)], 2),
        ([check(1, 9, tap=True), check(2, 0)], 2),
        ([check(1, 0, tap=True), check(2, 9)], 2),
        ([check(1, 9, tap=True), check(2, 3, tap=True)], 2),
        ([check(1, 0), check(2, 9, tap=True), check(3, 3)], 3),
    ],
)
def test_the_check_that_counts(checks: list[Check], counts: int) -> None:
    assert counting_checks(checks)[GATE].id == UUID(int=100 + counts)


stories = st.lists(
    st.tuples(st.sampled_from([GATE, ROAD]), st.booleans(), st.integers(0, 5), st.integers(0, 3)),
    max_size=8,
)


@given(stories, st.randoms())
def test_the_order_of_arrival_makes_no_difference(
    story: list[tuple[UUID, bool, int, int]], chance: Random
) -> None:
    checks = [
        replace(check(number, minute, tap=tap, received=received), checkpoint_id=where)
        for number, (where, tap, minute, received) in enumerate(story)
    ]
    mixed = list(checks)
    chance.shuffle(mixed)
    assert counting_checks(mixed) == counting_checks(checks)
    needed = [GATE, ROAD]
    assert completion(needed, mixed, began_at=NOON) == completion(needed, checks, began_at=NOON)


@given(stories)
def test_a_round_is_complete_exactly_when_everything_needed_has_a_result(
    story: list[tuple[UUID, bool, int, int]],
) -> None:
    checks = [
        replace(check(number, minute, tap=tap), checkpoint_id=where)
        for number, (where, tap, minute, _) in enumerate(story)
    ]
    at = completion([GATE, ROAD], checks, began_at=NOON)
    assert (at is not None) == (len(counting_checks(checks)) == 2)
    if at is not None:
        assert not without_result_at([GATE, ROAD], checks, at)
        assert without_result_at([GATE, ROAD], checks, at - timedelta(seconds=1))


def test_nothing_needed_is_complete_when_it_began() -> None:
    assert completion([], [], began_at=NOON) == NOON


def test_a_second_look_does_not_make_a_round_complete_later() -> None:
    checks = [check(1, 0), check(2, 30)]
    assert completion([GATE], checks, began_at=NOON) == NOON
