"""What is missing of a quota, by table and as laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.desk.models import UnitKind
from app.catalogue.desk.queries import Quota, QuotaPart
from app.duties.quotas import Standing, quota_for, tally
from app.people.models import OrganisationType

LECTURE = QuotaPart("理论宣讲", frozenset({"theory_lecture"}), 1)
MONTHLY = Quota(UnitKind.community, 4, (LECTURE,))


@pytest.mark.parametrize(
    ("done", "lectures", "missing", "standing"),
    [
        (0, 0, 4, Standing.open),
        (3, 1, 1, Standing.open),
        (4, 0, 1, Standing.open),
        (4, 1, 0, Standing.met),
        (9, 0, 1, Standing.open),
        (9, 9, 0, Standing.met),
    ],
)
def test_four_a_month_of_which_one_is_a_lecture(
    done: int, lectures: int, missing: int, standing: Standing
) -> None:
    found = tally(MONTHLY, done, [lectures])
    assert (found.missing, found.standing(over=False)) == (missing, standing)
    over = Standing.met if standing is Standing.met else Standing.missed
    assert found.standing(over=True) is over


def test_what_is_done_as_a_matter_of_course_is_never_missing() -> None:
    found = tally(Quota(UnitKind.community, 0), 0, [])
    assert (found.missing, found.standing(over=True)) == (0, Standing.as_usual)


@given(st.integers(0, 20), st.lists(st.integers(0, 5), min_size=2, max_size=2))
def test_more_work_never_leaves_more_missing(done: int, of_parts: list[int]) -> None:
    other = QuotaPart("更新", frozenset({"board_update"}), 2)
    quota = Quota(UnitKind.village, 5, (LECTURE, other))
    before = tally(quota, done, of_parts)
    for more in ([of_parts[0] + 1, of_parts[1]], [of_parts[0], of_parts[1] + 1]):
        assert tally(quota, done + 1, more).missing <= before.missing
    assert before.missing >= sum(part.missing for part in before.parts)
    assert (before.missing == 0) == (done >= 5 and of_parts[0] >= 1 and of_parts[1] >= 2)


QUOTAS = tuple(
    Quota(unit, count)
    for unit, count in (
        (UnitKind.community, 3), (UnitKind.village, 1), (UnitKind.civilised_village, 2),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "titles", "count"),
    [
        ("community", set(), 3),
        ("village", set(), 1),
        ("village", {UnitKind.civilised_village}, 2),
        ("village", {UnitKind.waste_pilot}, 1),
        ("resettlement_village", set(), 1),
        ("town", set(), None),
        ("property_company", set(), None),
    ],
)
def test_whose_quota_it_is(kind: str, titles: set[UnitKind], count: int | None) -> None:
    found = quota_for(QUOTAS, OrganisationType(kind), frozenset(titles))
    assert (found.count if found else None) == count
