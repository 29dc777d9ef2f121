"""Work of the days before a township was loaded: the first day's state stands, and nothing that
came later."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ScalarSelect, Update, select, update

from app.grid.models import Cell, CellOutline, Checkpoint, CompanyContract, Compound, GridVersion
from app.kernel.ids import new_id
from app.people.models import Organisation, Post
from tests.clocks import MovableClock
from tests.tickets.stories import COMPANY, WEDNESDAY, Json, Stories, at, code_of
from tests.towns import Town

FIRST_DAY = WEDNESDAY.date()
BEFORE = at("11-23 10:00")
LATER = date(2026, 11, 26)


def begin(stories: Stories, town: Town, day: date) -> None:
    """Let the records of a township begin on a day."""
    home = select(Organisation.id).where(Organisation.code.startswith(town.code))
    cells = select(Cell.id).where(Cell.organisation_id.in_(home))
    compounds = select(Compound.id).where(Compound.organisation_id.in_(home))
    stories.change(
        update(CellOutline).where(CellOutline.cell_id.in_(cells)).values(from_on=day),
        update(Compound).where(Compound.id.in_(compounds)).values(in_service_on=day),
        update(Checkpoint).where(Checkpoint.compound_id.in_(compounds)).values(in_service_on=day),
        update(CompanyContract)
        .where(CompanyContract.compound_id.in_(compounds))
        .values(from_on=day),
        update(Post).values(from_on=date(2020, 1, 1)),
        another_map(),
    )


def another_map() -> Update:
    """Lets go of the indexes that other tests made of a map of the same version."""
    return update(GridVersion).values(version=new_id())


@pytest.fixture
def told(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Stories:
    """A township whose records begin on the present day."""
    stories = Stories(app, client, town, clock)
    begin(stories, town, FIRST_DAY)
    clock.set(WEDNESDAY)
    return stories


def cell_id(stories: Stories, number: int) -> ScalarSelect[Any]:
    """The id of a cell of community 001, in SQL."""
    code = stories.town.cell("001", number).code
    return select(Cell.id).where(Cell.code == code).scalar_subquery()


def cell_of_photo(stories: Stories, who: str, photo_id: str) -> Json:
    """Where a photo is said to be."""
    found: Json = stories.get(who, f"/photos/{photo_id}").get_json()["cell"]
    return found


def checkpoint(stories: Stories) -> str:
    """The id of a checkpoint of the first compound."""
    answer = stories.get("wangge11", f"/compounds/{stories.code()}")
    return str(answer.get_json()["checkpoints"][0]["id"])


def test_a_photo_is_in_the_cell_of_the_first_day(told: Stories) -> None:
    photo = told.photo("wangge11", told.spot, occurred_at=BEFORE)
    found = cell_of_photo(told, "wangge11", photo)
    assert (found["code"], found["match"]) == (told.town.cell("001", 1).code, "inside")


def test_a_report_goes_where_it_would_have_gone_on_the_first_day(told: Stories) -> None:
    photo = told.photo("wangge11", told.spot, occurred_at=BEFORE)
    places: list[Json] = [
        {},
        {"compound": told.code()},
        {"checkpoint": checkpoint(told)},
        {"cell": told.town.cell("001", 1).code},
    ]
    for place in places:
        ticket = told.report(photo_ids=[photo], occurred_at=BEFORE, **place)
        assert ticket["cell"]["code"] == told.town.cell("001", 1).code, place
        assert ticket["compound"]["code"] == told.code(), place
        assert ticket["responsible"]["code"] == COMPANY, place


def test_a_round_is_taken_with_the_checkpoints_of_the_first_day(told: Stories) -> None:
    body = {"compound": told.code(), "all_fine": True, "occurred_at": BEFORE.isoformat()}
    walked = told.post("wangge11", "/rounds", body)
    assert walked.status_code == 201, walked.text
    assert (walked.get_json()["complete"], len(walked.get_json()["checks"])) == (True, 7)


def test_a_round_of_the_week_before_needs_every_checkpoint(told: Stories) -> None:
    begin(told, told.town, date(2026, 11, 23))
    told.now(at("11-23 09:00"))
    check = {"checkpoint": checkpoint(told), "result": "fine"}
    body = {"compound": told.code(), "checks": [check], "occurred_at": "2026-11-22T18:00:00+08:00"}
    walked = told.post("wangge11", "/rounds", body).get_json()
    assert (walked["week"], walked["complete"], len(walked["missing"])) == ("2026-W47", False, 6)
    whole = {**body, "all_fine": True, "checks": None}
    assert told.post("wangge11", "/rounds", whole).get_json()["complete"] is True


def test_what_was_made_later_is_not_there_before_its_day(told: Stories) -> None:
    drawn = update(CellOutline).where(CellOutline.cell_id == cell_id(told, 4))
    made = update(Compound).where(Compound.code == told.code("001", 2))
    points = update(Checkpoint).where(
        Checkpoint.compound_id.in_(select(Compound.id).where(Compound.code == told.code()))
    )
    point = checkpoint(told)
    told.change(
        drawn.values(from_on=LATER),
        made.values(in_service_on=LATER),
        points.values(in_service_on=LATER),
        another_map(),
    )
    told.now(at("11-26 09:00"))
    for day in (BEFORE, at("11-25 10:00")):
        photo = told.photo("wangge11", told.open_ground, occurred_at=day)
        assert cell_of_photo(told, "wangge11", photo)["match"] == "outside"
        refused = [
            told.try_report(point=told.open_ground, photo_ids=[photo], occurred_at=day),
            told.try_report(cell=told.town.cell("001", 4).code, occurred_at=day),
            told.try_report(compound=told.code("001", 2), occurred_at=day),
            told.try_report(checkpoint=point, occurred_at=day),
        ]
        assert {code_of(answer) for answer in refused} == {(422, "place_unknown")}
        assert told.report(point=told.street, occurred_at=day)["compound"] is None
    assert told.report(point=told.open_ground)["cell"]["code"] == told.town.cell("001", 4).code
    assert told.report(point=told.street)["compound"]["code"] == told.code("001", 2)


def test_each_township_of_the_county_begins_on_its_own_day(
    app: Flask, client: FlaskClient, two_towns: tuple[Town, Town], clock: MovableClock
) -> None:
    first, second = two_towns
    stories = Stories(app, client, first, clock)
    begin(stories, first, date(2020, 1, 1))
    begin(stories, second, FIRST_DAY)
    drawn = update(CellOutline).where(CellOutline.cell_id == cell_id(stories, 4))
    stories.change(drawn.values(from_on=FIRST_DAY), another_map())
    clock.set(WEDNESDAY)

    def cell(point: tuple[float, float]) -> object:
        photo = stories.photo("zhifa1", point, occurred_at=BEFORE)
        return cell_of_photo(stories, "zhifa1", photo)["code"]

    assert cell(first.cell("001", 1).centre) == first.cell("001", 1).code
    assert cell(second.cell("001", 1).centre) == second.cell("001", 1).code
    assert cell(stories.open_ground) is None
