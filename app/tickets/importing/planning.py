"""What each row would become: where, under what, whose, until when, and what is there already.

Nothing is written: the same steps as a report's are taken on a ticket in memory.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.queries import (
    CategoryView,
    ConditionView,
    categories_in_force,
    category_in_force,
)
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor
from app.people.models import Organisation
from app.people.predicates import REPORTERS
from app.tickets.handling.clocks import begin_leg, file_under
from app.tickets.importing.known import KnownTicket, known_numbers
from app.tickets.importing.photo_intake import KeptPhotos, positions_in
from app.tickets.importing.places import KnownPlaces, NotTold
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.rows import SaidRow, SaidSheet, Told
from app.tickets.importing.reading.words import Column, plain
from app.tickets.importing.whereabouts import Whereabouts, may_import_into
from app.tickets.intake.placing import PlaceAsked, TicketPlace, put_in_place
from app.tickets.intake.repeats import is_alike, mark_repeats
from app.tickets.intake.routing import routed_organisation
from app.tickets.intake.town_map import TownMap
from app.tickets.models import Ticket

Found = TypeVar("Found")
Entry = TypeVar("Entry", CategoryView, ConditionView)
SAID_IN = {"compound": Column.compound, "cell": Column.cell}


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row, and the ticket that it would become; `already` is the one that it is already."""

    said: SaidRow
    place: TicketPlace
    asked: PlaceAsked
    category: CategoryView
    condition: ConditionView
    responsible: Organisation | None
    due_at: datetime | None
    already: KnownTicket | None
    alike: tuple[KnownTicket, ...] = ()
    alike_rows: tuple[int, ...] = ()
    """The lines above it that will be alike."""


@dataclass(slots=True)
class Plan:
    """What a file would come to."""

    sheet: str | None
    rows: list[PlannedRow] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)


def towns_of(actor: Actor) -> frozenset[UUID]:
    """The townships in which the actor may report."""
    return frozenset(post.town_id for post in actor.posts_as(*REPORTERS) if post.town_id)


def plan_import(
    session: Session, said: SaidSheet, photos: KeptPhotos, *, actor: Actor, now: datetime
) -> Plan:
    """What the rows would become today; every row that cannot become a ticket is a fault."""
    planner = _Planner(session, said, photos, actor, now)
    plan = Plan(said.sheet, faults=list(said.faults), remarks=list(said.remarks))
    for row in said.rows:
        planned = planner.planned(row)
        if planned is not None:
            plan.rows.append(planned)
    plan.faults = sorted(plan.faults + planner.faults, key=lambda told: told.line or 0)
    plan.remarks += planner.remarks
    if photos.unused:
        names = "、".join(quoted(name) for name in photos.unused[:10])
        more = f"等 {len(photos.unused)} 个" if len(photos.unused) > 10 else ""
        plan.remarks.append(Told(None, Column.photos, f"表格里没有提到的照片：{names}{more}"))
    return plan


