"""The rules of papers that can be broken."""

from app.kernel.errors import Conflict


class NoticeUnsuitable(Conflict):
    """A notice is for whoever has to put something right now."""

    code = "notice_unsuitable"
    title = "这张工单现在不能出整改通知书"
