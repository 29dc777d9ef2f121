"""How far each community is: what a month needs and has, what a half year still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.campaigns.rules import HalfYear, compound_is_done, needed_in_a_month
from app.grid.models import WALKED_WEEKLY, Area, Compound
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.models import Organisation
from app.rounds.queries import Scope


@dataclass(frozen=True)
class MonthPlanned:
    """How many campaigns a month needs and how many were planned."""

    month: str
    needed: int
    planned: int


@dataclass(frozen=True)
class Progress:
    """A community in a half year: its compounds, those that are through, those that are not."""

    organisation: Organisation
    compounds: int
    missing: tuple[Compound, ...]
    months: tuple[MonthPlanned, ...]

    @property
    def code(self) -> str:
        """What a page is ordered by."""
        return self.organisation.code

    @property
    def done(self) -> int:
        """How many compounds are through."""
        return self.compounds - len(self.missing)

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where there is no compound."""
        return self.done / self.compounds if self.compounds else None


def progress_page(
    session: Session,
    scope: Scope,
    half: HalfYear,
    *,
    today: date,
    limit: int,
    cursor: str | None,
) -> Page[Progress]:
    """A page of communities by code, each with its half year; four queries.

    Settlements have no campaigns; a compound out of service on the last day (or today, while the
    half year runs) is not asked for.
    """
    day = min(today, half.last)
    asked = (
        select(Organisation.id)
        .where(scope.holds(), Organisation.id.in_(_homes(day)))
        .order_by(Organisation.code)
        .limit(limit + 1)
    )
    if cursor is not None:
        (last,) = decode_cursor(cursor, str)
        asked = asked.where(Organisation.code > last)
    ids = session.scalars(asked).all()
    homes = session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.code)
    )
    known = _Known(session, ids, half, day)
    return cut_page([known.line(home) for home in homes], limit, lambda line: (line.code,))


class _Known:
    """What is known of some communities in a half year; three queries."""

    def __init__(
        self, session: Session, community_ids: Sequence[UUID], half: HalfYear, day: date
    ) -> None:
        self._half = half
        self._compounds = _compounds(session, community_ids, day)
        every = [one.id for each in self._compounds.values() for one in each]
        self._completed = areas_completed(session, half, every)
        self._planned = _planned(session, community_ids, half)

    def line(self, home: Organisation) -> Progress:
        compounds = self._compounds[home.id]
        needed = needed_in_a_month(len(compounds))
        return Progress(
            organisation=home,
            compounds=len(compounds),
            missing=tuple(one for one in compounds if not self._is_done(one)),
            months=tuple(
                MonthPlanned(month, needed, self._planned.get((home.id, month), 0))
                for month in self._half.months
            ),
        )

    def _is_done(self, compound: Compound) -> bool:
        return compound_is_done(self._completed.get(compound.id, frozenset()))


def areas_completed(
    session: Session, half: HalfYear, compound_ids: Sequence[UUID]
) -> dict[UUID, frozenset[Area | None]]:
    """The areas (None: the whole) of the campaigns of compounds that were completed in a half year;
    one query."""
    found: dict[UUID, set[Area | None]] = {}
    rows = session.execute(
        select(Campaign.compound_id, Campaign.area).where(
            Campaign.compound_id.in_(compound_ids),
            Campaign.completed_on.between(half.first, half.last),
            Campaign.dropped_at.is_(None),
        )
    )
    for compound_id, area in rows:
        found.setdefault(compound_id, set()).add(area)
    return {compound_id: frozenset(areas) for compound_id, areas in found.items()}


def _homes(day: date) -> Select[UUID]:
    return select(Compound.organisation_id).where(*_walked(day))


def _walked(day: date) -> tuple[ColumnElement[bool], ...]:
    return Compound.kind.in_(sorted(WALKED_WEEKLY)), Compound.in_service(day)


def _compounds(
    session: Session, community_ids: Sequence[UUID], day: date
) -> Mapping[UUID, list[Compound]]:
    found: dict[UUID, list[Compound]] = {each: [] for each in community_ids}
    asked = select(Compound).where(Compound.organisation_id.in_(community_ids), *_walked(day))
    for compound in session.scalars(asked.order_by(Compound.code)):
        found[compound.organisation_id].append(compound)
    return found


def _planned(
    session: Session, community_ids: Sequence[UUID], half: HalfYear
) -> Mapping[tuple[UUID, str], int]:
    rows = session.execute(
        select(Campaign.community_id, Campaign.month, func.count())
        .where(
            Campaign.community_id.in_(community_ids),
            Campaign.month.in_(half.months),
            Campaign.dropped_at.is_(None),
        )
        .group_by(Campaign.community_id, Campaign.month)
    )
    return {(community_id, month): count for community_id, month, count in rows}