class _Planner:
    """The steps of one plan; `faults` and `remarks` gather what there is to say."""

    def __init__(
        self, session: Session, said: SaidSheet, photos: KeptPhotos, actor: Actor, now: datetime
    ) -> None:
        self.session, self.photos, self.actor, self.now = session, photos, actor, now
        self.day = shanghai_day(now)
        self.faults: list[Told] = []
        self.remarks: list[Told] = []
        towns = self._towns = towns_of(actor)
        self._places = Whereabouts(
            known=KnownPlaces(session, towns, self.day, partial(may_import_into, actor)),
            town_map=TownMap(session, towns, self.day),
            photos=photos,
            shot=positions_in(session, photos.kept.values(), actor=actor),
            actor=actor,
            fault=self._fault,
        )
        self._numbers = known_numbers(session, towns, (row.number for row in said.rows))
        self._above: dict[tuple[UUID, str], list[tuple[int, Ticket]]] = {}
        """What new tickets there will be of a township's category, by line."""
        self._categories: dict[UUID | None, Sequence[CategoryView]] = {}

    def planned(self, row: SaidRow) -> PlannedRow | None:
        """What a row would become; None when something is wrong with it, in which case the rest is
        looked at all the same. One that is a ticket already needs no photos any more."""
        faulty = len(self.faults)
        placed = self._places.of(row)
        towns = [placed[1].community.town_id] if placed else sorted(self._towns)
        filed = self._told(row, lambda: self._filing(row, towns))
        if placed is None or not self._already(row, placed[1]):
            for name in row.photos:
                if why := self.photos.fault(name):
                    self._fault(row, NotTold(Column.photos, why))
        if row.faulty or len(self.faults) > faulty or placed is None or filed is None:
            return None
        (asked, place), (category, condition) = placed, filed
        row = self._in_force(row, place, category)
        return self._worked_out(row, asked, place, category, condition)

    def _told(self, row: SaidRow, read: Callable[[], Found]) -> Found | None:
        """What is read from a row; None, and one fault more, where it cannot be."""
        try:
            return read()
        except NotTold as why:
            self._fault(row, why)
            return None

    def _already(self, row: SaidRow, place: TicketPlace) -> KnownTicket | None:
        assert place.community.town_id is not None
        if row.faulty & {Column.source, Column.number}:
            return None
        return self._numbers.get((place.community.town_id, row.source, row.number))

    def _in_force(self, row: SaidRow, place: TicketPlace, category: CategoryView) -> SaidRow:
        """What is older than the dictionary begins today: on the day it began it could be filed
        under nothing, nor filed anew later."""
        if row.handed_down_at is None:
            return row
        day, town_id = shanghai_day(row.handed_down_at), place.community.town_id
        if category_in_force(self.session, category.code, day=day, town_id=town_id) is not None:
            return row
        message = "早于这个类别在事项字典里的启用日期，发生时间按导入时间计"
        self.remarks.append(Told(row.line, Column.handed_down, message))
        return replace(row, handed_down_at=None)

    def _fault(self, row: SaidRow, why: NotTold) -> None:
        self.faults.append(Told(row.line, why.column, why.message))

    def _filing(
        self, row: SaidRow, towns: Sequence[UUID | None]
    ) -> tuple[CategoryView, ConditionView] | None:
        """Under what it would be filed in one of some towns: where the place is at fault, nobody
        knows in which. None when the category's cell is at fault."""
        if Column.category in row.faulty:
            return None
        known = [category for town_id in towns for category in self._dictionary(town_id)]
        category = _written_as(known, row.category)
        if category is None:
            message = f"事项字典里没有{quoted(row.category)}，请写名称或代码；分不清的写“其他”"
            raise NotTold(Column.category, message)
        if not row.condition:
            return category, category.conditions[0]
        condition = _written_as(category.conditions, row.condition)
        if condition is None:
            names = "、".join(one.name for one in category.conditions)
            message = f"{category.name}没有{quoted(row.condition)}，请写{names}之一，或不写"
            raise NotTold(Column.condition, message)
        return category, condition

    def _dictionary(self, town_id: UUID | None) -> Sequence[CategoryView]:
        if town_id not in self._categories:
            found = categories_in_force(self.session, day=self.day, town_id=town_id)
            self._categories[town_id] = [one for one in found if one.conditions]
        return self._categories[town_id]

    def _worked_out(
        self,
        row: SaidRow,
        asked: PlaceAsked,
        place: TicketPlace,
        category: CategoryView,
        condition: ConditionView,
    ) -> PlannedRow:
        ticket = self._in_memory(row, place, category, condition)
        already = self._already(row, place)
        responsible = routed_organisation(place, category, day=self.day)
        if responsible is not None:
            begin_leg(self.session, ticket, responsible, now=self.now)
        if already is None:
            mark_repeats(self.session, ticket)
        return PlannedRow(
            said=row,
            place=place,
            asked=asked,
            category=category,
            condition=condition,
            responsible=responsible,
            due_at=ticket.due_at,
            already=already,
            alike=self._named(ticket.possible_duplicate_of or ()),
            alike_rows=() if already else self._alike_above(row.line, ticket),
        )

    def _alike_above(self, line: int, ticket: Ticket) -> tuple[int, ...]:
        """The lines above that are alike: once made, the ticket will say so of theirs."""
        above = self._above.setdefault((ticket.town_id, ticket.category_code), [])
        alike = tuple(number for number, other in above if is_alike(ticket, other))
        above.append((line, ticket))
        return alike

    def _in_memory(
        self,
        row: SaidRow,
        place: TicketPlace,
        category: CategoryView,
        condition: ConditionView,
    ) -> Ticket:
        """A ticket as far as limits and repeats look at it; never added to the session."""
        assert place.community.town_id is not None
        ticket = Ticket(
            id=new_id(),
            town_id=place.community.town_id,
            category_code=category.code,
            category_name=category.name,
            source=row.source,
            external_number=row.number,
            occurred_at=row.handed_down_at or self.now,
            reported_at=self.now,
            legs=[],
        )
        file_under(ticket, condition)
        put_in_place(ticket, place)
        return ticket

    def _named(self, ids: Iterable[str]) -> tuple[KnownTicket, ...]:
        wanted = [UUID(one) for one in ids]
        if not wanted:
            return ()
        rows = self.session.execute(
            select(Ticket.id, Ticket.number).where(Ticket.id.in_(wanted)).order_by(Ticket.number)
        )
        return tuple(KnownTicket(*row) for row in rows)


def _written_as(known: Sequence[Entry], said: str) -> Entry | None:
    """What is written by its code, its name, or both."""
    wanted = plain(said)
    coded = next((one for one in known if plain(one.code) == wanted), None)
    return coded or next(
        (one for one in known if wanted in (plain(one.name), plain(one.code + one.name))), None
    )
