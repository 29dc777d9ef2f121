"""`python -m tests.bench.likeness`: one picture looked up among many, both ways, on each engine."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, Table, insert, select, text

from app import create_app
from app.kernel.db import db
from app.photos.likeness.bands import keys_of
from app.photos.likeness.hashing import HASH_VERSION, WINDOWS, Hashes
from app.photos.likeness.lookup import alike_blobs, kinds_of
from app.photos.likeness.models import PictureHash
from app.photos.numbering import NextNumber
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.sizes import FULL, Sizes

PARTS = len(WINDOWS) + 1
_AT_ONCE = 20_000
_HASHES: Table = PictureHash.__table__  # type: ignore[assignment]


def main() -> None:
    """Fill, look up, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.likeness")
    parser.add_argument("--photos", type=int, default=FULL.photos)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    told = parser.parse_args()
    for engine in told.engine or ENGINES:
        with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
            measure_likeness(engine, Path(name), replace(FULL, photos=told.photos))


def measure_likeness(engine: str, folder: Path, sizes: Sizes) -> None:
    """Prints what a look-up among so many photos costs; each meets the photo that it is made of."""
    photos = sizes.photos
    with database(engine, folder) as url:
        app = create_app(settings_for(url, folder))
        with app.app_context():
            upgrade()
            began = time.perf_counter()
            fill(db.engine, photos)
            filled = time.perf_counter() - began
            walls, cpus = looked_up(sizes)
            size = _bytes(db.engine, folder) / 1e6
            db.session.remove()
            db.engine.dispose()
    print(
        f"likeness, {engine}, {photos:,} photos x {PARTS} hashes: median {median(walls):.1f} ms,"
        f" p95 {quantiles(walls, n=20)[-1]:.1f} ms, CPU here {median(cpus):.1f} ms;"
        f" {size:,.0f} MB, filled in {filled:.0f} s",
        flush=True,
    )


def fill(engine: Engine, photos: int) -> None:
    """Blobs with random hashes; the indexes are made afterwards, as it is quicker."""
    for index in _HASHES.indexes:
        index.drop(engine)
    for first in range(1, photos + 1, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, photos + 1))
        with engine.begin() as connection:
            connection.execute(insert(db.metadata.tables["blobs"]), list(_blobs(numbers)))
            _pour(connection, _rows(numbers))
    for index in _HASHES.indexes:
        index.create(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _hashes(number: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.random.default_rng(number).integers(0, 1 << 64, PARTS, np.uint64)


def _blobs(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "sha256": f"{number:064x}", "bytes": 1, "media_type": "image/jpeg", "width": 1,
            "height": 1, "display_sha256": "", "thumb_sha256": "", "number": number, "arrivals": 1,
            "stored_at": _NOW, "hash_version": HASH_VERSION, "low_detail": False,
            "fine_hash": number.to_bytes(32),
        }  # fmt: skip


_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _rows(numbers: range) -> list[tuple[int, ...]]:
    hashes = np.concatenate([_hashes(number) for number in numbers])
    parts = np.tile(np.arange(PARTS), len(numbers))
    keys = keys_of(hashes, kinds_of(parts))
    columns = (np.repeat(np.array(numbers), PARTS), parts, hashes.astype(np.int64))
    return list(zip(*(column.tolist() for column in (*columns, *keys.T)), strict=True))


def _pour(connection: Connection, rows: list[tuple[int, ...]]) -> None:
    """Rows into the table by the driver's shortest way."""
    driver = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        driver.executemany("INSERT INTO picture_hashes VALUES (?, ?, ?, ?, ?, ?)", rows)
        return
    with driver.copy("COPY picture_hashes FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def looked_up(sizes: Sizes) -> tuple[list[float], list[float]]:
    """Wall and CPU milliseconds of each look-up, warm."""
    chance = np.random.default_rng(0)
    # In the turn, as for an upload: on PostgreSQL without parallel workers.
    db.session.scalar(select(NextNumber()))
    walls, cpus = [], []
    warming = sizes.warming_look_ups
    for number in chance.integers(1, sizes.photos + 1, sizes.look_ups + warming).tolist():
        new = _like(number)
        wall, cpu = time.perf_counter(), time.process_time()
        found = alike_blobs(db.session(), new, but=0)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        assert number in {each.number for each in found}, "the look-up missed what was planted"
    return walls[warming:], cpus[warming:]


def _like(number: int) -> Hashes:
    """A picture of which one part is eight bits from the whole of a stored one."""
    chance, stored = np.random.default_rng(), _hashes(number)
    windows = chance.integers(0, 1 << 64, len(WINDOWS), np.uint64)
    flips = np.uint64(sum(1 << bit for bit in chance.choice(64, 8, replace=False).tolist()))
    windows[chance.integers(0, len(WINDOWS))] = stored[0] ^ flips
    turned = chance.integers(0, 1 << 64, 7, np.uint64)
    gradient = chance.integers(0, 1 << 64, 1, np.uint64)[0]
    return Hashes(windows, turned, gradient, number.to_bytes(32), 1.0, 7.0)


def _bytes(engine: Engine, folder: Path) -> int:
    if engine.dialect.name == "sqlite":
        return sum(path.stat().st_size for path in folder.glob("bench.db*"))
    with engine.connect() as connection:
        asked = "SELECT pg_total_relation_size('picture_hashes')"
        return int(connection.scalar(text(asked)) or 0)


if __name__ == "__main__":
    main()
