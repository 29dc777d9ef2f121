"""Several workers at once: every rung, step and digest is told once, and none of them stumbles."""

import threading

from sqlalchemy import func, select

from app.escalations.models import ToldRung
from app.jobs.handlers import CONTINUAL, PERIODIC
from app.jobs.worker import Tally, Worker
from app.kernel.db import unit_of_work
from app.notices.models import Notice
from app.work.models import Job, JobOutcome
from tests.tickets.stories import Stories, at

CLOCKWORK = ("remind_of_limits", "daily_digests")
AT_ONCE = 3


def all_at_once(stories: Stories) -> list[Tally]:
    """What became of the work of three workers that began together."""
    begin, tallies = threading.Barrier(AT_ONCE), []

    def work(name: str) -> None:
        with stories.app.app_context():
            mine = [each for each in PERIODIC if each.kind in CLOCKWORK]
            telling = [each for each in CONTINUAL if each.kind == "tell_steps"]
            worker = Worker(stories.clock, name=name, periodic=mine, continual=telling)
            begin.wait()
            tallies.append(worker.work_once())

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(AT_ONCE)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return tallies


def test_three_workers_tell_everything_once(stories: Stories) -> None:
    all_at_once(stories)
    photo = stories.photo("wangge11", stories.spot)
    for _ in range(12):
        stories.report(photo_ids=[photo])
    stories.now(at("11-26 17:00"))
    tallies = all_at_once(stories)
    assert sum(tally.failed for tally in tallies) == 0
    with stories.app.app_context(), unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(ToldRung)) == 12 * 4
        ended = select(Job.outcome, func.count()).group_by(Job.outcome)
        assert {outcome for outcome, _ in session.execute(ended)} == {JobOutcome.done}
        twice = select(Notice.person_id).group_by(Notice.person_id, Notice.about)
        assert session.scalars(twice.having(func.count() > 1)).all() == []
    told = stories.get("ducha1", "/notices").get_json()["items"]
    assert [one["kind"] for one in told] == ["overdue"] * 12
    before = [one["id"] for one in told]
    all_at_once(stories)
    told = stories.get("ducha1", "/notices").get_json()["items"]
    assert [one["id"] for one in told] == before
