"""How long each statement of a read takes, asked of the application in this process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app import create_app
from app.kernel.db import db
from config.settings import Settings
from tests.bench.clients import BASE
from tests.bench.operations import VIEWERS, Reading, Tokens


@contextmanager
def asker(settings: Settings, tokens: Tokens) -> Iterator["Asker"]:
    """An application on a database that is filled."""
    app = create_app(settings)
    with app.app_context():
        yield Asker(app, tokens)
        db.session.remove()
        db.engine.dispose()


class Asker:
    """Asks the application, and takes the time of its statements."""

    def __init__(self, app: object, tokens: Tokens) -> None:
        self._client = app.test_client()  # type: ignore[attr-defined]
        self._tokens = tokens
        self._took_ms: list[float] = []
        event.listen(db.engine, "before_cursor_execute", self._begins)
        event.listen(db.engine, "after_cursor_execute", self._ends)

    def took_ms(self, reading: Reading, times: int) -> list[float]:
        """What each statement of so many askings took, after one that warms it up."""
        for number in range(times + 1):
            if number == 1:
                self._took_ms = []
            for viewer in reading.viewers:
                said = {"Authorization": f"Bearer {self._tokens[VIEWERS[viewer]]}"}
                answer = self._client.get(BASE + reading.path, headers=said)
                assert answer.status_code == 200, (reading.path, answer.text)
        return self._took_ms

    def _begins(self, connection: object, *_: object) -> None:
        connection.info["began"] = time.perf_counter()  # type: ignore[attr-defined]

    def _ends(self, connection: object, *_: object) -> None:
        began = connection.info["began"]  # type: ignore[attr-defined]
        self._took_ms.append((time.perf_counter() - began) * 1000)
