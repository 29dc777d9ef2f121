"""The worker: makes the periodic slots, then does what is due; any number may run.

Idle it only looks: a read every second, and its beat every 30 s. Every job is taken in one short
transaction and done in others, so a worker that is killed loses nothing: its job is taken again
when the lease is over.
"""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.jobs.handlers import (
    CONTINUAL,
    HANDLERS,
    PERIODIC,
    Continual,
    Handler,
    LongHandler,
    Periodic,
)
from app.kernel.clock import SHANGHAI, day_start, shanghai_day
from app.kernel.db import begin_reading, db, unit_of_work
from app.kernel.errors import DomainError, Unavailable
from app.work.leases import (
    JobCancelled,
    LeaseLost,
    TakenJob,
    complete_job,
    end_cancelled,
    fail_job,
    give_back,
    report_progress,
    take_due_job,
)
from app.work.queries import has_due_job, slots_made
from app.work.service import beat, enqueue
from config.settings import ROOT

log = logging.getLogger("gexun.worker")

PAUSE_S = 1.0
PAUSE_AFTER_TROUBLE_S = 5.0
STEP_S = 0.2
LOOKS_AFTER_S = 2.0
"""After so long of one job after the other it is looked whether somebody is to be told something:
a host that answers slowly keeps no inbox waiting for all its messages."""
BEAT = timedelta(seconds=30)


class OutOfTime(BaseException):
    """The worker has to end now: the job under way goes back."""


@dataclass
class Tally:
    """What came of the jobs that were tried."""

    done: int = 0
    failed: int = 0
    others: int = 0
    """Cancelled, or taken over by another worker."""


def slot_begins(now: datetime, periodic: Periodic) -> datetime:
    """When the present slot of a periodic kind began (UTC), counted from midnight in Shanghai."""
    shifted = now - periodic.at
    midnight = day_start(shanghai_day(shifted))
    return midnight + (shifted - midnight) // periodic.every * periodic.every + periodic.at


def slot_key(periodic: Periodic, begins: datetime) -> str:
    """The key that makes a slot's job the only one: kind:2026-11-23T16:20 in Asia/Shanghai."""
    return f"{periodic.kind}:{begins.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def described(error: BaseException) -> str:
    """What went wrong without anybody's data: the kind of error and where in the product.

    Messages of errors can hold what was worked on. Only those of something that does not answer
    are kept, and the titles of broken rules, which are the same for everybody.
    """
    said = f"：{error.title}" if isinstance(error, DomainError) else ""
    if isinstance(error, Unavailable) and error.detail:
        said = f"：{error.detail}"
    return f"{type(error).__name__}{said}（{_place(error)}）"


