"""A list of tickets as a spreadsheet: what is filtered, as each viewer sees it, in any number."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import insert, select

from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.tickets.exporting.rows import AT_ONCE
from app.tickets.models import Ticket
from tests.tickets.stories import OTHER_COMPANY, Stories, code_of


def exported(stories: Stories, who: str, **query: Any) -> list[dict[str, Any]]:
    """The rows by heading, as a spreadsheet program reads them."""
    answer = stories.get(who, "/tickets/export.xlsx", **query)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet: Any = load_workbook(io.BytesIO(answer.data)).active
    heading, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in found]


def test_a_row_says_what_the_list_says(stories: Stories) -> None:
    ticket = stories.report(description="=楼道口有纸箱")
    stories.later(hours=1)
    stories.act("wuye11", ticket, "rectify")
    (row,) = exported(stories, "ducha1")
    assert row["工单号"] == ticket["number"]
    assert (row["状态"], row["描述"], row["小区"]) == ("待核查", "=楼道口有纸箱", "示例花园")
    assert row["责任单位"] == ticket["responsible"]["name"]
    assert row["上报时间"] == datetime(2026, 11, 25, 9, 0)
    assert row["整改时间"] == datetime(2026, 11, 25, 10, 0)
    assert (row["返工次数"], row["结案时间"], row["灯"]) == (0, None, None)
    answer = stories.get("ducha1", "/tickets/export.csv")
    heading, line = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert heading == list(row)
    assert dict(zip(heading, line, strict=True))["描述"] == "'=楼道口有纸箱"


def many_more(stories: Stories, count: int) -> None:
    """Copies of the one ticket, each a second older than the one before."""
    with stories.app.app_context(), unit_of_work() as session:
        table = Ticket.__table__
        row = dict(session.execute(select(table)).mappings().one())
        session.execute(
            insert(table),
            [
                row
                | {"id": new_id(), "number": f"{row['number']}-{n}"}
                | {"reported_at": row["reported_at"] - timedelta(seconds=n)}
                for n in range(1, count + 1)
            ],
        )


def test_what_is_filtered_in_the_order_of_the_list(stories: Stories) -> None:
    """More than what is read at once."""
    stories.report()
    many_more(stories, AT_ONCE + 5)
    stories.later(minutes=1)
    stories.report(category="01-10")
    for query, least in (
        ({}, AT_ONCE),
        ({"category": "01-36"}, AT_ONCE),
        ({"organisation": stories.town.community()}, AT_ONCE),
        ({"category": "01-10"}, 1),
        ({"state": "closed"}, 0),
    ):
        numbers = [item["number"] for item in stories.listed("ducha1", limit=100, **query)]
        assert [row["工单号"] for row in exported(stories, "ducha1", **query)] == numbers
        assert len(numbers) >= least


def test_nobody_learns_more_than_the_list_tells(stories: Stories) -> None:
    ticket = stories.report(description="门口")
    again = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="改派")
    stories.act("wuye21", again, "rectify")
    (left,) = exported(stories, "wuye11")
    assert (left["状态"], left["责任单位"], left["整改时间"]) == ("待整改", None, None)
    assert exported(stories, "wangge21") == []
    for who in ("ducha1", "wuye11"):
        said = " ".join(str(value) for row in exported(stories, who) for value in row.values())
        assert "网格员" not in said


def test_what_is_asked_wrongly(stories: Stories) -> None:
    for ending in ("xlsx", "csv"):
        path = f"/tickets/export.{ending}"
        assert code_of(stories.get("ducha1", path, state="gone")) == (422, "invalid_input")
        assert code_of(stories.get("ducha1", path, limit="5")) == (422, "invalid_input")
        assert code_of(stories.get("ducha1", path, organisation="nowhere")) == (404, "not_found")
