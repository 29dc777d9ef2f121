"""`python -m tests.bench [--quick] [--engine sqlite|postgresql]`: measure and print."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config.settings import Settings
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.demonstration import measure_demonstration
from tests.bench.filling import fill
from tests.bench.likeness import measure_likeness
from tests.bench.measuring import Line, measure
from tests.bench.pictures import SHARED
from tests.bench.pipeline import measure_pipeline
from tests.bench.printing import heading, printed
from tests.bench.serving import gunicorn
from tests.bench.sizes import FULL, QUICK, SMALLEST, Sizes


def main() -> None:
    """Fill a database of each engine, measure, print."""
    told = _arguments()
    sizes = _sizes(told)
    measure_pipeline(None if sizes.only_drawn else SHARED.parent, sizes.rounds)
    with _folder() as folder:
        measure_demonstration(folder, sizes.weeks)
    for engine in told.engine or ENGINES:
        with _folder() as folder:
            _measure(engine, folder, sizes)
        with _folder() as folder:
            measure_likeness(engine, folder, sizes)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
        yield Path(name)


def _measure(engine: str, folder: Path, sizes: Sizes) -> None:
    with database(engine, folder) as url:
        settings = settings_for(url, folder)
        tokens = fill(settings, sizes.tickets)
        print(heading(engine, sizes.tickets), flush=True)
        for line in _lines(settings, tokens, engine, sizes):
            print(printed(line, engine), flush=True)


def _lines(settings: Settings, tokens: dict[str, str], engine: str, sizes: Sizes) -> Iterator[Line]:
    with gunicorn(settings) as service:
        yield from measure(service, tokens, sizes, eight_at_once=engine == "sqlite")


def _sizes(told: argparse.Namespace) -> Sizes:
    sizes = SMALLEST if told.smallest else QUICK if told.quick else FULL
    return replace(sizes, tickets=told.tickets or sizes.tickets, photos=told.photos or sizes.photos)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="用时与吞吐量的测量")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK.tickets} 张工单，而不是 {FULL.tickets}"
    )
    parser.add_argument("--smallest", action="store_true", help="每项只做几次：只看做不做得成")
    parser.add_argument("--tickets", type=int, help="工单数")
    parser.add_argument("--photos", type=int, help="比对照片数")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
