"""`python -m tests.bench [--quick] [--engine sqlite|postgresql]`: measure and print."""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.settings import Settings
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.filling import fill
from tests.bench.likeness import measure_likeness
from tests.bench.measuring import Line, measure
from tests.bench.pipeline import measure_pipeline
from tests.bench.printing import heading, printed
from tests.bench.serving import gunicorn

FULL, QUICK = 100_000, 5_000


def main() -> None:
    """Fill a database of each engine, measure, print."""
    told = _arguments()
    count = told.tickets or (QUICK if told.quick else FULL)
    measure_pipeline()
    for engine in told.engine or ENGINES:
        with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
            _measure(engine, Path(name), count)
        with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
            measure_likeness(engine, Path(name), QUICK if told.quick else told.photos)


def _measure(engine: str, folder: Path, count: int) -> None:
    with database(engine, folder) as url:
        settings = settings_for(url, folder)
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
    parser.add_argument("--photos", type=int, default=FULL, help="比对照片数")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
