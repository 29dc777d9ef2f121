"""Where people's own words are: in which column, whose they are, since when and in which town."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel.hiding import Hidden
from app.kernel.ids import id_of_before
from app.people.hosts.models import HostBinding
from app.people.models import Organisation, OrganisationType

WITHIN = timedelta(hours=2)
"""A host checks only what somebody wrote who was in its app so lately."""
MOST = 20_000
"""How many texts are read of one source."""
_ID = 32

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Source:
    """A column of people's words. `place` says what it is, in Chinese; `organisation` is a column
    that names a unit of the town. `joins` are the tables that the other columns lie in besides.
    `ids`: those of rows that are made when it is written, by the clock; None where an older row may
    be written in."""

    place: str
    column: Column
    person: Column
    at: Column
    organisation: Column
    ids: Column | None = None
    joins: tuple[tuple[Any, Any], ...] = ()

    def recent(self, host: str, tenant: str, now: datetime) -> Select[*tuple[Any, ...]]:
        """The texts of the last two hours by people who are known at the host."""
        bound = (
            (HostBinding.person_id == self.person)
            & (HostBinding.host == host)
            & (HostBinding.tenant == tenant)
            & HostBinding.ended_at.is_(None)
        )
        asked = select(
            self.column.label("text"),
            self.person.label("person_id"),
            HostBinding.subject,
            self.at.label("at"),
            Organisation.path,
        ).select_from(self.column.class_)
        for other, condition in self.joins:
            asked = asked.join(other, condition)
        asked = asked.join(HostBinding, bound)
        asked = asked.join(Organisation, Organisation.id == self.organisation)
        if self.ids is not None:
            # By the key: the times of most tables have no index of their own.
            asked = asked.where(self.ids >= id_of_before(WITHIN + timedelta(hours=1)))
        recent = self.at > now - WITHIN, self.column.is_not(None)
        return asked.where(*recent).order_by(self.at).limit(MOST)


@dataclass(frozen=True)
class Written:
    """A text that somebody wrote; `subject` is who they are at the host."""

    text: str
    place: str
    person_id: UUID
    subject: str
    at: datetime
    town_id: UUID | None


def written_lately(
    session: Session, sources: Iterable[Source], *, host: str, tenant: str, now: datetime
) -> list[Written]:
    """What people who are known at a host wrote within two hours, the first first; what is hidden
    already is not among it."""
    rows = [
        (source.place, row)
        for source in sources
        for row in session.execute(source.recent(host, tenant, now))
        if row.text.strip() and not isinstance(row.text, Hidden)
    ]
    towns = _towns(session, [row.path for _, row in rows])
    found = [
        Written(row.text, place, row.person_id, row.subject, row.at, towns.get(_second(row.path)))
        for place, row in rows
    ]
    return sorted(found, key=lambda each: each.at)


def _towns(session: Session, paths: Sequence[str]) -> dict[UUID | None, UUID]:
    """Which of the units that lie below the county, by the paths of what is in them, are towns."""
    below = {_second(path) for path in paths} - {None}
    asked = select(Organisation.id).where(
        Organisation.id.in_(below), Organisation.type == OrganisationType.town
    )
    return {each: each for each in session.scalars(asked)} if below else {}


def _second(path: str) -> UUID | None:
    return UUID(hex=path[_ID : 2 * _ID]) if len(path) >= 2 * _ID else None
