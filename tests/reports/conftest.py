"""A township on Wednesday morning, 25 November 2026."""

from tests.tickets.conftest import stories as stories
