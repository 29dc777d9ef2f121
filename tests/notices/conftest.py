"""Stories of tickets."""

from tests.tickets.conftest import stories as stories
