"""The rules of assessment that can be broken."""

from app.kernel.errors import Conflict, Rejected


class AssessmentOff(Conflict):
    """The county has not switched assessment on, or has switched it off again."""

    code = "assessment_off"
    title = "考核参考分没有启用"


class SchemeUnknown(Rejected):
    """No such scheme in the period, or one of months asked for a year."""

    code = "scheme_unknown"
    title = "没有这个考核方案"


class PeriodNotOver(Rejected):
    """Only what is over is frozen."""

    code = "period_not_over"
    title = "这个时段还没有结束"


class AlreadyAssessed(Conflict):
    """The period is frozen; a second time needs a reason and stands beside it."""

    code = "already_assessed"
    title = "这个时段的考核分已经固定"


class ObjectionLate(Conflict):
    """The days for objections are past."""

    code = "objection_late"
    title = "提出异议的期限已过"


class ObjectionMade(Conflict):
    """A score takes one objection, and an objection one answer."""

    code = "objection_made"
    title = "已经提出过异议或已经答复"


class ObjectionUnsuitable(Rejected):
    """The item is not in the scheme, or the points are not in its bounds."""

    code = "objection_unsuitable"
    title = "异议或答复不合适"
