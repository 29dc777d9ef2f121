"""A township whose matters have lives of their own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.clocks import MovableClock
from tests.tickets.stories import WEDNESDAY, Stories
from tests.towns import Town


@pytest.fixture
def stories(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Stories:
    """The township and its people."""
    clock.set(WEDNESDAY)
    return Stories(app, client, town, clock)
