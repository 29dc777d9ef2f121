"""The application that is asked."""

import pytest


@pytest.fixture
def backend() -> str:
    """What is told here is of the edge: one database is enough, `make fuzz` takes both."""
    return "sqlite"
