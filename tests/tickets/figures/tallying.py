"""Counting in advance, as the worker does it, and holding it against a count of the tickets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.kernel.db import begin_reading, db, unit_of_work
from app.people.access import Actor
from app.people.queries import actor_by_id, person_by_username
from app.tickets.figures.counting import Period, figures_by_group
from app.tickets.figures.scope import Scope
from app.tickets.figures.summary import sums_of_tickets
from app.tickets.figures.tallies.checking import differences, tallies_are_used
from app.tickets.figures.tallies.county import figures_tallied, sums_tallied
from app.tickets.figures.tallies.keeping import AT_ONCE, count_in_advance, something_to_count
from app.tickets.figures.tallies.shares import FIGURES_BY, LISTS_BY
from app.tickets.models import State
from app.tickets.narrowing import TicketFilter
from tests.tickets.stories import Stories

COUNTY = "guanli"
PERIODS = (
    (date(2026, 10, 20), date(2027, 1, 5)),
    (date(2026, 10, 29), date(2026, 11, 2)),
)
LISTS = (TicketFilter(), TicketFilter(states=(State.dispatched, State.rectified)))


def work(
    stories: Stories, now: datetime | None = None, parts: int = 1000, at_once: int = AT_ONCE
) -> int:
    """Counts as the worker does until nothing is left, or some parts; how many it took."""
    done = 0
    with stories.app.app_context():
        while done < parts and _wanted(now or stories.clock()):
            with unit_of_work() as session:
                count_in_advance(session, now or stories.clock(), at_once=at_once)
            done += 1
        db.session.remove()
    return done


def _wanted(now: datetime) -> bool:
    try:
        return something_to_count(begin_reading(), now)
    finally:
        db.session.remove()


class Killed(Exception):
    """The worker ended in the middle of it."""


def work_killed(stories: Stories) -> None:
    """Counts a part, and dies before it is written."""
    with stories.app.app_context():
        try:
            with unit_of_work() as session:
                count_in_advance(session, stories.clock())
                raise Killed
        except Killed:
            db.session.remove()


@contextmanager
def at_work(stories: Stories) -> Iterator[None]:
    """Meanwhile a worker has counted a part and not committed; then it does."""
    with stories.app.app_context(), Session(db.engine) as session, session.begin():
        session.connection(execution_options={"writes": True})
        count_in_advance(session, stories.clock())
        yield


def check(stories: Stories, now: datetime | None = None) -> None:
    """Every tally of every day and group, as it is read at an instant, against all tickets."""
    at = now or stories.clock()
    with stories.app.app_context():
        session = begin_reading()
        assert tallies_are_used(session, at)
        assert list(differences(session, at)) == []
        db.session.remove()


@dataclass
class Workers:
    """Who counts in advance, from time to time: one that does all of it, a part, or dies in it, one
    whose clock is a day ahead, or nobody. What is read is right whoever came last."""

    stories: Stories
    came: int = 0

    def __call__(self) -> None:
        """The next one, after what the last one left was looked at."""
        stories, now = self.stories, self.stories.clock()
        if self.came:
            check(stories)
            check(stories, now + (timedelta(days=3) if self.came % 2 else timedelta(hours=-30)))
        else:
            work_killed(stories)
            work(stories)
        match self.came % 5:
            case 0:
                work(stories)
            case 1:
                work_killed(stories)
            case 2:
                work(stories, parts=1, at_once=3)
            case 3:
                work(stories, now + timedelta(days=1))
        self.came += 1


def check_questions(stories: Stories) -> None:
    """All that can be asked of a county is answered from the tallies, as a count answers it."""
    now = stories.clock()
    with stories.app.app_context():
        session = begin_reading()
        actor = _actor(session, now)
        scope = Scope(actor, shanghai_day(now))
        for first, last in PERIODS:
            period = Period(first, last, now)
            for by in (None, *FIGURES_BY):
                told = figures_tallied(session, scope, period, by)
                assert told == figures_by_group(session, scope, period, by), (by, period)
        for wanted in LISTS:
            for of in LISTS_BY:
                sums = sums_tallied(session, actor, wanted, of, now=now)
                assert sums == sums_of_tickets(session, actor, wanted, of, now=now), of
        db.session.remove()


def _actor(session: Session, now: datetime) -> Actor:
    person = person_by_username(session, COUNTY)
    actor = actor_by_id(session, person.id, now=now) if person else None
    assert actor is not None
    return actor
