"""A township in November 2026, and what happens in it."""

import pytest

from tests.duties.office import Office
from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories


@pytest.fixture
def office(stories: Stories) -> Office:
    """Who records and who looks at scores in the township."""
    return Office(stories)
