"""Keeps demonstration data out of production, however the application is started."""

from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from app.demo.allowed import Holdings, Place, refusal
from app.kernel.db import db
from app.kernel.facts import DEMONSTRATION, DeploymentFact
from config.settings import Settings


def demonstration_in_production(settings: Settings) -> str | None:
    """Why the application may not start on its database, in one sentence; None: it may.

    A database without tables holds nothing, and one that does not answer is /readyz's to report.
    """
    if settings.env != "production" or not _is_marked():
        return None
    place = Place("127.0.0.1", settings.embedded, production=True)
    return refusal(place, Holdings(filled=True, demonstration=True))


def _is_marked() -> bool:
    """Whether the database is marked as holding a demonstration; leaves no connection to fork."""
    marked = select(DeploymentFact.name).where(DeploymentFact.name == DEMONSTRATION)
    try:
        with db.engine.connect() as connection:
            there = inspect(connection).has_table(DeploymentFact.__tablename__)
            return there and connection.scalar(marked) is not None
    except DBAPIError:
        return False
    finally:
        db.engine.dispose()
