"""How many statements the database is asked, whatever the town holds."""

from app.catalogue.snapshots import forget_snapshots
from tests.budgets import counted_queries
from tests.rounds.walks import Walks


def test_coverage_of_a_whole_town(walks: Walks) -> None:
    walks.walk("wangge11", all_fine=True)
    walks.walk("wangge21", walks.code("002"),
               checks=[walks.check("主干道", "fine", walks.code("002"))])  # fmt: skip
    walks.coverage("ducha1")
    for query in ({}, {"organisation": walks.town.code}, {"limit": 100}):
        forget_snapshots()
        with counted_queries(walks.app) as statements:
            walks.coverage("ducha1", **query)
        assert len(statements) <= 6, statements


def test_the_summary(walks: Walks) -> None:
    walks.coverage("ducha1")
    with counted_queries(walks.app) as statements:
        walks.get("ducha1", "/coverage/summary", organisation=walks.town.code, weeks=53)
    assert len(statements) <= 6, statements


def test_adding_to_a_round(walks: Walks) -> None:
    body = {"compound": walks.code(), "all_fine": True, "checks": [walks.check("楼道1", "problem")]}
    for who in ("wangge11", "wangge12", "shequ1"):
        walks.sign_in(who)
        with counted_queries(walks.app) as statements:
            assert walks.post(who, body, key="today").status_code == 201
        assert len(statements) <= 18, statements


def test_a_page_of_rounds(walks: Walks) -> None:
    for number in (1, 2, 3):
        walks.walk("wangge11", walks.code("001", number), all_fine=True)
        walks.walk("wangge12", walks.code("001", number), all_fine=True)
    walks.sign_in("ducha1")
    with counted_queries(walks.app) as statements:
        walks.get("ducha1", "/rounds", organisation=walks.town.code)
    assert len(statements) <= 6, statements
