"""What a redrawing of cells means for tickets: counted for its preview, never changed by it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.redraw.effects import Effect
from app.administration.redraw.preview import Redrawing
from app.tickets.models import OPEN_STATES, Ticket


def open_tickets_moved(session: Session, redrawing: Redrawing) -> Effect:
    """How many open tickets lie where the cell changes; they keep the cell of their report."""
    rows = session.execute(
        select(Ticket.lng, Ticket.lat).where(
            Ticket.town_id.in_(redrawing.town_ids),
            Ticket.state.in_(OPEN_STATES),
            Ticket.lng.is_not(None),
        )
    )
    placed = ((lng, lat) for lng, lat in rows if lng is not None and lat is not None)
    count = sum(redrawing.moves(lng, lat) for lng, lat in placed)
    return Effect("open_tickets", "未办结的工单", count)
