"""The rules of records that can be broken."""

from app.kernel.errors import Conflict, NotAllowed, Rejected


class RecordKindUnknown(Rejected):
    """No such kind of record on the day it happened."""

    code = "record_kind_unknown"
    title = "没有这种记录"


class RecordIncomplete(Rejected):
    """A kind of record asks for a photo, a link or a number that is not there."""

    code = "record_incomplete"
    title = "还缺这种记录必须有的内容"


class BadHappenedOn(Rejected):
    """A record of a day to come, or of one too long ago."""

    code = "bad_happened_on"
    title = "日期不对"


class RecordNotPossible(Conflict):
    """A record's state does not allow this."""

    code = "record_not_possible"
    title = "这条记录现在不能这样操作"


class OwnRecord(NotAllowed):
    """Nobody reviews what they recorded themselves."""

    code = "own_record"
    title = "不能审核自己的记录"
