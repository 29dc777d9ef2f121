"""Who a resident is goes from free text; what a warden finds a place by stays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Enum, String

from app.kernel.db import FreeText, db
from app.kernel.masking import HIDDEN, masked, without_numbers

NUMBERS = [
    ("来电13800138000反映", f"来电{HIDDEN}反映"),
    ("138-0013-8000、+86 138 0013 8000", f"{HIDDEN}、{HIDDEN}"),
    ("１３８００１３８０００", HIDDEN),
    ("身份证11010519491231002X。", f"身份证{HIDDEN}。"),
    ("110105 19491231 002x", HIDDEN),
    ("号码110105194912310021", f"号码{HIDDEN}"),
    ("固话0553-3838438，找他", f"固话{HIDDEN}，找他"),
    ("（0553）3838438", HIDDEN),
    ("0553 383 8438", HIDDEN),
    ("05533838438", HIDDEN),
    ("010-62345678转801", HIDDEN),
    ("+86-21-62345678", HIDDEN),
    ("TEL0553-3838438", f"TEL{HIDDEN}"),
]
FLATS = [
    ("3栋2单元501室堆物", "3栋2单元***室堆物"),
    ("3栋2单元501堆物", "3栋2单元***堆物"),
    ("３栋２单元５０１", "３栋２单元***"),
    ("5-2-301", "5-2-***"),
    ("5-2-301，来电13800138000", f"5-2-***，来电{HIDDEN}"),
    ("1-3-2-501", "1-3-2-***"),
    ("4-1-2003", "4-1-****"),
    ("A-2-1203", "A-2-****"),
    ("3-501", "3-***"),
    ("302室", "***室"),
    ("0302室", "****室"),
    ("502、503室，504室", "***、***室，***室"),
    ("501号房", "***号房"),
    ("501门口有鞋柜", "***门口有鞋柜"),
    ("501业主反映", "***业主反映"),
    ("A座1203", "A座****"),
    ("3号楼501", "3号楼***"),
    ("2 号楼 301 旁堆物", "2 号楼 *** 旁堆物"),
    ("3#501、3＃2-501", "3#***、3＃2-***"),
    ("12栋1501号", "12栋****号"),
    ("3栋1-501", "3栋1-***"),
    ("2单元301和302", "2单元***和***"),
    ("2单元12室", "2单元**室"),
    ("5楼502", "5楼***"),
    ("三栋二单元五零一室", "三栋二单元***室"),
    ("三栋二单元五〇一", "三栋二单元***"),
    ("三百零二室", "****室"),
    ("2单元3楼东户门前", "2单元3楼*户门前"),
]
STAYS = [
    "3栋", "3号楼楼道", "3、5栋之间", "3栋2单元", "3栋2单元5楼楼道", "三号楼二三层", "8-12号楼",
    "1-2单元", "中山路501号", "地下室", "办公室", "2室1厅", "中间户",
    "2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "11-23", "11月23日", "11-23-2026",
    "2026-11-23 09:30", "2026-11-23T09:30:00+08:00", "08:00-12:01", "3号楼2026年改造",
    "340299101-20261123-0007", "340299101-20261123-1007", "340299101-20261123-1007、3栋",
    "单号 2026112300012345", "340201202611230001", "HX-301", "HX-2026-301", "WH20261123001",
    "2026-001", "0553-20261123-01", "〔2026〕25号", "第12-305期", "12345热线", "12345678901",
    "01-36", "GB/T 30428.2-2013", "GB3096-2008", "3栋120米", "占地120平方米", "100-301米",
    "3楼120㎡", "3栋108个", "3栋共215业主", "101路公交", "108国道", "2003房改房", "119、110",
    "一百二十户", "118.317263,30.921845",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [*NUMBERS, *FLATS])
def test_who_a_resident_is_goes(text: str, wanted: str) -> None:
    assert masked(text) == wanted


@pytest.mark.parametrize("text", STAYS)
def test_what_is_needed_stays(text: str) -> None:
    assert masked(text) == text


def test_a_flat_alone_is_no_persons_number() -> None:
    """Numbers of other systems are only asked for those."""
    assert without_numbers("12-2-301") == "12-2-301"


digits = "0123456789"
around = st.text("堆物，。；找联系 反映\n")
mobiles = st.builds(
    lambda head, a, b, by: by.join([f"1{head}", a, b]),
    st.from_regex(r"\A[3-9][0-9]\Z"),
    st.text(digits, min_size=4, max_size=4),
    st.text(digits, min_size=4, max_size=4),
    st.sampled_from(["", " ", "-"]),
)
landlines = st.builds(
    lambda area, by, number: f"0{area}{by}{number}",
    st.one_of(st.just("10"), st.integers(20, 29).map(str), st.integers(300, 999).map(str)),
    st.sampled_from(["-", " "]),
    st.integers(3_000_000, 89_999_999).map(str),
)
cards = st.builds(
    lambda region, born, count, check: f"{region}{born:%Y%m%d}{count:03}{check}",
    st.integers(110_000, 659_999),
    st.dates(date(1920, 1, 1), date(2019, 12, 31)),
    st.integers(0, 999),
    st.sampled_from("0123456789Xx"),
)
buildings = st.builds(
    lambda number, kind: f"{number}{kind}",
    st.integers(1, 99),
    st.sampled_from(["栋", "幢", "号楼", "座"]),
)
flats = st.builds(lambda storey, flat: f"{storey}{flat:02}", st.integers(1, 18), st.integers(1, 12))


@given(around, st.one_of(mobiles, landlines, cards), around)
def test_no_number_of_a_person_is_left(before: str, number: str, after: str) -> None:
    assert masked(f"{before}：{number}，{after}").count(HIDDEN) == 1
    assert number not in masked(f"{before}：{number}，{after}")


@given(
    around, buildings, st.integers(1, 9), flats, st.sampled_from(["", "室", "号房", "户"]), around
)
def test_of_an_address_only_the_flat_goes(
    before: str, building: str, entrance: int, flat: str, word: str, after: str
) -> None:
    hidden, place = "*" * len(flat), f"{building}{entrance}单元"
    told = masked(f"{before}：{place}{flat}{word}，{after}")
    assert told == f"{before}：{place}{hidden}{word}，{after}"


@given(around, st.integers(1, 199), st.integers(1, 9), flats, around)
def test_of_a_short_address_too(
    before: str, building: int, entrance: int, flat: str, after: str
) -> None:
    told = masked(f"{before}：{building}-{entrance}-{flat}，{after}")
    assert told == f"{before}：{building}-{entrance}-{'*' * len(flat)}，{after}"


@given(
    around,
    st.one_of(
        buildings,
        st.dates(date(2020, 1, 1), date(2099, 12, 31)).map(str),
        st.dates(date(2020, 1, 1), date(2099, 12, 31)).map(lambda d: f"{d.year}年{d.month}月"),
        st.builds(
            lambda town, day, count: f"340299{town}-{day:%Y%m%d}-{count:04}",
            st.integers(101, 999),
            st.dates(date(2020, 1, 1), date(2099, 12, 31)),
            st.integers(1, 9999),
        ),
        st.builds(
            lambda head, day, count: f"{head}{day:%Y%m%d}{count:04}",
            st.sampled_from(["", "HX", "WH-", "12345-", "340201"]),
            st.dates(date(2020, 1, 1), date(2099, 12, 31)),
            st.integers(1, 9999),
        ),
    ),
    around,
)
def test_what_looks_alike_is_left(before: str, said: str, after: str) -> None:
    text = f"{before}：{said}，{after}"
    assert masked(text) == text


@given(st.text("0123456789 -—－、/X栋幢座楼层单元号室房户门口#三五零百１５（）+86转", max_size=40))
def test_masked_stays_masked_and_grows_nowhere(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    assert len(once) <= len(text)


NOT_OURS = {
    "conditions.closing_test",
    "deployment_facts.value",
    "host_tokens.sealed",
    "jobs.last_error",
    "notices.text",
    "record_days.statement",
    "record_entries.body",
    "text_checks.said",
    "tickets.closing_test",
}
"""What the dictionary and the machine itself write, and words that were masked where they stood."""


def test_every_column_of_peoples_own_words_is_masked() -> None:
    """Texts of 400 and more characters hold words that somebody made up."""
    left = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | FreeText)
        and not isinstance(column.type, Enum | FreeText)
        and (column.type.length is None or column.type.length >= 400)
    }
    assert left == NOT_OURS
