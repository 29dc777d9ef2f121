"""Row by row: made, missing on a board until then, and in a report afterwards."""

import pytest

from tests.duties.office import Office
from tests.mission.document import PLACE, document
from tests.mission.rows import ROWS
from tests.mission.walking import Walk
from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_obligation_is_made_missed_and_reported(stories: Stories) -> None:
    """One township, one row after the other; its reports are read once, in the end."""
    walk = Walk(Office(stories))
    for row in ROWS:
        row.walk(walk)
    assert walk.reports_say() == []


def test_the_document_says_the_same() -> None:
    assert PLACE.read_text("utf-8") == document(), "run python -m tests.mission"
