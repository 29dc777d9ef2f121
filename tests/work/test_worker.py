"""The worker does what is due, once, says what went wrong without anybody's data, and rests."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.jobs.handlers import (
    HANDLERS,
    PERIODIC,
    Continual,
    Handler,
    LongHandler,
    Periodic,
    ShortHandler,
)
from app.jobs.worker import BEAT, Worker, described, slot_begins, slot_key
from app.kernel.db import begin_reading, db, unit_of_work
from app.kernel.errors import Unavailable
from app.kernel.facts import DeploymentFact, deployment_fact, record_fact
from app.people.models import AccessToken, Person
from app.people.service import issue_token
from app.work.leases import LEASE, JobCancelled, LeaseLost
from app.work.models import Job, JobOutcome, WorkerBeat
from app.work.queries import last_beat, slots_made
from app.work.service import cancel_job, enqueue
from tests.clocks import MovableClock
from tests.work.slow_worker import write_fact

Ask = Callable[..., UUID]
Read = Callable[[UUID], Job]
Make = Callable[..., Worker]
HOURLY = Periodic("try", timedelta(hours=1))
NIGHTLY = Periodic("try", timedelta(days=1), at=timedelta(hours=3))


def short(do: Callable[[Session, dict[str, Any], datetime], None]) -> dict[str, Handler]:
    return {"try": ShortHandler("试", do)}


def long(do: Callable[[dict[str, Any], Any], None]) -> dict[str, Handler]:
    return {"try": LongHandler("试", do)}


def nothing(_session: Session, _payload: dict[str, Any], _now: datetime) -> None:
    """Does nothing."""


def fact(name: str) -> str | None:
    with unit_of_work() as session:
        return deployment_fact(session, name)


@contextmanager
def writes_counted() -> Iterator[list[str]]:
    """The statements executed inside that are no reads."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if (
            not statement.lstrip().upper().startswith(("SELECT", "BEGIN\n"))
            and statement != "BEGIN"
        ):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


