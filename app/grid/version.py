"""The version of the map: which indexes in memory are still true."""

from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.grid.models import GridVersion
from app.kernel.ids import new_id

_ROW = 1
_ASKED = select(GridVersion).where(GridVersion.id == _ROW)


def grid_version(session: Session) -> UUID | None:
    """The version in this transaction's eyes, one query by key in all; None before any load."""
    row: GridVersion | None = session.info.get(GridVersion)
    if row is None or row not in session or inspect(row).expired:
        row = session.scalar(_ASKED)
        keep_grid_version(session, row)
    return None if row is None else row.version


def keep_grid_version(session: Session, row: GridVersion | None) -> None:
    """Hold the row, which came with something else, so that nobody asks for it until it expires.

    The session itself holds rows weakly.
    """
    session.info[GridVersion] = row


def renew_grid_version(session: Session) -> None:
    """Make every index in every process stale once this transaction commits.

    Whoever changes a cell, a compound or an outline calls it in the same transaction.
    """
    row = session.get(GridVersion, _ROW)
    if row is None:
        session.add(GridVersion(id=_ROW, version=new_id()))
    else:
        row.version = new_id()
