"""Two people administer at once: they come one after the other, the later sees the earlier."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from flask import Flask
from sqlalchemy import select

from app.demo.files import write_township
from app.grid.models import Checkpoint, CompanyContract, Compound
from app.kernel.clock import shanghai_day
from app.kernel.db import db, unit_of_work
from app.people.models import GroupScope, Organisation, Role
from app.people.queries import organisation_by_code
from tests.clocks import MovableClock
from tests.people.posts import add_post
from tests.towns import Town

SignIn = Callable[[str], httpx.Client]
Json = dict[str, Any]
Asked = tuple[str, str, str, Json]
"""Who, by which method, at which path, with what."""

COUNTY, MINE = "guanli", "town_admin"
COMPANIES = ("WY299001", "WY299002")


class Administrators:
    """Administrators of one county over real HTTP, each with a connection of their own."""

    def __init__(self, app: Flask, town: Town, clock: MovableClock, sign_in: SignIn) -> None:
        self.app, self.town, self.clock = app, town, clock
        self.sign_in = sign_in
        with app.app_context():
            with unit_of_work() as session:
                add_post(session, MINE, Role.administrator, town.code)
            db.session.remove()
        self.known = {who: sign_in(who) for who in (COUNTY, MINE)}

    def day(self, offset: int = 0) -> str:
        """A day counted from today."""
        return (shanghai_day(self.clock()) + timedelta(days=offset)).isoformat()

    def ask(self, asked: Asked) -> httpx.Response:
        """One request."""
        who, method, path, body = asked
        return self.known[who].request(method, f"/api/v1{path}", json=body)

    def post(self, who: str, path: str, **body: Any) -> Json:
        """What a write that succeeds answers."""
        done: Json = self.ask((who, "POST", path, body)).raise_for_status().json()
        return done

    def get(self, path: str) -> Json:
        """What the county reads."""
        found: Json = self.known[COUNTY].get(f"/api/v1{path}").raise_for_status().json()
        return found

    def at_once(self, moves: Iterable[Asked]) -> list[httpx.Response]:
        """The answers to several requests sent at the same moment, in their order."""
        wanted = list(moves)
        together = Barrier(len(wanted))

        def send(asked: Asked) -> httpx.Response:
            together.wait()
            return self.ask(asked)

        with ThreadPoolExecutor(len(wanted)) as pool:
            return list(pool.map(send, wanted))

    def rows(self, kind: type[Any], *conditions: Any) -> list[Any]:
        """Rows of a table."""
        with self.app.app_context():
            found = list(db.session.scalars(select(kind).where(*conditions)))
            db.session.remove()
        return found

    def holding(self, kind: type[Any], day: date, *conditions: Any) -> list[Any]:
        """Dated rows of a table that hold on a day."""
        return [row for row in self.rows(kind, *conditions) if row.holds_on(day)]


@pytest.fixture
def administrators(
    app: Flask, town: Town, clock: MovableClock, sign_in_over_http: SignIn
) -> Administrators:
    """A county's administrator and a township's."""
    return Administrators(app, town, clock, sign_in_over_http)


def refusals(answers: list[httpx.Response]) -> list[tuple[int, str]]:
    """Status and code of those that were refused."""
    return [(one.status_code, one.json()["code"]) for one in answers if not one.is_success]


def of_compound(code: str) -> Any:
    """The condition that a row is of a compound."""
    return Compound.code == code


@pytest.mark.parametrize("turn", range(2))
def test_a_compound_has_one_company_however_many_say_so(
    administrators: Administrators, turn: int
) -> None:
    code = administrators.town.compound().code
    moves = [
        (who, "POST", f"/compounds/{code}/contract", {"company": company})
        for who in (COUNTY, MINE)
        for company in COMPANIES
    ]
    answers = administrators.at_once(moves)
    assert refusals(answers) == []
    held = administrators.get(f"/compounds/{code}")
    assert len([one for one in held["contracts"] if one["to_on"] is None]) == 1
    (compound,) = administrators.rows(Compound, of_compound(code))
    today = shanghai_day(administrators.clock())
    on = CompanyContract.compound_id == compound.id
    assert len(administrators.holding(CompanyContract, today, on)) == 1


@pytest.mark.parametrize("turn", range(2))
def test_of_contracts_planned_for_several_days_the_later_ones_stay(
    administrators: Administrators, turn: int
) -> None:
    code = administrators.town.compound().code
    moves = [
        (
            (COUNTY, MINE)[ahead % 2],
            "POST",
            f"/compounds/{code}/contract",
            {"company": COMPANIES[ahead % 2], "from_on": administrators.day(ahead)},
        )
        for ahead in (3, 4, 5, 6)
    ]
    answers = administrators.at_once(moves)
    assert set(refusals(answers)) <= {(409, "change_planned")}
    (compound,) = administrators.rows(Compound, of_compound(code))
    on = CompanyContract.compound_id == compound.id
    for ahead in range(8):
        day = date.fromisoformat(administrators.day(ahead))
        assert len(administrators.holding(CompanyContract, day, on)) == 1


@pytest.mark.parametrize("turn", range(2))
def test_one_leave_of_the_same_days(administrators: Administrators, turn: int) -> None:
    body = {
        "from_on": administrators.day(1),
        "to_on": administrators.day(4),
        "deputy": "wangge11",
    }
    answers = administrators.at_once(
        (who, "POST", "/people/shequ1/leave", body) for who in (COUNTY, MINE, COUNTY, MINE)
    )
    assert refusals(answers) == [(409, "leave_overlaps")] * 3
    assert len(administrators.get("/people/shequ1")["leaves"]) == 1


@pytest.mark.parametrize("turn", range(2))
def test_two_do_not_stand_in_for_one_another(administrators: Administrators, turn: int) -> None:
    days = {"from_on": administrators.day(1), "to_on": administrators.day(4)}
    answers = administrators.at_once(
        [
            (COUNTY, "POST", "/people/wangge11/leave", {**days, "deputy": "wangge12"}),
            (MINE, "POST", "/people/wangge12/leave", {**days, "deputy": "wangge11"}),
        ]
    )
    assert refusals(answers) == [(422, "leave_impossible")]


@pytest.mark.parametrize("turn", range(2))
def test_a_group_is_given_each_community_once(administrators: Administrators, turn: int) -> None:
    town = administrators.town
    group = f"{town.code}-G1"
    both = [town.community("001"), town.community("002")]
    answers = administrators.at_once(
        ((COUNTY, MINE)[turn % 2], "PUT", f"/organisations/{group}/given", {"organisations": given})
        for turn, given in enumerate([both, both[:1], both, both[:1]])
    )
    assert refusals(answers) == []
    (home,) = administrators.rows(Organisation, Organisation.code == group)
    today = shanghai_day(administrators.clock())
    held = administrators.holding(GroupScope, today, GroupScope.group_id == home.id)
    assert len({scope.organisation_id for scope in held}) == len(held) > 0


@pytest.mark.parametrize("turn", range(2))
def test_nothing_hangs_on_what_is_retired_at_that_moment(
    administrators: Administrators, turn: int
) -> None:
    town, code = administrators.town, f"{administrators.town.code}909"
    administrators.post(MINE, "/organisations", code=code, name="新社区", type="community",
                        parent=town.code)  # fmt: skip
    compound = {
        "code": f"{code}C01",
        "name": "新小区",
        "organisation": code,
        "kind": "old_housing",
        "buildings": 1,
        "households": 1,
        "checkpoints": [],
    }
    retired, made = administrators.at_once(
        [
            (COUNTY, "POST", f"/organisations/{code}/retire", {}),
            (MINE, "POST", "/compounds", compound),
        ]
    )
    told = refusals([retired, made])
    assert told in ([(409, "still_in_use")], [(422, "organisation_unknown")])


@pytest.mark.parametrize("turn", range(2))
def test_a_company_is_retired_or_gets_a_contract(administrators: Administrators, turn: int) -> None:
    administrators.post(COUNTY, "/organisations", code="WY299009", name="新公司",
                        type="property_company", parent="340299")  # fmt: skip
    path = f"/compounds/{administrators.town.compound().code}/contract"
    retired, made = administrators.at_once(
        [
            (COUNTY, "POST", "/organisations/WY299009/retire", {}),
            (MINE, "POST", path, {"company": "WY299009"}),
        ]
    )
    told = refusals([retired, made])
    assert told in ([(409, "still_in_use")], [(422, "organisation_unknown")])


@pytest.mark.parametrize("turn", range(2))
def test_a_checkpoint_is_retired_once(administrators: Administrators, turn: int) -> None:
    compound = administrators.town.compound().code
    (home,) = administrators.rows(Compound, of_compound(compound))
    checkpoint = administrators.rows(Checkpoint, Checkpoint.compound_id == home.id)[0]
    path = f"/compounds/{compound}/checkpoints/{checkpoint.id}/retire"
    answers = administrators.at_once(
        (who, "POST", path, {}) for who in (COUNTY, MINE, COUNTY, MINE)
    )
    assert refusals(answers) == [(409, "already_retired")] * 3


@pytest.mark.parametrize("turn", range(2))
def test_who_is_sent_away_meanwhile_does_nothing_more(
    administrators: Administrators, turn: int
) -> None:
    """Two administrators close one another's accounts: one of them is left."""
    administrators.post(COUNTY, "/people/shequ1/posts", role="administrator", organisation="340299")
    administrators.post(COUNTY, "/people/shequ2/posts", role="administrator", organisation="340299")
    for who in ("shequ1", "shequ2"):
        administrators.known[who] = administrators.sign_in(who)
    answers = administrators.at_once(
        [
            ("shequ1", "POST", "/people/shequ2/deactivate", {}),
            ("shequ2", "POST", "/people/shequ1/deactivate", {}),
        ]
    )
    assert refusals(answers) == [(401, "not_signed_in")]


