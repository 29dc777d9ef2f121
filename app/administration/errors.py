"""The rules of administration that can be broken."""

from app.kernel.errors import Conflict, Rejected


class AlreadyTaken(Conflict):
    """A code, username or phone number that is another's: they are unique in the deployment."""

    code = "already_taken"
    title = "已被使用"


class OrganisationUnknown(Rejected):
    """No such organisation, out of the asker's sight, or retired."""

    code = "organisation_unknown"
    title = "没有这个组织，或已停用"


class OrganisationMisplaced(Rejected):
    """An organisation cannot hang there, or a thing cannot belong to it."""

    code = "organisation_misplaced"
    title = "组织类型不对"


class StillInUse(Conflict):
    """Something in use depends on what is to be retired."""

    code = "still_in_use"
    title = "还有在用的内容，不能停用"


class AlreadyRetired(Conflict):
    """What is retired or ended changes no more."""

    code = "already_retired"
    title = "已经停用"


class OwnAccount(Conflict):
    """Nobody closes their own account or ends their own post: the last one would be gone."""

    code = "own_account"
    title = "不能停用自己的账号或管理员岗位"


class LastAdministrator(Conflict):
    """The only administrator in use keeps account and post: nobody could make another."""

    code = "last_administrator"
    title = "这是唯一在用的管理员"


class PostImpossible(Rejected):
    """A role cannot be held at this type of organisation."""

    code = "post_impossible"
    title = "这个组织不能设这个岗位"


class PostHeld(Conflict):
    """The person has this post already, now or from a later day on."""

    code = "post_held"
    title = "已经有这个岗位"


class LeaveImpossible(Rejected):
    """Nobody can stand in this way."""

    code = "leave_impossible"
    title = "不能这样安排代理"


class LeaveOverlaps(Conflict):
    """The person has another leave in that time."""

    code = "leave_overlaps"
    title = "这段时间已有请假"


class Deputising(Conflict):
    """Somebody stands in for a person on leave: that leave is ended first."""

    code = "deputising"
    title = "正在代理请假的人"


class OutlineFaulty(Rejected):
    """An outline is no polygon, or not where it should be."""

    code = "outline_faulty"
    title = "轮廓有误"


class RedrawFaulty(Rejected):
    """The cells as drawn break rules; `faults` has every one and nothing was written."""

    code = "redraw_faulty"
    title = "重划的网格有误，什么都没有写入"
