"""Coverage over HTTP, the figures counted by hand.

The township has six compounds that are walked weekly (three in the first community, two in the
second, one in the resettlement village) and two settlements in the village.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.grid.models import Compound
from app.kernel.ids import new_id
from app.people.models import GroupScope, Organisation, Person, Post
from config.settings import Settings
from tests.rounds.walks import CHECKPOINTS, SignIn, Walks, at, missing
from tests.towns import Town


def figures(coverage: dict[str, Any]) -> tuple[int, int, float | None]:
    return coverage["due"], coverage["covered"], coverage["rate"]


def by_compound(coverage: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["compound"]["code"]: one for one in coverage["items"]}


def change_compound(walks: Walks, code: str, **values: Any) -> None:
    walks.write(lambda s: s.execute(update(Compound).where(Compound.code == code).values(**values)))


def test_coverage_by_hand(walks: Walks) -> None:
    walks.walk("wangge11", all_fine=True)
    begun = walks.walk("wangge12", walks.code("001", 2),
                       checks=[walks.check("主干道", "fine", walks.code("001", 2))])  # fmt: skip
    walks.walk("wangge21", walks.code("002", 2), all_fine=True)
    coverage = walks.coverage("ducha1")
    assert coverage["week"] == "2026-W48"
    assert figures(coverage) == (6, 2, pytest.approx(1 / 3))
    assert coverage["next_cursor"] is None
    items = by_compound(coverage)
    assert list(items) == sorted(items)
    assert [code for code, one in items.items() if one["covered"]] == [
        walks.code("001", 1), walks.code("002", 2),
    ]  # fmt: skip
    done, open_, untouched = (items[walks.code("001", number)] for number in (1, 2, 3))
    assert (done["completed_at"], done["missing"]) == ("2026-11-25T09:00:00+08:00", [])
    assert done["organisation"]["code"] == walks.town.community("001")
    assert (open_["round_id"], open_["completed_at"]) == (begun["id"], None)
    assert missing(open_) == [name for name in CHECKPOINTS if name != "主干道"]
    assert (untouched["round_id"], missing(untouched)) == (None, list(CHECKPOINTS))


def test_everybody_sees_the_figures_of_their_own_place(walks: Walks) -> None:
    walks.walk("wangge11", all_fine=True)
    assert figures(walks.coverage("wangge12")) == (3, 1, pytest.approx(1 / 3))
    assert figures(walks.coverage("shequ2")) == (2, 0, 0)
    assert figures(walks.coverage("shequ4")) == (0, 0, None)
    assert figures(walks.coverage("guanli")) == (6, 1, pytest.approx(1 / 6))
    assert figures(walks.coverage("wuye11")) == (0, 0, None)
    community = walks.town.community("001")
    assert figures(walks.coverage("ducha1", organisation=community)) == (
        3, 1, pytest.approx(1 / 3),
    )  # fmt: skip
    assert figures(walks.coverage("shequ2", organisation=community)) == (0, 0, None)


def test_a_management_group_sees_what_it_was_given(walks: Walks) -> None:
    group, given = f"{walks.town.code}-G1", walks.town.community("002")

    def give(session: Session) -> None:
        ids = {one.code: one.id for one in session.scalars(select(Organisation))}
        person_id = session.scalar(select(Person.id).where(Person.username == "ducha2"))
        assert person_id is not None
        since = date(2020, 1, 1)
        session.execute(update(Post).where(Post.person_id == person_id)
                        .values(organisation_id=ids[group]))  # fmt: skip
        session.add(
            GroupScope(id=new_id(), group_id=ids[group], organisation_id=ids[given], from_on=since)
        )

    walks.write(give)
    (post,) = walks.get("ducha2", "/me").get_json()["posts"]
    assert (post["organisation_type"], post["communities"]) == ("management_group", [given])
    (office,) = walks.get("ducha1", "/me").get_json()["posts"]
    assert (office["organisation_type"], office["communities"]) == ("town", [])
    walks.walk("wangge21", walks.code("002"), all_fine=True)
    assert figures(walks.coverage("ducha2")) == (2, 1, 0.5)
    assert figures(walks.coverage("ducha1", organisation=group)) == (2, 1, 0.5)
    for who, query in (("ducha2", {}), ("ducha1", {"organisation": group})):
        summary = walks.get(who, "/coverage/summary", weeks=1, **query).get_json()
        assert [one["organisation"]["code"] for one in summary["items"]] == [given]
        assert summary["items"][0]["weeks"][0]["rate"] == 0.5


def test_the_figures_are_over_everything_and_not_the_page(walks: Walks) -> None:
    walks.walk("wangge31", walks.code("201"), all_fine=True)
    pages = []
    cursor: dict[str, str] = {}
    while len(pages) < 9:
        page = walks.coverage("ducha1", limit=4, **cursor)
        pages.append(page)
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert [len(page["items"]) for page in pages] == [4, 2]
    assert {figures(page)[:2] for page in pages} == {(6, 1)}
    assert len({code for page in pages for code in by_compound(page)}) == 6


def test_a_compound_is_due_in_every_week_it_was_in_service(walks: Walks) -> None:
    weeks = ("2026-W47", "2026-W48", "2026-W49")

    def due() -> list[int]:
        return [walks.coverage("ducha1", week=week)["due"] for week in weeks]

    assert due() == [6, 6, 6]
    change_compound(walks, walks.code(), in_service_on=date(2026, 11, 29))
    assert due() == [5, 6, 6]
    change_compound(walks, walks.code(), in_service_on=date(2026, 11, 30))
    assert due() == [5, 5, 6]
    change_compound(
        walks, walks.code(), in_service_on=date(2020, 1, 1), retired_on=date(2026, 11, 24)
    )
    assert due() == [6, 6, 5]
    change_compound(walks, walks.code(), retired_on=date(2026, 11, 23))
    assert due() == [6, 5, 5]


def test_a_retired_compound_stays_covered_in_its_weeks(walks: Walks) -> None:
    walks.walk("wangge11", all_fine=True)
    change_compound(walks, walks.code(), retired_on=date(2026, 11, 26))
    walks.clock.move(timedelta(days=14))
    assert figures(walks.coverage("ducha1", week="2026-W48"))[:2] == (6, 1)
    assert figures(walks.coverage("ducha1"))[:2] == (5, 0)


def test_a_week_to_come_says_what_will_be_due(walks: Walks) -> None:
    for week in ("2027-W30", "2026-W49"):
        assert figures(walks.coverage("ducha1", week=week)) == (6, 0, 0)


def test_nothing_was_due_before_there_was_anything(walks: Walks) -> None:
    coverage = walks.coverage("ducha1", week="2019-W10")
    assert (figures(coverage), coverage["items"]) == ((0, 0, None), [])


def test_a_settlement_may_be_walked_and_is_not_due(walks: Walks) -> None:
    walks.walk("wangge41", walks.code("202"), all_fine=True)
    assert figures(walks.coverage("ducha1"))[:2] == (6, 0)


class TestWhereSettlementsAreWalked:
    """A county that decided so."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"settlements_walked_weekly": True})

    def test_they_are_due(self, walks: Walks) -> None:
        walks.walk("wangge41", walks.code("202"), all_fine=True)
        assert figures(walks.coverage("ducha1"))[:2] == (8, 1)
        assert figures(walks.coverage("shequ4")) == (2, 1, 0.5)


