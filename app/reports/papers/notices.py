"""The notice of rectification: what a company or community is told to put right, and by when."""

from datetime import date
from typing import Any

from app.kernel.pdf import WIDTH_MM, cut_line, gap, pdf_of, qr_code, table, words
from app.reports.papers.drawing import (
    Json,
    Pictures,
    pairs_table,
    photos_table,
    place_said,
    told_in_full,
    told_minute,
)
from app.reports.papers.errors import NoticeUnsuitable
from app.tickets.words import State

TITLE = "整改通知书"


def refuse_unsuitable(ticket: Json) -> None:
    """Raises NoticeUnsuitable unless somebody has to put the ticket right by a date."""
    waits = ticket["state"] == State.dispatched and ticket["responsible"] and ticket["due_at"]
    if not waits:
        raise NoticeUnsuitable(f"只有待整改的工单能出整改通知书，这张是“{ticket['state_label']}”。")


def rectification_notice(
    ticket: Json, pictures: Pictures, *, town: str, on: date, say: str | None
) -> bytes:
    """The notice, signed by a township on a day, with the receipt to be cut off, and the address at
    which whoever thinks it wrong says so."""
    due = told_in_full(ticket["due_at"])
    story: list[Any] = [
        words(TITLE, 20, align="center"),
        gap(2),
        words(f"编号：{ticket['number']}", 10.5, align="right"),
        gap(3),
        words(f"{ticket['responsible']['name']}：", 12),
        words(
            f"经巡查，在{place_said(ticket).replace('　', '')}发现下列问题，由你单位负责整改。"
            f"请于{due}前整改完毕，并在系统中上传整改后的照片，由社区核查。",
            12,
            indent=True,
        ),
        gap(3),
        _problem(ticket),
        gap(3),
    ]
    photos = photos_table(ticket, pictures, ("before",), most=2)
    if photos is not None:
        story += [photos, gap(3)]
    day = f"{on.year}年{on.month}月{on.day}日"
    story += [words(f"{town}（盖章）", 12, align="right"), words(day, 12, align="right")]
    if say is not None:
        story += [gap(2), _objection(say)]
    story += [gap(4), cut_line(), *_receipt(ticket)]
    return pdf_of(story, title=f"{TITLE} {ticket['number']}", foot=f"工单 {ticket['number']}")


def _problem(ticket: Json) -> Any:
    return pairs_table(
        (
            ("问题类别", ticket["category"]["name"]),
            ("立案条件", ticket["condition"]["name"]),
            ("发现时间", told_minute(ticket["reported_at"])),
            ("整改期限", told_minute(ticket["due_at"])),
        ),
        whole=(
            ("问题描述", ticket["description"] or "—"),
            ("结案标准", ticket["closing_test"]),
            ("标准依据", ticket["standard_ref"]),
        ),
    )


def _objection(address: str) -> Any:
    said = "对本通知有意见，或认为反映的问题不属实的，请扫码提出：不用登录，凭回执查看答复。"
    return table([[qr_code(address, 20), words(said, 10.5)]], [26, WIDTH_MM - 26], frame=False)


def _receipt(ticket: Json) -> list[Any]:
    rows = [["签收单位", ticket["responsible"]["name"], "签收人", ""]]
    rows += [["送达人", "", "签收日期", "　　年　　月　　日"]]
    said = words(f"送达回执　　编号：{ticket['number']}", 12, align="center")
    return [gap(1), said, gap(2), table(rows, [26, WIDTH_MM / 2 - 26, 26, WIDTH_MM / 2 - 26])]
