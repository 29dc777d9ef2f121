"""Phones that ask at once, each over its own kept connection; what they waited and what it cost."""

import http.client
import json
import queue
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.bench.serving import Service

BASE = "/api/v1"


@dataclass(frozen=True)
class Request:
    """One request of a person, and what status it shall get."""

    token: str
    method: str
    path: str
    body: bytes | None = None
    content_type: str = "application/json"
    wanted: tuple[int, ...] = (200, 201)

    def headers(self) -> dict[str, str]:
        said = {"Authorization": f"Bearer {self.token}"}
        if self.body is not None:
            said |= {"Content-Type": self.content_type, "Idempotency-Key": str(uuid.uuid4())}
        return said


def get(token: str, path: str) -> Request:
    """A read."""
    return Request(token, "GET", path)


def post(token: str, path: str, values: Any) -> Request:
    """A write of JSON."""
    return Request(token, "POST", path, json.dumps(values).encode())


class Phone:
    """One kept connection."""

    def __init__(self, service: Service) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)

    def ask(self, asked: Request) -> Any:
        """The parsed answer; raises AssertionError for another status than wanted."""
        for attempt in (1, 2):
            try:
                return self._ask(asked)
            except (http.client.RemoteDisconnected, ConnectionResetError):
                # The server closes a connection that was idle for two seconds.
                self._connection.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def _ask(self, asked: Request) -> Any:
        self._connection.request(
            asked.method, BASE + asked.path, body=asked.body, headers=asked.headers()
        )
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status in asked.wanted, f"{asked.path}: {answer.status} {text[:400]!r}"
        return json.loads(text)


@dataclass
class Measured:
    """What some requests cost: CPU ms each, requests a second, waiting in ms."""

    count: int
    seconds: float
    application_ms: float
    database_ms: float
    waited_ms: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """Application and database together."""
        return self.application_ms + self.database_ms

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count / self.seconds

    def percentile(self, share: int) -> float:
        """The p-th percentile of waiting, ms."""
        return percentile(self.waited_ms, share)


def percentile(values: Sequence[float], share: int) -> float:
    """The p-th percentile."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


Timed = tuple[Request, float]
"""A request and after how many seconds it is due."""


def measured(
    service: Service,
    requests: Iterable[Request],
    *,
    phones: int,
    per_second: float | None = None,
) -> Measured:
    """Sends all requests from some phones at once, each the next one when its last is answered.

    At so many per second each has its moment, and is waited for from then on: whoever is late
    because others were slow has waited, too.
    """
    waiting: queue.SimpleQueue[Timed] = queue.SimpleQueue()
    count = 0
    for asked in requests:
        waiting.put((asked, count / per_second if per_second else 0.0))
        count += 1
    waited: list[float] = []
    faults: list[BaseException] = []

    def work(phone: Phone) -> None:
        for asked, after_s in _until_empty(waiting):
            due = began + after_s if per_second else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                phone.ask(asked)
            except BaseException as fault:
                faults.append(fault)
                return
            waited.append((time.perf_counter() - due) * 1000)

    application, database = service.application_ms(), service.database_ms()
    began = time.perf_counter()
    _run_all([partial(work, Phone(service)) for _ in range(phones)])
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    return Measured(
        count,
        seconds,
        (service.application_ms() - application) / max(1, count),
        (service.database_ms() - database) / max(1, count),
        waited,
    )


def _until_empty(waiting: "queue.SimpleQueue[Timed]") -> Iterator[Timed]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _run_all(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
