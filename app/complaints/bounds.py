"""Which tickets a complaint may be about, and which of their photos may go for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.complaints.errors import (
    ComplaintAnswered,
    PhotoInQuestion,
    PhotoUsedElsewhere,
    RemovalUnsuitable,
    TicketElsewhere,
)
from app.complaints.models import Complaint, ComplaintKind
from app.people.models import OrganisationType
from app.photos.evidence import Verdict
from app.tickets.actions import Action
from app.tickets.judgements import UseJudgement
from app.tickets.models import SecondLook, State, Ticket, TicketEvent, TicketPhoto

REMOVING = (ComplaintKind.wrong_report, ComplaintKind.decision)
"""The kinds for which photos may go."""
DECIDING = (Action.explain, Action.confirm, Action.return_, Action.close)
"""What answers the doubt about a photo of a closed ticket."""


def refuse_elsewhere(complaint: Complaint, ticket: Ticket) -> None:
    """Raises TicketElsewhere unless the ticket is of the township whose office answers, or, of the
    county's complaints, of any in it."""
    office = complaint.office
    if office.type is OrganisationType.town:
        is_theirs = ticket.town_id == office.id
    else:
        is_theirs = ticket.town.path.startswith(office.path)
    if not is_theirs:
        detail = f"{office.name}的投诉建议只能注明本单位的工单"
        raise TicketElsewhere(f"{detail}。", fields={"ticket": [detail]})


def refuse_removing(complaint: Complaint) -> None:
    """Raises ComplaintAnswered, RemovalUnsuitable or TicketElsewhere where no photo may go for a
    complaint: it is closed by its answer, about something else, or another office's affair."""
    if complaint.answered_at is not None:
        raise ComplaintAnswered("照片要在答复以前清除。")
    if complaint.kind not in REMOVING:
        raise RemovalUnsuitable("只有“反映的问题不属实”和“对处理有意见”的可以清除照片。")
    if complaint.ticket is not None:
        refuse_elsewhere(complaint, complaint.ticket)


def refuse_in_question(session: Session, town_id: UUID, photo_ids: Sequence[UUID]) -> None:
    """Raises PhotoUsedElsewhere where another township's ticket uses one of the photos, and
    PhotoInQuestion while a use of them waits for a second look, an explanation or a decision."""
    asked = select(TicketPhoto, Ticket).join(Ticket, Ticket.id == TicketPhoto.ticket_id)
    uses = session.execute(asked.where(TicketPhoto.photo_id.in_(photo_ids))).all()
    if any(ticket.town_id != town_id for _, ticket in uses):
        raise PhotoUsedElsewhere("别的镇的工单也用了这张照片，请报县里处理。")
    if waiting := _numbers(t for _, t in uses if t.second_look is SecondLook.waiting):
        raise PhotoInQuestion(f"工单 {waiting} 结案待复核，复核以后再清除。")
    if waiting := _numbers(t for use, t in uses if _is_undecided(session, use, t)):
        raise PhotoInQuestion(f"工单 {waiting} 的照片与事实不符，说明或处理以后再清除。")


def _numbers(tickets: Iterable[Ticket]) -> str:
    return "、".join(sorted({ticket.number for ticket in tickets}))


def _is_undecided(session: Session, use: TicketPhoto, ticket: Ticket) -> bool:
    """Whether nobody explained or decided about a contradicted use of a closed ticket since it was
    found; what is not closed either still needs its photos, or was decided by its end."""
    if use.verdict is not Verdict.CONTRADICTED or ticket.state is not State.closed:
        return False
    decided = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.action.in_([each.value for each in DECIDING]),
        TicketEvent.at >= _found_at(session, use),
    )
    return session.scalar(decided.limit(1)) is None


def _found_at(session: Session, use: TicketPhoto) -> datetime:
    asked = select(func.max(UseJudgement.judged_at)).where(
        UseJudgement.use_id == use.id,
        UseJudgement.verdict == Verdict.CONTRADICTED,
        UseJudgement.verdict_before != Verdict.CONTRADICTED,
    )
    return session.scalar(asked) or use.attached_at
