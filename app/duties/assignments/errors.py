"""The rules of assignments that can be broken."""

from app.kernel.errors import Rejected


class SubjectUnknown(Rejected):
    """No such cell, compound, checkpoint or line of work in the unit, or it is not in use."""

    code = "subject_unknown"
    title = "没有这个分工对象，或已停用"


class AssigneeUnsuitable(Rejected):
    """Who is named cannot answer for this: no account, or no post in the township."""

    code = "assignee_unsuitable"
    title = "这个人不能负责"
