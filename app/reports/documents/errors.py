"""The rules of documents that can be broken."""

from app.kernel.errors import Conflict, Rejected


class ReportUnsuitable(Rejected):
    """A document is about an area: a county, a town, a community or a village."""

    code = "report_unsuitable"
    title = "只能做县、镇、社区和村的"


class StaleReport(Conflict):
    """Somebody else has changed it since it was read."""

    code = "stale_report"
    title = "这份公文已有改动，请刷新后再改"


class ReportClosed(Conflict):
    """What was sent for approval or issued is not edited."""

    code = "report_closed"
    title = "送审、签发以后不能改动"


class NotReady(Conflict):
    """Something that has to be there before it is sent or issued is missing."""

    code = "report_not_ready"
    title = "还不能送审或签发"


class CaseUnsuitable(Rejected):
    """A typical case is a ticket of the place that was put right, with photos of both."""

    code = "case_unsuitable"
    title = "不能作为典型案例"
