"""`python -m tests.bench.scale [--tickets N …] [--towns N] [--engine sqlite|postgresql]`."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.bench import limits, operations
from tests.bench.clients import Measured, Phone, Request, get, measured, percentile
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.operations import VIEWERS, Reading, Tokens
from tests.bench.scale.filling import fill_county
from tests.bench.scale.instances import two_beside_one
from tests.bench.scale.reads import page_reads, summaries
from tests.bench.scale.statements import Asker, asker
from tests.bench.serving import TICK_MS, Service, gunicorn

COLUMNS = "{:<32}{:<11}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}{:>8}"
NAMES = ("read", "who", "CPU ms", "p50", "p95", "p99", "8: p99", "limit", "stmt p99", "growth")
PER_SECOND, PHONES = 100, 8


@dataclass(frozen=True)
class Asked:
    """How many viewers ask, and how often each: at a steady pace, eight at once, for the time of
    the statements; how many writes there are, and how much one instance and two have to carry."""

    viewers: int = len(VIEWERS)
    warming: int = 16
    paced: int = 200
    closed: int = 160
    statements: int = 12
    writes: int = 200
    carried: int = 2000


SMALLEST = Asked(viewers=1, warming=0, paced=2, closed=2, statements=1, writes=2, carried=4)
"""Every line is printed; its figures say nothing."""


def main() -> None:
    """Fills each size on each engine, measures and prints; a size is compared with the first."""
    told = _arguments()
    asked = SMALLEST if told.smallest else Asked()
    for engine in told.engine or ENGINES:
        before: dict[tuple[str, str], float] = {}
        for count in told.tickets:
            with tempfile.TemporaryDirectory(prefix="gexun-bench-") as folder:
                _measure(engine, Path(folder), told.towns, count, asked, before)


def _measure(
    engine: str,
    folder: Path,
    towns: int,
    count: int,
    asked: Asked,
    before: dict[tuple[str, str], float],
) -> None:
    with database(engine, folder) as url:
        settings = settings_for(url, folder)
        began = time.monotonic()
        tokens, counted = fill_county(settings, towns, count)
        print(f"\n{engine}, {towns} townships, {os.cpu_count()} cores: {counted}", flush=True)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        print(COLUMNS.format(*NAMES), flush=True)
        with asker(settings, tokens) as statements, gunicorn(settings) as service:
            for line in _lines(service, tokens, statements, asked):
                key = line.reading.name, line.who
                first = before.setdefault(key, line.closed.cpu_ms or TICK_MS)
                print(_printed(line, first, engine), flush=True)
            for name, cost in _writes(service, tokens, asked):
                first = before.setdefault((name, "wardens"), cost.cpu_ms or TICK_MS)
                print(_written(name, cost, first), flush=True)
        print(two_beside_one(settings, tokens, asked.carried), flush=True)


@dataclass(frozen=True)
class Line:
    """One read by one viewer: at a steady pace, by eight at once, and its statements."""

    reading: Reading
    who: str
    paced: Measured
    closed: Measured
    statements_ms: list[float]


def _lines(service: Service, tokens: Tokens, statements: Asker, asked: Asked) -> Iterator[Line]:
    for reading in (*page_reads(Phone(service), tokens), *summaries()):
        took = statements.took_ms(reading, asked.statements)
        for who in reading.viewers[: asked.viewers]:
            one = get(tokens[VIEWERS[who]], reading.path)
            yield _line(service, reading, who, [one], took, asked)
    for who in list(VIEWERS)[: asked.viewers]:
        reading = Reading("one ticket", limits.ONE, "/tickets", (who,))
        many = operations.tickets_of(Phone(service), tokens, who, asked.closed)
        yield _line(service, reading, who, many, [], asked)


def _line(
    service: Service,
    reading: Reading,
    who: str,
    requests: list[Request],
    took: list[float],
    asked: Asked,
) -> Line:
    """A summary is asked less often: it takes longer."""
    share = 0.1 if reading.kind == limits.SUMMARY else 1.0
    measured(service, islice(cycle(requests), int(asked.warming * share)), phones=PHONES)
    many = max(2, int(asked.paced * share))
    paced = measured(
        service, islice(cycle(requests), many), phones=PHONES, per_second=PER_SECOND * share
    )
    loop = islice(cycle(requests), max(2, int(asked.closed * share)))
    return Line(reading, who, paced, measured(service, loop, phones=PHONES), took)


def _writes(service: Service, tokens: Tokens, asked: Asked) -> Iterator[tuple[str, Measured]]:
    uploads = operations.uploads(tokens, 2 * asked.writes, large=False)
    requests = [request for _, request in uploads]
    measured(service, requests[: asked.writes], phones=4)
    yield "upload of a small photo", measured(service, requests[asked.writes :], phones=4)
    phone = Phone(service)
    fresh = operations.uploads(tokens, 2 * asked.writes, large=False)
    photos = [(name, phone.ask(request)["id"]) for name, request in fresh]
    reports = operations.reports(tokens, photos)
    measured(service, reports[: asked.writes], phones=4)
    yield "create", measured(service, reports[asked.writes :], phones=4)


def _printed(line: Line, first: float, engine: str) -> str:
    summary = line.reading.kind == limits.SUMMARY
    allowed = limits.SUMMARY_MS if summary else limits.PACED_P99_MS
    held = line.paced.percentile(50 if summary else 99)
    return COLUMNS.format(
        line.reading.name,
        line.who,
        f"{line.closed.cpu_ms:.1f}",
        f"{line.paced.percentile(50):.1f}",
        f"{line.paced.percentile(95):.1f}",
        f"{line.paced.percentile(99):.1f}",
        f"{line.closed.percentile(99):.1f}",
        f"{allowed}{'!' if engine != 'sqlite' and held > allowed else ''}",
        f"{percentile(line.statements_ms, 99):.1f}" if line.statements_ms else "-",
        f"{line.closed.cpu_ms / first:.2f}",
    )


def _written(name: str, cost: Measured, first: float) -> str:
    told = (f"{cost.percentile(share):.1f}" for share in (50, 95, 99))
    return COLUMNS.format(
        name, "wardens", f"{cost.cpu_ms:.1f}", *told, "-", "-", "-", f"{cost.cpu_ms / first:.2f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-scale", description="全县规模的测量")
    parser.add_argument("--towns", type=int, default=100, help="乡镇数")
    parser.add_argument(
        "--tickets", type=int, nargs="+", default=[100_000, 1_030_000], help="工单数，可几种"
    )
    parser.add_argument("--smallest", action="store_true", help="每项只做几次：只看做不做得成")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
