"""The table, line by line."""

import json
import os
import time

from tests.bench.limits import EIGHT_CREATE_P99_MS, LIMITS_MS, PEERS_MS
from tests.bench.measuring import Line
from tests.bench.serving import THREADS, WORKERS

COLUMNS = "{:<26}{:<11}{:>8}{:>8}{:>8}{:>8}{:>7}{:>9}{:>8}{:>8}  {:<8}"


def heading(engine: str, count: int) -> str:
    """What is measured, and the names of the columns."""
    said = f"{engine}, {count:,} tickets, {WORKERS} gunicorn workers of {THREADS} threads"
    names = COLUMNS.format(
        "operation",
        "who",
        "app ms",
        "db ms",
        "CPU ms",
        "limit",
        "ratio",
        "req/s",
        "p50 ms",
        "p99 ms",
        "peer ms",
    )
    return f"\n{said}, {os.cpu_count()} cores, yardstick {_yardstick_ms():.0f} ms\n{names}"


def _yardstick_ms() -> float:
    """CPU of some fixed work in Python, to compare machines and their moods by."""
    began = time.process_time()
    for _ in range(300):
        json.loads(json.dumps({str(n): {"a": n, "b": [n] * 3} for n in range(100)}))
    return (time.process_time() - began) * 1000


def printed(line: Line, engine: str) -> str:
    """One line; the ratio is CPU over limit, for eight at once p99 over its limit."""
    cost = line.measured
    limit: float | None = LIMITS_MS[engine].get(line.kind)
    held = cost.cpu_ms
    if line.kind == "eight":
        limit, held = EIGHT_CREATE_P99_MS, cost.percentile(99)
    return COLUMNS.format(
        line.name,
        line.who,
        f"{cost.application_ms:.1f}",
        f"{cost.database_ms:.1f}" if engine != "sqlite" else "-",
        f"{cost.cpu_ms:.1f}",
        f"{limit:g}" if limit else "-",
        f"{held / limit:.2f}{'!' if held > limit else ''}" if limit else "-",
        f"{cost.rate:.0f}",
        f"{cost.percentile(50):.1f}",
        f"{cost.percentile(99):.1f}",
        PEERS_MS.get(line.kind, "-"),
    )
