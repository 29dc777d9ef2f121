"""What the files no longer name: told always, closed with today's date when asked for."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.grid.models import CellOutline, CellWarden, Checkpoint, CompanyContract, Compound
from app.grid.township.rows import CheckedTownship
from app.grid.township.run import LoadRun
from app.people.models import ROLE_LABELS, GroupScope, Organisation, Person, Post


class Retirable(Protocol):
    """A row that is retired with a date."""

    retired_on: Any


R = TypeVar("R", bound=Retirable)


def settle_missing(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    """Report, and when `close` retire, what is in force in this township and not in the files."""
    run.report.missing_closed = close
    _settle_posts(run, township, close=close)
    _settle_checkpoints(run, township, close=close)
    _settle_compounds(run, township, close=close)
    _settle_cells(run, township, close=close)
    _settle_organisations(run, township, close=close)


def count_posts(run: LoadRun) -> None:
    """Before anything is written: how many posts the township has."""
    own = [o.id for o in run.organisations.values() if run.is_own(o)]
    held = select(func.count()).select_from(Post)
    held = held.where(
        Post.organisation_id.in_(own), Post.in_force(run.today), Post.id.not_in(run.but_posts)
    )
    run.report.standing["岗位"] = run.session.scalar(held) or 0


def _settle_posts(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    named = {(row.username, row.role, row.organisation_code) for row in township.posts}
    own = [o.id for o in run.organisations.values() if run.is_own(o)]
    rows = run.session.execute(
        select(Post, Person, Organisation)
        .join(Person, Person.id == Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(
            Post.organisation_id.in_(own),
            Post.in_force(run.today),
            Post.id.not_in(run.but_posts),
        )
        .order_by(Organisation.code, Person.username)
    )
    for post, person, home in rows.all():
        if (person.username, post.role, home.code) in named:
            continue
        label = ROLE_LABELS[post.role]
        run.report.missing.append(f"岗位 {person.username} {person.name}（{home.name}{label}）")
        if close:
            run.end("岗位", post)


def _settle_checkpoints(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    named = {(row.compound_code, row.name) for row in township.checkpoints}
    compounds = {compound.id: compound for compound in run.compounds.values()}
    rows = run.session.scalars(
        select(Checkpoint)
        .where(Checkpoint.compound_id.in_(list(compounds)), Checkpoint.retired_on.is_(None))
        .order_by(Checkpoint.compound_id, Checkpoint.position)
    )
    for checkpoint in rows.all():
        compound = compounds[checkpoint.compound_id]
        if (compound.code, checkpoint.name) not in named:
            run.report.missing.append(f"点位 {compound.code} {checkpoint.name}")
            _retire(run, "点位", checkpoint, close=close)


def _settle_compounds(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    named = {row.code for row in township.compounds}
    gone = []
    used = _in_use(run.compounds.values())
    _count_standing(run, "小区", len(used))
    for compound in used:
        if compound.code not in named:
            gone.append(compound)
            run.report.missing.append(f"小区 {compound.code} {compound.name}")
            _retire(run, "小区", compound, close=close)
        elif compound.outline is not None and compound.code not in township.compound_outlines:
            _settle_outline(run, compound, close=close)
    if close and gone:
        of_gone = CompanyContract.compound_id.in_([compound.id for compound in gone])
        _end_all(run, "物业合同", select(CompanyContract).where(of_gone))


def _settle_outline(run: LoadRun, compound: Compound, *, close: bool) -> None:
    run.report.missing.append(f"小区轮廓 {compound.code} {compound.name}")
    if close:
        compound.outline = None
        run.report.closed["小区轮廓"] += 1


def _settle_cells(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    named = {row.code for row in township.cells}
    coming = _planned_cells(run)
    used = [cell for cell in _in_use(run.cells.values()) if cell.id not in coming]
    _count_standing(run, "网格", len(used))
    gone = [cell for cell in used if cell.code not in named]
    for cell in gone:
        run.report.missing.append(f"网格 {cell.code} {cell.name}")
        _retire(run, "网格", cell, close=close)
    if close and gone:
        ids = [cell.id for cell in gone]
        _end_all(run, "网格轮廓", select(CellOutline).where(CellOutline.cell_id.in_(ids)))
        _end_all(run, "网格员分工", select(CellWarden).where(CellWarden.cell_id.in_(ids)))


def _planned_cells(run: LoadRun) -> set[UUID]:
    """Cells that a redrawing will make: not there yet, so that no file can name them."""
    ids = [cell.id for cell in run.cells.values()]
    of_them = CellOutline.cell_id.in_(ids)
    begun = select(CellOutline.cell_id).where(of_them, CellOutline.from_on <= run.today)
    coming = set(run.planned_starts(CellOutline.cell_id, ids))
    return coming - set(run.session.scalars(begun))


def _settle_organisations(run: LoadRun, township: CheckedTownship, *, close: bool) -> None:
    named = {row.code for row in township.organisations}
    own = [o for o in run.organisations.values() if run.is_own(o)]
    gone = [o for o in _in_use(own) if o.code not in named]
    for organisation in gone:
        run.report.missing.append(f"组织 {organisation.code} {organisation.name}")
        _retire(run, "组织", organisation, close=close)
    if close and gone:
        ids = [organisation.id for organisation in gone]
        given = or_(GroupScope.group_id.in_(ids), GroupScope.organisation_id.in_(ids))
        _end_all(run, "管理组范围", select(GroupScope).where(given))


def _count_standing(run: LoadRun, kind: str, used: int) -> None:
    """Of those in use now, what was there before this load."""
    run.report.standing[kind] = used - run.report.made[kind]


def _in_use(rows: Iterable[R]) -> list[R]:
    return [row for row in rows if row.retired_on is None]


def _retire(run: LoadRun, kind: str, row: Retirable, *, close: bool) -> None:
    if close:
        row.retired_on = run.today
        run.report.closed[kind] += 1


def _end_all(run: LoadRun, kind: str, dated_rows: Select[Any]) -> None:
    """End the rows of a table of dated rows that hold today."""
    for row in run.session.scalars(dated_rows).all():
        if row.holds_on(run.today):
            run.end(kind, row)
