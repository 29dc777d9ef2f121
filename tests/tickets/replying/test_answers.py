"""Answers back as a spreadsheet: official words, whose tickets, and no formulas."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from app.kernel.spreadsheets import LONGEST, workbook_of
from tests.tickets.stories import BODY, COMPANY, Json, Stories, at, code_of

COLUMNS = ["来源", "编号", "工单号", "状态", "办理单位", "办理情况", "期限", "整改时间", "结案时间",
           "是否按期", "照片"]  # fmt: skip


def read(data: bytes) -> list[dict[str, Any]]:
    """The rows by heading, as a spreadsheet program reads them."""
    sheet: Any = load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert all(cell.data_type != "f" for each in sheet.iter_rows() for cell in each)
    return [
        dict(zip(COLUMNS, each, strict=True))
        for each in sheet.iter_rows(min_row=2, values_only=True)
    ]


def answers(stories: Stories, who: str = "shequ1", **query: Any) -> list[dict[str, Any]]:
    """The answers that somebody gets."""
    answer = stories.get(who, "/tickets/answers.xlsx", **query)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    return read(answer.data)


def hotline(stories: Stories, number: str, who: str = "shequ1", **more: Any) -> Json:
    """A ticket that came by the hotline."""
    return stories.report(who, source="hotline", external_number=number, **more)


def test_from_the_report_to_the_closure(stories: Stories) -> None:
    ticket = hotline(stories, "HX-1", external_due_at=at("11-27 18:00"))
    stories.later(hours=2)
    ticket = stories.act("wuye11", ticket, "rectify", note="纸箱已清走。")
    ticket = stories.act("shequ1", ticket, "return", note="还有一处")
    ticket = stories.act("wuye11", ticket, "rectify", note="全部清走")
    stories.later(hours=1)
    ticket = stories.act("shequ1", ticket, "close", note="已核实")
    (row,) = answers(stories)
    assert row == {
        "来源": "12345 热线",
        "编号": "HX-1",
        "工单号": ticket["number"],
        "状态": "已结案",
        "办理单位": ticket["responsible"]["name"],
        "办理情况": f"2026年11月25日交{ticket['responsible']['name']}办理。"
        "2026年11月25日整改完成：纸箱已清走。"
        "2026年11月25日核查未通过，退回继续整改：还有一处。"
        "2026年11月25日整改完成：全部清走。"
        "2026年11月25日核查合格，予以结案：已核实。",
        "期限": "2026-11-27 18:00",
        "整改时间": "2026-11-25 11:00",
        "结案时间": "2026-11-25 12:00",
        "是否按期": "是",
        "照片": 3,
    }


def test_the_other_ends(stories: Stories) -> None:
    late = hotline(stories, "1", external_due_at=at("11-25 10:00"))
    waits = hotline(stories, "2", category="99-99")
    refused = stories.act(
        "shequ1", hotline(stories, "3", category="99-99"), "reject", note="非本镇"
    )
    until = {"until": at("12-25 09:00")}
    outside = {"outside": {"name": "供电公司", "number": "函〔2026〕1号"}, **until}
    stories.act("shequ1", hotline(stories, "4", category="01-80"), "refer", **outside)
    stories.act("shequ1", hotline(stories, "5", category="01-17"), "refer", organisation=BODY,
                **until)  # fmt: skip
    stories.act("shequ1", hotline(stories, "6", category="01-10"), "void", note="=重复")
    stories.later(hours=3)
    found = {row["编号"]: row for row in answers(stories)}
    assert found["1"]["是否按期"] == "否，尚未完成"
    assert (found["2"]["办理情况"], found["2"]["是否按期"]) == ("已收到，正在受理。", "办理中")
    assert "不予立案：非本镇" in found["3"]["办理情况"]
    assert (found["3"]["状态"], found["3"]["是否按期"]) == ("不予立案", "不计")
    assert found["4"]["办理单位"] == "供电公司"
    assert "移交供电公司依法办理（函〔2026〕1号）" in found["4"]["办理情况"]
    assert found["5"]["状态"] == "已移交"
    assert "作废：=重复" in found["6"]["办理情况"]
    stories.act("wuye11", stories.see("wuye11", late), "rectify")
    assert {row["编号"]: row["是否按期"] for row in answers(stories)}["1"] == "否"
    assert (waits["state"], refused["state"]) == ("reported", "rejected")


def test_whose_and_which(stories: Stories) -> None:
    hotline(stories, "1")
    hotline(stories, "2", "shequ2", compound=stories.code("002"))
    stories.report("shequ1", source="superior", external_number="S", compound=stories.code())
    stories.report("shequ1", source="resident", compound=stories.code())
    stories.report("shequ1")
    stories.later(days=1)
    hotline(stories, "3")

    def numbers(who: str, **query: Any) -> list[str]:
        return [row["编号"] for row in answers(stories, who, **query)]

    assert numbers("shequ1") == ["1", "S", "3"]
    assert numbers("shequ2") == ["2"]
    assert numbers("ducha1") == ["1", "2", "S", "3"]
    assert numbers("ducha1", source="superior") == ["S"]
    assert numbers("ducha1", organisation=stories.town.community("002")) == ["2"]
    assert numbers("ducha1", **{"from": "2026-11-26"}) == ["3"]
    assert numbers("ducha1", to="2026-11-25") == ["1", "2", "S"]
    assert numbers("shequ2", organisation=stories.town.community("002")) == ["2"]
    assert numbers("shequ2", organisation=COMPANY) == []
    assert numbers("ducha1", organisation=stories.town.code) == ["1", "2", "S", "3"]


def test_who_may_and_what_may_be_asked(stories: Stories) -> None:
    for who in ("wangge11", "wuye11", "guanli"):
        refused = stories.get(who, "/tickets/answers.xlsx")
        assert code_of(refused) == (403, "not_allowed")
    backwards = {"from": "2026-11-26", "to": "2026-11-25"}
    for query, field in (
        ({"source": "round"}, "source"), ({"from": "yesterday"}, "from"), (backwards, "to"),
        ({"since": "2026-11-01"}, "since"),
    ):  # fmt: skip
        refused = stories.get("shequ1", "/tickets/answers.xlsx", **query)
        assert code_of(refused) == (422, "invalid_input")
        assert list(refused.get_json()["errors"]) == [field]


def test_who_does_not_answer_for_an_organisation_is_not_told_of_it(stories: Stories) -> None:
    hotline(stories, "1")
    for who, code in (
        ("shequ1", "NO"), ("shequ2", stories.town.community()), ("shequ2", stories.town.code),
        ("ducha1", "340299"),
    ):  # fmt: skip
        gone = stories.get(who, "/tickets/answers.xlsx", organisation=code)
        assert code_of(gone) == (404, "not_found"), (who, code)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "#REF!", "a\x0bb"]
)
def test_words_stay_words(text: str) -> None:
    book: Any = load_workbook(io.BytesIO(workbook_of("甲", (("乙", 8),), [[text]])))
    cell = book["甲"]["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.value.strip() == text.replace("\x0b", "").strip()
    if text[0] in "=+-@":
        assert cell.quotePrefix


def test_more_than_a_cell_holds() -> None:
    book: Any = load_workbook(io.BytesIO(workbook_of("甲", (("乙", 8),), [["长" * 40_000]])))
    assert len(book["甲"]["A2"].value) == LONGEST
