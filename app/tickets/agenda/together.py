"""One repair of several tickets: all of them rectified, or none, and why of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, DomainError, NotAllowed, NotThere, Rejected
from app.people.access import Actor
from app.tickets.actions import Action
from app.tickets.circumstances import Circumstances
from app.tickets.errors import NotNeighbours, StaleVersion
from app.tickets.fetching import listed
from app.tickets.handling.copies import are_neighbours
from app.tickets.models import Ticket
from app.tickets.queries import ticket_in_sight
from app.tickets.service import ActionAsked, check_action, take_action

ORDER_OF_CHECKS = (NotThere, NotAllowed, StaleVersion, Conflict, Rejected)


@dataclass(frozen=True)
class Named:
    """A ticket as somebody named it, with the version that they saw."""

    reference: str
    ticket: Ticket
    version: int | None


@dataclass(frozen=True)
class Fault:
    """What is in the way of one ticket."""

    reference: str
    error: DomainError


def tickets_in_sight(session: Session, actor: Actor, ids: Mapping[str, UUID]) -> dict[str, Ticket]:
    """The tickets that references name, locked in the order of their ids so that two who name the
    same ones never wait for each other; raises NotThere unless the actor sees every one."""
    found: dict[str, Ticket] = {}
    faults: list[Fault] = []
    for reference in sorted(ids, key=lambda each: str(ids[each])):
        try:
            ticket = ticket_in_sight(session, actor, ids[reference], for_update=True)
        except NotThere as error:
            faults.append(Fault(reference, error))
        else:
            found[reference] = ticket
    refuse(faults)
    return found


def check_together(
    session: Session, asked: Sequence[Named], *, actor: Actor, now: datetime
) -> dict[str, Circumstances]:
    """Whether every ticket can be rectified; each of them once, by its reference.

    Raises what `check_action` does, of the first kind that stands in the way of any.
    """
    found: dict[str, Circumstances] = {}
    faults: list[Fault] = []
    for each in asked:
        try:
            checked = check_action(
                session, each.ticket, Action.rectify, actor=actor, version=each.version, now=now
            )
        except DomainError as error:
            faults.append(Fault(each.reference, error))
        else:
            if all(each.ticket is not other.ticket for other in found.values()):
                found[each.reference] = checked
    refuse(faults)
    return found


def rectify_together(
    session: Session, checked: Mapping[str, Circumstances], asked: ActionAsked, *, actor: Actor
) -> list[Ticket]:
    """Rectifies tickets that `check_together` let through, each by the rules of rectifying one.

    Raises NotNeighbours, or what `take_action` does, of the first kind that stands in the way of
    any.
    """
    refuse(_far_from_the_first(checked))
    faults: list[Fault] = []
    for reference, circumstances in checked.items():
        try:
            take_action(session, circumstances, Action.rectify, asked, actor=actor)
        except DomainError as error:
            faults.append(Fault(reference, error))
    refuse(faults)
    ids = [circumstances.ticket.id for circumstances in checked.values()]
    return _listed_afresh(session, ids)


def _far_from_the_first(checked: Mapping[str, Circumstances]) -> list[Fault]:
    """A photo spent on a ticket elsewhere could not be taken back."""
    first = next(iter(checked.values())).ticket
    detail = "与第一张工单不在同一小区，相距也超过 100 米，请分别拍照整改。"
    return [
        Fault(reference, NotNeighbours(detail))
        for reference, circumstances in checked.items()
        if not are_neighbours(first, circumstances.ticket)
    ]


def _listed_afresh(session: Session, ids: Sequence[UUID]) -> list[Ticket]:
    """As a list shows them: with what is not loaded for an action."""
    asked = select(Ticket).where(Ticket.id.in_(ids)).options(*listed())
    rows = session.scalars(asked, execution_options={"populate_existing": True})
    found = {ticket.id: ticket for ticket in rows}
    return [found[ticket_id] for ticket_id in ids]


def refuse(faults: Sequence[Fault]) -> None:
    """Raises the fault that is checked first, with all faults as `tickets`; nothing when none."""
    if not faults:
        return
    first = min(faults, key=lambda fault: _rank(fault.error)).error
    raise type(first)(
        first.detail, fields=first.fields, tickets=[_told(fault) for fault in faults]
    ) from first


def _rank(error: DomainError) -> int:
    ranks = (rank for rank, family in enumerate(ORDER_OF_CHECKS) if isinstance(error, family))
    return next(ranks, len(ORDER_OF_CHECKS))


def _told(fault: Fault) -> dict[str, Any]:
    error = fault.error
    return {
        "id": fault.reference,
        "code": error.code,
        "title": error.title,
        "detail": error.detail,
        **error.extra,
    }
