"""Applications that one test after the other uses: making one costs more than most tests do.

What a test changes is put back: the database is laid anew at the same address, and the extensions
are those of a new application. Routes and statements stay as they were read and compiled.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask

from app import create_app
from app.grid.indexes import forget_indexes
from app.kernel.db import db
from app.kernel.hiding import look_again
from app.web.health import Metrics
from config.settings import Settings

KEPT = 8


class Applications:
    """Those made by this process, by their settings and clock; the ones not used of late go."""

    def __init__(self) -> None:
        self._made: OrderedDict[Any, tuple[Flask, dict[str, Any]]] = OrderedDict()

    @contextmanager
    def lent(self, settings: Settings, clock: Callable[[], datetime]) -> Iterator[Flask]:
        """An application as if it were new, for one test."""
        # Tests change maps behind the application's back: the next one has a map of its own.
        forget_indexes()
        app = self._of(settings, clock)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                look_again(db.engine)
                db.engine.dispose()

    def _of(self, settings: Settings, clock: Callable[[], datetime]) -> Flask:
        key = (settings.model_dump_json(), _secrets(settings), id(clock))
        if key not in self._made:
            app = create_app(settings, clock=clock)
            self._made[key] = app, dict(app.extensions)
        self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        app, extensions = self._made[key]
        app.test_client_class = None
        app.extensions.update(extensions, gexun_metrics=Metrics())
        return app


def _secrets(settings: Settings) -> tuple[Any, ...]:
    """What a dump of the settings hides."""
    return tuple(
        value.get_secret_value() for _, value in settings if hasattr(value, "get_secret_value")
    )
