"""A result of a round or a spot check names a ticket of the compound that is walked."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app.kernel.db import db, unit_of_work
from app.rounds.spot_checks.drawing import draw_spot_checks
from tests.tickets.stories import Json, Stories, at, code_of


def points(stories: Stories) -> list[Json]:
    found: list[Json] = stories.get("wangge11", f"/compounds/{stories.code()}").get_json()[
        "checkpoints"
    ]
    return found


def naming(stories: Stories, *tickets: Json) -> list[Json]:
    """A problem at one checkpoint of the first compound for each ticket."""
    pairs = zip(points(stories), tickets, strict=False)
    return [
        {"checkpoint": point["id"], "result": "problem", "ticket": ticket["id"]}
        for point, ticket in pairs
    ]


def walk(stories: Stories, *tickets: Json) -> TestResponse:
    body = {"compound": stories.code(), "checks": naming(stories, *tickets)}
    return stories.post("wangge11", "/rounds", body)


def test_of_the_compound_and_of_no_compound_of_the_community(stories: Stories) -> None:
    here, open_ground = stories.report(), stories.report(point=stories.open_ground)
    assert open_ground["compound"] is None
    answer = walk(stories, here, open_ground)
    assert answer.status_code == 201, answer.text
    assert {one["ticket"] for one in answer.get_json()["checks"]} == {here["id"], open_ground["id"]}


@pytest.mark.parametrize("where", ["another compound", "another community"])
def test_of_elsewhere(stories: Stories, where: str) -> None:
    here = stories.report()
    if where == "another compound":
        elsewhere = stories.report(point=stories.street)
        assert elsewhere["compound"]["code"] != stories.code()
    else:
        cell = stories.town.cell("002", 4)
        elsewhere = stories.report(point=cell.centre)
        assert elsewhere["compound"] is None
        assert stories.get("wangge11", f"/tickets/{elsewhere['id']}").status_code == 200
    answer = walk(stories, here, elsewhere)
    assert code_of(answer) == (422, "ticket_unknown")
    assert list(answer.get_json()["errors"]) == ["checks.1.ticket"]


def test_of_a_spot_check(stories: Stories) -> None:
    walked = stories.post("wangge11", "/rounds", {"compound": stories.code(), "all_fine": True})
    assert walked.status_code == 201, walked.text
    here, elsewhere = stories.report(), stories.report(point=stories.street)
    stories.now(at("11-30 12:30"))
    with stories.app.app_context():
        with unit_of_work() as session:
            draw_spot_checks(session, percent=100, secret="drawn", now=stories.clock())
        db.session.remove()
    stories.later(seconds=timedelta(hours=1).total_seconds())
    (drawn,) = stories.get("ducha1", "/spot-checks").get_json()["items"]
    path = f"/spot-checks/{drawn['id']}/result"
    answer = stories.post("ducha1", path, {"checks": naming(stories, elsewhere)})
    assert code_of(answer) == (422, "ticket_unknown")
    assert list(answer.get_json()["errors"]) == ["checks.0.ticket"]
    assert stories.post("ducha1", path, {"checks": naming(stories, here)}).status_code == 200
