"""A township that has been in service since 2020, so that tests may stand on any later day."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.grid.models import Checkpoint, Compound
from app.kernel.clock import SHANGHAI
from app.kernel.db import db, unit_of_work
from app.people.models import Post
from tests.clocks import MovableClock
from tests.rounds.walks import SignIn, Walks
from tests.towns import Town

LONG_AGO = date(2020, 1, 1)
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def in_service_for_years(app: Flask) -> None:
    """Every compound and checkpoint in service and every post held since 2020."""
    with app.app_context():
        with unit_of_work() as session:
            session.execute(update(Compound).values(in_service_on=LONG_AGO))
            session.execute(update(Checkpoint).values(in_service_on=LONG_AGO))
            session.execute(update(Post).values(from_on=LONG_AGO))
        db.session.remove()


@pytest.fixture
def walks(
    app: Flask,
    client: FlaskClient,
    sign_in: SignIn,
    town: Town,
    clock: MovableClock,
    in_service_for_years: None,
) -> Walks:
    """The township on Wednesday of 2026-W48, and how to walk in it."""
    clock.set(WEDNESDAY)
    return Walks(app, client, sign_in, town, clock)
