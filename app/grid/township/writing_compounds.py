"""Writing compounds, their companies' contracts and their checkpoints."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.grid.models import Checkpoint, CompanyContract, Compound
from app.grid.township.rows import CheckedTownship, CheckpointRow, CompoundRow
from app.grid.township.run import LoadRun
from app.kernel.ids import new_id
from app.people.models import Organisation


def write_compounds(run: LoadRun, township: CheckedTownship) -> None:
    """Make and update compounds, change contracts from today, make and update checkpoints."""
    own = [o.id for o in run.organisations.values() if run.is_own(o)]
    found = run.session.scalars(select(Compound).where(Compound.organisation_id.in_(own)))
    run.compounds = {compound.code: compound for compound in found}
    for row in township.compounds:
        _write_compound(run, row, township)
    run.session.flush()
    contracts = _contracts_in_force(run)
    ids = [compound.id for compound in run.compounds.values()]
    planned = run.planned_starts(CompanyContract.compound_id, ids)
    for row in township.compounds:
        compound = run.compounds[row.code]
        current, until = contracts.get(compound.id, []), planned.get(compound.id)
        _write_contract(run, row, compound, current, until)
    _write_checkpoints(run, township.checkpoints)
    run.session.flush()


def _write_compound(run: LoadRun, row: CompoundRow, township: CheckedTownship) -> None:
    values = {
        "name": row.name,
        "organisation_id": run.organisations[row.organisation_code].id,
        "kind": row.kind,
        "buildings": row.buildings,
        "households": row.households,
    }
    outline = township.compound_outlines.get(row.code)
    there = run.compounds.get(row.code)
    if there is None:
        there = Compound(
            id=new_id(), code=row.code, in_service_on=run.today, outline=outline, **values
        )
        run.compounds[row.code] = there
        run.make("小区", there)
        return
    if outline is not None:
        values["outline"] = outline
    run.keep("小区", there, values)


def _contracts_in_force(run: LoadRun) -> dict[UUID, list[CompanyContract]]:
    ids = [compound.id for compound in run.compounds.values()]
    rows = run.session.scalars(
        select(CompanyContract)
        .where(CompanyContract.compound_id.in_(ids), CompanyContract.in_force(run.today))
        .order_by(CompanyContract.from_on, CompanyContract.id)
    )
    found: dict[UUID, list[CompanyContract]] = {}
    for contract in rows:
        found.setdefault(contract.compound_id, []).append(contract)
    return found


def _write_contract(
    run: LoadRun,
    row: CompoundRow,
    compound: Compound,
    current: Sequence[CompanyContract],
    until: date | None,
) -> None:
    """The contract that the file names goes on or begins; every other one ends."""
    company: Organisation | None = None
    if row.company_code is not None:
        company = run.organisations[row.company_code]
    kept = next((one for one in current if company and one.company_id == company.id), None)
    for contract in current:
        if contract is not kept:
            run.end("物业合同", contract)
    if company is not None and kept is None:
        ends = (until, compound.retired_on, company.retired_on)
        until = min((day for day in ends if day is not None), default=None)
        contract = CompanyContract(
            compound_id=compound.id, company_id=company.id, from_on=run.today, to_on=until
        )
        run.make("物业合同", contract)


def _write_checkpoints(run: LoadRun, rows: Sequence[CheckpointRow]) -> None:
    ids = [compound.id for compound in run.compounds.values()]
    found = run.session.scalars(select(Checkpoint).where(Checkpoint.compound_id.in_(ids)))
    there = {(checkpoint.compound_id, checkpoint.name): checkpoint for checkpoint in found}
    for row in rows:
        compound = run.compounds[row.compound_code]
        known = there.get((compound.id, row.name))
        values = {"area": row.area, "position": row.position}
        if known is not None:
            run.keep("点位", known, values)
            continue
        start = max(run.today, compound.in_service_on)
        made = Checkpoint(compound_id=compound.id, name=row.name, in_service_on=start, **values)
        run.make("点位", made)