def doubled(administrators: Administrators) -> str:
    """The code of a compound that two companies manage, as once could happen."""
    code = administrators.town.compound().code
    with administrators.app.app_context():
        with unit_of_work() as session:
            compound = session.scalars(select(Compound).where(Compound.code == code)).one()
            company = organisation_by_code(session, COMPANIES[1])
            assert company is not None
            began = shanghai_day(administrators.clock())
            session.add(
                CompanyContract(compound_id=compound.id, company_id=company.id, from_on=began)
            )
        db.session.remove()
    assert len(open_companies(administrators, code)) == 2
    return code


def open_companies(administrators: Administrators, code: str) -> list[str]:
    """The companies whose contracts have no end."""
    held = administrators.get(f"/compounds/{code}")["contracts"]
    return [one["company"]["code"] for one in held if one["to_on"] is None]


@pytest.mark.parametrize("company", [*COMPANIES, None])
def test_saying_who_manages_a_compound_mends_a_double(
    administrators: Administrators, company: str | None
) -> None:
    code = doubled(administrators)
    administrators.post(MINE, f"/compounds/{code}/contract", company=company)
    assert open_companies(administrators, code) == ([company] if company else [])


def test_a_load_mends_a_double(administrators: Administrators, tmp_path: Path) -> None:
    code = doubled(administrators)
    write_township(tmp_path)
    done = administrators.app.test_cli_runner().invoke(args=["township", "load", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert open_companies(administrators, code) == [COMPANIES[0]]


@pytest.mark.parametrize("turn", range(2))
def test_a_load_and_an_administrator_say_the_same_at_once(
    administrators: Administrators, tmp_path: Path, turn: int
) -> None:
    """Both put the second company in the place of the first: it gets one contract of each."""
    code, company = administrators.town.compound().code, COMPANIES[1]
    write_township(tmp_path)
    table = tmp_path / "compounds.csv"
    text = table.read_text(encoding="utf-8-sig").replace(COMPANIES[0], company)
    table.write_text(text, encoding="utf-8")
    moved = {
        one.code: (MINE, "POST", f"/compounds/{one.code}/contract", {"company": company})
        for one in administrators.town.township.compounds
        if one.company == COMPANIES[0]
    }
    assert code in moved
    together = Barrier(2)

    def load() -> int:
        together.wait()
        runner = administrators.app.test_cli_runner()
        return runner.invoke(args=["township", "load", str(tmp_path)]).exit_code

    with ThreadPoolExecutor(1) as pool:
        loaded = pool.submit(load)
        together.wait()
        answers = [administrators.ask(one) for one in moved.values()]
        assert (loaded.result(), refusals(answers)) == (0, [])
    assert [open_companies(administrators, one) for one in moved] == [[company]] * len(moved)
