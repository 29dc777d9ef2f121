"""What a viewer can do with tickets: with one that is read whole, and with those of a list.

Both come to the same; a list asks in its own statement for no more than the rules look at.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.people.access import Actor
from app.photos.evidence import Verdict
from app.tickets.circumstances import Circumstances
from app.tickets.handling.evidence import doubts_about
from app.tickets.models import Ticket, TicketEvent, TicketPhoto
from app.tickets.showing.sight import Sight
from app.tickets.workflow import Action, allowed_actions


def offers_on_whole(
    actor: Actor,
    ticket: Ticket,
    events: Sequence[TicketEvent],
    used: Sequence[TicketPhoto],
    sight: Sight,
    *,
    now: datetime,
) -> list[str]:
    """The actions on a ticket whose events and photos, as far as they are in sight, are at hand."""
    sequences = {event.id: event.sequence for event in events}
    doubts = doubts_about(
        (sequences[use.event_id], use.role, use.verdict, use.photo.maker_id) for use in used
    )
    closers = [event.actor_id for event in events if event.action == Action.close]
    closer_id = closers[-1] if closers and ticket.closed_at else None
    known = Circumstances(ticket, now, doubts.after_verdicts, doubts.contradicted_makers, closer_id)
    return _offered(actor, known, sight)


def _offered(actor: Actor, known: Circumstances, sight: Sight) -> list[str]:
    """Of what was handed over one's own photo can still be explained, and nothing else done."""
    offers = [action.value for action in allowed_actions(actor, known)]
    return offers if sight.left is None else [one for one in offers if one == Action.explain]


def offers_in_list(actor: Actor, ticket: Ticket, sight: Sight, *, now: datetime) -> list[str]:
    """The actions on a ticket as a list loads it."""
    makers = (ticket.contradicted_makers or "").split(",")
    known = Circumstances(
        ticket,
        now,
        (Verdict.CONTRADICTED,) if ticket.after_contradicted else (),
        frozenset(UUID(maker) for maker in makers if maker),
        ticket.looked_at_closer_id,
    )
    return _offered(actor, known, sight)
