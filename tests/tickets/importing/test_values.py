"""One cell into one value: dates of every kind, numbers, words."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.values import BadCell, instant_of, number_of, text_of
from app.tickets.importing.reading.words import Column, column_headed, is_private

MORNING = "2026-11-23T09:30:00+08:00"
MIDNIGHT = "2026-11-23T00:00:00+08:00"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (datetime(2026, 11, 23, 9, 30), MORNING),
        (datetime(2026, 11, 23, 9, 29, 59, 999_900), MORNING),
        (date(2026, 11, 23), MIDNIGHT),
        (46349, MIDNIGHT),
        (46349.395833333336, MORNING),
        ("46349", MIDNIGHT),
        ("46349.3958333333", MORNING),
        ("2026-11-23 09:30", MORNING),
        ("2026-11-23 9:30:00", MORNING),
        ("2026-11-23T09:30:00", MORNING),
        ("2026/11/23 9：30", MORNING),
        ("2026.11.23", MIDNIGHT),
        ("2026年11月23日", MIDNIGHT),
        ("2026 年 11 月 23 日 9 时 30 分", MORNING),
        ("2026年11月23日9时30分", MORNING),
        ("2026年11月23日 上午9:30", MORNING),
        ("２０２６－１１－２３", MIDNIGHT),
        ("20261123", MIDNIGHT),
        (20261123, MIDNIGHT),
        ("2026-11-23T01:30:00Z", MORNING),
        ("2026-11-23T09:30:00+08:00", MORNING),
    ],
)
def test_an_instant(cell: Any, wanted: str) -> None:
    found = instant_of(cell)
    assert found is not None
    assert found.isoformat() == wanted


def test_afternoon_and_the_end_of_a_day() -> None:
    assert str(instant_of("2026-11-23 下午3:05")) == "2026-11-23 15:05:00+08:00"
    for cell in (date(2026, 11, 23), datetime(2026, 11, 23), 46349, "2026年11月23日"):
        assert str(instant_of(cell, to_the_end=True)) == "2026-11-23 23:59:59+08:00"
    assert str(instant_of("2026-11-23 09:30", to_the_end=True)) == "2026-11-23 09:30:00+08:00"


def test_nothing_is_no_instant() -> None:
    assert [instant_of(cell) for cell in (None, "", "  ")] == [None, None, None]


@pytest.mark.parametrize(
    "cell",
    [
        "明天", "2026-02-30", "2026-13-01", "11-23", "2026-11-23 25:00", "1926-11-23", True, 7,
        time(9, 30), timedelta(hours=9), "#VALUE!", float("inf"), float("nan"), 1e300, "9" * 5000,
        "2026-11-23 09:30 之前", "２０２６年", -1, "0000-00-00", datetime(9999, 12, 31),
    ],
)  # fmt: skip
def test_no_instant(cell: Any) -> None:
    with pytest.raises((BadCell, OverflowError)):
        instant_of(cell)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.dates(), st.times()))
def test_whatever_a_cell_holds_is_read_or_refused(cell: Any) -> None:
    for read in (instant_of, number_of, text_of):
        try:
            read(cell)
        except (BadCell, OverflowError):
            continue


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (" 甲 ", "甲"), (12, "12"), (12.0, "12"), (1.5, "1.5"), (None, ""), ("\x00甲\x0b", "甲"),
        ("\ufeff甲\u200b", "甲"), (20261123000123, "20261123000123"), ("\ud800甲", "甲"),
        ('="0012"', "0012"), ("'0012", "0012"), ('=""', ""), ("'甲", "'甲"), ("1E5", "1E5"),
    ],
)  # fmt: skip
def test_words(cell: Any, wanted: str) -> None:
    assert text_of(cell) == wanted


@pytest.mark.parametrize(
    "cell", [2.02611230001234e19, datetime(1936, 1, 1), "#N/A", "#ref!", "2.02611E+15"]
)
def test_no_words(cell: Any) -> None:
    """A number that lost its digits, a code that became a date, an error."""
    with pytest.raises(BadCell):
        text_of(cell)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text())
def test_what_is_said_again_tells_nobodys_number(number: str, after: str) -> None:
    assert number not in quoted(f"：{number}，{after}")
    assert quoted("长" * 31) == f"“{'长' * 30}…”"


def test_headings() -> None:
    assert column_headed(" 照片 (文件名；分隔)*") is Column.photos
    assert column_headed("交办\n时间") is Column.handed_down
    assert column_headed("工单编号") is Column.number
    assert column_headed("备注") is None
    private = ("姓名", "来电人", "联系 电话", "手机号", "房号", "门牌号", "身份证号", "家庭住址")
    assert [name for name in private if column_headed(name) or not is_private(name)] == []
    assert [name for name in ("备注", "问题发生位置", "满意度") if is_private(name)] == []
