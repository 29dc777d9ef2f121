"""Who and what there is in the made-up county, read back from the database that was loaded."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.plans import COUNTY
from app.demo.township import Ring, Township
from app.grid.models import Area, Checkpoint
from app.grid.models import Compound as KnownCompound
from app.kernel.clock import day_start
from app.people.access import Actor
from app.people.models import Person, Role
from app.people.queries import actor_by_id


@dataclass(frozen=True)
class Spot:
    """A place in a compound that can be photographed: WGS-84, and the number of its drawing."""

    area: Area
    lng: float
    lat: float
    place: int


@dataclass(frozen=True)
class Manner:
    """How somebody works, each from 0 to 1: how often walks are made, work is late, and badly."""

    walks: float = 0.88
    late: float = 0.15
    poor: float = 0.1


@dataclass(frozen=True)
class Compound:
    """A compound with its spots and the checkpoints of each area."""

    code: str
    name: str
    company: str
    kind: str
    buildings: int
    compound_id: UUID
    spots: dict[Area, tuple[Spot, ...]]
    checkpoints: dict[Area, tuple[UUID, ...]]

    @property
    def weekly(self) -> bool:
        """Whether it is walked every week."""
        return self.kind != "居民点"


@dataclass(frozen=True)
class Community:
    """A community or village with its people and compounds."""

    code: str
    name: str
    town: str
    lead: Actor
    wardens: tuple[Actor, ...]
    compounds: tuple[Compound, ...]
    manner: Manner


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    administrator: Actor
    communities: tuple[Community, ...]
    supervisors: dict[str, tuple[Actor, ...]]
    staff: dict[str, tuple[Actor, ...]]
    """The people of companies and enforcement bodies, by the organisation's code."""
    manners: dict[str, Manner] = field(default_factory=dict)
    """How companies and bodies work, by code; one that is not named works as most do."""
    groups: tuple[Actor, ...] = ()
    """The supervisors of management groups."""

    def of_town(self, town: str) -> list[Community]:
        """The communities of a town."""
        return [each for each in self.communities if each.town == town]


COMPANY_MANNERS = {
    "WY299001": Manner(late=0.05, poor=0.05),
    "WY299002": Manner(late=0.16, poor=0.1),
    "WY299003": Manner(late=0.34, poor=0.14),
    "WY299004": Manner(late=0.24, poor=0.3),
}
EXCELLENT, POOR = Manner(1.0, 0.03, 0.03), Manner(0.42, 0.5, 0.2)
NEGLECTED = ("散户", "老旧小区")


def cast_of(session: Session, townships: Iterable[Township], *, day: date) -> Cast:
    """The people with the posts they hold on a day, and the places of the townships."""
    towns = list(townships)
    at: dict[tuple[str, Role], list[Actor]] = {}
    for actor in _actors(session, day):
        for post in actor.posts:
            at.setdefault((post.organisation_code, post.role), []).append(actor)
    known = {one.code: one for one in session.scalars(select(KnownCompound))}
    checkpoints = _checkpoints(session)
    communities = [
        _community(township, code, name, at, _compounds(township, code, known, checkpoints))
        for township in towns
        for code, name in _communities_of(township)
    ]
    groups = (one for (_, role), many in at.items() if role is Role.supervisor for one in many)
    return Cast(
        at[COUNTY, Role.administrator][0],
        tuple(communities),
        {town.code: tuple(at[town.code, Role.supervisor]) for town in towns},
        {
            code: tuple(actors)
            for (code, role), actors in at.items()
            if role in (Role.property_staff, Role.enforcement_staff)
        },
        COMPANY_MANNERS,
        tuple(one for one in groups if any(post.given for post in one.posts)),
    )


def _actors(session: Session, day: date) -> Iterator[Actor]:
    """Everybody by username, with the posts in force, as a sign-in would find them."""
    for person_id in session.scalars(select(Person.id).order_by(Person.username)):
        actor = actor_by_id(session, person_id, now=day_start(day))
        if actor is not None:
            yield actor


def _checkpoints(session: Session) -> dict[UUID, dict[Area, tuple[UUID, ...]]]:
    found: dict[UUID, dict[Area, tuple[UUID, ...]]] = {}
    for one in session.scalars(select(Checkpoint).order_by(Checkpoint.name)):
        areas = found.setdefault(one.compound_id, {})
        areas[one.area] = (*areas.get(one.area, ()), one.id)
    return found


def _communities_of(township: Township) -> list[tuple[str, str]]:
    homes = {compound.community for compound in township.compounds}
    return [(one.code, one.name) for one in township.organisations if one.code in homes]


def _community(
    township: Township,
    code: str,
    name: str,
    at: dict[tuple[str, Role], list[Actor]],
    compounds: Sequence[Compound],
) -> Community:
    lead = at[code, Role.lead][0]
    wardens = tuple(one for one in at[code, Role.warden] if one.person_id != lead.person_id)
    manner = Manner()
    if len(township.compounds) > 10:
        manner = {"004": EXCELLENT, "005": POOR}.get(code[-3:], manner)
    return Community(code, name, township.code, lead, wardens, tuple(compounds), manner)


def _compounds(
    township: Township,
    community: str,
    known: dict[str, KnownCompound],
    checkpoints: dict[UUID, dict[Area, tuple[UUID, ...]]],
) -> list[Compound]:
    cells = [cell.outline for cell in township.cells if cell.organisation == community]
    rows = [one for one in township.compounds if one.community == community]
    found = []
    for number, row in enumerate(rows):
        ground, compound_id = row.outline or cells[number], known[row.code].id
        areas = checkpoints.get(compound_id, {})
        found.append(
            Compound(
                *(row.code, row.name, row.company, row.kind, row.buildings, compound_id),
                {area: _spots(row.code, area, ground) for area in areas},
                areas,
            )
        )
    return found


def _spots(code: str, area: Area, ground: Ring, count: int = 3) -> tuple[Spot, ...]:
    """Some places of an area, well inside the ground."""
    dice = random.Random(f"{code} {area}")
    spots = []
    for _ in range(count):
        shares = [dice.uniform(0.4, 1.0) for _ in ground[:-1]]
        lng, lat = (
            sum(share * corner[axis] for share, corner in zip(shares, ground, strict=False))
            / sum(shares)
            for axis in (0, 1)
        )
        spots.append(Spot(area, round(lng, 7), round(lat, 7), dice.randrange(1, 2**31)))
    return tuple(spots)
