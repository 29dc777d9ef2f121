"""Places over HTTP: who sees what, positions of every datum, lists, maps, and what is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.demo.township import Cell
from app.grid.township.loading import load_township
from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.kernel.geo import Datum, from_wgs84
from app.people.models import Post, Role
from tests.budgets import is_counted
from tests.grid.folders import Folder
from tests.people.posts import add_post
from tests.towns import Town

SignIn = Callable[[str], dict[str, str]]
BASE = "/api/v1"


@pytest.fixture
def get(client: FlaskClient, sign_in: SignIn) -> Callable[..., Any]:
    """Reads a path as somebody; gives the JSON, after checking the status."""

    def read(path: str, who: str = "wangge11", status: int = 200, **query: Any) -> Any:
        answer = client.get(BASE + path, query_string=query, headers=sign_in(who))
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    return read


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The SELECTs sent while the block runs."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and is_counted(statement):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def everything(get: Callable[..., Any], path: str, **query: Any) -> list[str]:
    """The codes of all pages of a list."""
    codes: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = get(path, **query, **cursor)
        codes += [item["code"] for item in page["items"]]
        if page["next_cursor"] is None:
            return codes
        cursor = {"cursor": page["next_cursor"]}


def named(cell: Cell) -> dict[str, str]:
    return {"code": cell.code, "name": cell.name}


@pytest.mark.parametrize("datum", list(Datum))
def test_a_position_of_any_datum_finds_its_cell(
    town: Town, get: Callable[..., Any], datum: Datum
) -> None:
    cell = town.cell()
    lng, lat = from_wgs84(*cell.centre, datum)
    found = get("/cells/locate", lng=lng, lat=lat, datum=datum.value, accuracy_m=10)
    assert found == {
        "match": "inside",
        "match_label": "在网格内",
        "cell": named(cell),
        "candidates": [],
        "compounds": [{"code": town.compound().code, "name": town.compound().name}],
    }


def test_near_an_edge_the_neighbours_are_offered(town: Town, get: Callable[..., Any]) -> None:
    cell, east = town.cell(number=1), town.cell(number=2)
    (ax, ay), (bx, by) = cell.outline[1], cell.outline[2]
    lng, lat = (ax + bx) / 2 - 0.00003, (ay + by) / 2
    found = get("/cells/locate", lng=lng, lat=lat, accuracy_m=20)
    assert (found["match"], found["cell"]) == ("ambiguous", named(cell))
    assert found["candidates"] == [named(east)]


def test_outside_every_cell(town: Town, get: Callable[..., Any]) -> None:
    lng, lat = town.cell().outline[0]
    found = get("/cells/locate", lng=lng - 0.001, lat=lat - 0.001)
    assert (found["match"], found["cell"], found["candidates"]) == ("outside", None, [])
    wide = get("/cells/locate", lng=lng - 0.001, lat=lat - 0.001, accuracy_m=160)
    assert wide["cell"] is None
    assert wide["candidates"][0] == named(town.cell())


@pytest.mark.parametrize("who", ["wangge21", "wuye11", "zhifa1", "guanli", "ducha1", "shequ1"])
def test_anybody_locates_in_the_whole_town(town: Town, get: Callable[..., Any], who: str) -> None:
    lng, lat = town.cell().centre
    assert get("/cells/locate", who, lng=lng, lat=lat)["cell"] == named(town.cell())


def test_another_township_is_outside(two_towns: tuple[Town, Town], get: Callable[..., Any]) -> None:
    second = two_towns[1]
    lng, lat = second.cell().centre
    assert get("/cells/locate", lng=lng, lat=lat)["match"] == "outside"
    assert get("/cells/locate", "guanli", lng=lng, lat=lat)["cell"] == named(second.cell())
    assert get("/cells/locate", second.who("wangge11"), lng=lng, lat=lat)["match"] == "inside"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"lng": "nan", "lat": 30.9}, "lng"),
        ({"lng": "inf", "lat": 30.9}, "lng"),
        ({"lng": 181, "lat": 30.9}, "lng"),
        ({"lng": 118, "lat": -91}, "lat"),
        ({"lng": 118}, "lat"),
        ({"lng": "东", "lat": 30.9}, "lng"),
        ({"lng": 118, "lat": 30.9, "datum": "mars"}, "datum"),
        ({"lng": 118, "lat": 30.9, "accuracy_m": -1}, "accuracy_m"),
        ({"lng": 118, "lat": 30.9, "accuracy_m": "nan"}, "accuracy_m"),
    ],
)
def test_bad_positions_are_refused(
    town: Town, get: Callable[..., Any], query: dict[str, Any], field: str
) -> None:
    problem = get("/cells/locate", status=422, **query)
    assert list(problem["errors"]) == [field]


@pytest.mark.parametrize("path", ["/cells/locate", "/cells", "/cells.geojson", "/compounds"])
def test_nobody_reads_places_without_signing_in(town: Town, client: FlaskClient, path: str) -> None:
    assert client.get(BASE + path).status_code == 401


def test_nobody_without_a_post_reads_places(
    town: Town, app: Flask, get: Callable[..., Any]
) -> None:
    with app.app_context(), unit_of_work() as session:
        for post in session.query(Post).join(Post.person).filter_by(username="wangge11"):
            post.to_on = post.from_on
    assert get("/cells", status=403)["code"] == "not_allowed"


def test_cells_are_listed_by_code_in_pages(town: Town, get: Callable[..., Any]) -> None:
    codes = sorted(cell.code for cell in town.township.cells)
    assert everything(get, "/cells", limit=5) == codes
    own = everything(get, "/cells", organisation=town.community(), limit=3)
    assert own == [code for code in codes if code.startswith(town.community())]
    assert everything(get, "/cells", organisation=town.code) == codes
    assert everything(get, "/cells", organisation="WY299001") == []
    first = get("/cells", limit=1)["items"][0]
    assert first["organisation"] == {"code": town.community(), "name": "示例镇第一社区"}
    names = {post.username: post.name for post in town.township.posts}
    assert [warden["name"] for warden in first["wardens"]] == [names["wangge11"]]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"cursor": "?"}, {"cursor": "WyJcdTAwMDAiXQ"}]
)
@pytest.mark.parametrize("path", ["/cells", "/compounds"])
def test_bad_pages_are_refused(
    town: Town, get: Callable[..., Any], path: str, query: dict[str, Any]
) -> None:
    get(path, status=422, **query)


def test_the_map_holds_the_outlines(town: Town, get: Callable[..., Any]) -> None:
    document = get("/cells.geojson", organisation=town.community())
    assert document["type"] == "FeatureCollection"
    first = document["features"][0]
    assert first["geometry"]["coordinates"][0] == [list(p) for p in town.cell().outline]
    assert first["properties"]["code"] == town.cell().code
    assert len(document["features"]) == 4
    assert len(get("/cells.geojson")["features"]) == len(town.township.cells)


def test_compounds_are_listed_with_their_company(town: Town, get: Callable[..., Any]) -> None:
    wanted = sorted(compound.code for compound in town.township.compounds)
    assert everything(get, "/compounds", limit=3) == wanted
    items = get("/compounds", organisation=town.community())["items"]
    assert [item["company"] and item["company"]["code"] for item in items] == [
        "WY299001",
        None,
        None,
    ]
    served = [c.code for c in town.township.compounds if c.company == "WY299002"]
    assert everything(get, "/compounds", organisation="WY299002") == sorted(served)


@pytest.mark.parametrize("path", ["/cells", "/cells.geojson", "/compounds"])
def test_a_strange_organisation_is_not_there(
    two_towns: tuple[Town, Town], get: Callable[..., Any], path: str
) -> None:
    second = two_towns[1]
    assert get(path, status=404, organisation="X9")["code"] == "not_found"
    get(path, status=404, organisation=second.community())
    get(path, second.who("wangge11"), organisation=second.community())
    get(path, "guanli", organisation=second.community())


def test_a_company_sees_the_townships_it_serves(
    two_towns: tuple[Town, Town], get: Callable[..., Any]
) -> None:
    first, second = two_towns
    codes = {c.code for town in two_towns for c in town.township.compounds}
    assert set(everything(get, "/compounds", who="wuye11", limit=100)) == codes
    get("/compounds", "wuye11", organisation=first.community())
    get("/compounds", "wuye11", organisation=second.community())


def test_a_management_group_stands_for_what_it_is_given(
    town: Town, app: Flask, get: Callable[..., Any]
) -> None:
    group = f"{town.code}-G1"
    assert everything(get, "/cells", organisation=group) == []
    answer = app.test_cli_runner().invoke(
        args=["organisations", "give", group, town.community("002")]
    )
    assert answer.exit_code == 0, answer.output
    cells = everything(get, "/cells", organisation=group)
    assert [code[:12] for code in cells] == [town.community("002")] * 4


def test_one_compound_with_checkpoints_company_and_people(
    town: Town, get: Callable[..., Any]
) -> None:
    compound = town.compound()
    found = get(f"/compounds/{compound.code}")
    assert (found["name"], found["kind"], found["kind_label"]) == (
        compound.name,
        "commercial_housing",
        "商品房小区",
    )
    assert found["company"] == {"code": "WY299001", "name": "示例甲物业公司"}
    assert found["cells"] == [named(town.cell())]
    assert [(c["name"], c["area_label"]) for c in found["checkpoints"]] == list(
        compound.checkpoints
    )
    posts = {post.username: post for post in town.township.posts}
    order = ("wangge11", "shequ1", "wangge12", "wuye11", "wuye12")
    people = found["responsible_people"]
    assert [one["name"] for one in people] == [posts[username].name for username in order]
    assert [one["role_label"] for one in people] == [
        "网格员",
        "社区负责人",
        "网格员",
        "物业人员",
        "物业人员",
    ]
    assert not any(posts[username].phone in str(found) for username in order)


def test_a_company_is_not_told_who_the_wardens_are(
    town: Town, app: Flask, get: Callable[..., Any]
) -> None:
    code = town.compound().code

    def told(who: str) -> tuple[set[str], set[str]]:
        cells = get("/cells", who, organisation=town.community())["items"]
        people = get(f"/compounds/{code}", who)["responsible_people"]
        wardens = {warden["name"] for cell in cells for warden in cell["wardens"]}
        return wardens, {one["role"] for one in people}

    assert told("wuye11") == (set(), {"lead", "property_staff"})
    assert told("zhifa1")[1] == {"warden", "lead", "property_staff"}
    with app.app_context(), unit_of_work() as session:
        add_post(session, "wuye11", Role.supervisor, town.code)
    wardens, roles = told("wuye11")
    assert (len(wardens), "warden" in roles) == (2, True)


def test_a_compound_without_company_or_outline(town: Town, get: Callable[..., Any]) -> None:
    found = get(f"/compounds/{town.compound(number=3).code}")
    assert (found["company"], found["outline"], found["cells"]) == (None, None, [])
    assert {one["role"] for one in found["responsible_people"]} == {"warden", "lead"}


@pytest.mark.parametrize("code", ["X9", "%00", "340299102001C01"])
def test_a_strange_compound_is_not_there(
    two_towns: tuple[Town, Town], get: Callable[..., Any], code: str
) -> None:
    get(f"/compounds/{code}", status=404)


def test_a_load_is_seen_by_the_next_request(
    town: Town, app: Flask, get: Callable[..., Any], tmp_path: Path
) -> None:
    lng, lat = town.cell().outline[0]
    lng, lat = lng - 0.0004, lat - 0.0004
    assert get("/cells/locate", lng=lng, lat=lat)["match"] == "outside"
    folder = Folder(tmp_path / "changed")

    def stretch(features: list[dict[str, Any]]) -> None:
        ring = features[0]["geometry"]["coordinates"][0]
        ring[0] = ring[-1] = [round(ring[0][0] - 0.001, 7), round(ring[0][1] - 0.001, 7)]

    folder.change_map("cells", stretch)
    with app.app_context(), unit_of_work() as session:
        load_township(session, folder.path, now=utc_now())
    assert get("/cells/locate", lng=lng, lat=lat)["match"] == "inside"


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/cells/locate?lng=118.31&lat=30.92", 2),
        ("/cells?limit=1", 3),
        ("/cells?limit=100", 3),
        ("/cells.geojson", 3),
        ("/compounds?limit=1", 3),
        ("/compounds?limit=100", 3),
        ("/compounds/340299101001C01", 7),
    ],
)
def test_queries_are_bounded(
    town: Town, app: Flask, client: FlaskClient, sign_in: SignIn, path: str, budget: int
) -> None:
    """Sign-in included; the indexes are warm after the first request."""
    headers = sign_in("wangge11")
    assert client.get(BASE + path, headers=headers).status_code == 200
    with counted_queries(app) as seen:
        assert client.get(BASE + path, headers=headers).status_code == 200
    assert len(seen) <= budget, "\n".join(seen)
