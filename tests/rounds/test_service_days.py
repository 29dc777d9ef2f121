"""What was due and needed on a day stays so, whatever is retired, brought back or added later."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.grid.models import ServiceGap
from app.grid.township.loading import load_township
from tests.grid.folders import Folder
from tests.rounds.walks import CHECKPOINTS, Walks, at, missing

WEEKS = ("2031-W41", "2031-W42", "2031-W43", "2031-W44")


@pytest.fixture
def walks(walks: Walks) -> Walks:
    """The township on Wednesday of 2031-W41, years after it was loaded."""
    walks.clock.set(at("2031-10-08 09:00"))
    return walks


def load(walks: Walks, folder: Folder) -> None:
    """Load the files as they are on the present day, and retire what they do not name."""

    def loaded(session: Session) -> None:
        load_township(session, folder.path, now=walks.clock(), retire_missing=True)

    walks.write(loaded)


def without_compound(folder: Folder, code: str) -> None:
    """Take a compound out of the files."""
    for table in ("compounds", "checkpoints"):
        folder.drop(table, holding=code)

    def change(features: list[dict[str, Any]]) -> None:
        features[:] = [one for one in features if one["properties"]["code"] != code]

    folder.change_map("compounds", change)


def due(walks: Walks) -> list[int]:
    """The compounds due in each of the weeks."""
    return [walks.coverage("ducha1", week=week)["due"] for week in WEEKS]


def missed(walks: Walks, week: str) -> list[str]:
    """What the first compound misses in a week."""
    items = walks.coverage("ducha1", week=week, limit=100)["items"]
    return missing(next(one for one in items if one["compound"]["code"] == walks.code()))


def administer(walks: Walks, path: str, **body: Any) -> None:
    """A change by the county's administrator."""
    path = f"/compounds/{walks.code()}/checkpoints{path}"
    answer = walks.post("guanli", body, key=f"{walks.clock()}", path=path)
    assert answer.status_code in (200, 201), answer.text


def test_the_weeks_in_which_a_compound_was_retired_stay_without_it(
    walks: Walks, tmp_path: Path
) -> None:
    whole, shrunk = Folder(tmp_path / "whole"), Folder(tmp_path / "shrunk")
    without_compound(shrunk, walks.code())
    load(walks, shrunk)
    assert due(walks) == [6, 5, 5, 5]
    walks.clock.set(at("2031-10-28 09:00"))
    load(walks, whole)
    assert due(walks) == [6, 5, 5, 6]
    assert missed(walks, "2031-W41") == missed(walks, "2031-W44") == list(CHECKPOINTS)
    summary = walks.get("ducha1", "/coverage/summary", weeks=4).get_json()
    weeks = next(one["weeks"] for one in summary["items"])
    assert [week["due"] for week in weeks] == [3, 2, 2, 3]
    body = {"compound": walks.code(), "all_fine": True}
    before = walks.post("wangge11", {**body, "occurred_at": "2031-10-27T18:00:00+08:00"})
    assert (before.status_code, before.get_json()["code"]) == (422, "compound_unknown")
    assert walks.walk("wangge11", all_fine=True)["complete"] is True


def test_retired_and_brought_back_on_one_day_nothing_happened(walks: Walks, tmp_path: Path) -> None:
    whole, shrunk = Folder(tmp_path / "whole"), Folder(tmp_path / "shrunk")
    without_compound(shrunk, walks.code())
    load(walks, shrunk)
    load(walks, whole)
    assert due(walks) == [6, 6, 6, 6]
    assert walks.write(lambda s: s.scalar(select(func.count(ServiceGap.id)))) == 0


def test_a_checkpoint_added_today_was_not_missed_before(walks: Walks) -> None:
    begun = walks.walk("wangge11", checks=[walks.check("主干道", "fine")])
    walks.clock.set(at("2031-10-14 09:00"))
    administer(walks, "", name="充电棚", area="shared_grounds")
    others = [name for name in CHECKPOINTS if name != "主干道"]
    assert missed(walks, "2031-W41") == others
    assert missing(walks.get("shequ1", f"/rounds/{begun['id']}").get_json()) == others
    assert missed(walks, "2031-W42") == [*CHECKPOINTS, "充电棚"]
    yesterday = walks.walk("wangge11", all_fine=True, occurred_at=at("2031-10-13 18:00"))
    assert (yesterday["complete"], missing(yesterday)) == (False, ["充电棚"])


def test_a_checkpoint_brought_back_was_not_missed_while_it_was_gone(walks: Walks) -> None:
    gone = walks.checkpoints(walks.code())["宣传栏"]
    walks.clock.set(at("2031-10-13 09:00"))
    administer(walks, f"/{gone}/retire")
    walks.clock.set(at("2031-10-20 09:00"))
    administer(walks, "", name="宣传栏", area="notice_board")
    others = [name for name in CHECKPOINTS if name != "宣传栏"]
    assert sorted(missed(walks, "2031-W41")) == sorted(CHECKPOINTS)
    assert missed(walks, "2031-W42") == others
    assert sorted(missed(walks, "2031-W43")) == sorted(CHECKPOINTS)
    late = walks.walk("wangge11", all_fine=True, occurred_at=at("2031-10-19 18:00"))
    assert (late["week"], late["complete"]) == ("2031-W42", True)
    assert [one["checkpoint"]["name"] for one in late["checks"]] == others


def test_a_round_begun_before_its_compound_was_retired_still_needs_everything(
    walks: Walks, tmp_path: Path
) -> None:
    walks.walk("wangge11", checks=[walks.check("主干道", "fine")])
    walks.clock.move(timedelta(days=1))
    shrunk = Folder(tmp_path / "shrunk")
    without_compound(shrunk, walks.code())
    seen = [walks.check("主出入口", "fine")]
    load(walks, shrunk)
    late = walks.walk("wangge12", checks=seen, occurred_at=at("2031-10-08 18:00"))
    left = [name for name in CHECKPOINTS if name not in ("主干道", "主出入口")]
    assert (late["complete"], missing(late)) == (False, left)
    walks.clock.move(timedelta(days=14))
    assert missed(walks, "2031-W41") == left


def test_a_compound_is_not_walked_on_the_days_before_its_own(walks: Walks) -> None:
    body = {
        "code": f"{walks.town.community()}C99",
        "name": "新小区",
        "organisation": walks.town.community(),
        "kind": "old_housing",
        "buildings": 3,
        "households": 40,
        "checkpoints": [{"name": "主出入口", "area": "main_entrance"}],
        "in_service_on": "2031-10-10",
    }
    assert walks.post("guanli", body, key="new", path="/compounds").status_code == 201
    assert due(walks) == [7, 7, 7, 7]
    walked = {"compound": body["code"], "all_fine": True}
    too_early = walks.post("wangge11", walked)
    assert (too_early.status_code, too_early.get_json()["code"]) == (422, "compound_unknown")
    walks.clock.set(at("2031-10-10 09:00"))
    yesterday = {**walked, "occurred_at": "2031-10-09T18:00:00+08:00"}
    assert walks.post("wangge11", yesterday).status_code == 422
    assert walks.walk("wangge11", body["code"], all_fine=True)["complete"] is True
