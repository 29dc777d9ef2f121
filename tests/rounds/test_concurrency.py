"""Two wardens begin the same round at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.servers import LiveServer
from tests.towns import Town

WARDENS = ("wangge11", "wangge12", "shequ1")


@pytest.mark.parametrize("number", [1, 2])
def test_first_calls_at_once_make_one_round_with_everything_seen(
    server: LiveServer,
    town: Town,
    sign_in_over_http: Callable[[str], httpx.Client],
    number: int,
) -> None:
    people = [sign_in_over_http(who) for who in WARDENS]
    code = town.compound("001", number).code
    checkpoints = people[0].get(f"/api/v1/compounds/{code}").json()["checkpoints"]
    together = Barrier(len(people))

    def walk(index: int) -> dict[str, Any]:
        mine = [one["id"] for one in checkpoints[index :: len(people)]]
        checks = [{"checkpoint": one, "result": "problem"} for one in mine]
        together.wait()
        answer = people[index].post("/api/v1/rounds", json={"compound": code, "checks": checks})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    with ThreadPoolExecutor(len(people)) as pool:
        made = list(pool.map(walk, range(len(people))))
    assert len({one["id"] for one in made}) == 1
    assert [one["complete"] for one in made].count(True) == 1
    (listed,) = people[0].get("/api/v1/rounds").json()["items"]
    assert listed["complete"] is True
    assert len(listed["checks"]) == len(checkpoints)
