"""A township to whose office people say things."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.grid.codes.scenes import Spot, scene_of
from app.grid.queries import compound_by_code
from app.kernel.db import db
from tests.clocks import MovableClock
from tests.tickets.stories import WEDNESDAY, Stories
from tests.towns import Town


@pytest.fixture
def stories(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Stories:
    """The township and its people."""
    clock.set(WEDNESDAY)
    return Stories(app, client, town, clock)


@pytest.fixture
def scene(stories: Stories) -> str:
    """What the code at the first compound says."""
    with stories.app.app_context():
        found = compound_by_code(db.session(), stories.code())
        assert found is not None
        told = scene_of(Spot.compound, found.id)
        db.session.remove()
    return told
