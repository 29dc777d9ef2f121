"""Which cell holds a position: table tests on a small chessboard, properties on random ones."""

import math
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon
from shapely.geometry import box

from app.grid.locate import (
    MOST_CANDIDATES,
    CellIndex,
    CompoundIndex,
    Match,
    Place,
    area_m2,
    compounds_holding,
    distance_to_boundary_m,
    distance_to_outline_m,
    locate,
)
from app.kernel.geo import distance_m

WEST, SOUTH, STEP = 118.33, 30.92, 0.001
SIDE = 4
METRES_NORTH = distance_m(WEST, SOUTH, WEST, SOUTH + STEP)
METRES_EAST = distance_m(WEST, SOUTH, WEST + STEP, SOUTH)


def place(code: str, outline: Polygon) -> Place:
    return Place(uuid4(), code, f"网格{code}", UUID(int=0), outline)


def tiling(jitter: list[tuple[float, float]] | None = None) -> list[Place]:
    """4 × 4 cells that share corners; inner and outer corners moved by shares of a step."""
    moved = jitter or [(0.0, 0.0)] * (SIDE + 1) ** 2

    def corner(x: int, y: int) -> tuple[float, float]:
        dx, dy = moved[y * (SIDE + 1) + x]
        return WEST + (x + dx) * STEP, SOUTH + (y + dy) * STEP

    return [
        place(
            f"{y * SIDE + x:015d}",
            Polygon([corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)]),
        )
        for y in range(SIDE)
        for x in range(SIDE)
    ]


BOARD = CellIndex(tiling())
MIDDLE = (WEST + 1.5 * STEP, SOUTH + 1.5 * STEP)
FIFTH = f"{5:015d}"


@pytest.mark.parametrize("accuracy", [None, 0, 5, 47])
def test_inside_when_the_boundary_is_not_nearer_than_the_accuracy(accuracy: float | None) -> None:
    located = locate(BOARD, *MIDDLE, accuracy)
    assert (located.match, located.cell and located.cell.code) == (Match.inside, FIFTH)
    assert located.candidates == ()


def test_ambiguous_keeps_the_cell_and_offers_its_neighbours_nearest_first() -> None:
    near_east = (WEST + 1.9 * STEP, SOUTH + 1.5 * STEP)
    located = locate(BOARD, *near_east, METRES_EAST * 0.2)
    assert (located.match, located.cell and located.cell.code) == (Match.ambiguous, FIFTH)
    assert [cell.code for cell in located.candidates] == [f"{6:015d}"]
    wide = locate(BOARD, *near_east, METRES_NORTH * 0.6)
    assert wide.candidates[0].code == f"{6:015d}"
    assert {int(cell.code) for cell in wide.candidates} >= {1, 2, 6, 9, 10}
    assert FIFTH not in {cell.code for cell in wide.candidates}


def test_ambiguous_at_the_rim_has_the_cell_alone() -> None:
    located = locate(BOARD, WEST + 0.05 * STEP, SOUTH + 0.5 * STEP, METRES_EAST * 0.1)
    assert located.match is Match.ambiguous
    assert located.cell is not None
    assert located.candidates == ()


def test_outside_has_no_cell_and_candidates_within_the_accuracy() -> None:
    beyond = (WEST - 0.2 * STEP, SOUTH + 0.5 * STEP)
    assert locate(BOARD, *beyond).candidates == ()
    assert locate(BOARD, *beyond, METRES_EAST * 0.19).candidates == ()
    located = locate(BOARD, *beyond, METRES_EAST * 0.21)
    assert (located.match, located.cell) == (Match.outside, None)
    assert [int(cell.code) for cell in located.candidates] == [0]


@pytest.mark.parametrize(
    ("x", "y", "code"), [(2, 1.5, 5), (1.5, 2, 5), (2, 2, 5), (0, 0, 0), (4, 4, 15)]
)
def test_on_a_shared_edge_or_corner_the_lowest_code_wins(x: float, y: float, code: int) -> None:
    # Halves and wholes of this step are exact in binary, so the point lies on the edge itself.
    board = CellIndex(
        place(f"{row * 4 + column:015d}", box(column, row, column + 1, row + 1))
        for row in range(4)
        for column in range(4)
    )
    located = locate(board, x, y)
    assert located.match is Match.inside
    assert located.cell is not None
    assert int(located.cell.code) == code


def test_an_empty_index_holds_nothing() -> None:
    assert locate(CellIndex(), *MIDDLE, 1e9).match is Match.outside


def test_absurd_accuracy_offers_everything_and_does_not_fail() -> None:
    assert len(locate(BOARD, *MIDDLE, 1.7e308).candidates) == SIDE**2 - 1
    assert locate(BOARD, 0.0, 90.0, 1.7e308).match is Match.outside


