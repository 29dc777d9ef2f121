"""When a report was first decided on is noted then; the migration reads it from timelines."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.kernel.db import db
from app.tickets.models import Ticket
from tests.tickets.figures.worlds import lived
from tests.tickets.stories import COMPANY, Stories


def noted(stories: Stories) -> dict[str, tuple[object, bool | None]]:
    """What is noted of each ticket."""
    with stories.app.app_context():
        columns = Ticket.number, Ticket.filed_at, Ticket.filed_in_time
        rows = db.session.execute(select(*columns)).all()
        db.session.remove()
    return {number: (at, in_time) for number, at, in_time in rows}


def test_the_migration_reads_what_was_noted(stories: Stories) -> None:
    lived(stories, 5, 60)
    ticket = stories.report(category="99-99")
    stories.later(hours=100)
    ticket = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
    ticket = stories.act("wuye11", ticket, "send_back", note="不归我们")
    stories.act("shequ1", ticket, "accept_send_back")
    stories.report(category="99-99")
    known = noted(stories)
    assert {in_time for _, in_time in known.values()} == {True, False, None}
    with stories.app.app_context():
        downgrade(revision="0003")
        assert "filed_at" not in columns_of_tickets()
        upgrade()
        db.session.remove()
    read = noted(stories)
    # Its clock was started anew: nothing tells any more whether the first was kept.
    assert known[ticket["number"]][1] is False
    assert read.pop(ticket["number"]) == (known.pop(ticket["number"])[0], None)
    unknown = {number for number, (at, in_time) in read.items() if at and in_time is None}
    assert {n: read[n][0] for n in read} == {n: known[n][0] for n in known}
    assert {n: read[n] for n in read if n not in unknown} == {
        n: known[n] for n in known if n not in unknown
    }
    assert len(unknown) < 3


def columns_of_tickets() -> set[str]:
    """The columns of the table as the database has them."""
    with db.engine.connect() as connection:
        return set(connection.execute(text("SELECT * FROM tickets WHERE 1 = 0")).keys())
