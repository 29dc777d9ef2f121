"""The sheet of one ticket: what it is about, the photos, what was done; no person is named."""

from typing import Any

from app.kernel.pdf import gap, pdf_of, table, words
from app.reports.papers.drawing import (
    Json,
    Pictures,
    pairs_table,
    photos_table,
    place_said,
    told_minute,
)

TITLE = "小区问题整改工单"
_LONGEST_NOTE = 600


def ticket_sheet(ticket: Json, pictures: Pictures) -> bytes:
    """A ticket, as its reader sees it, on paper."""
    story: list[Any] = [words(TITLE, 18, align="center"), gap(3), _facts(ticket), gap(4)]
    photos = photos_table(ticket, pictures, ("before", "after"), most=1)
    if photos is not None:
        story += [photos, gap(4)]
    story += [words("办理经过", 12), gap(1), _course(ticket)]
    return pdf_of(story, title=f"{TITLE} {ticket['number']}", foot=f"工单 {ticket['number']}")


def _facts(ticket: Json) -> Any:
    responsible = ticket["responsible"]["name"] if ticket["responsible"] else "—"
    return pairs_table(
        (
            ("工单号", ticket["number"]),
            ("状态", ticket["state_label"]),
            ("问题类别", ticket["category"]["name"]),
            ("立案条件", ticket["condition"]["name"]),
            ("责任单位", responsible),
            ("时限", ticket["limit_label"]),
            ("上报时间", told_minute(ticket["reported_at"])),
            ("整改期限", told_minute(ticket["due_at"])),
            ("整改时间", told_minute(ticket["rectified_at"])),
            ("结案时间", told_minute(ticket["closed_at"])),
        ),
        whole=(
            ("位置", place_said(ticket)),
            ("问题描述", ticket["description"] or "—"),
            ("结案标准", ticket["closing_test"]),
        ),
    )


def _course(ticket: Json) -> Any:
    rows = [["时间", "单位", "办理", "说明"]]
    rows += [
        [
            told_minute(event["at"]),
            event["organisation"]["name"] if event["organisation"] else "系统",
            event["action_label"],
            (event["note"] or "")[:_LONGEST_NOTE],
        ]
        for event in ticket["timeline"]
    ]
    return table(rows, [34, 40, 32, 64], heading=True)
