"""Who manages a compound from a day on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import OrganisationMisplaced
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import refuse_retired
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
    dispatched again. Raises OrganisationMisplaced for what is no property company, ChangePlanned
    when another change begins later.
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
    holding = [row for row in rows if row.holds_on(day)]
    if not holding and company is None:
        return
    kept = next((row for row in holding if company and row.company_id == company.id), None)
    # One compound, one company: were there ever two, all but the one that is wanted end.
    over = [row for row in holding if row is not kept]
    before = contract_state(next(iter(over), kept))
    for row in over:
        row.to_on = day
    made = _renewed(session, compound, kept, company, day)
    session.flush()
    subject = Subject(SubjectKind.contract, compound.code, compound.organisation)
    after = contract_state(made) if made else {"company": None, "from_on": day.isoformat()}
    record_change(session, act, subject, ChangeKind.change, before=before, after=after)


def _renewed(
    session: Session,
    compound: Compound,
    kept: CompanyContract | None,
    company: Organisation | None,
    day: date,
) -> CompanyContract | None:
    """The contract that holds from the day on, if any."""
    if kept is not None or company is None:
        if kept is not None:
            kept.to_on = None
        return kept
    made = CompanyContract(compound_id=compound.id, company_id=company.id, from_on=day)
    made.company = company
    session.add(made)
    return made


def _check_company(company: Organisation | None) -> None:
    if company is not None and company.type is not OrganisationType.property_company:
        detail = f"{company.name}不是物业公司。"
        raise OrganisationMisplaced(detail, fields={"company": [detail]})
