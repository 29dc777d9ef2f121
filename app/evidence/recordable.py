"""A row as the record has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.evidence.models import EntryKind


@dataclass(frozen=True)
class Recordable:
    """A row as the record has it: on which chain, when it happened, and what is said of it."""

    kind: EntryKind
    source_id: UUID
    chain_id: UUID
    at: datetime
    state: int
    facts: dict[str, Any]
    ticket_id: UUID | None = None


def chain_under(town_id: UUID | None, path: str) -> UUID:
    """The chain of a township; the county's, the root of the tree, for what belongs to none."""
    return town_id or UUID(hex=path[:32])
