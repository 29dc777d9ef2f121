"""The rules of rounds that can be broken."""

from app.kernel.errors import Conflict, Rejected


class CompoundUnknown(Rejected):
    """No such compound in the actor's township, or out of service on the day of the walk."""

    code = "compound_unknown"
    title = "没有这个小区，或已停用"


class CheckpointUnknown(Rejected):
    """A checkpoint that the compound does not have."""

    code = "checkpoint_unknown"
    title = "这个小区没有这个点位"


class CheckpointRepeated(Rejected):
    """Two results for one checkpoint at one moment: nobody can say which counts."""

    code = "checkpoint_repeated"
    title = "同一点位只能填写一个结果"


class TicketUnknown(Rejected):
    """A ticket that does not exist or that the actor does not see."""

    code = "ticket_unknown"
    title = "没有这张工单，或无权查看"


class WeekClosed(Conflict):
    """The week of the walk takes nothing any more: coverage that was read on Monday stays."""

    code = "week_closed"
    title = "这一周的巡查已经截止"
