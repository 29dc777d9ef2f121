"""Places as JSON, as more than one face shows them."""

from typing import Any

from app.grid.models import CompanyContract


def contract_json(contract: CompanyContract) -> dict[str, Any]:
    """A company's contract for a compound; `to_on` is not part of it, null: without an end."""
    company, to_on = contract.company, contract.to_on
    return {
        "company": {"code": company.code, "name": company.name},
        "from_on": contract.from_on.isoformat(),
        "to_on": to_on.isoformat() if to_on else None,
    }
