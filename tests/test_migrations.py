"""The migrations make the tables of the models; each can be undone and done again."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from app.kernel.db import db, unit_of_work
from app.rounds.spot_checks.drawing import draw_spot_checks
from app.rounds.spot_checks.models import DrawnWeek
from app.tickets.importing.models import TicketImport
from app.tickets.indexes import is_in_the_models
from tests.rounds.conftest import walks as walks
from tests.rounds.walks import Walks
from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories, at
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


OLD_IMPORT = """
    INSERT INTO ticket_imports
        (id, person_id, file_name, state, made_at, rows, faults, remarks, made)
    SELECT '00000000000000000000000000000001', id, 'a.csv', 'applied', '2026-11-23 01:00:00+00:00',
        '[{"shown": {"line": 2, "already_there": false}},
          {"shown": {"line": 3, "already_there": false}}]',
        '[{"line": 4}, {"line": 4}]', '[]', '{"2": {"already_there": true}}'
    FROM people WHERE username = 'shequ1'
"""


def test_imports_from_before_they_were_listed_are_counted(app: Flask, town: Town) -> None:
    with app.app_context():
        downgrade(revision="0007")
        with db.engine.begin() as connection:
            connection.exec_driver_sql(OLD_IMPORT)
        upgrade()
        (found,) = db.session.scalars(select(TicketImport))
        counts = (found.new_count, found.already_there_count, found.faulty_count)
        assert (*counts, found.organisation_id) == (1, 1, 1, None)
        db.session.remove()


def test_what_was_referred_outside_before_it_fell_due(stories: Stories) -> None:
    unit = {"name": "县供电公司", "number": "函〔2026〕8号"}
    ticket = stories.report(category="99-99")
    known = stories.act("shequ1", ticket, "refer", outside=unit, until=at("12-10 18:00"))
    with stories.app.app_context():
        downgrade(revision="0011")
        upgrade()
    stories.now(at("12-08 18:00"))
    now = stories.see("shequ1", known)
    assert (now["due_at"], now["light"]) == (known["due_at"], "yellow")


def test_what_is_made_up_for_begins_with_the_newest_week_that_was_drawn(
    app: Flask, walks: Walks
) -> None:
    for day, monday in (("2026-11-25 09:00", "2026-11-30 13:00"), ("12-02 09:00", "12-07 13:00")):
        walks.clock.set(at(day))
        walks.walk("wangge11", all_fine=True)
        with app.app_context(), unit_of_work() as session:
            draw_spot_checks(session, percent=100, secret="any", now=at(monday))
    with app.app_context():
        downgrade(revision="0014")
        upgrade()
        assert [*db.session().scalars(select(DrawnWeek.week))] == ["2026-W49"]


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