def test_the_summary_by_child_and_week(walks: Walks) -> None:
    walks.walk("wangge11", all_fine=True)
    walks.clock.move(timedelta(days=7))
    walks.walk("wangge11", all_fine=True)
    walks.walk("wangge12", walks.code("001", 3), all_fine=True)
    walks.walk("wangge31", walks.code("201"), all_fine=True)
    change_compound(walks, walks.code("002", 1), in_service_on=date(2026, 11, 30))
    summary = walks.get("ducha1", "/coverage/summary", weeks=3).get_json()
    assert summary["weeks"] == ["2026-W47", "2026-W48", "2026-W49"]
    lines = {
        one["organisation"]["code"]: [(week["due"], week["covered"]) for week in one["weeks"]]
        for one in summary["items"]
    }
    assert lines == {
        walks.town.community("001"): [(3, 0), (3, 1), (3, 2)],
        walks.town.community("002"): [(1, 0), (1, 0), (2, 0)],
        walks.town.community("201"): [(1, 0), (1, 0), (1, 1)],
        walks.town.community("202"): [(0, 0), (0, 0), (0, 0)],
    }
    first = summary["items"][0]["weeks"]
    assert (first[2]["week"], figures(first[2])) == ("2026-W49", (3, 2, pytest.approx(2 / 3)))
    assert summary["items"][3]["weeks"][0]["rate"] is None


