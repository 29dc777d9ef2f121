"""Loading a township: read, check, and only then write."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.grid.township.checking import checked_township
from app.grid.township.known import what_is_known
from app.grid.township.planned import PlannedRedrawings
from app.grid.township.reading import read_township
from app.grid.township.report import LoadReport
from app.grid.township.retiring import count_posts, settle_missing
from app.grid.township.rows import CheckedTownship
from app.grid.township.run import LoadRun
from app.grid.township.writing_cells import write_cells
from app.grid.township.writing_compounds import write_compounds
from app.grid.township.writing_people import write_organisations, write_people
from app.grid.version import renew_grid_version
from app.kernel.clock import shanghai_day
from app.kernel.turns import Turn, take_turn
from app.people.models import Organisation


def check_township(
    session: Session, directory: Path, *, today: date, retire_missing: bool = False
) -> CheckedTownship:
    """The township in the folder, checked against itself and the database; nothing is written.

    Raises TownshipFaults with every fault.
    """
    known = what_is_known(session, day=today)
    return checked_township(read_township(directory), known, retire_missing=retire_missing)


def load_township(
    session: Session,
    directory: Path,
    *,
    now: datetime,
    retire_missing: bool = False,
    but_posts: Collection[UUID] = (),
) -> LoadReport:
    """Make the database agree with the folder for its one township, from today (Shanghai) on.

    Known rows are updated, changed contracts, outlines and wardens end today and new ones start.
    What the files no longer name is reported, and with `retire_missing` closed with today's date,
    in this township only; but not `but_posts`, a deputy's, which no file names. The county's rows
    are made when missing and never changed. What is planned for later stays. Raises TownshipFaults
    with every fault: nothing is to be kept then.
    """
    today = shanghai_day(now)
    take_turn(session, Turn.administration)
    township = check_township(session, directory, today=today, retire_missing=retire_missing)
    return write_township_rows(
        session, township, today=today, retire_missing=retire_missing, but_posts=but_posts
    )


def write_township_rows(
    session: Session,
    township: CheckedTownship,
    *,
    today: date,
    retire_missing: bool,
    but_posts: Collection[UUID] = (),
) -> LoadReport:
    """Write a township that was checked; rolled back by the caller, it is a rehearsal.

    Raises TownshipFaults when a planned redrawing would no longer fit.
    """
    run = _begun(session, township, today)
    run.but_posts = but_posts
    planned = PlannedRedrawings(session, today=today)
    count_posts(run)
    write_organisations(run, township.organisations)
    write_people(run, township.posts)
    write_compounds(run, township)
    write_cells(run, township.cells)
    settle_missing(run, township, close=retire_missing)
    session.flush()
    planned.refuse_broken()
    if run.report.changed_anything:
        renew_grid_version(session)
    session.flush()
    return run.report


def _begun(session: Session, township: CheckedTownship, today: date) -> LoadRun:
    """The run with the organisations it may name: the county's and the township's own."""
    own = select(Organisation.id).where(Organisation.code == township.town_code).scalar_subquery()
    found = session.scalars(
        select(Organisation).where(or_(Organisation.town_id.is_(None), Organisation.town_id == own))
    )
    name = next(o.name for o in township.organisations if o.code == township.town_code)
    report = LoadReport(township.town_code, name)
    return LoadRun(session, today, report, {o.code: o for o in found})
