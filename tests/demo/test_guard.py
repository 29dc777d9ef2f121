"""Demonstration data stays out of production, however the application is started."""

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.kernel.clock import utc_now
from app.kernel.db import unit_of_work
from app.kernel.facts import DEMONSTRATION, record_fact
from config.settings import Settings
from tests.towns import cheap_settings


def in_production(url: str, folder: Path) -> Settings:
    return cheap_settings(url, folder).model_copy(update={"env": "production"})


def test_a_marked_database_is_refused(
    app: Flask, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create_app(in_production(database_url, tmp_path))
    with app.app_context(), unit_of_work() as session:
        record_fact(session, DEMONSTRATION, utc_now().isoformat())
    with pytest.raises(SystemExit) as stopped:
        create_app(in_production(database_url, tmp_path))
    assert stopped.value.code == 3
    said = capsys.readouterr().err
    assert "演示资料" in said
    assert said.count("\n") == 1


def test_a_database_without_tables_is_not(empty_database_url: str, tmp_path: Path) -> None:
    assert create_app(in_production(empty_database_url, tmp_path))


def test_one_that_does_not_answer_is_not(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"
    assert create_app(in_production(nowhere, tmp_path))
