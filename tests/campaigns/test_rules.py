"""The rules of campaigns, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns.rules import (
    FOCUS_AREAS,
    FOUR_STEPS,
    Criterion,
    Grade,
    HalfYear,
    Step,
    compound_is_done,
    grade_reached,
    half_year_of,
    is_complete,
    needed_in_a_month,
    next_steps,
)
from app.catalogue.models import Action
from app.grid.models import Area

PERFECT = {
    Criterion.campaigns: 2.0,
    Criterion.coverage: 1.0,
    Criterion.in_time: 1.0,
    Criterion.reworked: 0.0,
    Criterion.overdue: 0.0,
}


@pytest.mark.parametrize(
    ("done", "following"),
    [
        ([], {"publicise"}),
        (["publicise"], {"self_clear", "nothing_found"}),
        (["publicise", "self_clear"], {"joint_action"}),
        (["publicise", "self_clear", "joint_action"], {"maintain"}),
        (list(FOUR_STEPS), set()),
        (["publicise", "nothing_found"], set()),
    ],
)
def test_what_may_follow(done: list[str], following: set[str]) -> None:
    assert set(next_steps([Step(each) for each in done])) == following


@given(st.lists(st.sampled_from(list(Step)), max_size=12))
def test_whoever_takes_only_what_may_follow_ends_in_at_most_four_steps(wished: list[Step]) -> None:
    done: list[Step] = []
    for step in wished:
        if step in next_steps(done):
            done.append(step)
    assert len(done) <= 4
    assert done == list(FOUR_STEPS[: len(done)]) or done == [Step.publicise, Step.nothing_found]


def test_all_six_actions_make_it_complete() -> None:
    done = {action: [Step.publicise, Step.nothing_found] for action in Action}
    assert is_complete(done)
    for action in Action:
        assert not is_complete({**done, action: [Step.publicise]})
        assert not is_complete({each: steps for each, steps in done.items() if each != action})


@pytest.mark.parametrize(("compounds", "needed"), [(0, 0), (1, 1), (5, 1), (6, 2), (40, 2)])
def test_a_month(compounds: int, needed: int) -> None:
    assert needed_in_a_month(compounds) == needed


def test_a_compound_is_through_whole_or_by_its_areas() -> None:
    assert compound_is_done({None})
    assert compound_is_done(set(FOCUS_AREAS))
    assert not compound_is_done(set(FOCUS_AREAS[1:]))
    assert not compound_is_done({*FOCUS_AREAS[1:], Area.waste_station})
    assert not compound_is_done(set())


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_its_half_year(day: date) -> None:
    half = half_year_of(day)
    assert half.first <= day <= half.last
    assert f"{day:%Y-%m}" in half.months
    assert len(half.months) == 6


def test_the_halves_meet() -> None:
    assert (HalfYear(2026, 1).last, HalfYear(2026, 2).first) == (
        date(2026, 6, 30),
        date(2026, 7, 1),
    )
    assert HalfYear(2026, 2).code == "2026H2"


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, Grade.model),
        ({Criterion.coverage: 0.95}, Grade.model),
        ({Criterion.coverage: 0.94}, Grade.qualified),
        ({Criterion.coverage: 0.89}, None),
        ({Criterion.in_time: 0.94}, Grade.qualified),
        ({Criterion.in_time: 0.79}, None),
        ({Criterion.in_time: None, Criterion.reworked: None}, Grade.model),
        ({Criterion.reworked: 0.06}, Grade.qualified),
        ({Criterion.overdue: 1.0}, None),
        ({Criterion.campaigns: 1.0}, None),
    ],
)
def test_the_grade(change: dict[Criterion, float | None], grade: Grade | None) -> None:
    assert grade_reached({**PERFECT, **change}) == grade
