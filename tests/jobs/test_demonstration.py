"""The demonstration on a first start: how many weeks, and what the terminal shows of them."""

from pathlib import Path

import pytest

from app.jobs.run import CannotStart, wanted_weeks
from tests.running import Run, copy_product


@pytest.mark.parametrize(("said", "weeks"), [({}, 8), ({"DEMO_WEEKS": " 0 "}, 0)])
def test_the_weeks_wanted(said: dict[str, str], weeks: int) -> None:
    assert wanted_weeks(said) == weeks


@pytest.mark.parametrize("said", ["13", "-1", "two", "1.5"])
def test_weeks_that_are_none_are_one_sentence(said: str) -> None:
    with pytest.raises(CannotStart, match=r"^DEMO_WEEKS=.+。$"):
        wanted_weeks({"DEMO_WEEKS": said})


def test_a_first_start_tells_of_each_week(tmp_path: Path) -> None:
    run = Run(copy_product(tmp_path), DEMO_WEEKS="1")
    try:
        printed = run.greeting()
    finally:
        run.clear_away()
    assert "最近 1 周" in printed
    assert "第 1/1 周" in printed
    assert printed.index("第 1/1 周") < printed.index("用户名") < printed.index("Ctrl-C")