def test_the_lines_of_a_summary(walks: Walks) -> None:
    county, town = walks.town.code[:6], walks.town.code
    own = walks.town.community("001")
    villages = [walks.town.community(suffix) for suffix in ("001", "002", "201", "202")]
    expected = [
        ("guanli", {}, [town]),
        ("guanli", {"organisation": county}, [town]),
        ("guanli", {"organisation": town}, villages),
        ("ducha1", {}, villages),
        ("ducha1", {"organisation": own}, [own]),
        ("wangge11", {}, [own]),
        ("wangge11", {"organisation": town}, [own]),
        ("wangge11", {"organisation": walks.town.community("002")}, []),
        ("wuye11", {}, []),
    ]
    for who, query, lines in expected:
        summary = walks.get(who, "/coverage/summary", **query).get_json()
        assert [one["organisation"]["code"] for one in summary["items"]] == lines, (who, query)
        assert len(summary["weeks"]) == 8


def test_the_county_adds_its_townships_up(
    client: FlaskClient, sign_in: SignIn, two_towns: tuple[Town, Town]
) -> None:
    first, second = two_towns
    body = {"compound": second.compound("002", 1).code, "all_fine": True}
    walked = client.post("/api/v1/rounds", json=body, headers=sign_in(second.who("wangge21")))
    assert walked.status_code == 201
    summary = client.get("/api/v1/coverage/summary?weeks=1", headers=sign_in("guanli")).get_json()
    assert [
        (one["organisation"]["code"], one["weeks"][0]["due"], one["weeks"][0]["covered"])
        for one in summary["items"]
    ] == [(first.code, 6, 0), (second.code, 6, 1)]
    foreign = client.get(
        f"/api/v1/coverage?organisation={second.code}", headers=sign_in(first.who("ducha1"))
    )
    assert foreign.status_code == 404
    whole = client.get("/api/v1/coverage", headers=sign_in("guanli")).get_json()
    assert (whole["due"], whole["covered"]) == (12, 1)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/coverage", {"week": "2027-W53"}, 422),
        ("/coverage", {"week": "9999-W52"}, 422),
        ("/coverage", {"organisation": "nowhere"}, 404),
        ("/coverage", {"cursor": "WyJcdTAwMDAiXQ"}, 422),
        ("/coverage/summary", {"weeks": "0"}, 422),
        ("/coverage/summary", {"weeks": "54"}, 422),
        ("/coverage/summary", {"weeks": "many"}, 422),
        ("/coverage/summary", {"organisation": "nowhere"}, 404),
    ],
)
def test_bad_questions(walks: Walks, path: str, query: dict[str, str], status: int) -> None:
    assert walks.get("ducha1", path, **query).status_code == status


def test_the_longest_summary(walks: Walks) -> None:
    walks.clock.set(at("2027-01-06 10:00"))
    summary = walks.get("ducha1", "/coverage/summary", weeks=53).get_json()
    assert (summary["weeks"][0], summary["weeks"][-1]) == ("2026-W02", "2027-W01")
    assert "2026-W53" in summary["weeks"]
