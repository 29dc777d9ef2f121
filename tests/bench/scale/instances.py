"""What two instances carry beside one; each has a single process, so that one has one core."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice

from config.settings import Settings
from tests.bench.clients import Measured, Phone, Request, get, measured
from tests.bench.operations import VIEWERS, Tokens, tickets_of
from tests.bench.serving import Service, gunicorn

PHONES = 8


def two_beside_one(settings: Settings, tokens: Tokens, count: int) -> str:
    """A line: requests a second of one instance, of two, and how many times as many."""
    one, two = (_carried(settings, tokens, count, instances) for instances in (1, 2))
    return (
        f"two instances: {two / one:.2f} x one ({two:.0f} against {one:.0f} requests/s by {PHONES}"
        f" at once; limit 1.60), {os.cpu_count()} cores shared with the phones and the database"
    )


def _carried(settings: Settings, tokens: Tokens, count: int, instances: int) -> float:
    """Requests a second of all instances together: list pages and single tickets in turn."""
    with ExitStack() as stack:
        services = [stack.enter_context(gunicorn(settings, workers=1)) for _ in range(instances)]
        requests = _mixed(services[0], tokens, count)
        for service in services:
            measured(service, requests[: count // 2], phones=PHONES)
        shares = [requests[number::instances] for number in range(instances)]
        with ThreadPoolExecutor(instances) as pool:
            done: list[Measured] = list(
                pool.map(
                    lambda each: measured(each[0], each[1], phones=PHONES // instances),
                    zip(services, shares, strict=True),
                )
            )
    return sum(each.count for each in done) / max(each.seconds for each in done)


def _mixed(service: Service, tokens: Tokens, count: int) -> list[Request]:
    who = "supervisor"
    tickets = tickets_of(Phone(service), tokens, who, count)
    pages = cycle([get(tokens[VIEWERS[who]], "/tickets?limit=20")])
    return list(
        islice((each for pair in zip(tickets, pages, strict=False) for each in pair), count)
    )
