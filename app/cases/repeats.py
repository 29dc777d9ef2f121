"""What cases do by themselves: a problem that comes back opens one, tickets that are all done end
one. Run again, nothing happens twice."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseStep, CaseTicket
from app.cases.service import Subject, enter, kind_of, new_case
from app.catalogue.cases.models import Opens
from app.catalogue.cases.queries import Kind, kinds_in_force, kinds_known
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.models import Organisation
from app.tickets.models import OPEN_STATES, State, Ticket

WITHIN = timedelta(days=90)
TIMES = 3
AT_ONCE = 50
_COUNTS = State.voided, State.rejected, State.withdrawn


def open_repeated(session: Session, now: datetime) -> int:
    """A case for each compound and category with a third ticket within 90 days, unless one is open
    or was about these very tickets; how many were opened."""
    kind = _kind(session, Opens.repeats, now)
    if kind is None:
        return 0
    found = session.execute(_repeated(now)).all()
    for compound_id, category in found:
        if compound_id is not None:
            _open(session, kind, compound_id, category, now)
    return len(found)


def _repeated(now: datetime) -> Select[UUID | None, str]:
    told = select(CaseTicket.ticket_id).join(Case).where(Case.cause.is_not(None))
    standing = exists().where(
        Case.compound_id == Ticket.compound_id,
        Case.cause == Ticket.category_code,
        Case.closed_at.is_(None),
    )
    return (
        select(Ticket.compound_id, Ticket.category_code)
        .where(
            Ticket.compound_id.is_not(None),
            Ticket.reported_at >= now - WITHIN,
            Ticket.state.not_in(_COUNTS),
            Ticket.id.not_in(told),
            ~standing,
        )
        .group_by(Ticket.compound_id, Ticket.category_code)
        .having(func.count() >= TIMES)
        .limit(AT_ONCE)
    )


def _open(session: Session, kind: Kind, compound_id: UUID, category: str, now: datetime) -> None:
    compound = session.get_one(Compound, compound_id)
    tickets = session.scalars(
        select(Ticket)
        .where(
            Ticket.compound_id == compound_id,
            Ticket.category_code == category,
            Ticket.reported_at >= now - WITHIN,
            Ticket.state.not_in(_COUNTS),
        )
        .order_by(Ticket.reported_at)
    ).all()
    unit = session.get_one(Organisation, compound.organisation_id)
    title = f"{compound.name}：{tickets[0].category_name} 90 天内 {len(tickets)} 次"
    case = new_case(session, kind, Subject(unit, compound, tickets), title, now=now, cause=category)
    _by_itself(session, case, kind.stages[0].code, title, now)


def end_spanning(session: Session, now: datetime) -> int:
    """Ends each case made of tickets of which none is open any more; how many ended."""
    spanning = {each.id for each in kinds_known(session).values() if each.opens is Opens.spanning}
    open_one = exists().where(
        CaseTicket.case_id == Case.id,
        and_(Ticket.id == CaseTicket.ticket_id, Ticket.state.in_(OPEN_STATES)),
    )
    done = select(Case).where(Case.closed_at.is_(None), Case.kind_id.in_(spanning), ~open_one)
    cases = session.scalars(done.with_for_update().limit(AT_ONCE)).all()
    for case in cases:
        kind = kind_of(session, case)
        enter(session, kind, case, kind.stages[-1], now=now)
        case.version += 1
        _by_itself(session, case, kind.stages[-1].code, "各张工单都已办结", now)
    return len(cases)


def _by_itself(session: Session, case: Case, step: str, note: str, now: datetime) -> None:
    session.add(
        CaseStep(
            id=new_id(),
            case_id=case.id,
            step=step,
            done_on=shanghai_day(now),
            note=note,
            fields={},
            recorded_at=now,
        )
    )
    session.flush()


def _kind(session: Session, opens: Opens, now: datetime) -> Kind | None:
    known = kinds_in_force(session, day=shanghai_day(now))
    return next((each for each in known if each.opens is opens), None)
