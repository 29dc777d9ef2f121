"""Places as a spreadsheet names them, by code or by name, into codes.

A name that several places bear is not guessed: the community beside it decides, or the code must.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import Cell, Compound
from app.people.models import COMMUNITY_TYPES, Organisation
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.words import Column, plain
from app.tickets.intake.town_map import is_retired


class NotTold(Exception):
    """What a row says stands for nothing; `column` and the Chinese message say why."""

    def __init__(self, column: Column, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Something with a code and a name; `home` is the community that it is of or is."""

    code: str
    name: str
    home: UUID


class KnownPlaces:
    """The communities, compounds and cells of some townships in use on a day."""

    def __init__(self, session: Session, towns: frozenset[UUID], day: date) -> None:
        homes = session.scalars(
            select(Organisation).where(
                Organisation.town_id.in_(towns), Organisation.type.in_(COMMUNITY_TYPES)
            )
        )
        self._communities = [
            KnownPlace(home.code, home.name, home.id) for home in homes if not is_retired(home, day)
        ]
        ids = [known.home for known in self._communities]
        self._compounds = [
            KnownPlace(*row)
            for row in session.execute(
                select(Compound.code, Compound.name, Compound.organisation_id)
                .where(Compound.organisation_id.in_(ids), Compound.in_service(day))
                .order_by(Compound.code)
            )
        ]
        self._cells = [
            KnownPlace(*row)
            for row in session.execute(
                select(Cell.code, Cell.name, Cell.organisation_id)
                .where(Cell.organisation_id.in_(ids), Cell.in_service(day))
                .order_by(Cell.code)
            )
        ]

    def community(self, said: str) -> KnownPlace | None:
        """The community or village that is named; None when nothing is said."""
        return _told(self._communities, Column.community, said, None) if said else None

    def compound(self, said: str, home: KnownPlace | None) -> KnownPlace | None:
        """The compound that is named; None when nothing is said."""
        return _told(self._compounds, Column.compound, said, home) if said else None

    def cell(self, said: str, home: KnownPlace | None) -> KnownPlace | None:
        """The cell that is named; None when nothing is said."""
        return _told(self._cells, Column.cell, said, home) if said else None


def _told(
    places: Iterable[KnownPlace], column: Column, said: str, home: KnownPlace | None
) -> KnownPlace:
    found = _named(places, said)
    here = [place for place in found if home is None or place.home == home.home]
    if len(here) == 1:
        return here[0]
    if len(here) > 1:
        codes = "、".join(place.code for place in here[:5])
        raise NotTold(column, f"有 {len(here)} 个{quoted(said)}，请写编码：{codes}")
    if found and home is not None:
        raise NotTold(column, f"{quoted(said)}不在{home.name}")
    raise NotTold(column, f"没有{quoted(said)}，或不在您的辖区；请写现用的名称或编码")


def _named(places: Iterable[KnownPlace], said: str) -> Sequence[KnownPlace]:
    """Those with the code, else those with the name; width, case and hyphens do not count."""
    every, wanted = list(places), plain(said)
    coded = [place for place in every if plain(place.code) == wanted]
    return coded or [place for place in every if plain(place.name) == wanted]
