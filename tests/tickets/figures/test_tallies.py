"""Counting in advance: who reads it and how, beside a worker, and when the rules have changed."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.tickets.figures.tallies.instants import limits_held_against_now
from app.tickets.figures.tallies.models import CountedTicket, Tally, TallyState, UncountedTicket
from app.tickets.models import Leg, Ticket
from tests.budgets import counted_queries
from tests.tickets.figures.asking import NOVEMBER, figures, share
from tests.tickets.figures.tallying import COUNTY, at_work, check, work, work_killed
from tests.tickets.stories import Json, Stories, at

OVERDUE = {"category": "01-10"}


@pytest.fixture
def counted(stories: Stories) -> Stories:
    """Three tickets, one rectified, that were counted in advance."""
    stories.act("wuye11", stories.report(), "rectify")
    stories.report(**OVERDUE)
    stories.report("wangge21", **OVERDUE, point=stories.town.cell("002", 1).centre)
    assert work(stories) > 0
    return stories


def summed_up(stories: Stories, by: str = "state", **query: Any) -> Json:
    """The county's list summed up."""
    answer = stories.get(COUNTY, "/tickets/summary", by=by, **query)
    assert answer.status_code == 200, answer.text
    told: Json = answer.get_json()
    return told


def from_tickets(statements: list[str]) -> bool:
    """Whether all tickets were counted."""
    return not any("FROM tally_state" in one and "tallies" in one for one in statements)


def test_who_reads_it(counted: Stories) -> None:
    """The county is told what was counted in advance; whoever else asks, or asks for less, what the
    tickets say."""
    county, town = {}, {"organisation": counted.town.code}
    for path, query, tallied in (
        ("/kpis", county, True),
        ("/kpis", {"by": "responsible", **NOVEMBER}, True),
        ("/kpis", {"by": "compound"}, False),
        ("/kpis", town, False),
        ("/tickets/summary", {"by": "responsible", "state": ["dispatched"]}, True),
        ("/tickets/summary", {"by": "cell"}, False),
        ("/tickets/summary", {"by": "state", "category": "01-10"}, False),
        ("/tickets/summary", {"by": "state", **town}, False),
    ):
        counted.headers(COUNTY)
        with counted_queries(counted.app) as statements:
            assert counted.get(COUNTY, path, **query).status_code == 200
        assert from_tickets(statements) is not tallied, (path, query)
        assert len(statements) <= 9, "\n\n".join(statements)


def test_what_passes_without_anybody(counted: Stories) -> None:
    """A limit passes: figures and lights change, whether or not a worker came."""
    assert share(figures(counted, COUNTY), "overdue")[0] == 0
    assert summed_up(counted)["items"][0]["lights"]["red"] == 0
    counted.now(at("11-26 09:00"))
    for _ in range(2):
        assert share(figures(counted, COUNTY), "overdue") == (2, 3)
        assert sum(one["lights"]["red"] for one in summed_up(counted)["items"]) == 2
        work(counted)
    counted.now(at("11-25 12:00"))
    assert share(figures(counted, COUNTY), "overdue")[0] == 0


def test_nobody_waits_for_the_worker(counted: Stories) -> None:
    """It has counted and not committed: who asks is told the same, before, meanwhile, after."""
    counted.now(at("11-26 09:00"))
    counted.act("shequ1", counted.report(), "void", note="没有此事")
    told = figures(counted, COUNTY, by="category"), summed_up(counted, "responsible")
    with at_work(counted):
        meanwhile = figures(counted, COUNTY, by="category"), summed_up(counted, "responsible")
    work(counted)
    assert told == meanwhile
    assert told == (figures(counted, COUNTY, by="category"), summed_up(counted, "responsible"))


def counted_as_tallied(stories: Stories) -> None:
    """All that is kept is right, and the worker has nothing left to do."""
    work(stories)
    check(stories)
    assert work(stories) == 0


def test_whatever_is_written_however_is_noted(counted: Stories) -> None:
    """Also what says nothing of when it was written, and what is gone."""
    leg = select(Leg.id).order_by(Leg.due_at).limit(1).scalar_subquery()
    early = at("11-20 09:00")
    for statement in (
        update(Leg).where(Leg.id == leg).values(due_at=early, exempt=True),
        update(Ticket).values(category_code="99-99", category_name="其他"),
        update(Ticket).where(Ticket.rectified_at.is_(None)).values(source="hotline"),
        delete(Leg).where(Leg.id == leg),
    ):
        counted.change(statement)
        check(counted)
        counted_as_tallied(counted)


def test_a_tally_that_is_wrong_is_found_and_counted_anew(counted: Stories) -> None:
    run = counted.app.test_cli_runner().invoke
    assert run(args=["figures", "check"]).exit_code == 0
    counted.change(
        update(Tally).where(Tally.counted == "reported").values(count_1=Tally.count_1 + 1)
    )
    wrong = run(args=["figures", "check"])
    assert wrong.exit_code == 1
    assert "organisation\tmonth\t2026-11-01" in wrong.output
    assert run(args=["figures", "recount"]).exit_code == 0
    assert "没有核对" in run(args=["figures", "check"]).output
    told = figures(counted, COUNTY)
    counted_as_tallied(counted)
    assert figures(counted, COUNTY) == told


def test_other_rules_are_counted_anew(counted: Stories) -> None:
    """Tallies by the rules of another release are not read, and the worker makes them again."""
    counted.change(
        update(TallyState).values(rules="of another release"), update(Tally).values(total=7)
    )
    assert share(figures(counted, COUNTY), "valid_reports") == (3, 3)
    counted_as_tallied(counted)


def test_an_old_installation_is_gone_through_in_parts(counted: Stories) -> None:
    """As after the upgrade: tickets without a note; killed in between, it goes on."""
    counted.change(
        update(TallyState).values(rules="", built=False), delete(Tally), delete(CountedTicket)
    )
    counted.change(delete(UncountedTicket))
    told = figures(counted, COUNTY)
    for _ in range(3):
        work(counted, parts=1, at_once=1)
        work_killed(counted)
        assert figures(counted, COUNTY) == told
    counted.report(**OVERDUE)
    counted_as_tallied(counted)


def test_limits_that_rules_hold_against_the_present() -> None:
    """A rule about another limit is counted again when that passes, without anybody's doing."""
    found = [f"{column.table}.{column.name}" for column in limits_held_against_now()]
    assert found == [
        "legs.due_at",
        "tickets.check_due_at",
        "tickets.due_at",
        "tickets.filing_due_at",
        "tickets.yellow_at",
    ]
