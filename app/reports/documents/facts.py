"""What a document is about: figures with both of their numbers, and the cases chosen for it.

Everything is taken at one instant and kept with the document, so that it can be held against what
it says; nothing names a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.catalogue.kpis import KpiCode
from app.catalogue.pauses import weeks_paused
from app.grid.models import AREA_LABELS, CompoundKind
from app.grid.queries import under_organisation
from app.kernel.clock import SHANGHAI, iso_week, shanghai_day
from app.people.access import Actor
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.photos.evidence import PhotoRole
from app.photos.models import Photo
from app.reports.periods import Days, day_said
from app.reports.pictures import picture_key
from app.rounds.coverage import Figures as Covered
from app.rounds.coverage import has_begun
from app.rounds.coverage_queries import DueRules, coverage_figures
from app.rounds.queries import Scope as Walked
from app.tickets.fetching import photos_of, tickets_named
from app.tickets.figures.behind import Ids, ids_counted
from app.tickets.figures.counting import Figure, Period, figures_by_group, summed
from app.tickets.figures.definitions import KPIS, Kpi
from app.tickets.figures.grouping import By, named_groups
from app.tickets.figures.scope import Scope
from app.tickets.models import Ticket

Json = dict[str, Any]
AREAS = {OrganisationType.county: "全县", OrganisationType.town: "全镇"}
NOBODY = Actor(UUID(int=0), "", "", ())


@dataclass(frozen=True)
class Area(Walked):
    """All rounds of an organisation, for a document that somebody else was allowed to make."""

    def holds(self) -> ColumnElement[bool]:
        """The condition on an Organisation row that it is in the area."""
        assert self.organisation is not None
        return under_organisation(self.organisation, day=self.day)


@dataclass(frozen=True)
class Asked:
    """Whose document, of which days, seen when, and what is walked weekly."""

    session: Session
    organisation: Organisation
    days: Days
    now: datetime
    kinds: frozenset[CompoundKind]

    @property
    def scope(self) -> Scope:
        """Whose figures."""
        return Scope(NOBODY, shanghai_day(self.now), self.organisation)

    @property
    def period(self) -> Period:
        """Of which days."""
        return Period(self.days.first, self.days.last, self.now)


def bulletin_facts(asked: Asked, cases: Sequence[UUID]) -> Json:
    """All that a bulletin says, as JSON."""
    by_unit = figures_by_group(asked.session, asked.scope, asked.period, By.organisation)
    by_path = _coverage_by_path(asked)
    return {
        "organisation": asked.organisation.name,
        "area": AREAS.get(asked.organisation.type, asked.organisation.name),
        "said": asked.days.said,
        "as_of": _day_said(asked.now),
        "kpis": [_kpi_json(kpi, figure) for kpi, figure in summed(by_unit.values()).items()],
        "units": _units(asked, by_unit, by_path),
        "categories": _categories(asked),
        "coverage": coverage_json(by_path, _weeks(asked)),
        "cases": [_case_json(asked.session, ticket) for ticket in _in_order(asked.session, cases)],
    }


def counted_behind(asked: Asked) -> Ids:
    """The ids of the legs and tickets behind the figures."""
    return ids_counted(asked.session, asked.scope, asked.period)


def _kpi_json(kpi: Kpi, figure: Figure) -> Json:
    return {
        "code": kpi.code.value,
        "name": kpi.name,
        "rule": kpi.says,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
    }


def _units(
    asked: Asked,
    by_unit: Mapping[Any, Mapping[Kpi, Figure]],
    by_path: Mapping[str, Mapping[str, Covered]],
) -> list[Json]:
    """A line for each unit below that has figures or compounds to walk, by code."""
    lines = {unit.id: unit for unit in _lines(asked)}
    names = named_groups(asked.session, By.organisation, by_unit, asked.scope)
    found = []
    for unit_id in {**lines, **names}:
        unit, figures = lines.get(unit_id), by_unit.get(unit_id, {})
        covered = _below(by_path, unit.path) if unit else Covered()
        if not figures and not covered.due:
            continue
        name = unit.name if unit else names[unit_id].name
        found.append({"name": name, **_unit_json(figures, covered)})
    return found


def _lines(asked: Asked) -> Sequence[Organisation]:
    above = asked.organisation
    kinds = COMMUNITY_TYPES
    if above.type is OrganisationType.county:
        kinds = frozenset({OrganisationType.town})
    within = under_organisation(above, day=shanghai_day(asked.now))
    wanted = select(Organisation).where(within, Organisation.type.in_(sorted(kinds)))
    return asked.session.scalars(wanted.order_by(Organisation.code)).all()


def _unit_json(figures: Mapping[Kpi, Figure], covered: Covered) -> Json:
    by_code = {kpi.code: figure for kpi, figure in figures.items()}

    def share(code: KpiCode) -> Json:
        figure = by_code.get(code, Figure(0, 0))
        return {"numerator": figure.numerator, "denominator": figure.denominator}

    return {
        "reported": share(KpiCode.valid_reports)["denominator"],
        **{
            code.value: share(code)
            for code in (
                KpiCode.rectified,
                KpiCode.rectified_in_time,
                KpiCode.closed,
                KpiCode.reworked,
            )
        },
        "coverage": {"numerator": covered.covered, "denominator": covered.due},
    }


def _categories(asked: Asked) -> list[Json]:
    """How many were reported of each category, the most first."""
    found = figures_by_group(asked.session, asked.scope, asked.period, By.category)
    names = named_groups(asked.session, By.category, found, asked.scope)
    reported = next(kpi for kpi in KPIS if kpi.code is KpiCode.valid_reports)
    counts = [(names[key].name, figures[reported].denominator) for key, figures in found.items()]
    counts = [one for one in counts if one[1]]
    return [
        {"name": name, "count": count}
        for name, count in sorted(counts, key=lambda one: (-one[1], one[0]))
    ]


def _weeks(asked: Asked) -> list[str]:
    """The ISO weeks that are mostly in the days (by their Thursday) and have begun."""
    days = (asked.days.last - asked.days.first).days + 1
    every = (asked.days.first + timedelta(days=n) for n in range(days))
    weeks = [iso_week(day) for day in every if day.isoweekday() == 4]
    return [week for week in weeks if has_begun(week, asked.now)]


def _coverage_by_path(asked: Asked) -> Mapping[str, Mapping[str, Covered]]:
    weeks = _weeks(asked)
    if not weeks:
        return {}
    area = Area(NOBODY, shanghai_day(asked.now), asked.organisation)
    rules = DueRules(asked.kinds, weeks_paused(asked.session))
    return coverage_figures(asked.session, area, weeks, rules)


def coverage_json(by_path: Mapping[str, Mapping[str, Covered]], weeks: Sequence[str]) -> Json:
    """Due, covered and walked again in some weeks, one by one and together."""
    total = _below(by_path, "")
    return {
        "weeks": list(weeks),
        "due": total.due,
        "covered": total.covered,
        "walked": total.walked,
        "with_problems": total.with_problems,
    }


def _below(by_path: Mapping[str, Mapping[str, Covered]], path: str) -> Covered:
    found = (weeks.values() for at, weeks in by_path.items() if at.startswith(path))
    return sum((one for weeks in found for one in weeks), Covered())


def _in_order(session: Session, ids: Sequence[UUID]) -> Iterable[Ticket]:
    there = set(session.scalars(select(Ticket.id).where(Ticket.id.in_(ids))))
    return tickets_named(session, [one for one in ids if one in there])


def _case_json(session: Session, ticket: Ticket) -> Json:
    used = photos_of(session, ticket)
    before = next((use.photo for use in used if use.role is PhotoRole.BEFORE), None)
    after = next((use.photo for use in reversed(used) if use.role is PhotoRole.AFTER), None)
    area = AREA_LABELS[ticket.area] if ticket.area else ""
    place = ticket.compound.name if ticket.compound else ticket.community.name
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "place": f"{place}{area}",
        "category": ticket.category_name,
        "responsible": ticket.responsible.name if ticket.responsible else "",
        "reported": _minute_said(ticket.reported_at),
        "rectified": _minute_said(ticket.rectified_at),
        "closed": _minute_said(ticket.closed_at),
        "before": _photo_json(before),
        "after": _photo_json(after),
    }


def _photo_json(photo: Photo | None) -> Json | None:
    """A photo with the file that is shown of it; `picture` None: it waits for a mask."""
    if photo is None:
        return None
    blob = photo.blob
    return {
        "id": str(photo.id),
        "sha256": blob.sha256,
        "size": [blob.width, blob.height],
        "picture": picture_key(blob),
        "purged": photo.purged_at is not None,
    }


def _day_said(at: datetime) -> str:
    return day_said(shanghai_day(at))


def _minute_said(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"
