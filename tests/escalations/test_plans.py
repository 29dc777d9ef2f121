"""What reminds reads the indexes of running limits, and never every ticket."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.dialects import sqlite

from app.escalations.reminding import WAYS, to_look_at
from app.kernel.db import db
from tests.towns import Town


@pytest.fixture
def backend() -> str:
    """PostgreSQL plans by what it counted itself, which a test's few rows say nothing about."""
    return "sqlite"


def test_each_clock_has_its_index(app: Flask, town: Town) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    found = []
    with app.app_context(), db.engine.connect() as connection:
        for way in WAYS:
            asked = to_look_at(*way, now).limit(200).compile(dialect=sqlite.dialect())
            driver = connection.connection.driver_connection
            nothing = [None] * str(asked).count("?")
            rows = driver.execute(f"EXPLAIN QUERY PLAN {asked}", nothing).fetchall()
            steps = [row[3] for row in rows]
            found += [step for step in steps if "tickets " in step]
            assert not [step for step in steps if "TEMP B-TREE" in step]
    names = ("ix_tickets_yellow", "ix_tickets_filing_due", "ix_tickets_check_due")
    assert [name in step for name, step in zip(names, found, strict=True)] == [True] * 3
