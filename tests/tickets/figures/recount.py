"""The KPIs counted again, slowly: over every row, in Python, from the words of the rules.

Nothing of what is counted in SQL is used here. What happened is told by the timeline, by the legs
and by the times on the ticket; the only arithmetic borrowed is that of working time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import PausePeriod
from app.catalogue.queries import work_calendar
from app.grid.models import Compound
from app.people.models import Organisation
from app.sla.limits import Limit, LimitUnit, due_at
from app.tickets.models import Leg, Ticket, TicketEvent
from tests.tickets.stories import BODY

SHANGHAI = ZoneInfo("Asia/Shanghai")
FILING = Limit(2, LimitUnit.hour)
CHECKING = Limit(1, LimitUnit.day)
Groups = dict[str, str]


def day_of(instant: datetime) -> date:
    """The day in Shanghai."""
    return instant.astimezone(SHANGHAI).date()


@dataclass
class Story:
    """A ticket, what happened to it, and its legs."""

    ticket: Ticket
    events: list[TicketEvent]
    legs: list[Leg]
    codes: dict[Any, str]
    first_filing_due_at: datetime
    checks_due_at: dict[Any, datetime]

    @property
    def state(self) -> str:
        """Where the timeline leads."""
        return self.events[-1].to_state.value

    @property
    def groups(self) -> Groups:
        """What the ticket is told apart by; who is charged comes with each count."""
        ticket = self.ticket
        return {
            "organisation": self.codes[ticket.community_id],
            "category": ticket.category_code,
            "compound": self.codes[ticket.compound_id] if ticket.compound_id else "-",
            "source": ticket.source.value,
        }

    def last(self, *actions: str) -> datetime | None:
        """When one of these was done for the last time."""
        done = [event.at for event in self.events if event.action in actions]
        return done[-1] if done else None

    def did_not_hold_at(self, leg: Leg) -> datetime | None:
        """When the work of a leg was returned, or its closure undone."""
        assert leg.to_at is not None
        again = [e.at for e in self.events if e.action in ("return", "reopen")]
        return next((at for at in again if at >= leg.to_at), None)

    def stood_still_at(self, instant: datetime) -> datetime:
        """Where the clock of a leg stands at an instant: at the suspension, during one."""
        since = None
        for event in self.events:
            if event.at > instant or (event.at == instant and event.from_state != event.to_state):
                break
            if event.action == "suspend":
                since = event.at
            elif event.action == "resume":
                since = None
        return since or instant

    def missed(self, leg: Leg, now: datetime) -> bool:
        """Whether the limit ran out while it was this organisation's."""
        if leg.to_at is None:
            if self.state == "suspended":
                return leg.due_at <= self.stood_still_at(now)
            return leg.due_at < now
        if leg.outcome == "rectified":
            undone = self.did_not_hold_at(leg)
            late = leg.to_at > leg.due_at
            counts = late or not self.checked_late(leg)
            return undone is not None and undone > leg.due_at and counts
        return leg.outcome != "referred" and self.stood_still_at(leg.to_at) > leg.due_at

    def checked_late(self, leg: Leg) -> bool:
        """Whether whoever returned the work of a leg had waited too long."""
        ends = [e for e in self.events if e.action in ("return", "close") and e.at >= leg.to_at]
        return bool(ends) and ends[0].action == "return" and ends[0].at > self.checks_due_at[leg.id]

    def goes_on(self, leg: Leg) -> bool:
        """Whether whoever had it got it again, with the same limit: the next leg is judged."""
        again = self.again(leg)
        if again is None:
            return False
        if leg.outcome == "dispatched_again":
            return again.sequence == leg.sequence + 1
        return leg.outcome in ("referred", "sent_back")

    def again(self, leg: Leg) -> Leg | None:
        """The next leg that is no enforcement body's, when it is the same organisation's."""
        later = [g for g in self.legs if g.sequence > leg.sequence and not self.is_body(g)]
        same = later and later[0].organisation_id == leg.organisation_id
        return later[0] if same else None

    def is_body(self, leg: Leg) -> bool:
        """Whether it is the leg of a body that only what is referred comes to."""
        return self.codes[leg.organisation_id] == BODY

    def done(self, leg: Leg) -> bool:
        """Whether it was put right for good, or handed to whoever has to."""
        if leg.outcome == "referred":
            return True
        return leg.outcome == "rectified" and self.did_not_hold_at(leg) is None

    def done_in_time(self, leg: Leg) -> bool:
        """Referral counts as in time."""
        if leg.outcome == "referred":
            return True
        return self.done(leg) and leg.to_at is not None and leg.to_at <= leg.due_at

    def extensions(self, leg: Leg) -> int:
        """How often a longer limit was granted in a leg, or in those it goes on with."""
        end = leg.to_at or datetime.max.replace(tzinfo=SHANGHAI)
        granted = [e.at for e in self.events if e.action == "grant_extension"]
        before = [g for g in self.legs if self.goes_on(g) and self.again(g) is leg]
        earlier = sum(self.extensions(each) for each in before)
        return earlier + sum(leg.from_at <= at <= end for at in granted)

    @property
    def decided_at(self) -> datetime | None:
        """When somebody first decided on the report."""
        for event in self.events:
            waited = event.from_state in (None, "reported")
            if waited and event.to_state not in ("reported", "withdrawn"):
                return event.at
        return None

    @property
    def was_filed(self) -> bool:
        """Whether it ever became somebody's to deal with."""
        return any(e.to_state in ("dispatched", "rectified", "referred") for e in self.events)

    @property
    def merged(self) -> bool:
        """Whether it turned out to be another ticket's problem."""
        return any(event.action == "merge_into" for event in self.events)

    @property
    def rectifier(self) -> str:
        """Whose work was returned last; else who had it last."""
        returned = [g for g in self.legs if g.outcome == "rectified" and self.did_not_hold_at(g)]
        mine = returned or [leg for leg in self.legs if not leg.exempt]
        return self.codes[mine[-1].organisation_id]


