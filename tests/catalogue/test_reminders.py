"""The rungs of reminders: a file one may leave out, dated rows, the deployment's alone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogue.files import CatalogueFaulty, read_catalogue
from app.catalogue.reminders import rungs_in_force
from app.catalogue.service import load_catalogue
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def rung(clock: str, percent: int, tell: str) -> str:
    """One `[[rungs]]`."""
    return f'[[rungs]]\nclock = "{clock}"\npercent = {percent}\ntell = "{tell}"\n'


def written(folder: Path, text: str | None) -> Path:
    """A catalogue with these rungs."""
    write_catalogue(folder)
    (folder / "reminders.toml").unlink(missing_ok=True)
    if text is not None:
        (folder / "reminders.toml").write_text(text, encoding="utf-8")
    return folder


def rungs(session: Session, day: date) -> list[str]:
    """The rungs of a day."""
    found = rungs_in_force(session, day=day)
    return [f"{one.clock} {one.percent} {one.audience}" for one in found]


def test_the_shipped_rungs() -> None:
    reminders = read_catalogue(SHIPPED).reminders
    assert reminders is not None
    assert [f"{one.clock} {one.percent} {one.tell}" for one in reminders.rungs] == [
        "rectifying 80 responsible",
        "rectifying 100 responsible",
        "rectifying 100 lead",
        "rectifying 150 supervisors",
        "filing 100 lead",
        "filing 200 supervisors",
        "checking 100 lead",
        "checking 200 supervisors",
        "answering 80 supervisors",
        "answering 100 administrators",
    ]


def test_changed_rungs_hold_from_their_day(session: Session, tmp_path: Path) -> None:
    first = rung("rectifying", 80, "responsible") + rung("filing", 100, "lead")
    load_catalogue(session, directory=written(tmp_path, first), now=MONDAY)
    second = rung("rectifying", 90, "responsible") + rung("filing", 100, "lead")
    load_catalogue(session, directory=written(tmp_path, second), now=TUESDAY)
    before, after = date(2026, 11, 23), date(2026, 11, 24)
    assert rungs(session, before) == ["rectifying 80 responsible", "filing 100 lead"]
    assert rungs(session, after) == ["rectifying 90 responsible", "filing 100 lead"]
    kept = load_catalogue(session, directory=written(tmp_path, None), now=TUESDAY)
    assert not kept.changed
    load_catalogue(session, directory=written(tmp_path, "rungs = []"), now=TUESDAY)
    assert (rungs(session, before), rungs(session, after)) == (
        ["rectifying 80 responsible", "filing 100 lead"],
        [],
    )


def test_a_township_has_none_of_its_own(tmp_path: Path) -> None:
    folder = written(tmp_path, rung("walking", 80, "everybody"))
    assert read_catalogue(folder, for_town=True).reminders is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (rung("rectifying", 79, "lead"), "percent：不能小于 80"),
        (rung("filing", 80, "lead"), "立案、核查的提醒不能早于时限的 100%"),
        (rung("checking", 100, "responsible"), "只发给负责人（lead）或督查员（supervisors）"),
        (rung("filing", 100, "lead") * 2, "提醒重复：filing 100 lead"),
        (rung("walking", 100, "lead"), "只能是"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueFaulty) as refused:
        read_catalogue(written(tmp_path, text))
    assert told in str(refused.value.detail) and "reminders.toml" in str(refused.value.detail)