def test_compounds_come_with_the_lowest_code_first() -> None:
    index = CompoundIndex([place("B", box(0, 0, 2, 2)), place("A", box(1, 1, 3, 3))])
    assert [one.code for one in compounds_holding(index, 1.5, 1.5)] == ["A", "B"]
    assert [one.code for one in compounds_holding(index, 0.5, 0.5)] == ["B"]
    assert compounds_holding(index, 9, 9) == ()


def test_distances_are_metres_and_nothing_inside() -> None:
    outline = box(WEST, SOUTH, WEST + STEP, SOUTH + STEP)
    assert distance_to_outline_m(outline, *MIDDLE) == pytest.approx(
        math.hypot(METRES_EAST, METRES_NORTH) / 2, rel=1e-4
    )
    centre = (WEST + STEP / 2, SOUTH + STEP / 2)
    assert distance_to_outline_m(outline, *centre) == 0
    assert distance_to_boundary_m(outline, *centre) == pytest.approx(METRES_EAST / 2, rel=1e-4)
    assert area_m2(outline) == pytest.approx(METRES_EAST * METRES_NORTH, rel=1e-4)


def test_a_hole_is_outside_and_its_rim_counts() -> None:
    ring = box(WEST, SOUTH, WEST + 3 * STEP, SOUTH + 3 * STEP).difference(
        box(WEST + STEP, SOUTH + STEP, WEST + 2 * STEP, SOUTH + 2 * STEP)
    )
    index = CellIndex([Place(uuid4(), "1", "环", UUID(int=0), ring)])
    assert locate(index, *MIDDLE).match is Match.outside
    beside = (WEST + 0.9 * STEP, SOUTH + 1.5 * STEP)
    assert locate(index, *beside, METRES_EAST * 0.2).match is Match.ambiguous


shares = st.floats(-0.3, 0.3, allow_nan=False)
jitters = st.lists(st.tuples(shares, shares), min_size=25, max_size=25)
offsets = st.floats(-1, SIDE + 1, allow_nan=False)
accuracies = st.one_of(st.none(), st.floats(0, 400, allow_nan=False))


@given(jitters, offsets, offsets, accuracies)
def test_agrees_with_looking_at_every_cell(
    jitter: list[tuple[float, float]], x: float, y: float, accuracy: float | None
) -> None:
    cells = tiling(jitter)
    lng, lat = WEST + x * STEP, SOUTH + y * STEP
    located = locate(CellIndex(cells), lng, lat, accuracy)
    holding = sorted(
        (cell for cell in cells if cell.outline.intersects(Point(lng, lat))),
        key=lambda cell: cell.code,
    )
    assert located.cell == (holding[0] if holding else None)
    metres = accuracy or 0
    near = {
        cell.code
        for cell in cells
        if metres and distance_to_outline_m(cell.outline, lng, lat) <= metres
    }
    if located.match is not Match.inside:
        own = {located.cell.code} if located.cell else set()
        assert {cell.code for cell in located.candidates} == near - own
    if located.cell:
        rim = distance_to_boundary_m(located.cell.outline, lng, lat)
        assert (located.match is Match.inside) == (metres == 0 or rim >= metres)


@given(jitters, st.floats(0, 1), st.floats(0, 1))
def test_cells_that_tile_leave_no_gap(
    jitter: list[tuple[float, float]], x: float, y: float
) -> None:
    inner = [
        (0.0, 0.0) if at % 5 in (0, 4) or at // 5 in (0, 4) else moved
        for at, moved in enumerate(jitter)
    ]
    margin = 1e-6
    lng = WEST + (margin + x * (SIDE - 2 * margin)) * STEP
    lat = SOUTH + (margin + y * (SIDE - 2 * margin)) * STEP
    index = CellIndex(tiling(inner))
    located = locate(index, lng, lat)
    assert located.match is Match.inside
    strictly = [one for one in index.places if one.outline.contains(Point(lng, lat))]
    assert len(strictly) <= 1


def test_a_fix_of_kilometres_names_the_nearest_twenty() -> None:
    """Nobody looks through hundreds of cells."""
    cells = [
        Place(uuid4(), f"{n:03d}", f"第{n}网格", uuid4(), box(n * 0.001, 0, (n + 1) * 0.001, 0.001))
        for n in range(60)
    ]
    found = locate(CellIndex(cells), 0.0305, 0.0005, 50_000)
    assert found.cell is not None and found.cell.code == "030"
    assert len(found.candidates) == MOST_CANDIDATES
    assert {each.code for each in found.candidates} == {f"{n:03d}" for n in range(20, 41)} - {"030"}
