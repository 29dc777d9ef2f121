"""Compounds, contracts and checkpoints as JSON."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.presenting.organisations import day_text, named
from app.grid.models import (
    AREA_LABELS,
    COMPOUND_KIND_LABELS,
    Checkpoint,
    CompanyContract,
    Compound,
)
from app.grid.presenting import contract_json
from app.grid.queries import contracts_of


def compound_state(compound: Compound) -> dict[str, Any]:
    """A compound as the log keeps it."""
    return {
        "name": compound.name,
        "organisation": compound.organisation.code,
        "kind": compound.kind.value,
        "buildings": compound.buildings,
        "households": compound.households,
        "outline": compound.outline,
        "in_service_on": compound.in_service_on.isoformat(),
        "retired_on": day_text(compound.retired_on),
    }


def contract_state(contract: CompanyContract | None) -> dict[str, Any]:
    """A contract as the log keeps it; None: no company."""
    if contract is None:
        return {"company": None}
    return {
        "company": contract.company.code,
        "from_on": contract.from_on.isoformat(),
        "to_on": day_text(contract.to_on),
    }


def checkpoint_state(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as the log keeps it."""
    return {
        "id": str(checkpoint.id),
        "name": checkpoint.name,
        "area": checkpoint.area.value,
        "retired_on": day_text(checkpoint.retired_on),
    }


def compound_json(session: Session, compound: Compound) -> dict[str, Any]:
    """A compound with all its contracts and checkpoints, past ones too."""
    session.expire(compound, ["organisation"])
    return {
        "id": str(compound.id),
        "code": compound.code,
        **compound_state(compound),
        "kind_label": COMPOUND_KIND_LABELS[compound.kind],
        "organisation": named(compound.organisation),
        "contracts": [contract_json(one) for one in contracts_of(session, compound)],
        "checkpoints": [_checkpoint_json(one) for one in _checkpoints(session, compound)],
    }


def _checkpoints(session: Session, compound: Compound) -> list[Checkpoint]:
    return list(
        session.scalars(
            select(Checkpoint)
            .where(Checkpoint.compound_id == compound.id)
            .order_by(Checkpoint.position, Checkpoint.name)
        )
    )


def _checkpoint_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {**checkpoint_state(checkpoint), "area_label": AREA_LABELS[checkpoint.area]}
