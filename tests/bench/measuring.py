"""Sends the operations to a running service, one after the other, and says what each cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from tests.bench import limits, operations
from tests.bench.clients import Measured, Phone, Request, get, measured
from tests.bench.operations import VIEWERS, Reading, Tokens
from tests.bench.serving import Service

PHONES = 4
WRITES, LARGE_UPLOADS, MOST_READS, LEAST_READS = 400, 40, 150, 8
READ_FOR_S = 1.2
WARMING, WARMING_READS = 160, 24
"""Requests before those that count: every connection of both workers has met their statements."""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    who: str
    kind: str
    measured: Measured


def measure(service: Service, tokens: Tokens, *, eight_at_once: bool) -> Iterator[Line]:
    """All operations in turn; reads by each viewer, of which the dearest is given."""
    yield from _writes(service, tokens)
    if eight_at_once:
        asked = _reports(service, tokens, WRITES)
        yield Line("8 at once create", "wardens", "eight", measured(service, asked, phones=8))
    for reading in operations.readings():
        yield _dearest(service, tokens, reading)
    for viewer in VIEWERS:
        asked = operations.tickets_of(Phone(service), tokens, viewer, MOST_READS)
        yield Line("one ticket", viewer, limits.ONE, _read(service, asked))


def _writes(service: Service, tokens: Tokens) -> Iterator[Line]:
    large = operations.uploads(tokens, LARGE_UPLOADS + 4, large=True)
    measured(service, [asked for _, asked in large[:4]], phones=2)
    cost = measured(service, [asked for _, asked in large[4:]], phones=2)
    yield Line("upload of 12 MP", "wardens", limits.UPLOAD, cost)
    measured(service, _reports(service, tokens, WARMING), phones=PHONES)
    asked = _reports(service, tokens, WRITES)
    yield Line("create", "wardens", limits.CREATE, measured(service, asked, phones=PHONES))
    ids = _newest(service, tokens, WRITES)
    commented = operations.comments(tokens, ids)
    yield Line("comment", "supervisor", limits.ACTION, _warm(service, commented))
    sent = operations.dispatches(tokens, ids)
    yield Line("dispatch", "supervisor", limits.ACTION, _warm(service, sent))


def _warm(service: Service, asked: list[Request]) -> Measured:
    measured(service, asked[:WARMING_READS], phones=PHONES)
    return measured(service, asked[WARMING_READS:], phones=PHONES)


def _reports(service: Service, tokens: Tokens, count: int) -> list[Request]:
    """Reports whose photos have been uploaded just now, which is not counted."""
    phone = Phone(service)
    photos = [
        (name, phone.ask(asked)["id"])
        for name, asked in operations.uploads(tokens, count, large=False)
    ]
    return operations.reports(tokens, photos)


def _newest(service: Service, tokens: Tokens, count: int) -> list[str]:
    """The tickets that were just made."""
    phone, token = Phone(service), tokens[VIEWERS["supervisor"]]
    found: list[str] = []
    cursor = ""
    while len(found) < count:
        page = phone.ask(get(token, f"/tickets?limit=100{cursor}"))
        found += [each["id"] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    return found[:count]


def _dearest(service: Service, tokens: Tokens, reading: Reading) -> Line:
    lines = [
        Line(reading.name, viewer, reading.kind, _read(service, [_asked(tokens, reading, viewer)]))
        for viewer in reading.viewers
    ]
    return max(lines, key=lambda line: line.measured.cpu_ms)


def _asked(tokens: Tokens, reading: Reading, viewer: str) -> Request:
    return get(tokens[VIEWERS[viewer]], reading.path)


def _read(service: Service, asked: list[Request]) -> Measured:
    """Reads in turn for about a second, after some that warm both workers."""
    first = measured(service, islice(cycle(asked), WARMING_READS), phones=PHONES)
    affordable = int(READ_FOR_S / (first.seconds / first.count))
    count = min(MOST_READS, max(LEAST_READS, affordable))
    return measured(service, islice(cycle(asked), count), phones=PHONES)
