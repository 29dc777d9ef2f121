"""Stories of tickets, and the worker that does the clock's work in them."""

from collections.abc import Callable

import pytest

from app.jobs.handlers import PERIODIC
from app.jobs.worker import Tally, Worker
from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories, at


@pytest.fixture
def work(request: pytest.FixtureRequest, stories: Stories) -> Callable[..., Tally]:
    """Lets a worker do what the clock wants at an instant (by default now): the periodic kinds that
    the module of the test is about (`CLOCKWORK`), and nothing else."""
    mine = [each for each in PERIODIC if each.kind in request.module.CLOCKWORK]

    def once(when: str | None = None, name: str = "one") -> Tally:
        if when is not None:
            stories.now(at(when))
        with stories.app.app_context():
            return Worker(stories.clock, name=name, periodic=mine, continual=()).work_once()

    return once
