"""The rules of cases that can be broken."""

from app.kernel.errors import Conflict, Rejected


class CaseKindUnknown(Rejected):
    """No such kind on the day, or one that nobody opens by hand."""

    code = "case_kind_unknown"
    title = "没有这类专项"


class CaseSubjectUnsuitable(Rejected):
    """A compound where a community is meant, the other way round, or too few tickets."""

    code = "case_subject_unsuitable"
    title = "专项的对象不合适"


class CaseFieldUnsuitable(Rejected):
    """A field that the kind does not have, or a value that does not fit it."""

    code = "case_field_unsuitable"
    title = "填写的内容不合适"


class CaseStepImpossible(Conflict):
    """The case is over, or the step is not the next one."""

    code = "case_step_impossible"
    title = "现在不能记录这一步"


class CaseStale(Conflict):
    """Somebody changed the case meanwhile."""

    code = "case_stale"
    title = "专项刚被别人改过，请刷新"
