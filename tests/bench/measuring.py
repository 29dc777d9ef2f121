"""Sends the operations to a running service, one after the other, and says what each cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from tests.bench import limits, operations
from tests.bench.clients import Measured, Phone, Request, get, measured
from tests.bench.operations import VIEWERS, Reading, Tokens
from tests.bench.serving import Service
from tests.bench.sizes import Sizes

PHONES = 4
READ_FOR_S = 1.2


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    who: str
    kind: str
    measured: Measured


def measure(
    service: Service, tokens: Tokens, sizes: Sizes, *, eight_at_once: bool
) -> Iterator[Line]:
    """All operations in turn; reads by each viewer, of which the dearest is given."""
    yield from _writes(service, tokens, sizes)
    if eight_at_once:
        asked = _reports(service, tokens, sizes.writes)
        yield Line("8 at once create", "wardens", "eight", measured(service, asked, phones=8))
    for reading in operations.readings():
        yield _dearest(service, tokens, reading, sizes)
    for viewer in VIEWERS:
        asked = operations.tickets_of(Phone(service), tokens, viewer, sizes.most_reads)
        yield Line("one ticket", viewer, limits.ONE, _read(service, asked, sizes))


def _writes(service: Service, tokens: Tokens, sizes: Sizes) -> Iterator[Line]:
    warming = sizes.warming_large_uploads
    large = operations.uploads(tokens, sizes.large_uploads + warming, large=True)
    measured(service, [asked for _, asked in large[:warming]], phones=2)
    cost = measured(service, [asked for _, asked in large[warming:]], phones=2)
    yield Line("upload of 12 MP", "wardens", limits.UPLOAD, cost)
    measured(service, _reports(service, tokens, sizes.warming_writes), phones=PHONES)
    asked = _reports(service, tokens, sizes.writes)
    yield Line("create", "wardens", limits.CREATE, measured(service, asked, phones=PHONES))
    ids = _newest(service, tokens, sizes.writes)
    commented = operations.comments(tokens, ids)
    yield Line("comment", "supervisor", limits.ACTION, _warm(service, commented, sizes))
    sent = operations.dispatches(tokens, ids)
    yield Line("dispatch", "supervisor", limits.ACTION, _warm(service, sent, sizes))


def _warm(service: Service, asked: list[Request], sizes: Sizes) -> Measured:
    measured(service, asked[: sizes.warming_reads], phones=PHONES)
    return measured(service, asked[sizes.warming_reads :], phones=PHONES)


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


def _dearest(service: Service, tokens: Tokens, reading: Reading, sizes: Sizes) -> Line:
    lines = []
    for viewer in reading.viewers:
        asked = [_asked(tokens, reading, viewer)]
        lines.append(Line(reading.name, viewer, reading.kind, _read(service, asked, sizes)))
    return max(lines, key=lambda line: line.measured.cpu_ms)


def _asked(tokens: Tokens, reading: Reading, viewer: str) -> Request:
    return get(tokens[VIEWERS[viewer]], reading.path)


def _read(service: Service, asked: list[Request], sizes: Sizes) -> Measured:
    """Reads in turn for about a second, after some that warm both workers."""
    first = measured(service, islice(cycle(asked), sizes.warming_reads), phones=PHONES)
    affordable = int(READ_FOR_S / (first.seconds / first.count))
    count = min(sizes.most_reads, max(sizes.least_reads, affordable))
    return measured(service, islice(cycle(asked), count), phones=PHONES)
