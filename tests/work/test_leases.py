"""A job is one worker's until its lease is over, and ends once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.kernel.db import db, unit_of_work
from app.work.leases import (
    ATTEMPTS,
    CUT_SHORT,
    LEASE,
    JobCancelled,
    LeaseLost,
    TakenJob,
    complete_job,
    end_cancelled,
    fail_job,
    give_back,
    pause_after,
    report_progress,
    take_due_job,
)
from app.work.models import Job, JobOutcome, JobState
from app.work.queries import has_due_job, state_of
from app.work.service import (
    JobFinished,
    JobNotDead,
    cancel_job,
    enqueue,
    forget_ended_jobs,
    retry_job,
)
from tests.clocks import MovableClock

Ask = Callable[..., UUID]
Read = Callable[[UUID], Job]
KINDS = frozenset({"try"})


def take(clock: MovableClock) -> TakenJob | None:
    with unit_of_work() as session:
        return take_due_job(session, KINDS, now=clock())


def taken(clock: MovableClock) -> TakenJob:
    found = take(clock)
    assert found is not None
    return found


def fail(one: TakenJob, clock: MovableClock) -> JobOutcome | None:
    with unit_of_work() as session:
        return fail_job(session, one, "ValueError", now=clock())


def fail_for_good(ask: Ask, clock: MovableClock) -> UUID:
    job_id = ask()
    for _ in range(ATTEMPTS):
        fail(taken(clock), clock)
        clock.move(timedelta(hours=7))
    return job_id


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1920), (8, 3840),
     (10, 15360), (11, 21600), (12, 21600), (5000, 21600)],
)  # fmt: skip
def test_the_pause_doubles_to_six_hours(attempt: int, seconds: int) -> None:
    assert pause_after(attempt) == timedelta(seconds=seconds)


def test_a_held_job_is_nobody_elses_until_the_lease_is_over(
    ask: Ask, clock: MovableClock, job: Read
) -> None:
    job_id = ask(payload={"id": "x"})
    first = taken(clock)
    assert (first.id, first.payload, first.attempt) == (job_id, {"id": "x"}, 1)
    assert take(clock) is None
    clock.move(LEASE - timedelta(seconds=1))
    assert take(clock) is None
    assert state_of(job(job_id), now=clock()) is JobState.running
    clock.move(timedelta(seconds=1))
    assert state_of(job(job_id), now=clock()) is JobState.waiting
    second = taken(clock)
    assert (second.id, second.attempt) == (job_id, 2)
    assert second.lease != first.lease


def test_who_lost_the_lease_changes_nothing(ask: Ask, clock: MovableClock, job: Read) -> None:
    job_id = ask()
    late = taken(clock)
    clock.move(LEASE)
    present = taken(clock)
    for act in (
        lambda session: complete_job(session, late, now=clock()),
        lambda session: report_progress(session, late, 50, "一半", now=clock()),
        lambda session: fail_job(session, late, "x", now=clock()),
        lambda session: end_cancelled(session, late, now=clock()),
    ):
        with pytest.raises(LeaseLost), unit_of_work() as session:
            act(session)
    with unit_of_work() as session:
        assert not give_back(session, late)
    seen = job(job_id)
    assert (seen.lease, seen.ended_at, seen.progress) == (present.lease, None, 0)
    with unit_of_work() as session:
        complete_job(session, present, now=clock())
    assert job(job_id).outcome is JobOutcome.done
    with pytest.raises(LeaseLost), unit_of_work() as session:
        complete_job(session, present, now=clock())


def test_a_late_worker_that_nobody_replaced_completes(ask: Ask, clock: MovableClock) -> None:
    ask()
    late = taken(clock)
    clock.move(LEASE * 3)
    with unit_of_work() as session:
        complete_job(session, late, now=clock())
    assert take(clock) is None


def test_progress_renews_the_lease(ask: Ask, clock: MovableClock, job: Read) -> None:
    job_id = ask()
    mine = taken(clock)
    for percent in (-5, 30, 250):
        clock.move(LEASE - timedelta(seconds=1))
        with unit_of_work() as session:
            report_progress(session, mine, percent, "字" * 200, now=clock())
        assert take(clock) is None
        assert job(job_id).progress == max(0, min(percent, 100))
    assert job(job_id).progress_text == "字" * 120


def test_the_longest_due_comes_first_and_what_is_not_due_or_not_known_waits(
    ask: Ask, clock: MovableClock, now: datetime
) -> None:
    later = ask(run_at=now - timedelta(minutes=1))
    sooner = ask(run_at=now - timedelta(minutes=2))
    ask(run_at=now + timedelta(minutes=1))
    ask("of a newer version", run_at=now - timedelta(days=1))
    assert [taken(clock).id, taken(clock).id] == [sooner, later]
    assert take(clock) is None
    with unit_of_work() as session:
        assert not has_due_job(session, KINDS, now=now)
        assert has_due_job(session, {"of a newer version"}, now=now)


def test_failing_rests_longer_each_time_and_is_dead_at_the_eighth(
    ask: Ask, clock: MovableClock, job: Read
) -> None:
    job_id = ask()
    for attempt in range(1, ATTEMPTS):
        assert fail(taken(clock), clock) is None
        assert job(job_id).run_at == clock() + pause_after(attempt)
        clock.move(pause_after(attempt) - timedelta(seconds=1))
        assert take(clock) is None
        clock.move(timedelta(seconds=1))
    assert fail(taken(clock), clock) is JobOutcome.dead
    clock.move(timedelta(days=365))
    assert take(clock) is None
    seen = job(job_id)
    assert (seen.attempts, seen.last_error) == (ATTEMPTS, "ValueError")
    assert state_of(seen, now=clock()) is JobState.dead


def test_a_job_that_kills_its_workers_is_dead_in_the_end(
    ask: Ask, clock: MovableClock, job: Read
) -> None:
    job_id = ask()
    for attempt in range(1, ATTEMPTS + 1):
        assert taken(clock).attempt == attempt
        clock.move(LEASE)
    after = ask()
    assert taken(clock).id == after
    assert (job(job_id).outcome, job(job_id).last_error) == (JobOutcome.dead, CUT_SHORT)


def test_a_dead_job_gets_another_round(ask: Ask, clock: MovableClock, job: Read) -> None:
    job_id = fail_for_good(ask, clock)
    with unit_of_work() as session:
        retry_job(session, job_id, now=clock())
    assert taken(clock).attempt == 1
    with pytest.raises(JobNotDead), unit_of_work() as session:
        retry_job(session, job_id, now=clock())


def test_given_back_it_is_due_at_once_and_the_attempt_not_counted(
    ask: Ask, clock: MovableClock
) -> None:
    ask()
    mine = taken(clock)
    with unit_of_work() as session:
        assert give_back(session, mine)
    assert taken(clock).attempt == 1


class TestCancelling:
    """A person stops a job, whatever it is doing."""

    def cancel(self, job_id: UUID, clock: MovableClock) -> JobState:
        with unit_of_work() as session:
            return state_of(cancel_job(session, job_id, now=clock()), now=clock())

    def test_one_that_waits_ends_at_once(self, ask: Ask, clock: MovableClock) -> None:
        job_id = ask()
        assert self.cancel(job_id, clock) is JobState.cancelled
        assert self.cancel(job_id, clock) is JobState.cancelled
        assert take(clock) is None

    def test_a_dead_one_ends(self, ask: Ask, clock: MovableClock) -> None:
        assert self.cancel(fail_for_good(ask, clock), clock) is JobState.cancelled

    def test_one_under_way_is_told_at_its_next_word(
        self, ask: Ask, clock: MovableClock, job: Read
    ) -> None:
        job_id = ask()
        mine = taken(clock)
        assert self.cancel(job_id, clock) is JobState.cancelling
        assert self.cancel(job_id, clock) is JobState.cancelling
        with pytest.raises(JobCancelled), unit_of_work() as session:
            report_progress(session, mine, 50, "一半", now=clock())
        with pytest.raises(JobCancelled), unit_of_work() as session:
            complete_job(session, mine, now=clock())
        with unit_of_work() as session:
            end_cancelled(session, mine, now=clock())
        assert job(job_id).outcome is JobOutcome.cancelled

    def test_one_that_fails_meanwhile_is_not_tried_again(
        self, ask: Ask, clock: MovableClock
    ) -> None:
        job_id = ask()
        mine = taken(clock)
        self.cancel(job_id, clock)
        assert fail(mine, clock) is JobOutcome.cancelled

    def test_one_whose_worker_died_is_not_begun_again(
        self, ask: Ask, clock: MovableClock, job: Read
    ) -> None:
        job_id = ask()
        taken(clock)
        self.cancel(job_id, clock)
        clock.move(LEASE)
        assert take(clock) is None
        assert job(job_id).outcome is JobOutcome.cancelled

    def test_what_is_done_stays_done(self, ask: Ask, clock: MovableClock) -> None:
        job_id = ask()
        with unit_of_work() as session:
            complete_job(session, taken_in(session, clock), now=clock())
        with pytest.raises(JobFinished):
            self.cancel(job_id, clock)


def taken_in(session: object, clock: MovableClock) -> TakenJob:
    """Taken in the transaction that is open."""
    found = take_due_job(db.session(), KINDS, now=clock())
    assert found is not None
    return found


def test_a_slot_is_made_once_even_when_it_is_done(ask: Ask, clock: MovableClock) -> None:
    ask(slot="try:2026-11-23T09:00")
    with unit_of_work() as session:
        complete_job(session, taken_in(session, clock), now=clock())
        assert enqueue(session, "try", {}, now=clock(), slot="try:2026-11-23T09:00") is None
        assert enqueue(session, "try", {}, now=clock(), slot="try:2026-11-23T10:00") is not None


def test_what_ended_a_month_ago_is_forgotten_but_not_the_dead(
    ask: Ask, clock: MovableClock, job: Read
) -> None:
    dead = fail_for_good(ask, clock)
    for _ in range(3):
        ask()
        with unit_of_work() as session:
            complete_job(session, taken_in(session, clock), now=clock())
    clock.move(timedelta(days=29))
    waiting = ask()
    with unit_of_work() as session:
        assert forget_ended_jobs(session, now=clock(), at_most=100) == 0
    clock.move(timedelta(days=2))
    with unit_of_work() as session:
        assert forget_ended_jobs(session, now=clock(), at_most=2) == 2
        assert forget_ended_jobs(session, now=clock(), at_most=2) == 1
    assert job(dead).outcome is JobOutcome.dead
    assert job(waiting).outcome is None
