"""A township whose days are signed, and the commands that an operator runs."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.evidence.keys import new_key_pem
from app.kernel.db import db
from config.settings import Settings
from tests.clocks import MovableClock
from tests.tickets.stories import WEDNESDAY, Json, Stories
from tests.towns import Town, cheap_settings

NOON = WEDNESDAY + timedelta(hours=3)


class Office(Stories):
    """The stories of a township, and what happens on its server."""

    def run(self, *arguments: str, status: int = 0) -> str:
        """Runs `flask …`; what it says, after checking the exit status."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == status, result.output
        return str(result.output)

    def worker(self) -> None:
        """The worker does what is due."""
        self.run("worker", "--once")

    def verify(self, *options: str, faults: bool = False) -> str:
        """What `evidence verify` says."""
        return self.run("evidence", "verify", *options, status=int(faults))

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Does something to the database behind the product's back."""
        with self.app.app_context(), db.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [*result.all()] if result.returns_rows else []

    def closed_ticket(self) -> Json:
        """A ticket from its report to its closure: two photos, three entries of a timeline."""
        ticket = self.report(description="楼前堆放杂物")
        ticket = self.act("wuye11", ticket, "rectify", note="已经清走")
        return self.act("shequ1", ticket, "close", note="现场已复核")

    def entries(self) -> list[Any]:
        """The chain, from its first entry on."""
        return self.sql(
            "SELECT chain_id, position, kind, body, hash, source_id FROM record_entries"
            " ORDER BY chain_id, position"
        )


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of the installation."""
    path = tmp_path_factory.mktemp("keys") / "evidence-key.pem"
    path.write_text(new_key_pem())
    return path


@pytest.fixture
def settings(database_url: str, photo_folder: Path, key_file: Path) -> Settings:
    """As everywhere, and a key."""
    made = cheap_settings(database_url, photo_folder)
    return made.model_copy(update={"evidence_key_file": str(key_file)})


@pytest.fixture
def office(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Office:
    """The township on Wednesday, 25 November 2026, in the morning."""
    clock.set(WEDNESDAY)
    return Office(app, client, town, clock)


Do = Callable[[Office, Json], Any]
