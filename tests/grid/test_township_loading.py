"""Loading a township into a real database: twice, changed, shrunk, and two side by side."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.township import TOWN
from app.grid.models import (
    Cell,
    CellOutline,
    CellWarden,
    Checkpoint,
    CompanyContract,
    Compound,
)
from app.grid.queries import (
    cell_by_code,
    cell_index,
    companies_in_contract,
    compound_by_code,
    compound_index,
)
from app.grid.township.faults import TownshipFaults
from app.grid.township.loading import check_township, load_township
from app.grid.township.report import LoadReport
from app.grid.version import MAP
from app.kernel.clock import shanghai_day
from app.people.models import GroupScope, Organisation, Person, Post
from tests.grid.folders import Folder

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
TODAY, TOMORROW = shanghai_day(MONDAY), shanghai_day(TUESDAY)
COMMUNITY = f"{TOWN}001"
FIRST = f"{COMMUNITY}C01"
SECOND_TOWN = "340299102"
SHARED = Path(__file__).parents[2] / "../shared/township"
TABLES: tuple[type[Any], ...] = (
    Organisation,
    Person,
    Post,
    Compound,
    CompanyContract,
    Checkpoint,
    Cell,
    CellOutline,
    CellWarden,
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "one")


def load(
    session: Session, folder: Folder, now: datetime = MONDAY, *, retire_missing: bool = False
) -> LoadReport:
    report = load_township(session, folder.path, now=now, retire_missing=retire_missing)
    session.expire_all()
    return report


def rows_in(session: Session) -> dict[str, int]:
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
        for table in TABLES
    }


def contracts(session: Session, code: str) -> list[tuple[str, date, date | None]]:
    rows = session.execute(
        select(Organisation.code, CompanyContract.from_on, CompanyContract.to_on)
        .join(Organisation, Organisation.id == CompanyContract.company_id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .where(Compound.code == code)
        .order_by(CompanyContract.from_on, CompanyContract.id)
    )
    return [(company, start, end) for company, start, end in rows]


def organisation(session: Session, code: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def test_a_first_load_makes_everything(session: Session, folder: Folder) -> None:
    report = load(session, folder)
    township = folder.township
    assert report.made["组织"] == len(township.organisations)
    assert report.made["人员"] == len({post.username for post in township.posts})
    assert report.made["岗位"] == len(township.posts)
    assert report.made["网格"] == report.made["网格轮廓"] == len(township.cells)
    assert report.made["小区"] == len(township.compounds)
    assert (report.updated, report.closed, report.missing) == (Counter(), Counter(), [])
    assert len(cell_index(session, day=TODAY)) == len(township.cells)
    assert len(compound_index(session, day=TODAY)) == sum(
        1 for compound in township.compounds if compound.outline
    )


def test_the_tree_has_towns_and_paths(session: Session, folder: Folder) -> None:
    load(session, folder)
    county, town = organisation(session, TOWN[:6]), organisation(session, TOWN)
    community, company = organisation(session, COMMUNITY), organisation(session, "WY299001")
    assert (county.town_id, company.town_id) == (None, None)
    assert town.town_id == community.town_id == town.id
    assert community.path == county.id.hex + town.id.hex + community.id.hex
    assert town.path <= community.path < town.path_end
    assert not town.path <= company.path < town.path_end


def test_loading_again_changes_nothing(session: Session, folder: Folder) -> None:
    load(session, folder)
    before, version = rows_in(session), MAP.of(session)
    report = load(session, folder, TUESDAY)
    assert not report.changed_anything
    assert report.missing == []
    assert rows_in(session) == before
    assert MAP.of(session) == version


def test_one_fault_and_nothing_is_written(session: Session, folder: Folder) -> None:
    folder.put("checkpoints", 2, "区域", "屋顶")
    with pytest.raises(TownshipFaults) as told:
        load(session, folder)
    assert [str(fault).split(": ")[0] for fault in told.value.faults] == ["checkpoints.csv:2"]
    assert set(rows_in(session).values()) == {0}


def test_checking_writes_nothing(session: Session, folder: Folder) -> None:
    assert check_township(session, folder.path, today=TODAY).town_code == TOWN
    assert set(rows_in(session).values()) == {0}


def test_known_rows_are_updated_in_place(session: Session, folder: Folder) -> None:
    load(session, folder)
    before = rows_in(session)
    folder.put("organisations", folder.line_of("organisations", COMMUNITY), "名称", "新名社区")
    folder.put("compounds", 2, "户数", "481")
    folder.put("checkpoints", 2, "区域", "主干道")
    report = load(session, folder, TUESDAY)
    assert report.updated == {"组织": 1, "小区": 1, "点位": 1}
    assert rows_in(session) == before
    assert organisation(session, COMMUNITY).name == "新名社区"
    compound = compound_by_code(session, FIRST)
    assert compound is not None
    assert (compound.households, compound.in_service_on) == (481, TODAY)


def test_a_changed_company_ends_one_contract_and_starts_the_next(
    session: Session, folder: Folder
) -> None:
    load(session, folder)
    folder.put("compounds", 2, "物业公司编码", "WY299002")
    report = load(session, folder, TUESDAY)
    assert (report.made, report.closed) == ({"物业合同": 1}, {"物业合同": 1})
    assert contracts(session, FIRST) == [
        ("WY299001", TODAY, TOMORROW),
        ("WY299002", TOMORROW, None),
    ]
    compound = compound_by_code(session, FIRST)
    assert compound is not None
    assert [company_on(session, compound, day) for day in (TODAY, TOMORROW)] == [
        "WY299001",
        "WY299002",
    ]


def company_on(session: Session, compound: Compound, day: date) -> str | None:
    """The code of the company in contract for a compound on a day."""
    found = companies_in_contract(session, [compound.id], day=day).get(compound.id)
    return found.code if found else None


def test_an_emptied_company_ends_the_contract(session: Session, folder: Folder) -> None:
    load(session, folder)
    folder.put("compounds", 2, "物业公司编码", "")
    load(session, folder, TUESDAY)
    assert contracts(session, FIRST) == [("WY299001", TODAY, TOMORROW)]
    compound = compound_by_code(session, FIRST)
    assert compound is not None
    assert company_on(session, compound, TOMORROW) is None


def test_a_company_may_change_and_come_back_on_one_day(session: Session, folder: Folder) -> None:
    for company in ("WY299001", "WY299002", "WY299001"):
        folder.put("compounds", 2, "物业公司编码", company)
        load(session, folder)
    assert contracts(session, FIRST) == [
        ("WY299001", TODAY, TODAY),
        ("WY299002", TODAY, TODAY),
        ("WY299001", TODAY, None),
    ]
    compound = compound_by_code(session, FIRST)
    assert compound is not None
    assert company_on(session, compound, TODAY) == "WY299001"


def move_a_corner(folder: Folder, degrees: float) -> None:
    """Shift the south-west corner of the first cell, which no other cell has."""

    def change(features: list[dict[str, Any]]) -> None:
        ring = features[0]["geometry"]["coordinates"][0]
        for corner in (0, 4):
            ring[corner][0] = round(ring[corner][0] - degrees, 7)

    folder.change_map("cells", change)


def test_a_changed_outline_starts_today_and_the_old_one_stays_for_its_days(
    session: Session, folder: Folder
) -> None:
    load(session, folder)
    old = cell_index(session, day=TODAY).places[0]
    move_a_corner(folder, 0.0005)
    report = load(session, folder, TUESDAY)
    assert (report.made, report.closed) == ({"网格轮廓": 1}, {"网格轮廓": 1})
    new = cell_index(session, day=TOMORROW).places[0]
    assert new.outline.area > old.outline.area
    assert cell_index(session, day=TODAY).places[0].outline.equals(old.outline)


def test_an_outline_drawn_twice_on_one_day_is_replaced(session: Session, folder: Folder) -> None:
    load(session, folder)
    old = cell_index(session, day=TODAY).places[0]
    move_a_corner(folder, 0.0005)
    report = load(session, folder)
    assert report.updated == {"网格轮廓": 1}
    assert cell_index(session, day=TODAY).places[0].outline.area > old.outline.area


def test_an_index_is_built_once_for_a_version(session: Session, folder: Folder) -> None:
    load(session, folder)
    towns = frozenset({organisation(session, TOWN).id})
    first = cell_index(session, day=TODAY, town_ids=towns)
    assert cell_index(session, day=TODAY, town_ids=towns) is first
    move_a_corner(folder, 0.0005)
    load(session, folder)
    assert cell_index(session, day=TODAY, town_ids=towns) is not first


def test_changed_wardens_hand_over_today(session: Session, folder: Folder) -> None:
    load(session, folder)
    folder.change_map("cells", lambda all_of: all_of[0]["properties"].update(wardens=["wangge12"]))
    report = load(session, folder, TUESDAY)
    assert (report.made, report.closed) == ({"网格员分工": 1}, {"网格员分工": 1})
    cell = cell_by_code(session, f"{COMMUNITY}001")
    assert cell is not None
    rows = session.execute(
        select(Person.username, CellWarden.from_on, CellWarden.to_on)
        .join(Person, Person.id == CellWarden.person_id)
        .where(CellWarden.cell_id == cell.id)
        .order_by(CellWarden.from_on)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("wangge11", TODAY, TOMORROW),
        ("wangge12", TOMORROW, None),
    ]


def shrink(folder: Folder) -> None:
    """Take the last village, with all that is in it, out of the files."""
    village = f"{TOWN}202"
    for name in ("organisations", "people", "compounds"):
        folder.drop(name, holding=village)
    for number in (1, 2):
        folder.drop("checkpoints", holding=f"{village}C0{number}")

    def change(features: list[dict[str, Any]]) -> None:
        features[:] = [f for f in features if not f["properties"]["code"].startswith(village)]

    folder.change_map("cells", change)
    folder.change_map("compounds", change)


def test_what_is_missing_is_told_and_stays(session: Session, folder: Folder) -> None:
    load(session, folder)
    shrink(folder)
    report = load(session, folder, TUESDAY)
    assert not report.changed_anything
    kinds = Counter(item.split(" ")[0] for item in report.missing)
    assert kinds == {"岗位": 3, "点位": 6, "小区": 2, "网格": 4, "组织": 1}
    assert len(cell_index(session, day=TOMORROW)) == len(folder.township.cells)


def test_retire_missing_closes_it_today_and_deletes_nothing(
    session: Session, folder: Folder
) -> None:
    load(session, folder)
    before = rows_in(session)
    shrink(folder)
    report = load(session, folder, TUESDAY, retire_missing=True)
    assert report.closed == {
        "岗位": 3,
        "点位": 6,
        "小区": 2,
        "网格": 4,
        "网格轮廓": 4,
        "网格员分工": 4,
        "组织": 1,
    }
    assert rows_in(session) == before
    assert len(cell_index(session, day=TOMORROW)) == len(folder.township.cells) - 4
    assert len(cell_index(session, day=TODAY)) == len(folder.township.cells)
    assert organisation(session, f"{TOWN}202").retired_on == TOMORROW
    again = load(session, folder, TUESDAY, retire_missing=True)
    assert not again.changed_anything
    assert again.missing == []


def test_what_was_retired_comes_back_when_it_is_named_again(
    session: Session, folder: Folder
) -> None:
    load(session, folder)
    whole = Folder(folder.path.parent / "whole")
    shrink(folder)
    load(session, folder, TUESDAY, retire_missing=True)
    load(session, whole, TUESDAY)
    assert len(cell_index(session, day=TOMORROW)) == len(folder.township.cells)
    assert organisation(session, f"{TOWN}202").retired_on is None
    held = session.scalars(
        select(Post).join(Post.organisation).where(Organisation.code == f"{TOWN}202")
    ).all()
    assert len([post for post in held if post.holds_on(TOMORROW)]) == 3


def test_a_dropped_company_and_scope_end_with_their_place(session: Session, folder: Folder) -> None:
    load(session, folder)
    group, village = organisation(session, f"{TOWN}-G3"), organisation(session, f"{TOWN}202")
    session.add(GroupScope(group_id=group.id, organisation_id=village.id, from_on=TODAY))
    session.flush()
    shrink(folder)
    folder.drop("compounds", holding=FIRST)
    folder.drop("checkpoints", holding=FIRST)
    folder.change_map("compounds", lambda all_of: all_of.pop(0))
    report = load(session, folder, TUESDAY, retire_missing=True)
    assert report.closed["管理组范围"] == report.closed["物业合同"] == 1
    assert contracts(session, FIRST) == [("WY299001", TODAY, TOMORROW)]


def test_two_townships_share_county_and_companies(
    session: Session, folder: Folder, tmp_path: Path
) -> None:
    load(session, folder)
    second = Folder(tmp_path / "two", SECOND_TOWN)
    load(session, second)
    companies = session.scalars(select(Organisation).where(Organisation.code == "WY299001")).all()
    assert len(companies) == 1
    towns = set(
        session.scalars(
            select(Organisation.town_id)
            .join(Compound, Compound.organisation_id == Organisation.id)
            .join(CompanyContract, CompanyContract.compound_id == Compound.id)
            .where(CompanyContract.company_id == companies[0].id)
        )
    )
    assert len(towns) == 2
    assert len(cell_index(session, day=TODAY)) == 2 * len(folder.township.cells)
    only = frozenset({organisation(session, TOWN).id})
    index = cell_index(session, day=TODAY, town_ids=only)
    assert {place.code[:9] for place in index.places} == {TOWN}


def test_a_township_retires_nothing_outside_itself(
    session: Session, folder: Folder, tmp_path: Path
) -> None:
    load(session, folder)
    second = Folder(tmp_path / "two", SECOND_TOWN)
    second.drop("people", holding="13129900001")
    second.drop("people", holding="WY299001")
    report = load(session, second, TUESDAY, retire_missing=True)
    assert (report.closed, report.missing) == (Counter(), [])
    posts = session.scalars(select(Post).where(Post.to_on.is_not(None))).all()
    assert posts == []


def test_a_township_never_changes_the_countys_rows(
    session: Session, folder: Folder, tmp_path: Path
) -> None:
    load(session, folder)
    second = Folder(tmp_path / "two", SECOND_TOWN)
    second.put("organisations", 2, "名称", "别的县名")
    second.put("organisations", 4, "名称", "别的公司名")
    post = session.scalars(select(Post).join(Post.person).where(Person.username == "guanli")).one()
    post.to_on = TODAY
    session.flush()
    report = load(session, second)
    assert organisation(session, TOWN[:6]).name == "示例县"
    assert organisation(session, "WY299001").name == "示例甲物业公司"
    assert len(report.remarks) == 3
    session.refresh(post)
    assert post.to_on == TODAY


@pytest.mark.parametrize(
    ("table", "line", "column", "value", "wanted"),
    [
        ("organisations", 10, "编码", COMMUNITY, "organisations.csv:10"),
        ("compounds", 2, "编码", FIRST, "compounds.csv:2"),
        ("people", 8, "手机号", "13110100005", "people.csv:8"),
    ],
)
def test_a_township_cannot_take_what_is_anothers(
    session: Session,
    folder: Folder,
    tmp_path: Path,
    table: str,
    line: int,
    column: str,
    value: str,
    wanted: str,
) -> None:
    load(session, folder)
    second = Folder(tmp_path / "two", SECOND_TOWN)
    second.put(table, line, column, value)
    with pytest.raises(TownshipFaults) as told:
        load(session, second)
    assert any(str(fault).startswith(wanted) for fault in told.value.faults), told.value.detail


def test_somebody_of_another_township_gets_a_post_more_and_it_is_told(
    session: Session, folder: Folder, tmp_path: Path
) -> None:
    load(session, folder)
    person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
    before = (person.name, person.phone, person.deactivated_at)
    second = Folder(tmp_path / "two", SECOND_TOWN)
    second.add("people", "wangge11", person.name, str(person.phone), f"{SECOND_TOWN}001", "网格员")
    report = load(session, second, TUESDAY)
    assert [remark for remark in report.remarks if "wangge11" in remark] == [
        "第一社区网格员1（wangge11）已在其他镇任职（示例镇第一社区），"
        "本次增加岗位：示例102镇第一社区网格员"
    ]
    session.refresh(person)
    assert (person.name, person.phone, person.deactivated_at) == before
    assert len(person.posts) == 2
    assert all(post.holds_on(TOMORROW) for post in person.posts)
    again = load(session, second, TUESDAY)
    assert (again.changed_anything, again.remarks) == (False, [])


def test_the_account_of_somebody_of_another_township_is_left_as_it_is(
    session: Session, folder: Folder, tmp_path: Path
) -> None:
    load(session, folder)
    person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
    name, phone, person.phone, person.deactivated_at = person.name, person.phone, None, MONDAY
    session.flush()
    second = Folder(tmp_path / "two", SECOND_TOWN)
    second.add("people", "wangge11", name, str(phone), f"{SECOND_TOWN}001", "网格员")
    report = load(session, second, TUESDAY)
    assert report.updated == Counter()
    session.refresh(person)
    assert (person.phone, person.deactivated_at) == (None, MONDAY)


@pytest.mark.parametrize(("column", "value"), [("姓名", "别人"), ("手机号", "13100000001")])
def test_a_known_username_of_another_township_must_be_the_same_person(
    session: Session, folder: Folder, tmp_path: Path, column: str, value: str
) -> None:
    load(session, folder)
    person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
    second = Folder(tmp_path / "two", SECOND_TOWN)
    line = second.add(
        "people", "wangge11", person.name, str(person.phone), f"{SECOND_TOWN}001", "网格员"
    )
    second.put("people", line, column, value)
    with pytest.raises(TownshipFaults) as told:
        load(session, second)
    assert [str(fault).partition(" ")[0] for fault in told.value.faults] == [f"people.csv:{line}:"]


def test_a_closed_account_stays_closed(session: Session, folder: Folder) -> None:
    load(session, folder)
    person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
    person.deactivated_at = MONDAY
    session.flush()
    report = load(session, folder, TUESDAY)
    assert [remark for remark in report.remarks if "wangge11" in remark] != []
    assert person.deactivated_at == MONDAY


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared township is not on this machine")
def test_the_shared_township_loads_twice(session: Session) -> None:
    report = load_township(session, SHARED, now=MONDAY)
    assert report.made["网格"] == 222
    assert report.made["点位"] == 638
    assert not load_township(session, SHARED, now=TUESDAY).changed_anything
