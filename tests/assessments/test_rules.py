"""What an item earns: tables, and what holds of every scheme and every count."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.rules import (
    Fact,
    board_of,
    highest,
    points_said,
    scored,
    scored_by,
    total_of,
)
from app.catalogue.assessments.models import WAY_OF, SchemePeriod, Source, Subject, Way
from app.catalogue.assessments.queries import Item, Scheme
from app.kernel.ids import new_id


def item(source: Source, points: int, each: int = 0) -> Item:
    return Item(source, source.value, points, each, "本系统拟定")


@pytest.mark.parametrize(
    ("one", "fact", "earned", "formula"),
    [
        (item(Source.rectified, 2000), Fact(8, 10), 1600, "20 分 × 8 ÷ 10 = 16 分"),
        (item(Source.rectified, 2000), Fact(5, 6), 1667, "20 分 × 5 ÷ 6 = 16.67 分"),
        (item(Source.rectified, 2000), Fact(0, 3), 0, "20 分 × 0 ÷ 3 = 0 分"),
        (item(Source.rectified, 2000), Fact(), 2000, "没有应计的，得满分 20 分"),
        (item(Source.overdue, 1000, 200), Fact(3), 400, "10 分 − 3 件 × 2 分 = 4 分"),
        (item(Source.overdue, 1000, 200), Fact(9), 0, "10 分 − 9 件 × 2 分，扣完为止，得 0 分"),
        (item(Source.awards, 300, 100), Fact(2), 200, "2 件 × 1 分 = 2 分"),
        (item(Source.awards, 300, 100), Fact(7), 300, "7 件 × 1 分 = 7 分，至多 3 分"),
    ],
)
def test_an_item_earns_what_its_formula_says(
    one: Item, fact: Fact, earned: int, formula: str
) -> None:
    found = scored(one, fact)
    assert (found.earned, found.formula) == (earned, formula)


@pytest.mark.parametrize(
    ("hundredths", "said"), [(0, "0"), (1600, "16"), (1650, "16.5"), (1667, "16.67"), (-50, "-0.5")]
)
def test_points_are_written_as_people_do(hundredths: int, said: str) -> None:
    assert points_said(hundredths) == said


def test_boards_have_bounds() -> None:
    scheme = _scheme(())
    assert [board_of(scheme, n) for n in (9500, 9499, 6000, 5999)] == ["red", None, None, "black"]
    without = replace(scheme, red_from=None, black_below=None)
    assert board_of(without, 0) is None


def _scheme(items: tuple[Item, ...]) -> Scheme:
    day = date(2026, 1, 1)
    names = (new_id(), "one", "一个方案", Subject.community, SchemePeriod.month)
    return Scheme(*names, 5, 95, 60, items, day, None)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    sources = draw(st.lists(st.sampled_from(Source), unique=True, min_size=1))
    return _scheme(
        tuple(
            item(
                source,
                draw(st.integers(1, 10_000)),
                0 if WAY_OF[source] is Way.share else draw(st.integers(1, 10_000)),
            )
            for source in sources
        )
    )


counts = st.integers(0, 300)
facts = st.dictionaries(
    st.sampled_from(Source),
    st.tuples(counts, counts).map(lambda two: Fact(min(two), max(two))),
)


@given(schemes(), facts)
def test_a_score_is_the_sum_of_its_items_within_its_bounds(
    scheme: Scheme, found: dict[Source, Fact]
) -> None:
    items = scored_by(scheme, found)
    assert all(0 <= one.earned <= one.item.points for one in items)
    assert total_of(items) == sum(one.earned for one in items)
    assert 0 <= total_of(items) <= highest(scheme)


ONE_MORE_OVERDUE = {
    Source.rectified: (0, 1),
    Source.rectified_in_time: (0, 1),
    Source.closed: (0, 1),
    Source.closed_in_time: (0, 1),
    Source.overdue: (1, 1),
    Source.extended: (0, 1),
    Source.reworked: (0, 1),
}
"""What a further leg that is overdue adds to each numerator and denominator."""


@given(schemes(), facts, st.booleans())
def test_one_more_overdue_ticket_never_raises_a_score(
    scheme: Scheme, found: dict[Source, Fact], was_extended: bool
) -> None:
    worse = dict(found)
    for source, (more, of) in ONE_MORE_OVERDUE.items():
        known = found.get(source, Fact())
        extended = int(was_extended and source is Source.extended)
        worse[source] = Fact(known.numerator + more + extended, known.denominator + of)
    assert total_of(scored_by(scheme, worse)) <= total_of(scored_by(scheme, found))


@given(schemes(), facts, st.sampled_from(Source))
def test_doing_more_of_what_is_due_never_costs(
    scheme: Scheme, found: dict[Source, Fact], source: Source
) -> None:
    known = found.get(source, Fact())
    if WAY_OF[source] is Way.pieces:
        better = Fact(max(0, known.numerator - 1), known.denominator)
    else:
        better = Fact(known.numerator + 1, max(known.denominator, known.numerator + 1))
        if WAY_OF[source] is Way.share and known.numerator + 1 > known.denominator:
            return
    before, after = scored_by(scheme, found), scored_by(scheme, {**found, source: better})
    assert total_of(after) >= total_of(before)
