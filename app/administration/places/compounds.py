"""Verbs about compounds: make, change, retire with a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyTaken, OrganisationMisplaced, OutlineFaulty
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import refuse_ending, refuse_retired
from app.administration.places.checkpoints import add_checkpoint
from app.administration.presenting.places import compound_state
from app.grid.models import Area, Cell, CellOutline, CompanyContract, Compound, CompoundKind
from app.grid.queries import compound_by_code
from app.grid.township.outlines import polygon_of
from app.grid.version import renew_grid_version
from app.kernel.dated import day_from
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType


@dataclass(frozen=True, slots=True)
class CompoundContent:
    """What a compound says; the outline is GeoJSON in WGS-84 or unknown."""

    name: str
    organisation: Organisation
    kind: CompoundKind
    buildings: int
    households: int
    outline: dict[str, Any] | None


def _refuse_settlement_in_town(content: CompoundContent) -> None:
    """What is walked every week must not become a settlement, which need not be."""
    is_community = content.organisation.type is OrganisationType.community
    if content.kind is CompoundKind.settlement and is_community:
        detail = "居民点只用于村里的，社区的请选别的类型。"
        raise OrganisationMisplaced(detail, fields={"kind": [detail]})


def make_compound(
    session: Session,
    code: str,
    content: CompoundContent,
    *,
    in_service_on: date | None,
    checkpoints: Sequence[tuple[str, Area]] = (),
    act: Act,
) -> Compound:
    """A new compound, in service from a day on; raises AlreadyTaken or what is wrong with it."""
    start = day_from(in_service_on, today=act.today, field="in_service_on")
    if compound_by_code(session, code) is not None:
        raise AlreadyTaken(f"编码 {code} 已有小区使用。", fields={"code": ["已被使用"]})
    refuse_ending(content.organisation)
    _refuse_settlement_in_town(content)
    compound = Compound(code=code, in_service_on=start, **_columns(session, content, day=act.today))
    compound.organisation = content.organisation
    session.add(compound)
    session.flush()
    record_change(
        session, act, subject_of(compound), ChangeKind.create, after=compound_state(compound)
    )
    for name, area in checkpoints:
        add_checkpoint(session, compound, name=name, area=area, act=act)
    renew_grid_version(session)
    return compound


def change_compound(
    session: Session, compound: Compound, content: CompoundContent, *, act: Act
) -> None:
    """Give a compound its whole new state; it stays in its township. Raises AlreadyRetired."""
    refuse_retired(compound.retired_on, act)
    if content.organisation.town_id != compound.organisation.town_id:
        detail = "小区不能改到另一个镇。"
        raise OrganisationMisplaced(detail, fields={"organisation": [detail]})
    if content.organisation.id != compound.organisation_id:
        refuse_ending(content.organisation)
    if (content.kind, content.organisation.id) != (compound.kind, compound.organisation_id):
        _refuse_settlement_in_town(content)
    before = compound_state(compound)
    for name, value in _columns(session, content, day=act.today).items():
        setattr(compound, name, value)
    compound.organisation = content.organisation
    session.flush()
    after = compound_state(compound)
    record_change(session, act, subject_of(compound), ChangeKind.change, before=before, after=after)
    if before != after:
        renew_grid_version(session)


def retire_compound(session: Session, compound: Compound, *, on: date | None, act: Act) -> None:
    """Take a compound out of service on a day; its contracts end with it."""
    refuse_retired(compound.retired_on, act)
    day = day_from(on, today=act.today, field="on")
    before = compound_state(compound)
    compound.retired_on = day
    contracts = session.scalars(
        select(CompanyContract).where(CompanyContract.compound_id == compound.id)
    )
    for contract in contracts:
        if contract.to_on is None or contract.to_on > day:
            contract.to_on = max(day, contract.from_on)
    session.flush()
    after = compound_state(compound)
    record_change(session, act, subject_of(compound), ChangeKind.retire, before=before, after=after)
    renew_grid_version(session)


def subject_of(compound: Compound, kind: SubjectKind = SubjectKind.compound) -> Subject:
    """What the log says a change of a compound, or of something of it, is about."""
    return Subject(kind, compound.code, compound.organisation)


def _columns(session: Session, content: CompoundContent, *, day: date) -> dict[str, Any]:
    home = content.organisation
    if home.type not in COMMUNITY_TYPES:
        detail = f"{home.name}不是社区或村。"
        raise OrganisationMisplaced(detail, fields={"organisation": [detail]})
    return {
        "name": content.name,
        "organisation_id": home.id,
        "kind": content.kind,
        "buildings": content.buildings,
        "households": content.households,
        "outline": _tidy_outline(session, content, day),
    }


def _tidy_outline(session: Session, content: CompoundContent, day: date) -> dict[str, Any] | None:
    """The outline checked as the loading of a township checks it; raises OutlineFaulty."""
    if content.outline is None:
        return None
    drawn = polygon_of(content.outline)
    if isinstance(drawn, str):
        raise OutlineFaulty(drawn, fields={"outline": [drawn]})
    ground = _ground_of(session, content.organisation, day)
    if ground and not any(drawn[0].intersects(one) for one in ground):
        detail = "轮廓不在所属社区的任何网格里"
        raise OutlineFaulty(detail, fields={"outline": [detail]})
    return drawn[1]


def _ground_of(session: Session, community: Organisation, day: date) -> list[BaseGeometry]:
    rows = session.scalars(
        select(CellOutline.outline)
        .join(Cell, Cell.id == CellOutline.cell_id)
        .where(Cell.organisation_id == community.id, CellOutline.in_force(day))
    )
    return [shape(outline) for outline in rows]
