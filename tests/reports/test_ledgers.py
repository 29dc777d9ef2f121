"""Ledgers: what was done, as each may see it, ready to be filed and printed."""

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from tests.tickets.stories import OTHER_COMPANY, Stories, code_of

Json = dict[str, Any]
MONTH = {"from": "2026-11-01", "to": "2026-11-30"}


def sheet_of(stories: Stories, who: str, kind: str, **query: str) -> Any:
    """The sheet as a spreadsheet program reads it."""
    answer = stories.get(who, f"/ledgers/{kind}.xlsx", **query)
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.data)).active


def ledger(stories: Stories, who: str, kind: str, **query: str) -> list[Json]:
    """The rows by heading."""
    sheet = sheet_of(stories, who, kind, **query)
    heading, *rows = sheet.iter_rows(min_row=3, values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_the_ledger_of_problems(stories: Stories) -> None:
    first = stories.report(description="=楼道口有纸箱")
    stories.later(hours=1)
    stories.report(category="01-10", description="桶边有袋装垃圾")
    done = stories.act("wuye11", first, "rectify", note="已清走")
    stories.act("shequ1", done, "close")
    town, unit = stories.town.code, stories.town.community()
    one, two = ledger(stories, "ducha1", "rectifications", organisation=unit)
    assert (one["序号"], two["序号"]) == (1, 2)
    assert (one["工单号"], one["问题描述"]) == (first["number"], "=楼道口有纸箱")
    assert one["上报时间"] == datetime(2026, 11, 25, 9, 0)
    told = [one[name] for name in ("整改时间", "整改情况", "是否按期", "状态")]
    assert told == [datetime(2026, 11, 25, 10, 0), "已清走", "按期", "已结案"]
    assert (two["整改情况"], two["是否按期"], two["备注"]) == (None,) * 3
    assert ledger(stories, "ducha1", "rectifications", organisation=town, to="2026-11-24") == []
    stories.later(days=20)
    late = ledger(stories, "ducha1", "rectifications", **MONTH)[1]
    assert late["是否按期"] == "超期未改"
    said = " ".join(f"{value}" for value in [*one.values(), *two.values()])
    assert "网格员" not in said, "no person is named"


def test_it_is_ready_for_paper(stories: Stories) -> None:
    stories.report()
    sheet = sheet_of(stories, "ducha1", "rectifications", organisation=stories.town.community())
    assert sheet["A1"].value == "示例镇第一社区问题整改台账"
    assert sheet["A2"].value.startswith("时间：2026年11月　")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$3", "A4")
    assert sheet["B4"].border.left.style == "thin"
    assert sheet["B4"].alignment.wrap_text
    assert sheet.row_dimensions[4].height == 30, "the number takes two lines"


def test_the_ledger_of_rounds(stories: Stories) -> None:
    town = stories.town
    points = stories.get("shequ1", f"/compounds/{stories.code()}").get_json()["checkpoints"]
    ticket = stories.report("wangge12")
    seen = {"checkpoint": points[1]["id"], "result": "problem", "ticket": ticket["id"]}
    walked = {"compound": stories.code(), "checks": [{**seen, "note": "纸箱"}]}
    assert stories.post("wangge12", "/rounds", walked).status_code == 201
    stories.later(hours=1)
    body = {"compound": stories.code(number=2), "all_fine": True}
    assert stories.post("wangge11", "/rounds", body).status_code == 201
    part, whole = ledger(stories, "ducha1", "rounds", organisation=town.code, **MONTH)
    assert (part["周"], part["开始时间"]) == ("2026-W48", datetime(2026, 11, 25, 9, 0))
    assert part["问题点位"] == f"{points[1]['name']}（纸箱）"
    assert (part["转工单"], part["是否全覆盖"]) == (ticket["number"], "否")
    assert (part["查看点位"], part["有问题"], part["完成时间"]) == (1, 1, None)
    assert (whole["是否全覆盖"], whole["有问题"]) == ("是", 0)
    assert whole["巡查人"] and whole["完成时间"] == datetime(2026, 11, 25, 10, 0)
    assert len(ledger(stories, "shequ1", "rounds")) == 2
    assert ledger(stories, "shequ1", "rounds", to="2026-11-24") == []
    for who in ("shequ2", "wuye11", "zhifa1"):
        assert ledger(stories, who, "rounds") == [], who


def test_the_ledger_of_what_was_done(stories: Stories) -> None:
    unit = {"organisation": stories.town.community(), "happened_on": "2026-11-24"}
    body = {**unit, "kinds": ["waste_training"], "subject": "垃圾分类培训", "quantity": 30}
    body["photo_ids"] = [stories.photo("shequ1")]
    answer = stories.post("shequ1", "/records", body)
    assert answer.status_code == 201, answer.text
    for kind, count in (("records", 1), ("waste_training", 1), ("waste_haulage", 0)):
        assert len(ledger(stories, "ducha1", kind)) == count, kind
    (row,) = ledger(stories, "shequ1", "records", organisation=stories.town.community())
    told = [row[name] for name in ("日期", "内容", "数量", "照片", "状态")]
    assert told == ["2026-11-24", "垃圾分类培训", 30, 1, "已记录"]
    assert ledger(stories, "shequ2", "records") == []


def test_nobody_learns_more_than_the_list_tells(stories: Stories) -> None:
    ticket = stories.report()
    again = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="改派")
    stories.act("wuye21", again, "rectify", note="乙公司做的")
    (left,) = ledger(stories, "wuye11", "rectifications")
    assert (left["状态"], left["责任单位"], left["整改时间"], left["整改情况"]) == (
        "待整改", None, None, None,
    )  # fmt: skip
    assert ledger(stories, "shequ2", "rectifications") == []


def test_what_there_is_and_what_is_asked_wrongly(stories: Stories) -> None:
    items = stories.get("wangge11", "/ledgers").get_json()["items"]
    assert [one["name"] for one in items][:3] == ["巡查台账", "问题整改台账", "活动台账"]
    for one in items:
        path = one["url"].removeprefix("/api/v1")
        headings = list(sheet_of(stories, "ducha1", one["code"]).iter_rows(values_only=True))[2]
        assert list(headings) == ["序号", *one["columns"]]
        assert code_of(stories.get("ducha1", path, organisation="nowhere")) == (404, "not_found")
        for wrong in (
            {"from": "2026-11-02", "to": "2026-11-01"},
            {"from": "2025-11-01", "to": "2026-11-30"},
            {"from": "11月"},
        ):
            assert code_of(stories.get("ducha1", path, **wrong)) == (422, "invalid_input"), wrong
    assert code_of(stories.get("ducha1", "/ledgers/gone.xlsx")) == (404, "not_found")
