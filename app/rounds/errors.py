"""The rules of rounds that can be broken."""

from app.kernel.errors import Conflict, NotAllowed, Rejected


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
    """A ticket that does not exist, that the actor does not see, or of another compound."""

    code = "ticket_unknown"
    title = "没有这张工单，无权查看，或不是这个小区的"


class WeekClosed(Rejected):
    """The week of the walk takes nothing any more: coverage that was read on Monday stays.

    No conflict, which a phone's outbox would send again for ever: a person has to look.
    """

    code = "week_closed"
    title = "这一周的巡查已经截止"


class SpotCheckWalked(Conflict):
    """Somebody wrote down the result already."""

    code = "spot_check_walked"
    title = "抽查结果已经登记"


class SpotCheckTooEarly(Rejected):
    """A walk that happened before the round was drawn."""

    code = "spot_check_too_early"
    title = "抽查的时间不成立"


class WalkedByOneself(NotAllowed):
    """Nobody checks the round they walked themselves."""

    code = "own_round"
    title = "不能抽查自己巡查的小区"
