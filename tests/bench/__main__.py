"""`python -m tests.bench [--quick] [--engine sqlite|postgresql]`: measure and print."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from tests.bench.filling import fill
from tests.bench.measuring import Line, measure
from tests.bench.printing import heading, printed
from tests.bench.serving import gunicorn
from tests.databases import Databases
from tests.postgres import ThrowawayCluster

FULL, QUICK = 100_000, 5_000


def main() -> None:
    """Fill a database of each engine, measure, print."""
    told = _arguments()
    count = told.tickets or (QUICK if told.quick else FULL)
    for engine in told.engine or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
            _measure(engine, Path(name), count)


def _measure(engine: str, folder: Path, count: int) -> None:
    with _database(engine, folder) as url:
        settings = _settings(url, folder)
        tokens = fill(settings, count)
        print(heading(engine, count), flush=True)
        for line in _lines(settings, tokens, engine):
            print(printed(line, engine), flush=True)


def _lines(settings: Settings, tokens: dict[str, str], engine: str) -> Iterator[Line]:
    with gunicorn(settings) as service:
        yield from measure(service, tokens, eight_at_once=engine == "sqlite")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="用时与吞吐量的测量")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} 张工单，而不是 {FULL}")
    parser.add_argument("--tickets", type=int, help="工单数")
    parser.add_argument("--engine", action="append", choices=("sqlite", "postgresql"))
    return parser.parse_args()


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone when the block ends."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    cluster = ThrowawayCluster()
    try:
        server = cluster.start()
        yield Databases(folder, lambda: server, {}).clone("postgresql", None)
    finally:
        cluster.stop()


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        photo_store=f"file://{folder / 'photos'}",
        secret_key="known to everybody who reads how the measuring is done",
        limit_requests=1_000_000_000,
    )


if __name__ == "__main__":
    main()
