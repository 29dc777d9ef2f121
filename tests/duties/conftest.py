"""Two townships with their administrators; and one on Wednesday, 25 November 2026."""

import pytest

from tests.administration.conftest import desk as desk
from tests.duties.office import Office
from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories


@pytest.fixture
def office(stories: Stories) -> Office:
    """Who records and who looks at progress in the township."""
    return Office(stories)