@dataclass
class Count:
    """The ids behind a KPI, and by each group."""

    numerator: set[str] = field(default_factory=set)
    denominator: set[str] = field(default_factory=set)
    groups: dict[str, Groups] = field(default_factory=dict)

    def add(self, counted: Any, holds: bool, groups: Groups) -> None:
        """One more in the denominator, and perhaps in the numerator."""
        self.denominator.add(str(counted.id))
        self.groups[str(counted.id)] = groups
        if holds:
            self.numerator.add(str(counted.id))

    def by(self, name: str) -> dict[str, tuple[int, int]]:
        """Numerator and denominator of each group."""
        found: dict[str, tuple[int, int]] = {}
        for counted, groups in self.groups.items():
            share, total = found.get(groups[name], (0, 0))
            found[groups[name]] = (share + (counted in self.numerator), total + 1)
        return found


class Recount:
    """All KPIs of some days as they are at an instant."""

    def __init__(self, stories: list[Story], first: date, last: date, now: datetime) -> None:
        self.first, self.last, self.now = first, last, now
        self.kpis: dict[str, Count] = {}
        for story in stories:
            self._legs(story)
            self._closing(story)
            self._filing(story)
            self._reports(story)

    def _within(self, instant: datetime | None) -> bool:
        return instant is not None and self.first <= day_of(instant) <= self.last

    def _count(self, kpi: str, counted: Any, holds: bool, groups: Groups) -> None:
        self.kpis.setdefault(kpi, Count()).add(counted, holds, groups)

    def _legs(self, story: Story) -> None:
        waiting = story.state in ("reported", "dispatched", "suspended", "referred")
        for leg in story.legs:
            missed = story.missed(leg, self.now)
            counts = (story.done(leg) or missed) and not self.exempt(story, leg)
            if not counts or not self._within(leg.due_at):
                continue
            groups = {**story.groups, "responsible": story.codes[leg.organisation_id]}
            self._count("rectified", leg, story.done(leg), groups)
            self._count("rectified_in_time", leg, story.done_in_time(leg), groups)
            self._count("extended", leg, story.extensions(leg) > 0, groups)
            self._count("overdue", leg, missed and waiting, groups)

    def exempt(self, story: Story, leg: Leg) -> bool:
        """Whether a leg counts nowhere."""
        return leg.outcome == "sent_back" or story.goes_on(leg)

    def _closing(self, story: Story) -> None:
        ticket, closed = story.ticket, story.state == "closed"
        due = self._closing_due(story)
        if due is None or not self._within(due[0]) or not (closed or due[1]):
            return
        checker = {**story.groups, "responsible": story.groups["organisation"]}
        at = story.last("close")
        in_time = closed and at is not None and at <= due[0]
        self._count("closed", ticket, closed, checker)
        self._count("closed_in_time", ticket, in_time, checker)
        reworked = story.last("return", "reopen") is not None
        self._count("reworked", ticket, reworked, {**story.groups, "responsible": story.rectifier})

    def _closing_due(self, story: Story) -> tuple[datetime, bool] | None:
        """When closing falls due and whether that is past; None where it does not."""
        if story.state in ("closed", "rectified"):
            check = story.ticket.check_due_at
            assert check is not None
            return check, check < self.now
        running = story.legs[-1] if story.legs and story.legs[-1].to_at is None else None
        if running is None:
            return None
        return running.due_at, story.missed(running, self.now)

    def _filing(self, story: Story) -> None:
        ticket = story.ticket
        if story.state == "withdrawn":
            return
        groups = {**story.groups, "responsible": story.groups["organisation"]}
        late = story.state == "reported" and ticket.filing_due_at < self.now
        decided = story.decided_at
        filed = story.was_filed and not story.merged
        if (filed or late) and self._within(ticket.filing_due_at if late else decided):
            kept = not late and decided is not None and decided <= story.first_filing_due_at
            self._count("filed_in_time", ticket, kept, groups)
        if story.was_filed and not story.merged and self._within(decided):
            stands = story.state not in ("voided", "rejected")
            self._count("filed_accurately", ticket, stands, groups)

    def _reports(self, story: Story) -> None:
        ticket = story.ticket
        groups = {**story.groups, "responsible": story.groups["organisation"]}
        if story.state != "withdrawn" and self._within(ticket.reported_at):
            stands = story.was_filed and story.state not in ("voided", "rejected")
            self._count("valid_reports", ticket, stands or story.merged, groups)
        closed_at = story.last("close")
        if story.state == "closed" and closed_at and self._within(closed_at):
            same = day_of(closed_at) == day_of(ticket.reported_at)
            self._count("closed_same_day", ticket, same, groups)


