"""A township, and how to walk in it."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import SHANGHAI
from tests.clocks import MovableClock
from tests.rounds.walks import SignIn, Walks
from tests.towns import Town

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def walks(
    app: Flask,
    client: FlaskClient,
    sign_in: SignIn,
    town: Town,
    clock: MovableClock,
) -> Walks:
    """The township on Wednesday of 2026-W48, and how to walk in it."""
    clock.set(WEDNESDAY)
    return Walks(app, client, sign_in, town, clock)
