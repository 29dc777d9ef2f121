"""The composite: its weights, what is left out, and that doing worse never scores higher."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.composite import Weight
from app.catalogue.kpis import KpiCode
from app.tickets.figures.composite import composite_of
from app.tickets.figures.counting import NOTHING, Figure
from app.tickets.figures.definitions import BY_CODE, KPIS, Kpi

SHIPPED = [("rectified", 30), ("rectified_in_time", 20), ("reworked", 20), ("overdue", 20),
           ("extended", 10)]  # fmt: skip
WEIGHTS = [Weight(KpiCode(code), weight, date(2026, 1, 1), None) for code, weight in SHIPPED]


def figures(**said: tuple[int, int]) -> dict[Kpi, Figure]:
    """Some KPIs; the others have nothing."""
    known = {BY_CODE[KpiCode(code)]: Figure(*share) for code, share in said.items()}
    return {**dict.fromkeys(KPIS, NOTHING), **known}


def test_the_citys_formula() -> None:
    found = composite_of(
        figures(
            rectified=(9, 10),
            rectified_in_time=(8, 10),
            reworked=(1, 5),
            overdue=(1, 10),
            extended=(5, 10),
        ),
        WEIGHTS,
    )
    assert found.score == pytest.approx(30 * 0.9 + 20 * 0.8 + 20 * 0.8 + 20 * 0.9 + 10 * 0.5)
    assert found.note is None


def test_a_part_without_a_denominator_is_left_out_and_said_so() -> None:
    found = composite_of(
        figures(rectified=(1, 2), rectified_in_time=(1, 2), overdue=(1, 2), extended=(0, 2)),
        WEIGHTS,
    )
    assert found.score == pytest.approx((15 + 10 + 10 + 10) / 80 * 100)
    assert found.note == "返工率没有应计数，不计入；其余各项的权重按比例放大。"


def test_nothing_to_go_by() -> None:
    assert composite_of(figures(), WEIGHTS).score is None
    assert composite_of(figures(rectified=(1, 1)), []).score is None
    assert composite_of(figures(), []).note == "没有装入综合指标的权重。"


@dataclass(frozen=True)
class Fate:
    """What became of a ticket that was due, in one leg."""

    rectified: bool
    in_time: bool
    extended: bool
    reworked: bool


FATES = st.builds(Fate, st.just(True), st.booleans(), st.booleans(), st.booleans())
MISSED = st.builds(Fate, st.just(False), st.just(False), st.booleans(), st.just(False))


def score_of(fates: Sequence[Fate]) -> float:
    """The composite of some tickets."""
    due = len(fates)
    done = sum(fate.rectified for fate in fates)
    found = composite_of(
        figures(
            rectified=(done, due),
            rectified_in_time=(sum(fate.in_time for fate in fates), due),
            overdue=(due - done, due),
            extended=(sum(fate.extended for fate in fates), due),
            reworked=(sum(fate.reworked for fate in fates), due),
        ),
        WEIGHTS,
    )
    assert found.score is not None
    return found.score


@given(st.lists(FATES | MISSED, max_size=12), FATES)
def test_missing_what_could_be_done_scores_lower(others: list[Fate], done: Fate) -> None:
    missed = replace(done, rectified=False, in_time=False, reworked=False)
    assert score_of([*others, missed]) < score_of([*others, done])


@given(st.lists(FATES | MISSED, max_size=12), FATES)
def test_each_thing_done_worse_scores_no_higher(others: list[Fate], fate: Fate) -> None:
    best = replace(fate, in_time=True, extended=False, reworked=False)
    worse = (
        replace(best, in_time=False),
        replace(best, extended=True),
        replace(best, reworked=True),
    )
    for one in worse:
        assert score_of([*others, one]) < score_of([*others, best])


def test_whether_more_is_better_is_the_kpis_own() -> None:
    worse_with_more = {kpi.code.value for kpi in KPIS if not kpi.more_is_better}
    assert worse_with_more == {"reworked", "extended", "overdue"}
