"""The words of tickets: states, sources, outcomes, each with what a person reads."""

from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands."""

    reported = "reported"
    dispatched = "dispatched"
    rectified = "rectified"
    closed = "closed"
    referred = "referred"
    suspended = "suspended"
    rejected = "rejected"
    voided = "voided"
    withdrawn = "withdrawn"


STATE_LABELS = {
    State.reported: "待受理",
    State.dispatched: "待整改",
    State.rectified: "待核查",
    State.closed: "已结案",
    State.referred: "已移交",
    State.suspended: "挂账",
    State.rejected: "不予立案",
    State.voided: "作废",
    State.withdrawn: "已撤回",
}

OPEN_STATES = (
    State.reported,
    State.dispatched,
    State.rectified,
    State.referred,
    State.suspended,
)

LIT_STATES = (State.dispatched, State.referred)
"""Where a limit of putting right runs, and has a light."""


class Source(StrEnum):
    """Where a report comes from."""

    round = "round"
    self_found = "self_found"
    resident = "resident"
    hotline = "hotline"
    superior = "superior"


SOURCE_LABELS = {
    Source.round: "巡查发现",
    Source.self_found: "主动发现",
    Source.resident: "居民反映",
    Source.hotline: "12345 热线",
    Source.superior: "上级交办",
}

SOURCES_WITHOUT_PHOTO = frozenset({Source.resident, Source.hotline, Source.superior})


class LegOutcome(StrEnum):
    """How one organisation's stretch of responsibility ended."""

    rectified = "rectified"
    dispatched_again = "dispatched_again"
    withdrawn = "withdrawn"
    sent_back = "sent_back"
    referred = "referred"
    voided = "voided"


LEG_OUTCOME_LABELS = {
    LegOutcome.rectified: "已整改",
    LegOutcome.dispatched_again: "已改派",
    LegOutcome.withdrawn: "已撤回",
    LegOutcome.sent_back: "已回退",
    LegOutcome.referred: "已移交",
    LegOutcome.voided: "已作废",
}


class PendingKind(StrEnum):
    """What the responsible organisation asked for and nobody has answered yet."""

    send_back = "send_back"
    request_extension = "request_extension"


PENDING_KIND_LABELS = {
    PendingKind.send_back: "申请回退",
    PendingKind.request_extension: "申请延期",
}


class SecondLook(StrEnum):
    """Whether a supervisor looks at a closure again: it waits, or was found right."""

    waiting = "waiting"
    ok = "ok"


SECOND_LOOK_LABELS = {SecondLook.waiting: "待复核", SecondLook.ok: "复核通过"}
