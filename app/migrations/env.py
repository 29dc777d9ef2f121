"""Alembic's environment: this application's engine and tables."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.tickets.indexes import is_in_the_models

applied: list[str] = []
target = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Migrates in one transaction.

    Batch operations recreate tables on SQLite, and dropping one would delete its children: foreign
    keys are off around them and checked before the commit.
    """
    with target.engine.connect() as connection:
        embedded = connection.dialect.name == "sqlite"
        if embedded:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=embedded,
            compare_type=True,
            include_name=is_in_the_models,
            on_version_apply=lambda step, **_: (
                step.is_upgrade and applied.append(step.up_revision_id)
            ),
        )
        with context.begin_transaction():
            context.run_migrations()
            if embedded and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("migration leaves rows without their parents")
        if embedded:
            connection.commit()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
    if applied:
        print(f"数据库的表已建好或升级，现为第 {applied[-1]} 版。")


run_migrations()
