"""The version of the map: which indexes in memory are still true."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import GridVersion
from app.kernel.ids import new_id
from app.kernel.stamps import Stamp

_ROW = 1

MAP = Stamp("map", select(GridVersion.version).where(GridVersion.id == _ROW))


def renew_grid_version(session: Session) -> None:
    """Make every index in every process stale once this transaction commits.

    Whoever changes a cell, a compound or an outline calls it in the same transaction.
    """
    row = session.get(GridVersion, _ROW)
    if row is None:
        session.add(GridVersion(id=_ROW, version=new_id()))
    else:
        row.version = new_id()
    MAP.forget(session)
