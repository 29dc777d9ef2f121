"""A township written down as the folder that loads it: what is in force on one day.

The county, its enforcement bodies and the companies in contract go along, as far as the township
needs them to be loaded where nothing is known yet; the county's own people do not.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.grid.models import (
    AREA_LABELS,
    COMPOUND_KIND_LABELS,
    Cell,
    CellOutline,
    CellWarden,
    Checkpoint,
    CompanyContract,
    Compound,
)
from app.grid.township.fields import NO_PHONE
from app.grid.township.reading import CHECKPOINTS, COMPOUNDS, ORGANISATIONS, PEOPLE, Table
from app.people.models import (
    ORGANISATION_TYPE_LABELS,
    ROLE_LABELS,
    Organisation,
    OrganisationType,
    Person,
    Post,
    Role,
)

_LEVELS = tuple(OrganisationType)
Row = Sequence[object]


@dataclass
class Exported:
    """How many rows went into each file, and what the format cannot say."""

    counts: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def export_township(
    session: Session, town: Organisation, folder: Path, *, day: date, but_posts: set[UUID]
) -> Exported:
    """Writes the township's six files into a folder; `but_posts` are left out: a deputy's."""
    done = Exported()
    organisations = _organisations(session, town, day)
    known = {one.id: one for one in organisations}
    _table(folder, ORGANISATIONS, _organisation_rows(organisations), done)
    people = _people(session, known, day, but_posts, done)
    _table(folder, PEOPLE, people, done)
    compounds = list(session.scalars(_of_town(Compound, town).where(Compound.in_service(day))))
    _table(folder, COMPOUNDS, _compound_rows(session, compounds, known, day), done)
    _table(folder, CHECKPOINTS, _checkpoint_rows(session, compounds, day), done)
    outlines = [({"code": c.code}, c.outline) for c in compounds if c.outline is not None]
    _features(folder / "compounds.geojson", outlines, done)
    _features(folder / "cells.geojson", _cells(session, town, day, done), done)
    return done


def _organisations(session: Session, town: Organisation, day: date) -> list[Organisation]:
    """The county first, then what hangs on it, then the township's own; by code."""
    in_use = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    contracted = (
        select(CompanyContract.company_id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(Organisation.town_id == town.id, CompanyContract.in_force(day))
    )
    wanted = or_(
        Organisation.type == OrganisationType.county,
        and_(Organisation.type == OrganisationType.enforcement_body, in_use),
        Organisation.id.in_(contracted),
        and_(Organisation.town_id == town.id, in_use),
    )
    found = session.scalars(select(Organisation).where(wanted))
    return sorted(found, key=_place_in_file)


def _place_in_file(one: Organisation) -> tuple[bool, int, str]:
    return one.town_id is not None, _LEVELS.index(one.type), one.code


def _organisation_rows(organisations: Iterable[Organisation]) -> Iterator[Row]:
    codes = {one.id: one.code for one in organisations}
    for one in organisations:
        parent = codes[one.parent_id] if one.parent_id else ""
        yield one.code, parent, one.name, ORGANISATION_TYPE_LABELS[one.type]


def _people(
    session: Session, known: dict[UUID, Organisation], day: date, but: set[UUID], done: Exported
) -> Iterator[Row]:
    county = [one.id for one in known.values() if one.type is OrganisationType.county]
    rows = session.execute(
        select(Post, Person)
        .join(Person, Person.id == Post.person_id)
        .where(Post.organisation_id.in_(set(known) - set(county)), Post.in_force(day))
        .order_by(Person.username, Post.role, Post.organisation_id)
    )
    for post, person in rows:
        if post.id in but:
            continue
        if person.deactivated_at is not None:
            done.remarks.append(f"{person.username} {person.name} 的账号已停用，没有写入")
            continue
        home = known[post.organisation_id]
        phone = person.phone or NO_PHONE
        yield person.username, person.name, phone, home.code, ROLE_LABELS[post.role]


def _compound_rows(
    session: Session, compounds: list[Compound], known: dict[UUID, Organisation], day: date
) -> Iterator[Row]:
    ids = [compound.id for compound in compounds]
    contracts = session.execute(
        select(CompanyContract.compound_id, CompanyContract.company_id).where(
            CompanyContract.compound_id.in_(ids), CompanyContract.in_force(day)
        )
    )
    companies = {compound_id: known[company_id].code for compound_id, company_id in contracts}
    for one in compounds:
        kind, home = COMPOUND_KIND_LABELS[one.kind], known[one.organisation_id].code
        company = companies.get(one.id, "")
        yield one.code, one.name, home, company, kind, one.buildings, one.households


def _checkpoint_rows(session: Session, compounds: list[Compound], day: date) -> Iterator[Row]:
    codes = {compound.id: compound.code for compound in compounds}
    found = session.scalars(
        select(Checkpoint).where(Checkpoint.compound_id.in_(codes), Checkpoint.in_service(day))
    )
    for one in sorted(found, key=lambda each: (codes[each.compound_id], each.position)):
        yield codes[one.compound_id], one.name, AREA_LABELS[one.area]


def _cells(
    session: Session, town: Organisation, day: date, done: Exported
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    asked = select(CellOutline.cell_id, CellOutline.outline).where(CellOutline.in_force(day))
    outlines = {cell_id: outline for cell_id, outline in session.execute(asked)}
    wardens = _wardens(session, day)
    for cell in session.scalars(_of_town(Cell, town).where(Cell.in_service(day))):
        if cell.id not in outlines:
            done.remarks.append(f"网格 {cell.code} {cell.name} 没有轮廓，没有写入")
            continue
        said = {"code": cell.code, "name": cell.name, "organisation": cell.organisation.code}
        yield {**said, "wardens": wardens.get(cell.id, [])}, outlines[cell.id]


def _wardens(session: Session, day: date) -> dict[UUID, list[str]]:
    """The usernames of each cell's wardens who are still wardens of its community."""
    rows = session.execute(
        select(CellWarden.cell_id, Person.username)
        .join(Cell, Cell.id == CellWarden.cell_id)
        .join(Person, Person.id == CellWarden.person_id)
        .join(Post, Post.person_id == Person.id)
        .where(
            CellWarden.in_force(day),
            Post.in_force(day),
            Post.role == Role.warden,
            Post.organisation_id == Cell.organisation_id,
            Person.deactivated_at.is_(None),
        )
        .order_by(CellWarden.cell_id, CellWarden.id)
    )
    found: dict[UUID, list[str]] = {}
    for cell_id, username in rows:
        names = found.setdefault(cell_id, [])
        if username not in names:
            names.append(username)
    return found


def _of_town(kind: Any, town: Organisation) -> Select[Any]:
    home = Organisation.id == kind.organisation_id
    in_town = select(kind).join(Organisation, home).where(Organisation.town_id == town.id)
    return in_town.order_by(kind.code)


def _table(folder: Path, table: Table, rows: Iterable[Row], done: Exported) -> None:
    with open(folder / table.file, "w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(table.columns)
        count = 0
        for count, row in enumerate(rows, start=1):  # noqa: B007
            writer.writerow(row)
    done.counts[table.chinese_name] = count


def _features(
    path: Path, found: Iterable[tuple[dict[str, Any], dict[str, Any]]], done: Exported
) -> None:
    """A FeatureCollection, a feature on each line."""
    features = [
        json.dumps({"type": "Feature", "properties": said, "geometry": shape}, ensure_ascii=False)
        for said, shape in found
    ]
    text = ",\n".join(features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n', "utf-8")
    done.counts["网格" if path.name.startswith("cells") else "小区轮廓"] = len(features)
