"""Which steps of a ticket concern whom, and what they are told.

The responsible hear of what is theirs to do, who asked for something hears the answer, who reported
hears how it ended. No sentence says who reported.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.clock import parse_instant
from app.notices.models import NoticeKind
from app.tickets.actions import REPORT, Action
from app.tickets.models import LIT_STATES, State, Ticket, TicketEvent
from app.tickets.telling.phrases import local


@dataclass(frozen=True)
class Occasion:
    """A kind of step: what is said of the ticket, and whether it is still so."""

    kind: NoticeKind
    said: Callable[[Ticket, TicketEvent], str]
    still_so: Callable[[Ticket], bool]


def _is_to_be_done(ticket: Ticket) -> bool:
    return ticket.state in LIT_STATES and ticket.responsible is not None


def _is(state: State) -> Callable[[Ticket], bool]:
    return lambda ticket: ticket.state is state


def _to_do(kind: NoticeKind, words: str) -> Occasion:
    return Occasion(kind, lambda ticket, event: f"{words}，{_until(ticket, event)}", _is_to_be_done)


def _until(ticket: Ticket, event: TicketEvent) -> str:
    if ticket.due_at is None:
        return "请及时整改。"
    if ticket.due_at <= event.at:
        return f"期限 {local(ticket.due_at)} 已过，请立即整改。"
    return f"请在 {local(ticket.due_at)} 前整改。"


def _dispatched(ticket: Ticket, event: TicketEvent) -> str:
    assert ticket.responsible is not None
    return f"派给{ticket.responsible.name}，{_until(ticket, event)}"


def _granted(_ticket: Ticket, event: TicketEvent) -> str:
    return f"延期已同意，期限改为 {local(parse_instant(event.changes['due_at']))}。"


def _answered(said: Callable[[Ticket, TicketEvent], str]) -> Occasion:
    return Occasion(NoticeKind.answered, said, lambda _: True)


_DISPATCHED = Occasion(NoticeKind.dispatched, _dispatched, _is_to_be_done)

TO_THE_RESPONSIBLE: dict[str, Occasion] = {
    REPORT: _DISPATCHED,
    Action.dispatch: _DISPATCHED,
    Action.refer: _DISPATCHED,
    Action.return_: _to_do(NoticeKind.returned, "核查没有通过"),
    Action.reopen: _to_do(NoticeKind.returned, "结案以后又重新办理"),
    Action.resume: _to_do(NoticeKind.resumed, "挂账结束，恢复办理"),
    Action.supervise: _to_do(NoticeKind.supervised, "已督办"),
}

TO_WHO_ASKED: dict[str, Occasion] = {
    Action.accept_send_back: _answered(lambda *_: "回退已同意，不用再办理。"),
    Action.refuse_send_back: _answered(
        lambda ticket, event: f"回退没有同意，{_until(ticket, event)}"
    ),
    Action.grant_extension: _answered(_granted),
    Action.refuse_extension: _answered(
        lambda ticket, event: f"延期没有同意，{_until(ticket, event)}"
    ),
}

TO_WHO_REPORTED: dict[str, Occasion] = {
    Action.close: Occasion(NoticeKind.closed, lambda *_: "已核查结案。", _is(State.closed)),
    Action.reject: Occasion(NoticeKind.rejected, lambda *_: "不予立案。", _is(State.rejected)),
    Action.void: Occasion(NoticeKind.voided, lambda *_: "已作废。", _is(State.voided)),
}

OCCASIONS = {**TO_THE_RESPONSIBLE, **TO_WHO_ASKED, **TO_WHO_REPORTED}