class TestHandlers:
    """A job's effect and its completion."""

    def test_a_short_ones_come_together_or_not_at_all(
        self, ask: Ask, worker: Make, clock: MovableClock, job: Read
    ) -> None:
        def fails_once(session: Session, payload: dict[str, Any], now: datetime) -> None:
            write_fact(session, payload, now)
            if job_tries.pop():
                raise KeyError("13800000000")

        job_tries = [False, True]
        job_id = ask(payload={"fact": "once"})
        one = worker(short(fails_once))
        assert one.work_once().failed == 1
        assert fact("once") is None
        assert one.work_once().done == 0
        clock.move(timedelta(seconds=30))
        assert one.work_once().done == 1
        assert fact("once") == "written"
        assert (job(job_id).outcome, job(job_id).progress) == (JobOutcome.done, 100)

    def test_whose_lease_is_lost_has_no_effect(
        self, ask: Ask, worker: Make, app: Flask, clock: MovableClock, job: Read
    ) -> None:
        """The other worker takes the job in the middle of this one's long thought."""

        def steal(payload: dict[str, Any], _progress: Any) -> None:
            if not stolen:
                stolen.append(1)
                clock.move(LEASE)
                other = threading.Thread(target=work_in, args=(app, worker(long(steal), name="b")))
                other.start()
                other.join()
            else:
                with unit_of_work() as session:
                    write_fact(session, payload, clock())

        stolen: list[int] = []
        job_id = ask(payload={"fact": "stolen"})
        assert worker(long(steal)).work_once().others == 1
        assert fact("stolen") == "written"
        assert job(job_id).attempts == 2

    def test_a_short_one_undoes_its_effect_when_the_lease_is_lost(
        self, ask: Ask, worker: Make, job: Read
    ) -> None:
        def loses(session: Session, payload: dict[str, Any], now: datetime) -> None:
            write_fact(session, payload, now)
            raise LeaseLost

        job_id = ask(payload={"fact": "lost"})
        assert worker(short(loses)).work_once().others == 1
        assert fact("lost") is None
        assert job(job_id).outcome is None

    def test_a_long_one_says_how_far_it_is_and_is_alive(
        self, ask: Ask, worker: Make, clock: MovableClock, job: Read
    ) -> None:
        def slowly(_payload: dict[str, Any], progress: Any) -> None:
            rows = begin_reading().execute(select(DeploymentFact.name)).yield_per(1)
            for percent, _row in enumerate(rows):
                clock.move(LEASE - timedelta(seconds=1))
                progress(percent, f"第 {percent} 步")
                seen.append(last_beat_now())

        with unit_of_work() as session:
            for number in range(3):
                record_fact(session, f"row {number}", "")
        seen: list[datetime | None] = []
        job_id = ask()
        begun = clock()
        one = worker(long(slowly))
        one.beat_when_due()
        assert one.work_once().done == 1
        step = LEASE - timedelta(seconds=1)
        assert seen == [begun + step * n for n in (1, 2, 3)]
        assert job(job_id).progress_text == "第 2 步"

    def test_progress_inside_a_unit_of_work_is_refused(
        self, ask: Ask, worker: Make, job: Read
    ) -> None:
        """On SQLite it would wait for its own turn for ever."""

        def wrongly(_payload: dict[str, Any], progress: Any) -> None:
            with unit_of_work():
                progress(1, "一")

        job_id = ask()
        assert worker(long(wrongly)).work_once().failed == 1
        assert "RuntimeError" in str(job(job_id).last_error)

    def test_a_cancelled_one_stops_at_its_next_word(
        self, ask: Ask, worker: Make, clock: MovableClock, job: Read
    ) -> None:
        def goes_on(_payload: dict[str, Any], progress: Any) -> None:
            progress(10, "开始")
            with unit_of_work() as session:
                cancel_job(session, job_id, now=clock())
            with pytest.raises(JobCancelled):
                progress(20, "继续")
            progress(20, "继续")
            raise AssertionError("went on")

        job_id = ask()
        assert worker(long(goes_on)).work_once().others == 1
        assert (job(job_id).outcome, job(job_id).progress) == (JobOutcome.cancelled, 10)

    def test_a_short_one_cancelled_meanwhile_has_no_effect(
        self, ask: Ask, worker: Make, clock: MovableClock, job: Read
    ) -> None:
        def asked_to_stop(session: Session, payload: dict[str, Any], now: datetime) -> None:
            write_fact(session, payload, now)
            cancel_job(session, job_id, now=now)

        job_id = ask(payload={"fact": "cancelled"})
        assert worker(short(asked_to_stop)).work_once().others == 1
        assert fact("cancelled") is None

    def test_failures_are_told_without_data(
        self, ask: Ask, worker: Make, job: Read, caplog: pytest.LogCaptureFixture
    ) -> None:
        def tells(_session: Session, payload: dict[str, Any], _now: datetime) -> None:
            try:
                raise ValueError(payload["name"])
            except ValueError as error:
                raise KeyError(f"no {payload['name']}") from error

        job_id = ask(payload={"name": "张三 13800000000"})
        with caplog.at_level(logging.DEBUG):
            assert worker(short(tells)).work_once().failed == 1
        said = str(job(job_id).last_error)
        assert said.startswith("KeyError（tests/work/test_worker.py:")
        assert said in caplog.text
        assert "张三" not in caplog.text + said

    def test_what_does_not_answer_is_named(self) -> None:
        assert (
            described(Unavailable("照片存储没有应答。")) == "Unavailable：照片存储没有应答。（?）"
        )

    def test_what_this_version_does_not_know_is_left(
        self, ask: Ask, worker: Make, job: Read
    ) -> None:
        job_id = ask("newer")
        assert worker(short(nothing)).work_once().done == 0
        assert job(job_id).attempts == 0


def last_beat_now() -> datetime | None:
    with Session(db.engine) as session:
        return last_beat(session)


def work_in(app: Flask, one: Worker) -> None:
    with app.app_context():
        one.work_once()


