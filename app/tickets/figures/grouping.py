"""What figures are told apart by: never by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SQLColumnExpression, false, literal, select
from sqlalchemy.orm import Session

from app.catalogue.queries import categories_in_force
from app.grid.models import Compound
from app.people.models import Organisation
from app.tickets.figures.definitions import Denominator
from app.tickets.figures.rules import Condition
from app.tickets.figures.scope import Scope, charged_organisation
from app.tickets.models import SOURCE_LABELS, Source, Ticket
from app.tickets.narrowing import NONE


class By(StrEnum):
    """What the figures are told apart by; an organisation is a town in the county's figures, else a
    community or village."""

    organisation = "organisation"
    category = "category"
    responsible = "responsible"
    compound = "compound"
    source = "source"


@dataclass(frozen=True)
class Group:
    """One of the groups: its code (`-` for none) and what people call it."""

    code: str
    name: str


def group_key(
    by: By | None, denominator: Denominator, *, countywide: bool
) -> SQLColumnExpression[Any]:
    """What a leg or ticket is grouped by."""
    match by:
        case None:
            return literal("")
        case By.organisation:
            return Ticket.town_id if countywide else Ticket.community_id
        case By.category:
            return Ticket.category_code
        case By.responsible:
            return charged_organisation(denominator)
        case By.compound:
            return Ticket.compound_id
        case By.source:
            return Ticket.source


def is_in_group(by: By, code: str, denominator: Denominator, scope: Scope) -> Condition:
    """The condition that a leg or ticket is in the group with a code."""
    key = group_key(by, denominator, countywide=scope.countywide)
    if code == NONE:
        return key.is_(None)
    if by is By.source:
        return key == Source(code) if code in SOURCE_LABELS else false()
    if by is By.category:
        return key == code
    kind = Compound if by is By.compound else Organisation
    return key == select(kind.id).where(kind.code == code).scalar_subquery()


def named_groups(
    session: Session, by: By | None, keys: Iterable[Any], scope: Scope
) -> dict[Any, Group]:
    """The groups of some keys, in their order; at most one query."""
    known = list(dict.fromkeys(keys))
    match by:
        case None:
            return {}
        case By.source:
            found = {source: Group(source.value, SOURCE_LABELS[source]) for source in Source}
            return {source: group for source, group in found.items() if source in known}
        case By.category:
            names = {each.code: each.name for each in categories_in_force(session, day=scope.day)}
            return {code: Group(code, names.get(code, code)) for code in sorted(known)}
        case By.compound:
            return _by_id(session, Compound, known)
        case _:
            return _by_id(session, Organisation, known)


def _by_id(
    session: Session, kind: type[Compound] | type[Organisation], known: list[UUID | None]
) -> dict[Any, Group]:
    """By code; what is in none comes last."""
    asked = select(kind.id, kind.code, kind.name).where(kind.id.in_([one for one in known if one]))
    rows = session.execute(asked.order_by(kind.code)).all()
    found: dict[Any, Group] = {row.id: Group(row.code, row.name) for row in rows}
    return {**found, None: Group(NONE, "不在小区内")} if None in known else found
