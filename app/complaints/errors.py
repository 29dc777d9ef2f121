"""The rules of complaints that can be broken."""

from app.kernel.errors import Conflict, NotThere, Rejected


class ReceiptUnknown(NotThere):
    """No complaint has this number and this code."""

    code = "receipt_unknown"
    title = "回执编号或查询码不对"


class ComplaintRepeated(Rejected):
    """The key of another complaint."""

    code = "complaint_key_reused"
    title = "这个提交编号已经用过"


class ComplaintAnswered(Conflict):
    """It was answered already."""

    code = "complaint_answered"
    title = "已经答复过了"


class ComplaintStale(Conflict):
    """Somebody changed the complaint meanwhile."""

    code = "complaint_stale"
    title = "刚被别人改过，请刷新"


class PhotoElsewhere(Rejected):
    """Not a photo of the ticket that the complaint is about."""

    code = "photo_elsewhere"
    title = "不是这张工单的照片"


class TicketElsewhere(Rejected):
    """Not a ticket of the office that answers."""

    code = "ticket_elsewhere"
    title = "不是本单位的工单"


class RemovalUnsuitable(Conflict):
    """Photos go for a wrong report or for a decision only."""

    code = "removal_unsuitable"
    title = "这类投诉建议不清除照片"


class PhotoUsedElsewhere(Conflict):
    """Another township uses the photo."""

    code = "photo_used_elsewhere"
    title = "别的镇也在用这张照片"


class PhotoInQuestion(Conflict):
    """Somebody still has to look at the photo, or to say why it is as it is."""

    code = "photo_in_question"
    title = "照片还要复核或说明，不能清除"


class OfficeUnknown(Rejected):
    """Not an office that answers: a township's or the county's."""

    code = "office_unknown"
    title = "没有这个答复单位"