def _place(error: BaseException) -> str:
    """The innermost line of ours that the error went through."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename
    ]
    if not ours:
        return "?"
    return f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}"


class Worker:
    """One worker; `name` tells it from others, `clock` gives aware instants."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        name: str,
        handlers: Mapping[str, Handler] = HANDLERS,
        periodic: Iterable[Periodic] = PERIODIC,
        continual: Iterable[Continual] = CONTINUAL,
        wanted: Callable[[], bool] = lambda: True,
        looks_after_s: float = LOOKS_AFTER_S,
    ) -> None:
        self.clock = clock
        self.name = name
        self.handlers = handlers
        self.periodic = tuple(periodic)
        self.continual = tuple(continual)
        self.kinds = frozenset(handlers)
        self.stopping = False
        self._wanted = wanted
        self._looks_after_s = looks_after_s
        self._slots: set[str] = set()
        self._beaten_at: datetime | None = None

    @property
    def goes_on(self) -> bool:
        """Whether another job may be begun."""
        return not self.stopping and self._wanted()

    def run(self) -> None:
        """Works until told to stop; what it needs and does not answer is waited for."""
        while self.goes_on:
            pause = PAUSE_S
            try:
                self.beat_when_due()
                self.work_once(beating=True)
            except Exception as error:
                # Mostly a database that is away or has no tables yet; whatever it is may pass.
                log.error("the worker waits: %s", described(error))
                pause = PAUSE_AFTER_TROUBLE_S
            finally:
                db.session.remove()
            self.rest(pause)

    def rest(self, seconds: float) -> None:
        """Waits, unless it is told to stop."""
        ends = time.monotonic() + seconds
        while self.goes_on and (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, STEP_S))

    def work_once(self, *, beating: bool = False) -> Tally:
        """Makes the slots and does everything that is due."""
        tally = Tally()
        self.make_slots()
        looked = time.monotonic()
        while self.goes_on and (taken := self._take()) is not None:
            self._do(taken, tally)
            if beating:
                self.beat_when_due()
            if time.monotonic() - looked >= self._looks_after_s:
                self.do_continual()
                looked = time.monotonic()
        self.do_continual()
        return tally

    def do_continual(self) -> None:
        """Does what has something to do; what fails is tried again at the next look."""
        for one in self.continual:
            try:
                for _ in range(one.parts):
                    if not (self.goes_on and self._wants(one)):
                        break
                    with unit_of_work() as session:
                        if not one.do(session, self.clock()):
                            break
            except Exception as error:
                log.error("%s failed: %s", one.kind, described(error))
            finally:
                db.session.remove()

    def _wants(self, one: Continual) -> bool:
        with _reading() as session:
            return one.wanted(session, self.clock())

    def make_slots(self) -> None:
        """Enqueues each periodic job of the present slots once, whoever comes first."""
        now = self.clock()
        begun = [(periodic, slot_begins(now, periodic)) for periodic in self.periodic]
        wanted = {slot_key(periodic, begins): (periodic, begins) for periodic, begins in begun}
        if wanted.keys() <= self._slots:
            return
        with _reading() as session:
            missing = wanted.keys() - slots_made(session, wanted)
        if missing:
            with unit_of_work() as session:
                for slot in sorted(missing):
                    periodic, begins = wanted[slot]
                    enqueue(session, periodic.kind, {}, now=now, run_at=begins, slot=slot)
        self._slots = set(wanted)

    def _take(self) -> TakenJob | None:
        now = self.clock()
        with _reading() as session:
            if not has_due_job(session, self.kinds, now=now):
                return None
        with unit_of_work() as session:
            return take_due_job(session, self.kinds, now=now)

    def _do(self, taken: TakenJob, tally: Tally) -> None:
        try:
            self._handle(taken)
            tally.done += 1
        except LeaseLost:
            log.warning("job %s %s was taken over", taken.kind, taken.id)
            tally.others += 1
        except JobCancelled:
            self._end_cancelled(taken)
            tally.others += 1
        except OutOfTime:
            with unit_of_work() as session:
                give_back(session, taken)
            raise
        except Exception as error:
            self._fail(taken, error)
            tally.failed += 1
        finally:
            db.session.remove()

    def _handle(self, taken: TakenJob) -> None:
        handler = self.handlers[taken.kind]
        if isinstance(handler, LongHandler):
            handler.do(taken.payload, lambda percent, said: self._progress(taken, percent, said))
        with unit_of_work() as session:
            if not isinstance(handler, LongHandler):
                handler.do(session, taken.payload, self.clock())
            complete_job(session, taken, now=self.clock())

    def _progress(self, taken: TakenJob, percent: int, said: str) -> None:
        """In a transaction of its own, so that rows the handler is reading stay open."""
        _refuse_inside_a_unit_of_work()
        now = self.clock()
        with Session(db.engine) as session, session.begin():
            session.connection(execution_options={"writes": True})
            report_progress(session, taken, percent, said, now=now)
            if self._beaten_at is not None:
                self._beat(session, now)

    def _fail(self, taken: TakenJob, error: Exception) -> None:
        said = described(error)
        log.error("job %s %s failed, attempt %d: %s", taken.kind, taken.id, taken.attempt, said)
        try:
            with unit_of_work() as session:
                fail_job(session, taken, said, now=self.clock())
        except LeaseLost:
            log.warning("job %s %s was taken over", taken.kind, taken.id)

    def _end_cancelled(self, taken: TakenJob) -> None:
        try:
            with unit_of_work() as session:
                end_cancelled(session, taken, now=self.clock())
        except LeaseLost:
            log.warning("job %s %s was taken over", taken.kind, taken.id)

    def beat_when_due(self) -> None:
        """Says every 30 s that this worker is at work."""
        now = self.clock()
        if self._beaten_at is None or abs(now - self._beaten_at) >= BEAT:
            with unit_of_work() as session:
                beat(session, self.name, now=now)
            self._beaten_at = now

    def _beat(self, session: Session, now: datetime) -> None:
        """Along with the progress of a long job."""
        if self._beaten_at is not None and abs(now - self._beaten_at) >= BEAT:
            beat(session, self.name, now=now)
            self._beaten_at = now


@contextmanager
def _reading() -> Iterator[Session]:
    """A look that holds nothing afterwards: no transaction stays open while the worker rests."""
    try:
        yield begin_reading()
    finally:
        db.session.remove()


def _refuse_inside_a_unit_of_work() -> None:
    session = db.session()
    if session.in_transaction() and session.connection().get_execution_options().get("writes"):
        raise RuntimeError("progress is reported between units of work, not inside one")
