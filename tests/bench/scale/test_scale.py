"""A county that was copied together is one that could be; every line of its table is printed."""

import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from config.settings import ROOT
from tests.bench.databases import settings_for
from tests.bench.scale.filling import fill_county

TOWNS, TICKETS = 3, 30
ROW = re.compile(r"^(\S.{31})(\w+) .* (\d+\.\d\d)$", re.MULTILINE)

STRAY = """
SELECT count(*) FROM tickets
JOIN cells ON cells.id = tickets.cell_id JOIN compounds ON compounds.id = tickets.compound_id
JOIN organisations AS community ON community.id = tickets.community_id
JOIN organisations AS town ON town.id = tickets.town_id
JOIN posts ON posts.person_id = tickets.reporter_id
WHERE cells.organisation_id <> community.id OR compounds.organisation_id <> community.id
OR community.town_id <> town.id OR posts.organisation_id <> community.id
OR tickets.number NOT LIKE town.code || '%'
"""
LOOSE = """
SELECT count(*) FROM ticket_photos
JOIN photos ON photos.id = ticket_photos.photo_id
JOIN tickets ON tickets.id = ticket_photos.ticket_id
JOIN ticket_events ON ticket_events.id = ticket_photos.event_id
WHERE photos.town_id <> tickets.town_id OR ticket_events.ticket_id <> tickets.id
"""


def test_every_township_has_its_own_tickets(empty_database_url: str, tmp_path: Path) -> None:
    """At its own places, by its own people, with its own photos."""
    settings = settings_for(empty_database_url, tmp_path)
    tokens, told = fill_county(settings, TOWNS, TICKETS)
    assert f"{TICKETS} tickets" in told
    assert {"ducha101", "ducha102", "ducha103"} <= set(tokens)
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        by_town = connection.execute(text("SELECT count(*) FROM tickets GROUP BY town_id"))
        assert [row[0] for row in by_town] == [TICKETS // TOWNS] * TOWNS
        assert connection.scalar(text(STRAY)) == 0
        assert connection.scalar(text(LOOSE)) == 0
        uses, photos, blobs = (
            connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("ticket_photos", "photos", "blobs")
        )
        assert uses == photos == blobs
    engine.dispose()


def test_every_line_is_printed() -> None:
    """So little is asked that the figures say nothing."""
    asked = ["--smallest", "--towns", "2", "--tickets", "400", "--engine", "sqlite"]
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.scale", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    lines = ROW.findall(told.stdout)
    names = {name.strip() for name, *_ in lines}
    assert {"list page", "page 500", "states of the county", "one ticket", "create"} <= names
    assert re.search(r"^two instances: \d+\.\d\d x one ", told.stdout, re.MULTILINE)
    assert {growth for *_, growth in lines} <= {"1.00", "0.00"}, "nothing is before the first"
