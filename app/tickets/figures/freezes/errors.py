"""The rules of figures that can be broken."""

from app.kernel.errors import Conflict, Rejected


class MonthNotOver(Rejected):
    """Only what can no longer come in time is frozen."""

    code = "month_not_over"
    title = "这个月还没有结束"


class NothingToFreeze(Rejected):
    """A freeze stays for good: none is made of a month before the organisation's first ticket."""

    code = "nothing_to_freeze"
    title = "这个月还没有工单，不能固定"


class AlreadyFrozen(Conflict):
    """The organisation's month is frozen; a second time needs a reason and stands beside it."""

    code = "already_frozen"
    title = "这个月的统计已经固定"


class FreezeUnsuitable(Rejected):
    """Figures are frozen for an area: a county, a town, a community or a village."""

    code = "freeze_unsuitable"
    title = "只能固定县、镇、社区和村的统计"
