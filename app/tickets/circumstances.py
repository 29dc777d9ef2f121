"""What the rules of a ticket's life look at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from app.people.access import Matter
from app.photos.evidence import Verdict
from app.tickets.models import State, Ticket


@dataclass(frozen=True)
class Circumstances:
    """The ticket, the instant, the verdicts of its after-photos, who made a photo that is
    contradicted in its use, who closed it last, and whether any photo is doubtful in its use."""

    ticket: Ticket
    now: datetime
    after_verdicts: tuple[Verdict, ...] = ()
    contradicted_makers: frozenset[UUID] = frozenset()
    closer_id: UUID | None = None
    doubtful: bool = False

    @cached_property
    def matter(self) -> Matter:
        """What permissions ask about the ticket."""
        return matter_of(self.ticket, explainers=self.contradicted_makers)

    @property
    def suspension_over(self) -> bool:
        """Whether the date of a suspension has come, and the ticket was not resumed yet."""
        until = self.ticket.suspended_until
        return self.ticket.state is State.suspended and until is not None and until <= self.now

    @property
    def after_photo_contradicted(self) -> bool:
        """Whether an after-photo of this turn is contradicted in its use."""
        return Verdict.CONTRADICTED in self.after_verdicts


Guard = Callable[[Circumstances], bool]


def matter_of(ticket: Ticket, *, explainers: frozenset[UUID] = frozenset()) -> Matter:
    """What permissions ask about a ticket."""
    leg = ticket.last_leg
    return replace(
        matter_of_place(ticket),
        responsible_id=ticket.responsible_id,
        rectifier_id=ticket.rectifier_id,
        rectifying_organisation_id=leg.organisation_id if leg else None,
        past_responsible_ids=frozenset(each.organisation_id for each in ticket.legs),
        explainer_ids=explainers,
    )


def matter_of_place(ticket: Ticket) -> Matter:
    """What permissions ask about where a ticket is and who reported it; its legs are left alone."""
    return Matter(
        town_id=ticket.town_id,
        community_id=ticket.community_id,
        paths=(ticket.community.path,),
        reporter_id=ticket.reporter_id,
        witness_ids=frozenset(UUID(each) for each in ticket.witness_ids),
    )
