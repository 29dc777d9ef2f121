"""Who manages a compound from a day on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import OrganisationMisplaced
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import end_with, refuse_retired
from app.administration.presenting.places import contract_state
from app.grid.models import CompanyContract, Compound
from app.kernel.dated import day_from, refuse_later
from app.people.models import Organisation, OrganisationType


def change_contract(
    session: Session,
    compound: Compound,
    company: Organisation | None,
    *,
    from_on: date | None,
    act: Act,
) -> None:
    """From a day on a compound is managed by a company, or by none.

    The earlier contract ends that day; open tickets stay with the old company until they are
    dispatched again. A contract ends when compound or company is retired. Raises
    OrganisationMisplaced for what is no property company, ChangePlanned when another change begins
    later, AlreadyRetired for a company or compound that is retired by that day.
    """
    refuse_retired(compound.retired_on, act)
    day = day_from(from_on, today=act.today, field="from_on")
    _check_company(company)
    rows = session.scalars(
        select(CompanyContract)
        .where(CompanyContract.compound_id == compound.id)
        .order_by(CompanyContract.from_on)
    ).all()
    refuse_later(rows, day)
    end = end_with(compound, company, from_on=day) if company else None
    holding = [row for row in rows if row.holds_on(day)]
    if not holding and company is None:
        return
    kept = next((row for row in holding if company and row.company_id == company.id), None)
    # One compound, one company: were there ever two, all but the one that is wanted end.
    over = [row for row in holding if row is not kept]
    before = contract_state(next(iter(over), kept))
    for row in over:
        row.to_on = day
    made = _renewed(session, compound, kept, company, (day, end))
    session.flush()
    subject = Subject(SubjectKind.contract, compound.code, compound.organisation)
    after = contract_state(made) if made else {"company": None, "from_on": day.isoformat()}
    record_change(session, act, subject, ChangeKind.change, before=before, after=after)


def _renewed(
    session: Session,
    compound: Compound,
    kept: CompanyContract | None,
    company: Organisation | None,
    days: tuple[date, date | None],
) -> CompanyContract | None:
    """The contract that holds from the first day on, if any, to the other, if any."""
    if kept is not None or company is None:
        if kept is not None:
            kept.to_on = days[1]
        return kept
    made = CompanyContract(
        compound_id=compound.id, company_id=company.id, from_on=days[0], to_on=days[1]
    )
    made.company = company
    session.add(made)
    return made


def _check_company(company: Organisation | None) -> None:
    if company is not None and company.type is not OrganisationType.property_company:
        detail = f"{company.name}不是物业公司。"
        raise OrganisationMisplaced(detail, fields={"company": [detail]})
