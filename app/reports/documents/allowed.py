"""What somebody may do with a document as it stands."""

from enum import StrEnum

from app.duties.units import matter_of_unit
from app.people.access import Actor, allowing_post
from app.reports.documents.models import Report, ReportState

READ, WRITE, ISSUE = "reports.read", "reports.write", "reports.issue"


class ReportAction(StrEnum):
    """What can be done with a document."""

    edit = "edit"
    make = "make"
    submit = "submit"
    delete = "delete"
    return_ = "return"
    issue = "issue"


POSSIBLE = {
    ReportState.draft: {
        ReportAction.edit: WRITE,
        ReportAction.make: WRITE,
        ReportAction.submit: WRITE,
        ReportAction.delete: WRITE,
    },
    ReportState.submitted: {ReportAction.return_: WRITE, ReportAction.issue: ISSUE},
    ReportState.issued: {},
}
"""By state: the actions, each with the permission that it takes."""


def actions_of(report: Report, actor: Actor) -> list[ReportAction]:
    """What the actor may do with it now; only who began a draft deletes it, and only before it was
    ever sent for approval."""
    matter = matter_of_unit(report.organisation)
    possible = POSSIBLE[report.state].items()
    found = [action for action, named in possible if allowing_post(actor, named, matter)]
    mine = report.began_by_id == actor.person_id and report.submitted_at is None
    return [one for one in found if mine or one is not ReportAction.delete]
