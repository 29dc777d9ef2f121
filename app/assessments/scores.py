"""The scores of a township's peer group in a period, computed from what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from app.assessments.periods import Stretch
from app.assessments.reading.tickets import fact_of, ids_by_subject
from app.assessments.reading.work import (
    NOBODY,
    OF_UNITS,
    Asked,
    Line,
    Reads,
    coverage_of_compounds,
)
from app.assessments.rules import Fact, Scored, scored_by, total_of
from app.catalogue.assessments.models import KPI_SOURCES, Source, Subject
from app.catalogue.assessments.queries import Scheme
from app.grid.models import WALKED_WEEKLY, Compound
from app.people.models import Organisation, OrganisationType
from app.rounds.coverage_queries import DueRules
from app.tickets.figures.behind import Ids
from app.tickets.figures.grouping import By
from app.tickets.figures.scope import Scope

UNITS = {
    Subject.community: (OrganisationType.community, OrganisationType.resettlement_village),
    Subject.village: (OrganisationType.village,),
}
"""A resettlement village is scored among communities: it has compounds and the same duties."""

GROUPED = {
    Subject.community: By.organisation,
    Subject.village: By.organisation,
    Subject.company: By.responsible,
    Subject.compound: By.compound,
}


@dataclass(frozen=True)
class Scoree:
    """Who or what is scored; `community_id` is where it belongs, None for a company."""

    id: UUID
    code: str
    name: str
    community_id: UUID | None
    organisation_id: UUID | None = None
    compound_id: UUID | None = None
    community_code: str | None = None


@dataclass(frozen=True)
class Score:
    """A score with its items, the lines behind those that are no KPI, and the ids behind KPIs."""

    scoree: Scoree
    items: list[Scored]
    lines: dict[Source, list[Line]]
    counted: Ids = field(default_factory=dict)

    @property
    def total(self) -> int:
        """In hundredths of a point."""
        return total_of(self.items)


def scores_of(
    session: Session, town: Organisation, scheme: Scheme, stretch: Stretch, rules: DueRules
) -> list[Score]:
    """The scores of a peer group by code. A dozen queries, however many are scored."""
    sources = [item.source for item in scheme.items]
    by = GROUPED[scheme.subject]
    scope = Scope(NOBODY, stretch.today, town)
    behind = ids_by_subject(session, scope, stretch.figures, by, sources)
    asked = Asked(session, town, stretch, rules)
    scorees, reads = _scorees_with_work(asked, scheme, behind)
    return [_score(scheme, one, behind.get(one.id, {}), reads) for one in scorees]


def _scorees_with_work(
    asked: Asked, scheme: Scheme, behind: dict[Any, Ids]
) -> tuple[list[Scoree], dict[Source, Reads]]:
    others = [item.source for item in scheme.items if item.source not in KPI_SOURCES]
    if scheme.subject is Subject.company:
        return _companies(asked, [key for key in behind if key is not None]), {}
    if scheme.subject is Subject.compound:
        compounds = _compounds(asked)
        reads = {source: coverage_of_compounds(asked, compounds) for source in others}
        return [_of_compound(one) for one in compounds], reads
    units = _units(asked, UNITS[scheme.subject])
    return [_of_unit(one) for one in units], {s: OF_UNITS[s](asked, units) for s in others}


def _score(scheme: Scheme, one: Scoree, ids: Ids, reads: dict[Source, Reads]) -> Score:
    facts: dict[Source, Fact] = {}
    lines: dict[Source, list[Line]] = {}
    for item in scheme.items:
        if item.source in KPI_SOURCES:
            facts[item.source] = fact_of(item.source, ids)
        elif one.id in reads[item.source]:
            read = reads[item.source][one.id]
            facts[item.source], lines[item.source] = read.fact, read.lines
    return Score(one, scored_by(scheme, facts), lines, ids)


def _units(asked: Asked, types: Sequence[OrganisationType]) -> Sequence[Organisation]:
    lasts = Organisation.retired_on.is_(None)
    there = or_(lasts, Organisation.retired_on > asked.stretch.judged_on)
    wanted = select(Organisation).where(asked.area.holds(), Organisation.type.in_(types), there)
    return asked.session.scalars(wanted.order_by(Organisation.code)).all()


def _of_unit(unit: Organisation) -> Scoree:
    return Scoree(unit.id, unit.code, unit.name, unit.id, organisation_id=unit.id)


def _companies(asked: Asked, ids: Sequence[UUID]) -> list[Scoree]:
    """Those that had something to put right in the township in the period."""
    company = Organisation.type == OrganisationType.property_company
    wanted = select(Organisation).where(Organisation.id.in_(ids), company)
    found = asked.session.scalars(wanted.order_by(Organisation.code))
    return [Scoree(one.id, one.code, one.name, None, organisation_id=one.id) for one in found]


def _compounds(asked: Asked) -> Sequence[Compound]:
    wanted = (
        select(Compound)
        .join(Compound.organisation)
        .options(contains_eager(Compound.organisation))
        .where(asked.area.holds(), Compound.kind.in_(sorted(WALKED_WEEKLY)))
        .where(Compound.in_service(asked.stretch.judged_on))
        .order_by(Compound.code)
    )
    return asked.session.scalars(wanted).all()


def _of_compound(one: Compound) -> Scoree:
    home = one.organisation
    return Scoree(
        one.id,
        one.code,
        one.name,
        one.organisation_id,
        compound_id=one.id,
        community_code=home.code,
    )
