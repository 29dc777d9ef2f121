"""A migrated database with the county and its tickets in it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from tests.bench.county import CUT, TOWNS, write_county
from tests.bench.rounds import rounds
from tests.bench.tickets import YEARS, Filling, Row, fillings, ground_of

AT_ONCE = 2000
TABLES = ("tickets", "legs", "ticket_events", "blobs", "photos", "ticket_photos")


def fill(settings: Settings, count: int, cut: tuple[int, int] = CUT) -> dict[str, str]:
    """Makes the tables, loads the county, its units cut into so many cells, and `count` tickets; a
    token for each username."""
    now = utc_now()
    with loaded(settings, TOWNS, cut, now=now) as tokens:
        with unit_of_work() as session:
            ground = ground_of(session)
        with db.engine.begin() as connection:
            pour_tickets(connection, fillings(ground, count, now=now))
            pour_rounds(connection, rounds(ground, now=now))
    return tokens


@contextmanager
def loaded(
    settings: Settings, towns: Sequence[str], cut: tuple[int, int] = CUT, *, now: datetime
) -> Iterator[dict[str, str]]:
    """A county in new tables, to be filled while the block runs; a token for each username."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        _load_county(now - YEARS, cut, towns)
        with unit_of_work() as session:
            tokens = {
                person.username: issue_token(
                    session, person, lifetime=timedelta(days=1), now=now
                ).token
                for person in session.scalars(select(Person))
            }
        yield tokens
        if not settings.embedded:
            _count_rows()
        db.session.remove()
        db.engine.dispose()


def _count_rows() -> None:
    """What PostgreSQL does by itself soon after so many rows came; nobody does it for SQLite."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _load_county(now: datetime, cut: tuple[int, int], towns: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="gexun-bench-") as folder:
        for township in write_county(Path(folder), cut, towns):
            with unit_of_work() as session:
                load_with_catalogue(session, township, now=now)


def pour_tickets(connection: Connection, made: Iterator[Filling]) -> None:
    """Writes the rows of tickets."""
    while batch := list(islice(made, AT_ONCE)):
        for name in TABLES:
            rows = [row for filling in batch for row in getattr(filling, name)]
            connection.execute(insert(db.metadata.tables[name]), rows)


def pour_rounds(connection: Connection, walked: Iterator[tuple[Row, list[Row]]]) -> None:
    """Writes rounds and their checks."""
    while batch := list(islice(walked, AT_ONCE)):
        connection.execute(insert(db.metadata.tables["rounds"]), [one for one, _ in batch])
        checks = [check for _, found in batch for check in found]
        connection.execute(insert(db.metadata.tables["round_checks"]), checks)
