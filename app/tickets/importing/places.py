"""Places as a spreadsheet names them, by code, name or short name, into codes.

A name that several places bear is not guessed: the community beside it decides, or that only one of
them is where the importer acts, or else the code must.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import Cell, Compound
from app.people.models import COMMUNITY_TYPES, Organisation
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.words import Column, plain
from app.tickets.intake.town_map import is_retired

_TOWN = re.compile(r".{1,8}?(?:镇|乡|街道)(?=...)")
_KIND = re.compile(r"(?<=..)(?:(?:社区|村)?(?:居民委员会|村民委员会|居委会|村委会)|社区|村|小区)$")


class NotTold(Exception):
    """What a row says stands for nothing; `column` and the Chinese message say why."""

    def __init__(self, column: Column, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


class SeveralNamed(NotTold):
    """Several places bear the name that a row says, and nothing beside it decides."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Something with a code and a name; `home` is the community that it is of or is."""

    code: str
    name: str
    home: UUID


class KnownPlaces:
    """The communities, compounds and cells of some townships in use on a day; `own` says in which
    communities the importer acts."""

    def __init__(
        self,
        session: Session,
        towns: frozenset[UUID],
        day: date,
        own: Callable[[Organisation], bool],
    ) -> None:
        homes = session.scalars(
            select(Organisation).where(
                Organisation.town_id.in_(towns), Organisation.type.in_(COMMUNITY_TYPES)
            )
        )
        used = [home for home in homes if not is_retired(home, day)]
        self._own = {home.id for home in used if own(home)}
        self._homes = {home.id: home.name for home in used}
        self._places = {
            Column.community: [KnownPlace(home.code, home.name, home.id) for home in used],
            Column.compound: self._in_service(session, Compound, day),
            Column.cell: self._in_service(session, Cell, day),
        }

    def _in_service(self, session: Session, kind: Any, day: date) -> Sequence[KnownPlace]:
        asked = select(kind.code, kind.name, kind.organisation_id).where(
            kind.organisation_id.in_(self._homes), kind.in_service(day)
        )
        return [KnownPlace(*row) for row in session.execute(asked.order_by(kind.code))]

    def told(self, column: Column, said: str, home: KnownPlace | None = None) -> KnownPlace | None:
        """The place that is named in a column; None when nothing is said. Raises NotTold."""
        if not said:
            return None
        found = self._named(column, said)
        here = [place for place in found if home is None or place.home == home.home]
        mine = here if len(here) == 1 else [place for place in here if place.home in self._own]
        if len(mine) == 1:
            return mine[0]
        if here:
            raise SeveralNamed(column, self._several(column, said, mine or here))
        if found and home is not None:
            raise NotTold(column, f"{quoted(said)}不在{home.name}")
        raise NotTold(column, f"没有{quoted(said)}，或不在本镇{self._alike(column, said)}")

    def _named(self, column: Column, said: str) -> Sequence[KnownPlace]:
        """Those with the code, else with the name, else with the short name; width, case and
        hyphens do not count."""
        every, wanted, short = self._places[column], plain(said), _without_kind(plain(said))
        coded = [place for place in every if plain(place.code) == wanted]
        named = coded or [place for place in every if plain(place.name) == wanted]
        return named or [place for place in every if short in self._short_names(place)]

    def _short_names(self, place: KnownPlace) -> set[str]:
        """A name without the town's or the community's before it, and without its kind."""
        name, home = plain(place.name), plain(self._homes[place.home])
        within = name.removeprefix(home) or name
        return {_without_kind(one) for one in (name, _TOWN.sub("", name, count=1), within)}

    def _several(self, column: Column, said: str, places: Sequence[KnownPlace]) -> str:
        codes = "、".join(f"{self._homes[one.home]} {one.code}" for one in places[:5])
        wanted = "写编码" if column is Column.community else "填写社区或写编码"
        return f"有 {len(places)} 个{quoted(said)}，请{wanted}：{codes}"

    def _alike(self, column: Column, said: str) -> str:
        """What may have been meant, among what the importer answers for."""
        names = [place.name for place in self._places[column] if place.home in self._own]
        alike = get_close_matches(said, dict.fromkeys(names), n=3)
        return f"；相近的有{'、'.join(alike)}" if alike else "；请写现用的名称或编码"


def _without_kind(name: str) -> str:
    return _KIND.sub("", name)
