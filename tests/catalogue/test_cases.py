"""The kinds of case: what is shipped, a changed kind, and what is wrong in the file."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogue.cases.queries import kinds_in_force, kinds_known
from app.catalogue.files import CatalogueFaulty, read_catalogue
from app.catalogue.service import load_catalogue
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
KIND = """
[[cases]]
code = "visit"
section = "9.5"
name = "走访"
about = "compound"
stages = [{ code = "begun", name = "开始", by = "lead", days = 3 },
          { code = "ended", name = "结束", by = "town" }]
"""


def folder(tmp_path: Path, text: str) -> Path:
    write_catalogue(tmp_path)
    (tmp_path / "cases.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_kinds_end_and_say_who() -> None:
    cases = read_catalogue(SHIPPED).cases
    assert cases is not None
    assert {each.section for each in cases.cases} == {"3", "9.3", "9.4", "9.5", "9.6", "10", "11"}
    for kind in cases.cases:
        assert kind.stages[-1].days is None
        assert len({each.code for each in kind.stages}) == len(kind.stages)


def test_a_changed_kind_leaves_the_old_row(session: Session, tmp_path: Path) -> None:
    load_catalogue(session, directory=folder(tmp_path, KIND), now=MONDAY)
    (old,) = kinds_in_force(session, day=date(2026, 11, 23))
    changed = folder(tmp_path, KIND.replace("走访", "入户走访"))
    load_catalogue(session, directory=changed, now=MONDAY + timedelta(days=1))
    (new,) = kinds_in_force(session, day=date(2026, 11, 24))
    assert (old.name, new.name) == ("走访", "入户走访")
    assert kinds_known(session)[old.id].name == "走访"
    again = load_catalogue(session, directory=changed, now=MONDAY + timedelta(days=2))
    assert again.version is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "ended"', 'code = "begun"', "步骤代码"),
        ('by = "town" }', 'by = "town", days = 2 }', "最后一步没有期限"),
        ('by = "lead"', 'by = "company"', "by"),
        ('about = "compound"', 'about = "unit"\nopens = "repeats"', "自动立的按小区"),
        ('name = "走访"', 'name = "走访"\nfields = [{ code = "a", name = "甲", kind = "choice" }]',
         "choice 要写 choices"),
        ('name = "走访"',
         'name = "走访"\nfields = [{ code = "a", name = "甲", kind = "text", expires = true }]',
         "expires 只用于 date"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueFaulty) as refused:
        read_catalogue(folder(tmp_path, KIND.replace(old, new, 1)))
    assert said in str(refused.value.detail)
