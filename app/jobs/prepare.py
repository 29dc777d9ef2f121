"""The first start: the database is made or migrated, and filled where that is allowed."""

from flask_migrate import upgrade

from app import create_app
from app.demo.allowed import Holdings, Place
from app.demo.load import WEEKS, Wish
from app.jobs.demonstration import holdings_of, load_demonstration
from app.kernel.db import db
from config.settings import Settings


def prepare(settings: Settings, place: Place, *, weeks: int = WEEKS) -> Holdings:
    """Bring the schema up to date, and load the demonstration with so many weeks into an empty
    database where it may live; says what the database holds then.

    Leaves no connection behind: workers fork next.
    """
    app = create_app(settings)
    with app.app_context():
        try:
            upgrade()
            holdings = holdings_of(db.session())
            if holdings.filled or not place.may_demonstrate:
                return holdings
            load_demonstration(settings, app.extensions["gexun_store"], Wish(weeks))
            return Holdings(filled=True, demonstration=True)
        finally:
            db.session.remove()
            db.engine.dispose()
