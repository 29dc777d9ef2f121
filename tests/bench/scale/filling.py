"""A database with a county of many townships in it, and every township's tickets."""

from sqlalchemy import func, select

from app.kernel.clock import utc_now
from app.kernel.db import begin_reading, db, unit_of_work
from app.tickets.figures.tallies.keeping import count_in_advance, something_to_count
from config.settings import Settings
from tests.bench.county import town_codes
from tests.bench.filling import TABLES, loaded, pour_rounds, pour_tickets
from tests.bench.rounds import rounds
from tests.bench.scale.bulk import put_off
from tests.bench.scale.copying import copy_township
from tests.bench.tickets import fillings, ground_of

BEFORES = 2
"""Before-photos of a ticket; with the after-photo of most that makes 2.9."""
WEEKS = 26
"""Of rounds: 23 of each compound, 300,000 of a hundred townships'."""


FILLED = (*TABLES, "rounds", "round_checks")


def fill_county(settings: Settings, towns: int, tickets: int) -> tuple[dict[str, str], str]:
    """Fills so many tickets, spread evenly; a token for each username, and what there is, counted.

    The first township's are made up, the other townships have the same at their own places.
    """
    codes, now = town_codes(towns), utc_now()
    with loaded(settings, codes, now=now) as tokens:
        with unit_of_work() as session:
            first, whole = ground_of(session, codes[0]), ground_of(session)
        with db.engine.begin() as connection, put_off(connection, FILLED):
            made = fillings(first, tickets // towns, now=now, befores=BEFORES)
            pour_tickets(connection, made)
            copy_township(connection, codes)
            pour_rounds(connection, rounds(whole, now=now, weeks=WEEKS))
        _count_in_advance()
        with db.engine.connect() as connection:
            counted = (
                f"{connection.scalar(select(func.count()).select_from(db.metadata.tables[name])):,}"
                f" {name}"
                for name in FILLED
            )
            told = ", ".join(counted)
    return tokens, told


def _count_in_advance() -> None:
    """As a worker has done it where one runs."""
    while something_to_count(begin_reading(), utc_now()):
        db.session.remove()
        with unit_of_work() as session:
            count_in_advance(session, utc_now())
    db.session.remove()
