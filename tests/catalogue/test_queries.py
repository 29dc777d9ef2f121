"""What holds on a day, for the deployment and for a township, and how much asking it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.catalogue.models import Action, Stage
from app.catalogue.queries import (
    categories_in_force,
    category_in_force,
    has_catalogue,
    stage_limit_in_force,
    work_calendar,
)
from app.catalogue.service import load_catalogue
from app.catalogue.snapshots import forget_snapshots
from app.people.models import Organisation, OrganisationType
from app.sla.calendar import WorkCalendar
from app.sla.limits import Limit, LimitUnit
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
BEFORE, ON_MONDAY, ON_TUESDAY = date(2026, 6, 30), date(2026, 11, 23), date(2026, 11, 24)

TOWN_FILE = """
name = "某镇补充"

[limits]
checking = { amount = 4, unit = "hour" }

[[categories]]
code = "99-50"
name = "本镇事项"
standard_ref = "本地"
conditions = [
  { code = "default", name = "本镇", limit = { amount = 3, unit = "day" }, closing_test = "好。" },
]

[[categories]]
code = "01-36"
name = "乱堆物堆料（本镇）"
standard_ref = "本地"
routable = false
conditions = [
  { code = "default", name = "堆物", limit = { amount = 2, unit = "hour" }, closing_test = "清。" },
]
"""


@pytest.fixture
def loaded(session: Session, tmp_path: Path) -> Session:
    """A database with the small catalogue, loaded on Monday."""
    load_catalogue(session, directory=write_catalogue(tmp_path), now=MONDAY)
    return session


@pytest.fixture
def town(session: Session) -> Organisation:
    """A township without anything in it."""
    made = Organisation(code="t1", name="某镇", type=OrganisationType.town, path="0" * 32)
    session.add(made)
    session.flush()
    return made


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_empty_database_has_no_catalogue(session: Session) -> None:
    assert not has_catalogue(session)
    assert categories_in_force(session, day=ON_MONDAY) == []
    assert stage_limit_in_force(session, Stage.filing, day=ON_MONDAY) is None
    assert work_calendar(session) == WorkCalendar()


def test_a_category_says_all_that_a_ticket_copies(loaded: Session) -> None:
    assert has_catalogue(loaded)
    first, second = categories_in_force(loaded, day=ON_MONDAY)
    assert (first.code, first.name, first.action, first.standard_code, first.routable) == (
        "01-36",
        "乱堆物堆料",
        Action.clutter,
        "06036",
        True,
    )
    under_way, planted = second.conditions
    assert under_way.limit == Limit(4, LimitUnit.hour)
    assert (planted.code, planted.closing_test) == ("planted", "已清除。")
    assert (planted.enforcement, second.action) == (False, None)


def test_the_first_condition_is_the_default(loaded: Session) -> None:
    category = category_in_force(loaded, "01-91", day=ON_MONDAY)
    assert category is not None
    assert category.condition() == category.conditions[0] == category.condition("under_way")
    assert category.condition("planted") == category.conditions[1]
    assert category.condition("no_such") is None


def test_nothing_holds_before_its_day(loaded: Session) -> None:
    assert categories_in_force(loaded, day=BEFORE) == []
    assert category_in_force(loaded, "01-91", day=BEFORE) is None
    assert category_in_force(loaded, "77-77", day=ON_MONDAY) is None
    assert stage_limit_in_force(loaded, Stage.filing, day=BEFORE) is None


def test_what_was_true_on_the_day_stays_true(loaded: Session, tmp_path: Path) -> None:
    changes = {
        'name = "非法占绿毁绿"': 'name = "占绿毁绿"',
        'limit = { amount = 7, unit = "day" }': 'limit = { amount = 5, unit = "day" }',
        'filing = { amount = 2, unit = "hour" }': 'filing = { amount = 1, unit = "hour" }',
    }
    load_catalogue(loaded, directory=write_catalogue(tmp_path, changes=changes), now=TUESDAY)
    said = {}
    for day in (ON_MONDAY, ON_TUESDAY):
        category = category_in_force(loaded, "01-91", day=day)
        filing = stage_limit_in_force(loaded, Stage.filing, day=day)
        assert category is not None and filing is not None
        said[day] = category.name, [c.limit.amount for c in category.conditions], filing.amount
    assert said == {
        ON_MONDAY: ("非法占绿毁绿", [4, 7], 2),
        ON_TUESDAY: ("占绿毁绿", [4, 5], 1),
    }


def test_a_township_overrides_whole_categories_for_itself_alone(
    loaded: Session, tmp_path: Path, town: Organisation
) -> None:
    folder = write_catalogue(tmp_path / "town", categories=TOWN_FILE, calendars=None)
    report = load_catalogue(loaded, directory=folder, now=MONDAY, town_id=town.id)
    assert (report.opened, report.closed) == (2 + 2 + 1, 0)

    for town_id, names, limits in (
        (None, ["乱堆物堆料", "非法占绿毁绿"], [1, 4]),
        (town.id, ["乱堆物堆料（本镇）", "非法占绿毁绿", "本镇事项"], [2, 4, 3]),
    ):
        categories = categories_in_force(loaded, day=ON_MONDAY, town_id=town_id)
        assert [each.name for each in categories] == names
        assert [each.conditions[0].limit.amount for each in categories] == limits

    own = category_in_force(loaded, "01-36", day=ON_MONDAY, town_id=town.id)
    assert own is not None and not own.routable and own.action is None
    assert category_in_force(loaded, "99-50", day=ON_MONDAY) is None
    checking = stage_limit_in_force(loaded, Stage.checking, day=ON_MONDAY, town_id=town.id)
    filing = stage_limit_in_force(loaded, Stage.filing, day=ON_MONDAY, town_id=town.id)
    assert (checking, filing) == (Limit(4, LimitUnit.hour), Limit(2, LimitUnit.hour))


def test_loading_the_deployment_leaves_a_township_alone_and_the_other_way_round(
    loaded: Session, tmp_path: Path, town: Organisation
) -> None:
    folder = write_catalogue(tmp_path / "town", categories=TOWN_FILE, calendars=None)
    load_catalogue(loaded, directory=folder, now=MONDAY, town_id=town.id)
    assert not load_catalogue(loaded, directory=write_catalogue(tmp_path), now=TUESDAY).changed
    nothing = write_catalogue(tmp_path / "town", categories='name = "某镇"', calendars=None)
    report = load_catalogue(loaded, directory=nothing, now=TUESDAY, town_id=town.id)
    assert (report.opened, report.closed) == (0, 5)
    names = [each.name for each in categories_in_force(loaded, day=ON_TUESDAY, town_id=town.id)]
    assert names == ["乱堆物堆料", "非法占绿毁绿"]


def test_the_shipped_dictionary_comes_in_its_order(session: Session) -> None:
    load_catalogue(session, directory=SHIPPED, now=MONDAY)
    codes = [each.code for each in categories_in_force(session, day=ON_MONDAY)]
    assert (codes[:3], codes[-1], len(codes)) == (["01-36", "01-35", "01-91"], "99-99", 21)


def test_the_calendar_is_the_one_loaded(loaded: Session) -> None:
    calendar = work_calendar(loaded)
    assert calendar.is_announced(2026) and not calendar.is_announced(2027)
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10))


def test_a_load_is_seen_at_once_in_its_own_transaction(loaded: Session, tmp_path: Path) -> None:
    assert not work_calendar(loaded).is_working_day(date(2026, 10, 7))
    changes = {"last_on = 2026-10-07": "last_on = 2026-10-06", '"已种菜"': '"种了菜"'}
    category_in_force(loaded, "01-91", day=ON_MONDAY)
    load_catalogue(loaded, directory=write_catalogue(tmp_path, changes=changes), now=TUESDAY)
    assert work_calendar(loaded).is_working_day(date(2026, 10, 7))
    category = category_in_force(loaded, "01-91", day=ON_TUESDAY)
    assert category is not None and category.conditions[1].name == "种了菜"


def test_what_is_undone_is_forgotten(loaded: Session, tmp_path: Path) -> None:
    changes = {'"乱堆物堆料"': '"堆"'}
    savepoint = loaded.begin_nested()
    load_catalogue(loaded, directory=write_catalogue(tmp_path, changes=changes), now=TUESDAY)
    assert categories_in_force(loaded, day=ON_TUESDAY)[0].name == "堆"
    savepoint.rollback()
    assert categories_in_force(loaded, day=ON_TUESDAY)[0].name == "乱堆物堆料"


def test_a_load_in_another_session_is_seen_by_the_next_transaction(
    loaded: Session, tmp_path: Path
) -> None:
    loaded.commit()
    assert categories_in_force(loaded, day=ON_TUESDAY)[0].name == "乱堆物堆料"
    loaded.rollback()
    with Session(loaded.get_bind()) as other:
        other.connection(execution_options={"writes": True})
        folder = write_catalogue(tmp_path, changes={'name = "乱堆物堆料"': 'name = "堆"'})
        load_catalogue(other, directory=folder, now=TUESDAY)
        other.commit()
    assert categories_in_force(loaded, day=ON_TUESDAY)[0].name == "堆"


def test_asking_costs_one_statement_in_a_transaction_and_none_after_it(loaded: Session) -> None:
    categories_in_force(loaded, day=ON_MONDAY)
    work_calendar(loaded)
    loaded.commit()
    with statements(loaded) as seen:
        categories_in_force(loaded, day=ON_MONDAY)
        category_in_force(loaded, "01-36", day=ON_MONDAY)
        stage_limit_in_force(loaded, Stage.filing, day=ON_MONDAY)
        work_calendar(loaded)
    assert len([one for one in seen if not one.startswith("BEGIN")]) == 1
    forget_snapshots()
    with statements(loaded) as seen:
        work_calendar(loaded)
        categories_in_force(loaded, day=ON_MONDAY)
    assert len(seen) == 1, "all rows of all tables"
