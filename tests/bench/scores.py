"""`python -m tests.bench.scores [--tickets N] [--engine sqlite|postgresql]`: what scores cost.

Two townships with tickets and eight weeks of rounds; the scores of one township's month and year
are asked over Flask's own client, the statements counted, the middle and the longest of ten printed
in milliseconds, with the mean of the processor's time of application and database.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import db, unit_of_work
from tests.bench.county import town_codes
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.duties import database_cpu, known_as
from tests.bench.filling import loaded, pour_rounds, pour_tickets
from tests.bench.rounds import rounds
from tests.bench.tickets import fillings, ground_of
from tests.budgets import counted_queries

TOWNS, WEEKS, TIMES = 2, 8, 10
LIMIT_MS = 2000.0
SCHEMES = ("community_month", "village_month", "company_month", "compound_month", "community_year")


def main() -> None:
    """Fills each engine, asks and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tickets", type=int, default=5000)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    told = parser.parse_args()
    for engine in told.engine or ENGINES:
        with (
            tempfile.TemporaryDirectory(prefix="gexun-bench-") as folder,
            database(engine, Path(folder)) as url,
        ):
            _measure(engine, url, Path(folder), told.tickets)


def _measure(engine: str, url: str, folder: Path, tickets: int) -> None:
    codes, now, settings = town_codes(TOWNS), utc_now(), settings_for(url, folder)
    with loaded(settings, codes, now=now) as tokens:
        with unit_of_work() as session:
            ground = ground_of(session)
        with db.engine.begin() as connection:
            pour_tickets(connection, fillings(ground, tickets, now=now))
            pour_rounds(connection, rounds(ground, now=now, weeks=WEEKS))
    app = create_app(settings)
    client = app.test_client()
    county = {"Authorization": f"Bearer {tokens[known_as(tokens, 'guanli')]}"}
    said = {"on": True, "document": "bench"}
    answer = client.post("/api/v1/assessments/switch", json=said, headers=county)
    assert answer.status_code == 200, answer.text
    print(f"\n{engine}, {TOWNS} townships, {tickets:,} tickets; limit {LIMIT_MS:g} ms")
    town, day = codes[0], shanghai_day(now)
    for scheme in SCHEMES:
        period = f"{day:%Y-%m}" if scheme.endswith("month") else f"{day:%Y}"
        path = f"/api/v1/assessments?scheme={scheme}&organisation={town}&period={period}"
        _ask(client, path, county)
        with counted_queries(app) as statements:
            _ask(client, path, county)
        before = time.process_time(), database_cpu(app)
        spans = sorted(_ask(client, path, county) for _ in range(TIMES))
        ours = (time.process_time() - before[0]) * 1000 / TIMES
        theirs = (database_cpu(app) - before[1]) * 1000 / TIMES
        told = f"{statistics.median(spans):9.1f} ms, {spans[-1]:.1f}"
        cpu = f"processor {ours:.0f} + {theirs:.0f} ms"
        print(f"{scheme:<20}{len(statements):>4} statements{told}; {cpu}", flush=True)


def _ask(client: FlaskClient, path: str, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
