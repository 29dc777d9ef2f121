"""The version of the map: which indexes in memory are still true."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.models import GridVersion
from app.kernel.ids import new_id

_ROW = 1


def grid_version(session: Session) -> UUID | None:
    """The version in this transaction's eyes, one query by key in all; None before any load."""
    row = session.get(GridVersion, _ROW)
    # The session itself holds rows weakly; held here, it is read again only when it has expired.
    session.info[GridVersion] = row
    return None if row is None else row.version


def renew_grid_version(session: Session) -> None:
    """Make every index in every process stale once this transaction commits.

    Whoever changes a cell, a compound or an outline calls it in the same transaction.
    """
    row = session.get(GridVersion, _ROW)
    if row is None:
        session.add(GridVersion(id=_ROW, version=new_id()))
    else:
        row.version = new_id()
