"""What was done about a ticket, in the words of an official answer. Nobody is named. Pure."""

from collections.abc import Iterable
from datetime import datetime

from app.kernel.clock import SHANGHAI
from app.tickets.actions import MERGED_IN
from app.tickets.models import Leg, State, Ticket, TicketEvent
from app.tickets.workflow import Action

NOTHING_YET = "已收到，正在受理。"
_UNDECIDED = (State.rejected, State.voided, State.withdrawn)


def handling(ticket: Ticket, events: Iterable[TicketEvent]) -> str:
    """The steps in their order: who was given it, what was done, how it ended."""
    steps = [(leg.from_at, 0, _given_to(leg)) for leg in _changes_of_hands(ticket.legs)]
    for event in events:
        said = _step(ticket, event)
        if said:
            steps.append((event.at, event.sequence, f"{_day(event.at)}{said}{_because(event)}"))
    told = [said for _, _, said in sorted(steps, key=lambda step: step[:2])]
    return "。".join(told) + "。" if told else NOTHING_YET


def _changes_of_hands(legs: Iterable[Leg]) -> Iterable[Leg]:
    """The legs that begin with somebody else than the one before ended with."""
    before = None
    for leg in legs:
        if leg.organisation_id != before:
            yield leg
        before = leg.organisation_id


def _given_to(leg: Leg) -> str:
    return f"{_day(leg.from_at)}交{leg.organisation.name}办理"


def _step(ticket: Ticket, event: TicketEvent) -> str | None:
    """An action as an answer says it; None for what is not for an answer."""
    if event.action == "report":
        return "当场整改完成" if event.to_state is State.rectified else None
    if event.action == MERGED_IN:
        return None
    outside = ticket.outside or {}
    body = outside.get("name") or (ticket.responsible.name if ticket.responsible else "有关单位")
    paper = f"（{outside['number']}）" if outside.get("number") else ""
    return {
        Action.rectify: "整改完成",
        Action.return_: "核查未通过，退回继续整改",
        Action.close: "核查合格，予以结案",
        Action.refer: f"移交{body}依法办理{paper}",
        Action.reject: "不予立案",
        Action.void: "作废",
        Action.merge_into: "与反映同一问题的另一工单合并办理",
        Action.suspend: "暂缓办理",
        Action.resume: "恢复办理",
        Action.reopen: "重新办理",
    }.get(Action(event.action))


def _because(event: TicketEvent) -> str:
    """What was written about it; the report's own words were theirs."""
    note = " ".join((event.note or "").split()).rstrip("。.；;")
    return f"：{note}" if note and event.action != "report" else ""


def _day(instant: datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def in_time(ticket: Ticket, *, now: datetime) -> str:
    """Whether it was put right by the due time that came with it, else by its own limit."""
    if ticket.state in _UNDECIDED:
        return "不计"
    done = ticket.rectified_at or ticket.closed_at
    if ticket.external_due_at is None and done is not None and ticket.last_leg is not None:
        return "是" if ticket.last_leg.in_time else "否"
    due = ticket.external_due_at or ticket.due_at
    if due is None:
        return "办理中" if done is None else "不计"
    if done is not None:
        return "是" if done <= due else "否"
    return "否，尚未完成" if now > due else "办理中"
