"""JSON of a day's work, and of one repair of several tickets."""

from typing import Annotated, Literal

from pydantic import Field

from app.kernel.schemas import Input, Named, Output, Reference
from app.tickets.answers import TicketItem
from app.tickets.models import PendingKind
from app.tickets.schemas import OfflineIn, References, Words

MOST_TOGETHER = 20
Decision = Literal["accepted", "granted", "refused"]
Tickets = Annotated[list[TicketItem], Field(description="最急的几张，急的在前")]
Listed = Annotated[str, Field(description="工单列表里的全部：GET 这个地址")]
More = Annotated[int, Field(description="这里没有列出的还有几张")]


class AgendaTotals(Output):
    """How many there are in all."""

    red: Annotated[int, Field(description="超期的")]
    yellow: Annotated[int, Field(description="临期的")]
    green: Annotated[int, Field(description="未到时限八成的")]
    suspended: Annotated[int, Field(description="挂账的，时限停着")]
    assigned_to_me: Annotated[int, Field(description="指派给本人的")]
    contested: Annotated[int, Field(description="申请了回退或延期、等待答复的")]
    returned: Annotated[int, Field(description="退回返工的")]
    decided: Annotated[int, Field(description="14 天内得到答复的申请")]
    handed_over: Annotated[int, Field(description="合同已结束、工单还在本单位的")]
    to_hand_over: Annotated[int, Field(description="本社区还在已离场公司手里的")]


class AgendaGroup(Output):
    """The tickets of one compound, or of a community outside all compounds."""

    compound: Annotated[Named | None, Field(description="小区；不在小区里的为空")]
    community: Named
    red: Annotated[int, Field(description="超期的")]
    yellow: Annotated[int, Field(description="临期的")]
    green: Annotated[int, Field(description="未到时限八成的")]
    tickets: Tickets
    more: More
    listed: Listed


class ReturnedOut(Output):
    """Work that came back."""

    ticket: Annotated[TicketItem, Field(description="工单")]
    reason: Annotated[str | None, Field(description="退回、重新办理的理由")]
    at: Annotated[str, Field(description="退回的时间")]


class DecidedOut(Output):
    """An answer to what was asked for."""

    ticket: Annotated[TicketItem, Field(description="工单")]
    kind: Annotated[
        PendingKind, Field(description="send_back 申请回退；request_extension 申请延期")
    ]
    kind_label: Annotated[str, Field(description="申请的中文名")]
    decision: Annotated[
        Decision, Field(description="accepted 同意回退；granted 同意延期；refused 不同意")
    ]
    decision_label: Annotated[str, Field(description="答复的中文名")]
    reason: Annotated[str | None, Field(description="答复的理由")]
    asked_at: Annotated[str, Field(description="申请的时间")]
    at: Annotated[str, Field(description="答复的时间")]
    due_at: Annotated[str | None, Field(description="同意延期的：延到什么时候")]


class EndedOut(Output):
    """Tickets with a company whose contract for a compound has ended."""

    compound: Annotated[Named, Field(description="小区")]
    company: Annotated[Named, Field(description="合同已结束、工单还在手里的物业公司")]
    ended_on: Annotated[str, Field(description="合同从哪一天起不再有效")]
    successors: Annotated[list[Named], Field(description="现在合同有效的物业公司；没有为空列表")]
    tickets: Tickets
    more: More
    listed: Listed


class AgendaOut(Output):
    """What is with the asker's organisations."""

    as_of: Annotated[str, Field(description="这是什么时候的情况")]
    totals: Annotated[AgendaTotals, Field(description="各有多少")]
    compounds: Annotated[list[AgendaGroup], Field(description="按小区，最急的小区在前，至多 10 个")]
    contested: Annotated[list[TicketItem], Field(description="等待答复的申请，至多 20 张")]
    decided: Annotated[list[DecidedOut], Field(description="14 天内的答复，新的在前，至多 20 项")]
    returned: Annotated[list[ReturnedOut], Field(description="退回返工的，急的在前，至多 20 张")]
    handed_over: Annotated[
        list[EndedOut], Field(description="合同已结束、还在本单位的，改派之前仍由本单位负责")
    ]
    to_hand_over: Annotated[
        list[EndedOut], Field(description="负责人：本社区等待改派的；其他人为空列表")
    ]


class TicketSeen(Input):
    """A ticket, and the version that was seen."""

    id: Annotated[Reference, Field(description="工单：编号，或 key: 加上报时的 Idempotency-Key")]
    version: Annotated[int, Field(ge=1, strict=True)]


class RectifyTogetherIn(OfflineIn):
    """Neighbouring tickets that one repair put right, and the after-photos of all of them."""

    tickets: Annotated[
        list[TicketSeen],
        Field(min_length=1, max_length=MOST_TOGETHER, description="一起整改的工单，至多 20 张"),
    ]
    photo_ids: References
    note: Words | None = None


class RectifiedOut(Output):
    """The tickets, all of them rectified."""

    items: Annotated[list[TicketItem], Field(description="整改后的各张工单，次序同请求")]
