"""A migrated database with the county and its tickets in it."""

import tempfile
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import Connection, insert, select, text

from app import create_app
from app.demo.load import load_with_catalogue
from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.people.models import Person
from app.people.service import issue_token
from config.settings import Settings
from tests.bench.county import CUT, write_county
from tests.bench.rounds import rounds
from tests.bench.tickets import YEARS, Ground, fillings, ground_of

AT_ONCE = 2000
TABLES = ("tickets", "legs", "ticket_events", "blobs", "photos", "ticket_photos")


def fill(settings: Settings, count: int, cut: tuple[int, int] = CUT) -> dict[str, str]:
    """Makes the tables, loads the county, its units cut into so many cells, and `count` tickets; a
    token for each username."""
    now = utc_now()
    app = create_app(settings)
    with app.app_context():
        upgrade()
        _load_county(now - YEARS, cut)
        with unit_of_work() as session:
            ground = ground_of(session)
            tokens = {
                person.username: issue_token(
                    session, person, lifetime=timedelta(days=1), now=now
                ).token
                for person in session.scalars(select(Person))
            }
        with db.engine.begin() as connection:
            _pour(connection, ground, count, now)
        if not settings.embedded:
            _count_rows()
        db.session.remove()
        db.engine.dispose()
    return tokens


def _count_rows() -> None:
    """What PostgreSQL does by itself soon after so many rows came; nobody does it for SQLite."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _load_county(now: datetime, cut: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory(prefix="gexun-bench-") as folder:
        for township in write_county(Path(folder), cut):
            with unit_of_work() as session:
                load_with_catalogue(session, township, now=now)


def _pour(connection: Connection, ground: Ground, count: int, now: datetime) -> None:
    made = fillings(ground, count, now=now)
    while batch := list(islice(made, AT_ONCE)):
        for name in TABLES:
            rows = [row for filling in batch for row in getattr(filling, name)]
            connection.execute(insert(db.metadata.tables[name]), rows)
    walked = rounds(ground, now=now)
    connection.execute(insert(db.metadata.tables["rounds"]), [one for one, _ in walked])
    checks = [check for _, found in walked for check in found]
    connection.execute(insert(db.metadata.tables["round_checks"]), checks)
