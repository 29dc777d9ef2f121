"""Units that nothing tells apart, counted together in the database.

Alike are the units of one line of a summary that have the same type and titles. What is counted of
them comes as rows (key, type, titles, …, how many units), of which there are a few hundred for a
county, where one for every unit were thousands.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import cloned_traverse

from app.catalogue.desk.models import UnitKind
from app.duties.progress.units import TYPES
from app.duties.titles.models import TITLES, UnitTitle
from app.grid.models import Compound
from app.kernel.db import fetch
from app.people.models import Organisation, OrganisationType
from app.rounds.queries import Scope

ONE: ColumnElement[int] = literal_column("1", Integer)
NONE: ColumnElement[int] = literal_column("0", Integer)


@dataclass(frozen=True, slots=True)
class Alike:
    """A class of units: `key` is the beginning of their paths, down to a line's depth."""

    key: str
    type: OrganisationType
    titles: frozenset[UnitKind] = frozenset()


@dataclass(frozen=True)
class Ground:
    """The units in use on a day of which a condition on Organisation rows holds; `depth` is the
    length of the paths that tell lines apart, `apart` are longer ones, the longest first, below
    which units are told from others of their line."""

    holds: ColumnElement[bool]
    day: date
    depth: int
    apart: tuple[str, ...] = ()

    @property
    def there(self) -> ColumnElement[bool]:
        """The condition that an Organisation row is one of the units."""
        lasts = or_(Organisation.retired_on.is_(None), Organisation.retired_on > self.day)
        return and_(self.holds, lasts, Organisation.type.in_(TYPES))

    @property
    def key(self) -> ColumnElement[str]:
        """What an Organisation row has of its path; written out, as what is grouped by must be."""
        cut = func.substr(Organisation.path, ONE, literal_column(str(self.depth)))
        deeper = [path for path in self.apart if len(path) > self.depth]
        if not deeper:
            return cut
        return case(*((_below(path), _written(path)) for path in deeper), else_=cut)


def _written(path: str) -> ColumnElement[str]:
    if not path.isalnum():
        raise ValueError(path)
    return literal_column(f"'{path}'", String)


def _below(path: str) -> ColumnElement[bool]:
    return and_(Organisation.path >= _written(path), Organisation.path < _written(f"{path}g"))


@dataclass(frozen=True)
class Written(Scope):
    """The same scope with its values written out in statements. PostgreSQL, which plans what it has
    seen often for any values, takes the beginning of a path for a few units and walks the records
    of each; of a county that takes six times as long."""

    def holds(self) -> ColumnElement[bool]:
        """The condition on an Organisation row."""
        return cloned_traverse(super().holds(), {}, {"bindparam": _write_out})


def _write_out(value: BindParameter[Any]) -> None:
    value.literal_execute = True


def titles_held(firsts: Iterable[date]) -> CTE:
    """Rows (first_on, unit_id, bits) of the units that have titles on some days."""
    each = (select(literal(day, Date).label("first_on")) for day in sorted(set(firsts)))
    days: Any = union_all(*each).cte("firsts")
    had = (
        func.max(case((UnitTitle.title == title, 1 << at), else_=0))
        for at, title in enumerate(TITLES)
    )
    bits: Any = sum(had, literal(0))
    return (
        select(days.c.first_on, UnitTitle.organisation_id.label("unit_id"), bits.label("bits"))
        .select_from(days)
        .join(UnitTitle, UnitTitle.in_force(days.c.first_on))
        .group_by(days.c.first_on, UnitTitle.organisation_id)
        .cte("held")
    )


def bits_of(held: CTE) -> ColumnElement[int]:
    """A unit's titles as bits, where those that have any are joined."""
    return func.coalesce(held.c.bits, NONE)


@cache
def titles_in(bits: int) -> frozenset[UnitKind]:
    """The titles that bits stand for."""
    return frozenset(title for at, title in enumerate(TITLES) if bits >> at & 1)


class Classes:
    """How many units there are of each class on the first days of periods."""

    def __init__(self, session: Session, ground: Ground, firsts: Sequence[date]) -> None:
        self._whole: Counter[Alike] = Counter()
        self._titled: dict[date, list[tuple[Alike, int]]] = {}
        rows: Sequence[Any] = fetch(session, _units(ground, firsts))
        for first_on, key, kind, bits, number in rows:
            if first_on is None:
                self._whole[Alike(key, kind)] += number
            else:
                titled = Alike(key, kind, titles_in(bits)), number
                self._titled.setdefault(first_on, []).append(titled)

    def on(self, day: date) -> Counter[Alike]:
        """All classes by the titles of a day."""
        found = self._whole.copy()
        for one, number in self._titled.get(day, ()):
            found[Alike(one.key, one.type)] -= number
            found[one] += number
        return +found


def _units(ground: Ground, firsts: Sequence[date]) -> Any:
    held = titles_held(firsts)
    whole = (
        select(cast(null(), Date).label("first_on"), ground.key.label("key"), Organisation.type)
        .add_columns(literal(0, Integer).label("bits"), func.count())
        .where(ground.there)
        .group_by(ground.key, Organisation.type)
    )
    titled = (
        select(held.c.first_on, ground.key.label("key"), Organisation.type)
        .add_columns(held.c.bits, func.count())
        .join(held, held.c.unit_id == Organisation.id)
        .where(ground.there)
        .group_by(held.c.first_on, ground.key, Organisation.type, held.c.bits)
    )
    return union_all(whole, titled)


def places_alike(session: Session, ground: Ground, *, on: date) -> Counter[Alike]:
    """How many compounds in service on a day the units of each class have; one query."""
    asked: Any = (
        select(ground.key, Organisation.type, func.count())
        .join(Compound, Compound.organisation_id == Organisation.id)
        .where(ground.there, Compound.in_service(on))
        .group_by(ground.key, Organisation.type)
    )
    rows: Sequence[Any] = fetch(session, asked)
    return Counter({Alike(key, kind): number for key, kind, number in rows})
