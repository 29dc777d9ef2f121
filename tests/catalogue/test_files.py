"""Every fault of the files is said at once, with the file and the place."""

from pathlib import Path

import pytest

from app.catalogue.files import CatalogueFaulty, read_catalogue
from tests.catalogue.folders import CATEGORIES, write_catalogue


def faults_of(folder: Path, *, for_town: bool = False) -> list[str]:
    with pytest.raises(CatalogueFaulty) as caught:
        read_catalogue(folder, for_town=for_town)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            'limit = { amount = 4, unit = "hour" }',
            'limit = { amount = 0, unit = "hour" }',
            "categories.toml：categories · 01-91 · conditions · under_way · limit · amount："
            "不能小于 1",
        ),
        (
            'limit = { amount = 4, unit = "hour" }',
            'limit = { amount = "4", unit = "hour" }',
            "categories.toml：categories · 01-91 · conditions · under_way · limit · amount："
            "应为整数",
        ),
        (
            'code = "01-36"',
            'code = "0136"',
            "categories.toml：categories · 0136 · code：格式不对",
        ),
        (
            'code = "01-36"\n',
            "",
            "categories.toml：categories · 乱堆物堆料 · code：缺少这一项",
        ),
        (
            'closing_test = "已清除。"',
            'closing_test = "已清除。"\nenforcment = true',
            "categories.toml：categories · 01-91 · conditions · planted · enforcment：不认识的字段",
        ),
        (
            'code = "planted"',
            'code = "under_way"',
            "categories.toml：categories · 01-91：立案条件代码重复：under_way",
        ),
        ('code = "01-91"', 'code = "01-36"', "categories.toml：事项类别代码重复：01-36"),
        (
            'checking = { amount = 1, unit = "day" }\n',
            "",
            "categories.toml：limits · checking：缺少核查时限",
        ),
        (
            "last_on = 2026-10-07",
            "last_on = 2026-09-07",
            "calendars.toml：years · 2026 · festivals · 国庆节：放假首尾两日不对，应在一个月以内",
        ),
        (
            "working_days = [2026-10-10]",
            "working_days = [2026-10-09]",
            "calendars.toml：years · 2026 · festivals · 国庆节：调休上班日应是周六或周日",
        ),
        (
            "working_days = [2026-10-10]",
            "working_days = [2026-10-03]",
            "calendars.toml：years · 2026：日期重复：2026-10-03",
        ),
        (
            "working_days = [2026-10-10]",
            "working_days = [2027-10-10]",
            "calendars.toml：years · 2026：2027-10-10 不属于该年份",
        ),
        (
            "first_on = 2026-10-01",
            'first_on = "十月一日"',
            "calendars.toml：years · 2026 · festivals · 国庆节 · first_on：应为日期，如 2026-10-01",
        ),
    ],
)
def test_a_fault_is_said_with_its_place(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert faults_of(write_catalogue(tmp_path, changes={before: after})) == [fault]


def test_an_unknown_word_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    (fault,) = faults_of(write_catalogue(tmp_path, changes={'"clutter"': '"litter"'}))
    assert fault.startswith("categories.toml：categories · 01-36 · action：只能是 ")
    assert "clutter" in fault


def test_all_faults_of_both_files_are_said_at_once(tmp_path: Path) -> None:
    changes = {'"clutter"': '"litter"', "amount = 7": "amount = -7", "year = 2026": "year = 1026"}
    faults = faults_of(write_catalogue(tmp_path, changes=changes))
    assert [fault.partition("：")[0] for fault in faults] == [
        "categories.toml",
        "categories.toml",
        "calendars.toml",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert [fault.partition("：")[0] for fault in faults_of(tmp_path)] == [
        "categories.toml",
        "calendars.toml",
    ]
    write_catalogue(tmp_path, categories="name = ", calendars="years = []")
    assert faults_of(tmp_path) == ["categories.toml：文件末尾：不合 TOML 格式"]
    write_catalogue(tmp_path, categories='name = "字典"\n[limits\n')
    assert faults_of(tmp_path) == ["categories.toml：第 2 行：不合 TOML 格式"]
    (tmp_path / "categories.toml").write_bytes('name = "字典"'.encode("gb18030"))
    assert faults_of(tmp_path) == ["categories.toml：不是 UTF-8 编码"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    folder = write_catalogue(tmp_path, categories="\ufeff" + CATEGORIES)
    assert read_catalogue(folder).categories.name == "测试字典"


def test_a_township_names_only_what_differs(tmp_path: Path) -> None:
    folder = write_catalogue(tmp_path, categories='name = "某镇"', calendars=None)
    assert read_catalogue(folder, for_town=True).categories.categories == []
    assert faults_of(folder)[-1] == "categories.toml：categories：至少要有 1 项"
