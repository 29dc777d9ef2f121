"""Tables of tickets, their legs, their photos and their timeline."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from app.grid.models import Area, Cell, Compound
from app.kernel.db import Base, FreeText, Identified
from app.kernel.recording import Recorded, waiting_index
from app.people.models import Organisation, Person
from app.photos.evidence import PhotoRole, Verdict
from app.photos.models import Photo
from app.sla.limits import Limit, LimitUnit
from app.tickets.indexes import LEG_INDEXES, TICKET_INDEXES
from app.tickets.words import LEG_OUTCOME_LABELS as LEG_OUTCOME_LABELS
from app.tickets.words import LIT_STATES as LIT_STATES
from app.tickets.words import OPEN_STATES as OPEN_STATES
from app.tickets.words import PENDING_KIND_LABELS as PENDING_KIND_LABELS
from app.tickets.words import SECOND_LOOK_LABELS as SECOND_LOOK_LABELS
from app.tickets.words import SOURCE_LABELS as SOURCE_LABELS
from app.tickets.words import SOURCES_WITHOUT_PHOTO as SOURCES_WITHOUT_PHOTO
from app.tickets.words import STATE_LABELS as STATE_LABELS
from app.tickets.words import LegOutcome as LegOutcome
from app.tickets.words import PendingKind as PendingKind
from app.tickets.words import SecondLook as SecondLook
from app.tickets.words import Source as Source
from app.tickets.words import State as State


class Ticket(Identified, Base):
    """A problem from report to closure.

    It keeps a copy of the category, condition, limit and standard it was filed under. `lng`, `lat`
    are WGS-84; `position` is what was given. `version` grows by one with every action.
    `witness_ids` repeats the rows of TicketWitness, so that a ticket says itself who sees it.
    `filed_at` is when it was first decided on (dispatched, rejected, …), `filed_in_time` whether
    the clock of filing that ran then was kept; unknown where nobody had noted it.
    `pending_time_s` are the seconds, of the limit's kind of time, that a request asks for.
    `follow_up_of_id` is a closed ticket whose problem its reporter says is back, however long ago.
    `outside` is a referral to a unit without accounts: {name, number, on, until, answer}.

    What it belongs to is written by its id; the objects beside the ids are only looked at, so that
    a flush has nothing to follow.
    """

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[State]
    version: Mapped[int] = mapped_column()
    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    cell_id: Mapped[UUID | None] = mapped_column(ForeignKey("cells.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))
    area: Mapped[Area | None]
    checkpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("checkpoints.id"))
    round_id: Mapped[UUID | None]
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    position: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    category_code: Mapped[str] = mapped_column(String(16))
    category_name: Mapped[str] = mapped_column(String(80))
    condition_code: Mapped[str] = mapped_column(String(32))
    condition_name: Mapped[str] = mapped_column(String(80))
    limit_amount: Mapped[int]
    limit_unit: Mapped[LimitUnit]
    standard_ref: Mapped[str] = mapped_column(String(120))
    closing_test: Mapped[str] = mapped_column(String(400))

    description: Mapped[str] = mapped_column(FreeText)
    source: Mapped[Source]
    external_number: Mapped[str | None] = mapped_column(String(64))
    external_due_at: Mapped[datetime | None]
    fixed_on_spot: Mapped[bool]

    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    reported_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]
    filing_due_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    filed_in_time: Mapped[bool | None]
    dispatched_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    yellow_at: Mapped[datetime | None]
    due_provisional: Mapped[bool]
    rectified_at: Mapped[datetime | None]
    check_due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    rework_count: Mapped[int]
    extension_count: Mapped[int]

    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    rectifier_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    recurrence_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    follow_up_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    possible_duplicate_of: Mapped[list[str]] = mapped_column(JSON)

    filing_restarted_at: Mapped[datetime | None]
    pending_kind: Mapped[PendingKind | None]
    pending_reason: Mapped[str | None] = mapped_column(FreeText)
    pending_until: Mapped[datetime | None]
    pending_at: Mapped[datetime | None]
    pending_time_s: Mapped[float | None]
    pending_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    suspended_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    referred_at: Mapped[datetime | None]
    outside: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    second_look: Mapped[SecondLook | None]
    supervised_at: Mapped[datetime | None]
    witness_ids: Mapped[list[str]] = mapped_column(JSON, default=list)

    town: Mapped[Organisation] = relationship(foreign_keys=[town_id], viewonly=True)
    community: Mapped[Organisation] = relationship(foreign_keys=[community_id], viewonly=True)
    responsible: Mapped[Organisation | None] = relationship(
        foreign_keys=[responsible_id], viewonly=True
    )
    cell: Mapped[Cell | None] = relationship(viewonly=True)
    compound: Mapped[Compound | None] = relationship(viewonly=True)
    reporter: Mapped[Person] = relationship(foreign_keys=[reporter_id], viewonly=True)
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id], viewonly=True)
    legs: Mapped[list["Leg"]] = relationship(back_populates="ticket", order_by="Leg.sequence")

    cover_id: Mapped[UUID | None] = query_expression()
    """The first before-photo, where a list asked for it."""
    after_cover_id: Mapped[UUID | None] = query_expression()
    """The newest after-photo, where a list asked for it."""
    after_contradicted: Mapped[bool | None] = query_expression()
    """Whether an after-photo of the newest rectification is contradicted, where a list asked."""
    contradicted_makers: Mapped[str | None] = query_expression()
    """The ids of who made a photo that is contradicted, between commas, where a list asked."""
    looked_at_closer_id: Mapped[UUID | None] = query_expression()
    """Who closed it last, while it waits for a second look, where a list asked."""

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012
    __table_args__ = TICKET_INDEXES

    @property
    def limit(self) -> Limit:
        """The limit it was filed under."""
        return Limit(self.limit_amount, self.limit_unit)

    @property
    def condition_key(self) -> str:
        """The category and condition that it is filed under."""
        return f"{self.category_code} {self.condition_code}"

    @property
    def open_leg(self) -> "Leg | None":
        """The leg that is running."""
        return next((leg for leg in self.legs if leg.to_at is None), None)

    @property
    def last_leg(self) -> "Leg | None":
        """The newest leg."""
        return self.legs[-1] if self.legs else None


class Leg(Identified, Base):
    """One organisation's stretch of responsibility, with its own limit and outcome.

    `limit_from_at` is where its limit began to count: a new condition restarts it. `as_left` is the
    ticket as it was when the organisation stopped being responsible without having rectified: what
    it goes on seeing. `sent_back`: a send-back was asked for; `exempt`: the leg counts nowhere,
    since that was accepted, or a later leg of the same organisation goes on with its limit.
    `standstills` are the stretches [from, to] (RFC 3339, the running one without an end) in which
    the limit stood still. `granted_s` are the seconds, of the limit's kind of time, that were given
    beyond the limit, and `named_due_at` is the instant that was named for them last. `due_at`
    follows from these, the calendar and the pauses: it is only kept. `limits_left` are the limits
    of the conditions that it was under before, each where it was left.
    `checked_late`: its repair was returned, and that past the limit of checking.
    """

    __tablename__ = "legs"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    sequence: Mapped[int]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    limit_from_at: Mapped[datetime]
    limit_amount: Mapped[int]
    limit_unit: Mapped[LimitUnit]
    due_at: Mapped[datetime]
    outcome: Mapped[LegOutcome | None]
    in_time: Mapped[bool | None]
    as_left: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sent_back: Mapped[bool] = mapped_column(default=False)
    exempt: Mapped[bool] = mapped_column(default=False)
    extension_count: Mapped[int] = mapped_column(default=0)
    granted_s: Mapped[float] = mapped_column(default=0)
    named_due_at: Mapped[datetime | None]
    limits_left: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    checked_late: Mapped[bool] = mapped_column(default=False)
    standstills: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)

    ticket: Mapped[Ticket] = relationship(back_populates="legs")
    organisation: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("ticket_id", "sequence"), *LEG_INDEXES)


class TicketWitness(Base):
    """Somebody who reported the same thing: the ticket made of it was merged into this one."""

    __tablename__ = "ticket_witnesses"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    merged_ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_witnesses_person", "person_id", "ticket_id"),)


UNTOLD = text("news_state = 0")
"""As the index has it: a parameter instead of the figure would not be found in it."""


class TicketEvent(Identified, Recorded, Base):
    """One entry of the timeline: appended with every action, never edited. `news_state` says
    whether those were told whom it concerns, which is done afterwards."""

    __tablename__ = "ticket_events"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    action: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[State | None]
    to_state: Mapped[State]
    note: Mapped[str | None] = mapped_column(FreeText)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    news_state: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    actor: Mapped[Person | None] = relationship(viewonly=True)
    organisation: Mapped[Organisation | None] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("ticket_id", "sequence"),
        waiting_index("ix_ticket_events_waiting", "at", "id"),
        Index("ix_ticket_events_untold", "at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )


class TicketPhoto(Identified, Base):
    """A photo in one use; `findings` stay as they were then, what is found since is beside them."""

    __tablename__ = "ticket_photos"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_events.id"))
    role: Mapped[PhotoRole]
    attached_at: Mapped[datetime]
    sequence: Mapped[int]
    verdict: Mapped[Verdict]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    later_findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")

    photo: Mapped[Photo] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("ticket_id", "sequence"),)


class TicketMove(Identified, Base):
    """A ticket left a community for another: whoever saw it there and does not here is told so."""

    __tablename__ = "ticket_moves"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_moves_community_at", "community_id", "at"),)


class TicketCounter(Base):
    """The last number given out in a town on a day (Asia/Shanghai)."""

    __tablename__ = "ticket_counters"

    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
