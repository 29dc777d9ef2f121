"""Loading turns what differs into dated rows, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.files import CatalogueFaulty
from app.catalogue.models import (
    CalendarYear,
    CatalogueVersion,
    Category,
    Condition,
    StageLimit,
)
from app.catalogue.service import LoadReport, load_catalogue
from app.people.models import Person
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)

FOUR_HOURS = 'limit = { amount = 4, unit = "hour" }'
THREE_HOURS = 'limit = { amount = 3, unit = "hour" }'
TWO_HOURS = 'limit = { amount = 2, unit = "hour" }\nclosing_test'
PLANTED = """
[[categories.conditions]]
code = "planted"
name = "已种菜"
limit = { amount = 7, unit = "day" }
closing_test = "已清除。"
"""


def load(
    session: Session, folder: Path, now: datetime, changes: Mapping[str, str] | None = None
) -> LoadReport:
    return load_catalogue(session, directory=write_catalogue(folder, changes=changes), now=now)


def history(session: Session, code: str) -> list[tuple[int, date, date | None]]:
    """The limits and dates of every row of a condition of 01-91."""
    rows = session.scalars(
        select(Condition)
        .where(Condition.category_code == "01-91", Condition.code == code)
        .order_by(Condition.from_on)
    )
    return [(row.limit_amount, row.from_on, row.to_on) for row in rows]


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    return report.opened, report.closed, report.updated, report.unchanged


def test_the_first_rows_hold_from_the_day_the_file_states(session: Session, tmp_path: Path) -> None:
    report = load(session, tmp_path, MONDAY)
    assert (report.version, report.changed, report.name) == (1, True, "测试字典")
    assert counts(report) == (2 + 3 + 2 + 1, 0, 0, 0)
    for kind in (Category, Condition, StageLimit):
        assert set(session.scalars(select(kind.from_on))) == {date(2026, 7, 1)}


def test_the_first_rows_never_hold_from_a_day_to_come(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY, {"2026-07-01": "2027-07-01"})
    assert set(session.scalars(select(Category.from_on))) == {date(2026, 11, 23)}


def test_the_same_files_again_change_nothing(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY)
    again = load(session, tmp_path, TUESDAY)
    assert (again.version, again.changed) == (None, False)
    assert counts(again) == (0, 0, 0, 8)
    assert session.scalar(select(func.count()).select_from(CatalogueVersion)) == 1


def test_a_change_closes_a_row_and_opens_its_successor(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY)
    report = load(session, tmp_path, TUESDAY, {FOUR_HOURS: THREE_HOURS})
    assert (report.version, counts(report)) == (2, (1, 1, 0, 7))
    assert history(session, "under_way") == [
        (4, date(2026, 7, 1), date(2026, 11, 24)),
        (3, date(2026, 11, 24), None),
    ]


def test_a_second_change_on_one_day_corrects_in_place(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY)
    load(session, tmp_path, TUESDAY, {FOUR_HOURS: THREE_HOURS})
    report = load(session, tmp_path, TUESDAY, {FOUR_HOURS: FOUR_HOURS.replace("4", "2")})
    assert (report.version, counts(report)) == (3, (0, 0, 1, 7))
    assert history(session, "under_way") == [
        (4, date(2026, 7, 1), date(2026, 11, 24)),
        (2, date(2026, 11, 24), None),
    ]


def test_today_is_the_day_in_shanghai(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY)
    evening_in_utc = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    load(session, tmp_path, evening_in_utc, {FOUR_HOURS: THREE_HOURS})
    assert history(session, "under_way")[-1] == (3, date(2026, 11, 25), None)


def test_what_the_file_no_longer_names_ends_and_may_come_back(
    session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path, MONDAY)
    assert counts(load(session, tmp_path, TUESDAY, {PLANTED: ""})) == (0, 1, 0, 7)
    assert history(session, "planted") == [(7, date(2026, 7, 1), date(2026, 11, 24))]
    assert not load(session, tmp_path, TUESDAY, {PLANTED: ""}).changed
    assert counts(load(session, tmp_path, WEDNESDAY)) == (1, 0, 0, 7)
    assert history(session, "planted") == [
        (7, date(2026, 7, 1), date(2026, 11, 24)),
        (7, date(2026, 11, 25), None),
    ]


def test_opened_removed_and_named_again_on_one_day_is_one_row(
    session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path, MONDAY, {PLANTED: ""})
    for changes in (None, {PLANTED: ""}, None):
        load(session, tmp_path, TUESDAY, changes)
    assert history(session, "planted") == [(7, date(2026, 11, 24), None)]


def test_a_category_of_another_name_keeps_its_conditions(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, MONDAY)
    changes = {'name = "非法占绿毁绿"': 'name = "占绿毁绿"'}
    assert counts(load(session, tmp_path, TUESDAY, changes)) == (1, 1, 0, 7)
    rows = session.scalars(select(Category).where(Category.code == "01-91"))
    assert sorted((row.from_on, row.to_on, row.name) for row in rows if row.to_on) == [
        (date(2026, 7, 1), date(2026, 11, 24), "非法占绿毁绿")
    ]


def test_another_order_is_no_new_row(session: Session, tmp_path: Path) -> None:
    text = (write_catalogue(tmp_path) / "categories.toml").read_text(encoding="utf-8")
    load(session, tmp_path, MONDAY)
    head, first, second = text.split("[[categories]]")
    swapped = "[[categories]]".join((head, second, first))
    folder = write_catalogue(tmp_path, categories=swapped)
    report = load_catalogue(session, directory=folder, now=TUESDAY)
    assert counts(report) == (0, 0, 2, 6)
    order = session.scalars(select(Category.code).order_by(Category.position))
    assert list(order) == ["01-91", "01-36"]


def test_a_calendar_year_is_corrected_in_place_and_never_dropped(
    session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path, MONDAY)
    changes = {"last_on = 2026-10-07": "last_on = 2026-10-08"}
    assert counts(load(session, tmp_path, TUESDAY, changes)) == (0, 0, 1, 7)
    year = session.get_one(CalendarYear, 2026)
    assert (len(year.holidays), year.working_days) == (8, ["2026-10-10"])
    folder = write_catalogue(tmp_path, calendars="years = []")
    assert not load_catalogue(session, directory=folder, now=WEDNESDAY).changed
    assert session.get(CalendarYear, 2026) is not None


def test_a_fault_leaves_everything_as_it_was(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CatalogueFaulty):
        load(session, tmp_path, MONDAY, {FOUR_HOURS: THREE_HOURS, '"clutter"': '"litter"'})
    assert session.scalar(select(func.count()).select_from(Category)) == 0
    assert session.scalar(select(func.count()).select_from(CatalogueVersion)) == 0


def test_a_version_says_who_loaded_what(session: Session, tmp_path: Path) -> None:
    person = Person(username="admin", name="管理员")
    session.add(person)
    session.flush()
    folder = write_catalogue(tmp_path)
    load_catalogue(session, directory=folder, now=MONDAY, actor=person)
    version = session.scalars(select(CatalogueVersion)).one()
    assert (version.name, version.loaded_at, version.loaded_by_id, len(version.sha256)) == (
        "测试字典",
        MONDAY,
        person.id,
        64,
    )


def test_the_shipped_catalogue_loads_twice(session: Session) -> None:
    first = load_catalogue(session, directory=SHIPPED, now=MONDAY)
    assert counts(first) == (21 + 25 + 3 + 3 + 5 + 10 + 38 + 43 + 13 + 7 + 6 + 8 + 6, 0, 0, 0)
    assert not load_catalogue(session, directory=SHIPPED, now=TUESDAY).changed
