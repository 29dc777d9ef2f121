"""The rules of campaigns and award applications that can be broken."""

from app.kernel.errors import Conflict, Rejected


class CampaignExists(Conflict):
    """The compound, or this area of it, is planned for the month already."""

    code = "campaign_exists"
    title = "这个月已经安排了"


class CampaignOver(Conflict):
    """A campaign that was dropped, or that is complete, takes no further step."""

    code = "campaign_over"
    title = "已经取消或完成"


class StepOutOfOrder(Conflict):
    """The step does not follow those that were done of this action."""

    code = "step_out_of_order"
    title = "四步程序要按顺序"


class StepDateUnsuitable(Rejected):
    """A day that is still to come, lies before the step before, or long before the month."""

    code = "step_date_unsuitable"
    title = "日期不合适"


class NotACandidate(Rejected):
    """The compound has not reached what the award asks for."""

    code = "not_a_candidate"
    title = "还不够申报条件"


class AwardExists(Conflict):
    """The same award was applied for already, or the application was decided on."""

    code = "award_exists"
    title = "已经申报或已经答复"
