"""`python -m tests.bench.duties [--towns N] [--engine sqlite|postgresql]`: what progress costs.

A county's records of half a year (what a diligent unit writes, twelve a month) and its rounds of
eight weeks; each read is asked over Flask's own client, its statements counted, the middle and the
longest of twenty printed in milliseconds, with the mean of the processor's time that application
and database took: on a shared machine the clock says more of the others.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.duties.records.models import DutyRecord, RecordMark, RecordState
from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.people.models import COMMUNITY_TYPES, Organisation, Post, Role
from config.settings import Settings
from tests.bench.county import town_codes
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.filling import loaded, pour_rounds
from tests.bench.rounds import rounds
from tests.bench.tickets import ground_of
from tests.budgets import counted_queries

MONTHS, WEEKS, TIMES = 6, 8, 20
MONTHLY = (
    *("activity",) * 4, "theory_lecture", "compound_meeting", "information", "information",
    "customs_publicity", "household_visit", "month_plan", "waste_training",
)  # fmt: skip
LIMITS_MS = {"county": 500.0, "one unit": 50.0}
"""On PostgreSQL, for a county of a hundred townships."""


def main() -> None:
    """Fills each engine, asks and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--towns", type=int, default=100)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    told = parser.parse_args()
    for engine in told.engine or ENGINES:
        with (
            tempfile.TemporaryDirectory(prefix="gexun-bench-") as folder,
            database(engine, Path(folder)) as url,
        ):
            _measure(engine, settings_for(url, Path(folder)), told.towns)


def _measure(engine: str, settings: Settings, towns: int) -> None:
    codes, now = town_codes(towns), utc_now()
    began = time.monotonic()
    with loaded(settings, codes, now=now) as tokens:
        with unit_of_work() as session:
            whole, units = ground_of(session), _units(session)
        with db.engine.begin() as connection:
            pour_rounds(connection, rounds(whole, now=now, weeks=WEEKS))
            count = _pour_records(connection, units, now)
    print(f"\n{engine}, {towns} townships: {count:,} records", end=", ")
    print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
    app = create_app(settings)
    client = app.test_client()
    suffix = codes[0][-3:]
    asks = {
        "county": ("guanli", "/duties/progress/summary"),
        "one town": (f"ducha{suffix}", "/duties/progress/summary"),
        "one unit": (f"shequ{suffix}", "/duties/progress"),
        "one unit, half a year": (f"shequ{suffix}", _half_a_year(now)),
        "what has no one": (f"ducha{suffix}", "/assignments/vacant/summary"),
        "checklists": (f"ducha{suffix}", "/checklists/summary"),
    }
    for name, (who, path) in asks.items():
        _ask(client, tokens[known_as(tokens, who)], path)
        with counted_queries(app) as said:
            _ask(client, tokens[known_as(tokens, who)], path)
        before = time.process_time(), database_cpu(app)
        spans = sorted(_ask(client, tokens[known_as(tokens, who)], path) for _ in range(TIMES))
        ours = (time.process_time() - before[0]) * 1000 / TIMES
        theirs = (database_cpu(app) - before[1]) * 1000 / TIMES
        limit = LIMITS_MS.get(name)
        beside = f", limit {limit:g}" if limit and engine == "postgresql" else ""
        middle, longest = statistics.median(spans), spans[-1]
        cpu = f"; processor {ours:.0f} + {theirs:.0f} ms"
        print(f"{name:<24}{len(said):>4} statements{middle:>9.1f} ms, {longest:.1f}{beside}{cpu}")


def database_cpu(app: Flask) -> float:
    """Seconds of processor time of a PostgreSQL server's processes, those that have ended too; 0
    for SQLite, whose are ours."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return 0.0
        with db.engine.connect() as connection:
            asked = text("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            told = [int(pid) for pid in connection.scalars(asked)]
            (own,) = connection.scalars(text("SELECT pg_backend_pid()"))
    stats = [stat for pid in {*told, own} if (stat := _stat(pid))]
    parent = _stat(int(stats[0][1]))
    ticks = sum(int(stat[11]) + int(stat[12]) for stat in stats)
    return (ticks + int(parent[13]) + int(parent[14])) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """What /proc says of a process, from its state on; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return []


def known_as(tokens: dict[str, str], who: str) -> str:
    """The username, or the first that begins with it."""
    return next(name for name in sorted(tokens) if name == who or name.startswith(who))


def _half_a_year(now: datetime) -> str:
    last = shanghai_day(now)
    return f"/duties/progress?from_on={last - timedelta(days=182)}&to_on={last}"


def _ask(client: FlaskClient, token: str, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - began) * 1000


def _units(session: Session) -> list[tuple[UUID, UUID, UUID]]:
    """Communities and villages, each with its lead and the lead's post."""
    asked = (
        select(Organisation.id, Post.person_id, Post.id)
        .join(Post, Post.organisation_id == Organisation.id)
        .where(Organisation.type.in_(sorted(COMMUNITY_TYPES)), Post.role == Role.lead)
    )
    found = {row[0]: (row[0], row[1], row[2]) for row in session.execute(asked)}
    return list(found.values())


def _pour_records(
    connection: Connection, units: list[tuple[UUID, UUID, UUID]], now: datetime
) -> int:
    count, batch = 0, []
    for row in _records(units, now):
        batch.append(row)
        if len(batch) == 2000:
            count += _write(connection, batch)
            batch = []
    return count + _write(connection, batch)


def _write(connection: Connection, batch: list[dict[str, Any]]) -> int:
    if not batch:
        return 0
    connection.execute(insert(DutyRecord), batch)
    marks = [
        {
            "record_id": row["id"],
            "kind": row["kinds"][0],
            "happened_on": row["happened_on"],
            "organisation_id": row["organisation_id"],
        }
        for row in batch
    ]
    connection.execute(insert(RecordMark), marks)
    return len(batch)


def _records(units: list[tuple[UUID, UUID, UUID]], now: datetime) -> Iterator[dict[str, Any]]:
    today = shanghai_day(now)
    for organisation_id, person_id, post_id in units:
        for at in range(MONTHS * len(MONTHLY)):
            day: date = today - timedelta(days=at * 30 // len(MONTHLY))
            yield {
                "id": new_id(),
                "organisation_id": organisation_id,
                "kinds": [MONTHLY[at % len(MONTHLY)]],
                "state": RecordState.recorded,
                "version": 1,
                "happened_on": day,
                "subject": "一次活动",
                "quantity": 20,
                "links": [],
                "person_id": person_id,
                "post_id": post_id,
                "occurred_at": now,
                "received_at": now,
            }


if __name__ == "__main__":
    main()
