"""Why an action is not possible: the state, a time that is over, or a number that is used up."""

from collections.abc import Callable

from app.tickets.circumstances import Circumstances
from app.tickets.models import STATE_LABELS, PendingKind
from app.tickets.workflow import (
    ACTION_LABELS,
    EXTENSIONS,
    REOPENING,
    WITHDRAWAL,
    Action,
    row_of,
    was_rectified,
)

Reason = Callable[[Circumstances], str]


def why_not_possible(action: Action, circumstances: Circumstances) -> str:
    """A sentence for whoever may take the action in general, but not now."""
    ticket = circumstances.ticket
    if row_of(action, circumstances) is None:
        state, wanted = STATE_LABELS[ticket.state], ACTION_LABELS[action]
        return f"工单现在是“{state}”，不能“{wanted}”。"
    return USED_UP[action](circumstances)


def _withdrawn_too_late(circumstances: Circumstances) -> str:
    if was_rectified(circumstances.ticket):
        return "工单已经整改过，不能撤回；可请社区负责人处理。"
    if circumstances.ticket.witness_ids:
        return "又有人上报了同一问题，不能撤回；可请社区负责人处理。"
    return f"上报已超过 {WITHDRAWAL.seconds // 60} 分钟，不能撤回；可请社区负责人处理。"


def _reopened_too_late(circumstances: Circumstances) -> str:
    return f"结案已超过 {REOPENING.days} 天，不能重新办理；请另行上报，并注明原工单。"


def _sent_back_before(circumstances: Circumstances) -> str:
    if circumstances.ticket.pending_kind is not None:
        return "已有一项申请等待答复，答复之前不能再申请。"
    return "本次派遣已申请过一次回退，不能再申请。"


def _extended_before(circumstances: Circumstances) -> str:
    if circumstances.ticket.pending_kind is not None:
        return "已有一项申请等待答复，答复之前不能再申请。"
    return f"本次派遣已延期 {EXTENSIONS} 次，不能再申请。"


def _nothing_asked(kind: PendingKind) -> Reason:
    name = "回退" if kind is PendingKind.send_back else "延期"
    return lambda circumstances: f"没有等待答复的{name}申请。"


def _no_second_look(circumstances: Circumstances) -> str:
    return "这张工单不在等待复核。"


USED_UP: dict[Action, Reason] = {
    Action.withdraw: _withdrawn_too_late,
    Action.reopen: _reopened_too_late,
    Action.send_back: _sent_back_before,
    Action.request_extension: _extended_before,
    Action.accept_send_back: _nothing_asked(PendingKind.send_back),
    Action.refuse_send_back: _nothing_asked(PendingKind.send_back),
    Action.grant_extension: _nothing_asked(PendingKind.request_extension),
    Action.refuse_extension: _nothing_asked(PendingKind.request_extension),
    Action.confirm: _no_second_look,
}
"""Every action with a guard; a test compares it with the table of moves."""
