"""Ids of a made-up past."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from app.demo.seeded_ids import SeededIds

BEGINS = datetime(2026, 10, 5, tzinfo=UTC)
STEPS = st.lists(st.integers(-3, 3), max_size=60)


def made(seed: int, steps: list[int]) -> list[UUID]:
    """An id after each step of some milliseconds, forward or back."""
    moved = [BEGINS]
    ids = SeededIds(seed, lambda: moved[0])
    found = []
    for step in steps:
        moved[0] += timedelta(milliseconds=step)
        found.append(ids())
    return found


@given(st.integers(), STEPS)
def test_they_are_distinct_sorted_and_the_same_again(seed: int, steps: list[int]) -> None:
    found = made(seed, steps)
    assert found == sorted(set(found)) == made(seed, steps)
    assert all((one.version, one.variant) == (7, RFC_4122) for one in found)


def test_another_seed_makes_others() -> None:
    assert not {*made(1, [0] * 5000)} & {*made(2, [0] * 5000)}


def test_more_than_a_millisecond_holds_go_on_in_the_next() -> None:
    found = made(1, [0] * 5000)
    assert found == sorted(set(found))
    milliseconds = [one.int >> 80 for one in found]
    assert milliseconds[0] == int(BEGINS.timestamp() * 1000)
    assert set(milliseconds) == {milliseconds[0], milliseconds[0] + 1}
