"""The rules of tickets that can be broken."""

from app.kernel.errors import Conflict, NotAllowed, Rejected


class PlaceUnknown(Rejected):
    """No cell and no compound of the actor's township can be told from what was sent."""

    code = "place_unknown"
    title = "不能确定地点，请选择网格或小区"


class RoundUnknown(Rejected):
    """No such round, or not one of the compound that is reported on."""

    code = "round_unknown"
    title = "没有这次巡查，或不是这个小区的"


class EvidenceMissing(Rejected):
    """The move needs a photo."""

    code = "evidence_missing"
    title = "缺少照片"


class ReasonMissing(Rejected):
    """The move needs a written reason."""

    code = "reason_missing"
    title = "请写明理由"


class PhotoNotYours(Rejected):
    """A photo of somebody outside the actor's organisations."""

    code = "photo_not_yours"
    title = "照片不是您或同事上传的"


class PhotoReused(Rejected):
    """After-evidence that is the ticket's own before-evidence."""

    code = "photo_reused"
    title = "整改后照片与整改前照片是同一张"


class CategoryUnknown(Rejected):
    """No such category or condition in force that day."""

    code = "category_unknown"
    title = "没有这个事项类别或立案条件"


class OrganisationUnsuitable(Rejected):
    """The organisation cannot be responsible for this ticket."""

    code = "organisation_unsuitable"
    title = "不能派给这个单位"


class OrganisationMissing(Rejected):
    """A dispatch that names nobody."""

    code = "organisation_missing"
    title = "请选择责任单位"


class PersonUnsuitable(Rejected):
    """Somebody who is not of the responsible organisation."""

    code = "person_unsuitable"
    title = "只能指派给本单位的人员"


class TimeUnsuitable(Rejected):
    """A time that is past, too far ahead, or no later than the limit."""

    code = "time_unsuitable"
    title = "时间不合适"


class OtherTicketBusy(Conflict):
    """The ticket to merge into is being changed at this moment; the same request may succeed."""

    code = "other_ticket_busy"
    title = "那张工单正有人在处理"


class MergeUnsuitable(Rejected):
    """A ticket that this one cannot be merged into."""

    code = "merge_unsuitable"
    title = "不能并入这张工单"


class FollowUpUnsuitable(Rejected):
    """A report that follows up a ticket which the reporter does not see, or which is not closed."""

    code = "follow_up_unsuitable"
    title = "不能接着这张工单上报"


class OwnWork(NotAllowed):
    """Whoever rectified does not check it, and whoever closed it does not look again."""

    code = "own_work"
    title = "不能核查自己办的事"


class StaleVersion(Conflict):
    """Somebody acted since the sender last looked; `current` holds the ticket as it is."""

    code = "stale_version"
    title = "工单已有新的变化，请查看后再操作"


class ActionNotPossible(Conflict):
    """The action has no row for this state, or is used up; `allowed_actions` says what has."""

    code = "action_not_possible"
    title = "当前状态不能这样操作"


class NotNeighbours(Rejected):
    """Tickets that are neither of one compound nor within 100 m: one photo cannot show both."""

    code = "not_neighbours"
    title = "不是相邻的工单"
