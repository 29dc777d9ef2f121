"""The migrations make the tables of the models; each can be undone and done again."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.kernel.db import db
from app.tickets.indexes import is_in_the_models
from tests.towns import Town


def test_the_newest_revision_holds_what_the_models_say(app: Flask) -> None:
    with app.app_context():
        assert _differences() == []


def test_every_revision_can_be_undone_and_done_again_with_a_township_in_it(
    app: Flask, town: Town
) -> None:
    with app.app_context():
        for _revision in _revisions()[:-1]:
            downgrade(revision="-1")
        assert _current() == "0001"
        upgrade()
        assert _current() == _revisions()[0]
        assert _differences() == []


def test_there_is_one_line_of_revisions() -> None:
    directory = ScriptDirectory("app/migrations")
    assert len(directory.get_heads()) == 1


def _revisions() -> list[str]:
    """From the newest to the first."""
    directory = ScriptDirectory("app/migrations")
    return [script.revision for script in directory.walk_revisions()]


def _current() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _differences() -> list[Any]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_in_the_models}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, db.metadata)
