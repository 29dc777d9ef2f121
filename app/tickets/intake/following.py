"""A report says which closed ticket's problem is back, when it is too late to reopen that one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.access import Actor
from app.tickets.errors import FollowUpUnsuitable
from app.tickets.models import STATE_LABELS, State, Ticket
from app.tickets.queries import sees_now


def followed_up(session: Session, ticket: Ticket, former_id: UUID, *, actor: Actor) -> UUID:
    """The id of the ticket that a report follows up; raises FollowUpUnsuitable unless the actor
    sees it, it is of the same township, and it is closed."""
    with session.no_autoflush:
        former = session.execute(
            select(Ticket.town_id, Ticket.state).where(Ticket.id == former_id, sees_now(actor))
        ).one_or_none()
    detail = ""
    if former is None:
        detail = "没有原工单，或不在您的范围内。"
    elif former.town_id != ticket.town_id:
        detail = "原工单不是本镇的，请不注明原工单，另行上报。"
    elif former.state is not State.closed:
        detail = f"原工单是“{STATE_LABELS[former.state]}”，只有已结案的才能接着上报。"
    if detail:
        raise FollowUpUnsuitable(detail, fields={"follow_up_of": [detail]})
    return former_id