class TestMany:
    """Several workers at once."""

    def test_each_of_many_jobs_is_done_once(
        self, app: Flask, ask: Ask, worker: Make, clock: MovableClock
    ) -> None:
        count = 200
        with unit_of_work() as session:
            for number in range(count):
                enqueue(session, "try", {"fact": f"fact {number}"}, now=clock())
        workers = [worker(short(write_fact), name=name) for name in ("a", "b", "c")]
        tallies = drained_by(app, workers)
        assert sum(tally.done for tally in tallies) == count
        assert sum(tally.failed + tally.others for tally in tallies) == 0
        assert all(tally.done for tally in tallies)
        with unit_of_work() as session:
            facts = select(func.count()).where(DeploymentFact.value == "written")
            assert session.scalar(facts) == count
            assert set(session.scalars(select(Job.attempts))) == {1}

    def test_a_slot_is_made_once(self, app: Flask, worker: Make) -> None:
        both = [HOURLY, NIGHTLY]
        workers = [worker(short(nothing), both, name=name) for name in ("a", "b", "c")]
        assert sum(tally.done for tally in drained_by(app, workers)) == 2


def drained_by(app: Flask, workers: list[Worker]) -> list[Any]:
    """What each of some workers did, all begun at the same moment."""
    tallies: list[Any] = []
    gate = threading.Barrier(len(workers))

    def drain(one: Worker) -> None:
        with app.app_context():
            gate.wait()
            tallies.append(one.work_once())

    threads = [threading.Thread(target=drain, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tallies) == len(workers)
    return tallies


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class TestSlots:
    """What comes by itself comes once in its time."""

    @pytest.mark.parametrize(
        ("at", "periodic", "key"),
        [
            ("2026-11-23T09:30", HOURLY, "try:2026-11-23T09:00"),
            ("2026-11-23T09:00", HOURLY, "try:2026-11-23T09:00"),
            ("2026-11-23T08:59:59", HOURLY, "try:2026-11-23T08:00"),
            ("2026-11-23T00:00", HOURLY, "try:2026-11-23T00:00"),
            ("2026-11-23T02:59", NIGHTLY, "try:2026-11-22T03:00"),
            ("2026-11-23T03:00", NIGHTLY, "try:2026-11-23T03:00"),
            ("2026-11-23T16:29", Periodic("sla", timedelta(minutes=10)), "sla:2026-11-23T16:20"),
            ("2027-01-01T00:05", Periodic("sla", timedelta(minutes=10)), "sla:2027-01-01T00:00"),
        ],
    )
    def test_keys(self, at: str, periodic: Periodic, key: str) -> None:
        begins = slot_begins(shanghai(at), periodic)
        assert slot_key(periodic, begins) == key
        assert begins <= shanghai(at) < begins + periodic.every

    def test_each_slot_is_done_once_through_restarts(
        self, worker: Make, clock: MovableClock
    ) -> None:
        done = 0
        for _ in range(8):
            done += worker(short(nothing), [HOURLY]).work_once().done
            clock.move(timedelta(minutes=20))
        # From 09:30 to 11:50: the hours of 9, 10 and 11.
        assert done == 3

    def test_after_a_stop_only_the_present_slot_is_made(
        self, worker: Make, clock: MovableClock
    ) -> None:
        one = worker(short(nothing), [HOURLY])
        assert one.work_once().done == 1
        clock.move(timedelta(days=3))
        assert one.work_once().done == 1

    def test_a_clock_that_goes_back_makes_nothing_twice(
        self, worker: Make, clock: MovableClock
    ) -> None:
        one = worker(short(nothing), [HOURLY])
        assert one.work_once().done == 1
        clock.move(timedelta(hours=1))
        assert one.work_once().done == 1
        clock.move(-timedelta(hours=1))
        assert one.work_once().done == 0
        clock.move(timedelta(hours=1))
        assert one.work_once().done == 0

    def test_the_shipped_ones(self, worker: Make, clock: MovableClock) -> None:
        one = worker(HANDLERS, PERIODIC)
        assert one.work_once().done == len(PERIODIC)
        keys = ["housekeeping:2026-11-23T09:00", "photo_sweep:2026-11-23T03:00"]
        with unit_of_work() as session:
            assert slots_made(session, keys) == set(keys)
            assert set(session.scalars(select(Job.outcome))) == {JobOutcome.done}
        clock.move(timedelta(days=31))
        one.work_once()
        with unit_of_work() as session:
            assert slots_made(session, keys) == set()


class TwoRounds(Worker):
    """Fails in its first round, and is told to stop after the second."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__(clock, name="two", handlers=short(nothing), periodic=())
        self.rests: list[float] = []

    def make_slots(self) -> None:
        """What it needs is not there at first."""
        if not self.rests:
            raise ZeroDivisionError

    def rest(self, seconds: float) -> None:
        """Only notes how long."""
        self.rests.append(seconds)
        self.stopping = len(self.rests) == 2


class TestAtRest:
    """A worker with nothing to do disturbs nobody."""

    def test_it_only_looks(self, worker: Make, clock: MovableClock) -> None:
        one = worker(short(nothing), [HOURLY])
        one.work_once()
        one.beat_when_due()
        with writes_counted() as written:
            for _ in range(3):
                one.beat_when_due()
                assert one.work_once(beating=True).done == 0
                clock.move(timedelta(seconds=9))
        assert written == []
        another = worker(short(nothing), [HOURLY])
        with writes_counted() as written:
            another.work_once()
        assert written == []

    def test_the_counter_counts(self, inside: None) -> None:
        with writes_counted() as written, unit_of_work() as session:
            record_fact(session, "a", "b")
        assert any(statement.startswith("INSERT") for statement in written)

    def test_nothing_stays_open(self, worker: Make) -> None:
        one = worker(short(nothing), [HOURLY])
        one.work_once()
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]

    def test_it_beats_every_half_minute_and_forgets_who_is_gone(
        self, worker: Make, clock: MovableClock
    ) -> None:
        one, other = worker(name="one"), worker(name="other")
        begun = clock()
        one.beat_when_due()
        clock.move(BEAT - timedelta(seconds=1))
        one.beat_when_due()
        assert last_beat_now() == begun
        clock.move(timedelta(seconds=1))
        one.beat_when_due()
        assert last_beat_now() == begun + BEAT
        clock.move(timedelta(hours=23))
        other.beat_when_due()
        clock.move(timedelta(hours=2))
        other.beat_when_due()
        with unit_of_work() as session:
            assert session.scalars(select(WorkerBeat.name)).all() == ["other"]

    def test_it_waits_for_what_is_not_ready(
        self, clock: MovableClock, ask: Ask, job: Read, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A fault of one round is told, and the next round comes after a longer rest."""
        job_id = ask()
        one = TwoRounds(clock)
        one.run()
        assert one.rests == [5.0, 1.0]
        assert "the worker waits: ZeroDivisionError" in caplog.text
        assert job(job_id).outcome is JobOutcome.done

    def test_told_to_stop_it_begins_nothing(self, worker: Make, ask: Ask, job: Read) -> None:
        def stop(_session: Session, _payload: dict[str, Any], _now: datetime) -> None:
            one.stopping = True

        one = worker(short(stop))
        jobs = [ask(), ask()]
        one.run()
        assert [job(job_id).outcome for job_id in jobs] == [JobOutcome.done, None]


def test_housekeeping_forgets_ended_sign_ins(
    worker: Make, ask: Ask, clock: MovableClock, town: Any
) -> None:
    with unit_of_work() as session:
        person = session.scalars(select(Person).limit(1)).one()
        issue_token(session, person, lifetime=timedelta(hours=1), now=clock())
    clock.move(timedelta(hours=2))
    ask("housekeeping")
    assert worker(HANDLERS).work_once().done == 1
    with unit_of_work() as session:
        over = AccessToken.expires_at < clock()
        assert session.scalars(select(AccessToken.id).where(over)).all() == []


def test_who_is_to_be_told_does_not_wait_for_the_whole_queue(
    inside: None, clock: MovableClock, ask: Ask
) -> None:
    """Slow jobs after one another, as messages to a host that takes its time."""
    seen: list[str] = []

    def tell(_session: Session, _now: datetime) -> int:
        seen.append("told")
        return 0

    def send(_session: Session, _payload: dict[str, Any], _now: datetime) -> None:
        seen.append("sent")

    telling = Continual("tell", lambda _session, _now: True, tell)
    made: dict[str, Any] = {"handlers": short(send), "periodic": (), "continual": [telling]}
    ask()
    ask()
    Worker(clock, name="one", **made, looks_after_s=0).work_once()
    assert seen == ["sent", "told", "sent", "told", "told"]
