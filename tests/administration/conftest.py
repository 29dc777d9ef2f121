"""Two townships and who administers them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.administration.desks import Desk, SignIn
from tests.clocks import MovableClock
from tests.towns import Town


@pytest.fixture
def desk(
    app: Flask,
    client: FlaskClient,
    sign_in: SignIn,
    two_towns: tuple[Town, Town],
    clock: MovableClock,
) -> Desk:
    """Two townships of one county, and an administrator of each."""
    return Desk(app, client, sign_in, two_towns, clock)
