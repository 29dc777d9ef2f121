"""The weights of the composite: a file one may leave out, dated rows, the deployment's alone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogue.composite import weights_in_force
from app.catalogue.files import CatalogueFaulty, read_catalogue
from app.catalogue.service import load_catalogue
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def part(kpi: str, weight: object) -> str:
    """One `[[composite]]`."""
    return f'[[composite]]\nkpi = "{kpi}"\nweight = {weight}\n'


def written(folder: Path, text: str | None) -> Path:
    """A catalogue with these weights."""
    write_catalogue(folder)
    (folder / "figures.toml").unlink(missing_ok=True)
    if text is not None:
        (folder / "figures.toml").write_text(text, encoding="utf-8")
    return folder


def weights(session: Session, day: date) -> dict[str, int]:
    """What weighs how much on a day."""
    return {one.kpi.value: one.weight for one in weights_in_force(session, day=day)}


def test_the_shipped_weights() -> None:
    figures = read_catalogue(SHIPPED).figures
    assert figures is not None
    assert {each.kpi.value: each.weight for each in figures.composite} == {
        "rectified": 30,
        "rectified_in_time": 20,
        "reworked": 20,
        "overdue": 20,
        "extended": 10,
    }


def test_a_changed_weight_holds_from_its_day(session: Session, tmp_path: Path) -> None:
    first = part("rectified", 60) + part("extended", 40)
    load_catalogue(session, directory=written(tmp_path, first), now=MONDAY)
    second = part("rectified", 70) + part("reworked", 30)
    load_catalogue(session, directory=written(tmp_path, second), now=TUESDAY)
    assert weights(session, date(2026, 7, 1)) == {"rectified": 60, "extended": 40}
    assert weights(session, date(2026, 11, 23)) == {"rectified": 60, "extended": 40}
    assert weights(session, date(2026, 11, 24)) == {"rectified": 70, "reworked": 30}


def test_without_the_file_they_stay(session: Session, tmp_path: Path) -> None:
    assert weights(session, date(2026, 11, 23)) == {}
    load_catalogue(session, directory=written(tmp_path, part("rectified", 9)), now=MONDAY)
    report = load_catalogue(session, directory=written(tmp_path, None), now=TUESDAY)
    assert (report.changed, weights(session, date(2026, 11, 25))) == (False, {"rectified": 9})


def test_a_township_has_none_of_its_own(tmp_path: Path) -> None:
    folder = written(tmp_path, part("speed", 1))
    assert read_catalogue(folder, for_town=True).figures is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (part("rectified", 0), "figures.toml：composite · rectified · weight：不能小于 1"),
        (part("rectified", "1.5"), "figures.toml：composite · rectified · weight：应为整数"),
        (part("closed", 1) * 2, "figures.toml：指标重复：closed"),
        ("composite = []", "figures.toml：composite：至少要有 1 项"),
        (
            '[[composite]]\nkpi = "closed"\nweight = 1\ninverted = true\n',
            "figures.toml：composite · closed · inverted：不认识的字段",
        ),
    ],
)
def test_faults_are_said(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CatalogueFaulty) as caught:
        read_catalogue(written(tmp_path, text))
    assert [str(each) for each in caught.value.faults] == [fault]
