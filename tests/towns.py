"""The demonstration township as tests meet it, and how databases are filled with it."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.demo.files import write_township
from app.demo.load import load_with_catalogue
from app.demo.township import TOWN, Cell, Compound, Township, demonstration_township, username
from app.kernel.clock import day_start
from app.kernel.db import db, unit_of_work
from app.people.models import AccessToken, Person
from app.people.passwords import HashCost, hash_password
from app.people.service import token_digest
from config.settings import Settings

PASSWORD = "示例口令-tests-only"
CHEAP = HashCost(memory_kib=8, time=1)
LONG_AGO = date(2020, 1, 1)
"""When the townships were loaded: a story may stand on any later day."""
AGES_HENCE = date(2200, 1, 1)
SECOND_TOWN = "340299102"


class Town:
    """What is in a loaded township, without asking the database."""

    def __init__(self, code: str | None, password: str) -> None:
        self.township: Township = demonstration_township(code or TOWN)
        self.code = self.township.code
        self.password = password

    def who(self, name: str) -> str:
        """The username of a person, given the name it has in the first township."""
        known = {post.username for post in self.township.posts}
        return name if name in known else username(self.code, name)

    def community(self, suffix: str = "001") -> str:
        """The code of a community or village."""
        return self.code + suffix

    def cell(self, suffix: str = "001", number: int = 1) -> Cell:
        """A cell by its community and number."""
        code = f"{self.code}{suffix}{number:03d}"
        return next(cell for cell in self.township.cells if cell.code == code)

    def compound(self, suffix: str = "001", number: int = 1) -> Compound:
        """A compound by its community and number; compound n with an outline lies in cell n."""
        code = f"{self.code}{suffix}C{number:02d}"
        return next(compound for compound in self.township.compounds if compound.code == code)


@cache
def _people() -> frozenset[str]:
    return frozenset(
        post.username for code in (TOWN, SECOND_TOWN) for post in demonstration_township(code).posts
    )


def standing_token(who: str) -> str | None:
    """The token with which somebody of a loaded township has been signed in all along; nothing for
    who came later. Signing in each time would take a sixth of the tests' time."""
    return f"{who} since long ago" if who in _people() else None


def _sign_all_in(session: Session) -> None:
    known = set(session.scalars(select(AccessToken.person_id)))
    session.add_all(
        AccessToken(
            person_id=person.id,
            token_hash=token_digest(token),
            issued_at=day_start(LONG_AGO),
            expires_at=day_start(AGES_HENCE),
        )
        for person in session.scalars(select(Person))
        if person.id not in known and (token := standing_token(person.username))
    )


@cache
def cheap_settings(database_url: str, photos: Path) -> Settings:
    """Settings that depend on nothing outside the test, with cheap password hashes."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        photo_store=f"file://{photos}",
        backup_folder=f"{photos.absolute()}-backups",
        secret_key="a secret that is known to everybody who reads the tests",
        argon2_memory_kib=CHEAP.memory_kib,
        argon2_time_cost=CHEAP.time,
        limit_sign_ins=1_000_000,
        limit_requests=1_000_000,
        limit_complaints=1_000_000,
        second_look_percent=0,
    )


def prepare_migrated(url: str) -> None:
    """Bring an empty database to the present schema, by the migrations themselves."""
    app = create_app(cheap_settings(url, Path("/nonexistent")))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def prepare_town(folder: Path, code: str | None) -> Callable[[str], None]:
    """What fills a migrated database with a township and gives everybody one password."""

    def prepare(url: str) -> None:
        write_township(folder, town=code or TOWN)
        app = create_app(cheap_settings(url, folder / "photos"))
        with app.app_context():
            with unit_of_work() as session:
                load_with_catalogue(session, folder, now=day_start(LONG_AGO))
                session.execute(
                    update(Person).values(password_hash=hash_password(PASSWORD, cost=CHEAP))
                )
                _sign_all_in(session)
            db.session.remove()
            db.engine.dispose()

    return prepare
