"""Tickets that stayed with a company whose contract has ended: they wait to be dispatched again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import CompanyContract
from app.people.models import Organisation
from app.tickets.agenda.standing import Standing
from app.tickets.models import State

_Contracts = list[tuple[CompanyContract, Organisation]]


@dataclass(frozen=True)
class Ended:
    """What a company still has in a compound that it left; `successors` are in contract now."""

    compound_id: UUID
    company: Organisation
    ended_on: date
    successors: Sequence[Organisation]
    tickets: Sequence[Standing]


def after_the_contract(session: Session, standing: Sequence[Standing], *, day: date) -> list[Ended]:
    """Those of some tickets that are with a company whose contract for the compound has ended, by
    compound and company, the longest ended first; one query."""
    kept: dict[tuple[UUID, UUID], list[Standing]] = {}
    for each in standing:
        if each.compound_id and each.responsible_id and each.state is not State.referred:
            kept.setdefault((each.compound_id, each.responsible_id), []).append(each)
    contracts = _contracts(session, {compound_id for compound_id, _ in kept})
    found = (
        _ended(contracts.get(compound_id, []), compound_id, company_id, tickets, day)
        for (compound_id, company_id), tickets in kept.items()
    )
    return sorted((each for each in found if each), key=lambda each: each.ended_on)


def _contracts(session: Session, compound_ids: set[UUID]) -> dict[UUID, _Contracts]:
    if not compound_ids:
        return {}
    rows = session.execute(
        select(CompanyContract, Organisation)
        .join(Organisation, Organisation.id == CompanyContract.company_id)
        .where(CompanyContract.compound_id.in_(compound_ids))
        .order_by(CompanyContract.from_on)
    )
    found: dict[UUID, _Contracts] = {}
    for contract, company in rows:
        found.setdefault(contract.compound_id, []).append((contract, company))
    return found


def _ended(
    contracts: _Contracts,
    compound_id: UUID,
    company_id: UUID,
    tickets: Sequence[Standing],
    day: date,
) -> Ended | None:
    in_force = [company for contract, company in contracts if contract.holds_on(day)]
    ends = [
        (contract.to_on, company)
        for contract, company in contracts
        if company.id == company_id and contract.to_on is not None and contract.to_on <= day
    ]
    if not ends or any(company.id == company_id for company in in_force):
        return None
    ended_on, company = max(ends, key=lambda end: end[0])
    return Ended(compound_id, company, ended_on, in_force, tickets)
