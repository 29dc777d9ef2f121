"""No list reads every ticket: on SQLite the plan is the same on the first day as after years."""

from typing import Any

import pytest

from app.kernel.db import db
from tests.budgets import counted_queries
from tests.tickets.stories import Stories

NARROWED: list[dict[str, str]] = [
    {},
    {"state": "dispatched"},
    {"state": "suspended", "organisation": "TOWN"},
    {"cell": "CELL"},
    {"compound": "COMPOUND"},
    {"category": "01-36"},
    {"responsible": "WY299001"},
    {"light": "red"},
    {"second_look": "waiting"},
    {"reported_to": "2020-01-01"},
    {"updated_since": "2020-01-01T00:00:00+08:00"},
    {"q": "垃圾"},
    {"q": "340299101-2026"},
    {"sort": "due"},
    {"sort": "due", "state": "dispatched"},
    {"mine": "1"},
]


@pytest.fixture
def backend() -> str:
    """PostgreSQL plans by what it counted itself, which a test's few rows say nothing about."""
    return "sqlite"


@pytest.mark.parametrize("who", ["wangge11", "wuye11", "ducha1", "guanli"])
def test_no_list_reads_every_ticket(stories: Stories, who: str) -> None:
    town = stories.town
    names = {"TOWN": town.code, "CELL": town.cell().code, "COMPOUND": town.compound().code}
    stories.report()
    stories.headers(who)
    for query in NARROWED:
        with counted_queries(stories.app) as statements:
            answer = stories.get(who, "/tickets", **{k: names.get(v, v) for k, v in query.items()})
        assert answer.status_code == 200, answer.text
        steps = [step for each in statements for step in _plan(stories, each)]
        assert any("tickets" in step for step in steps)
        whole = [s for s in steps if s.startswith("SCAN tickets") and "USING" not in s]
        assert whole == [], query


def _plan(stories: Stories, statement: str) -> list[str]:
    """What SQLite does for a statement, step by step; it does not depend on the values."""
    if not statement.startswith("SELECT"):
        return []
    with stories.app.app_context(), db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        nothing = [None] * statement.count("?")
        rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", nothing).fetchall()
    return [row[3] for row in rows]


def test_a_list_without_its_index_would_be_noticed(stories: Stories) -> None:
    assert _plan(stories, "SELECT id FROM tickets WHERE closing_test = ?") == ["SCAN tickets"]