def stories_told(session: Session) -> list[Story]:
    """Every ticket there is, with all that happened to it."""
    codes = {row.id: row.code for row in session.scalars(select(Organisation))}
    codes |= {row.id: row.code for row in session.scalars(select(Compound))}
    calendar = work_calendar(session)
    tickets = session.scalars(select(Ticket)).all()
    pauses = session.scalars(select(PausePeriod)).all()
    return [
        Story(
            ticket,
            list(_of(session, TicketEvent, ticket)),
            list(_of(session, Leg, ticket)),
            codes,
            due_at(ticket.reported_at, FILING, calendar, _known(pauses, ticket)).at,
            {
                leg.id: due_at(leg.to_at, CHECKING, calendar, _known(pauses, ticket)).at
                for leg in _of(session, Leg, ticket)
                if leg.to_at is not None
            },
        )
        for ticket in tickets
    ]


def _known(pauses: Sequence[PausePeriod], ticket: Ticket) -> list[tuple[datetime, datetime]]:
    """When the clocks of a ticket stood still; those of danger never do."""
    if ticket.limit_unit in (LimitUnit.urgent_hour, LimitUnit.urgent_day):
        return []
    path = ticket.community.path
    return [
        (pause.from_at, pause.to_at)
        for pause in pauses
        if path.startswith(pause.organisation.path)
        and (pause.categories is None or ticket.category_code in pause.categories)
    ]


def _of(session: Session, kind: Any, ticket: Ticket) -> Iterator[Any]:
    asked = select(kind).where(kind.ticket_id == ticket.id).order_by(kind.sequence)
    yield from session.scalars(asked)
