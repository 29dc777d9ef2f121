"""Loads the demonstration township into an empty database, with a random password for everybody."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.queries import has_catalogue
from app.catalogue.service import load_catalogue
from app.demo.files import write_township
from app.grid.township.loading import load_township
from app.kernel.facts import DEMONSTRATION, record_fact
from app.people.administration import readable_password
from app.people.models import ROLE_LABELS, Person
from app.people.passwords import HashCost
from app.people.service import set_password
from config.settings import ROOT


@dataclass(frozen=True)
class Account:
    """Who may sign in to the demonstration, and how."""

    username: str
    password: str
    name: str
    roles: str
    organisations: str


def load_demo(session: Session, *, cost: HashCost, now: datetime) -> list[Account]:
    """Write the demonstration township and mark the database as holding one.

    Returns the accounts with their fresh passwords, of which only the hashes are kept.
    """
    with tempfile.TemporaryDirectory(prefix="gexun-demo-") as folder:
        write_township(Path(folder))
        load_with_catalogue(session, Path(folder), now=now)
    record_fact(session, DEMONSTRATION, now.isoformat())
    people = session.scalars(select(Person).order_by(Person.id)).all()
    return [_account(session, person, cost=cost, now=now) for person in people]


def load_with_catalogue(session: Session, folder: Path, *, now: datetime) -> None:
    """Load a township's folder, and before it the shipped catalogue when there is none yet."""
    if not has_catalogue(session):
        load_catalogue(session, directory=ROOT / "config" / "catalogue", now=now)
    load_township(session, folder, now=now)


def _account(session: Session, person: Person, *, cost: HashCost, now: datetime) -> Account:
    password = readable_password()
    set_password(session, person, password, cost=cost, now=now)
    return Account(
        person.username,
        password,
        person.name,
        "、".join(dict.fromkeys(ROLE_LABELS[post.role] for post in person.posts)),
        "、".join(dict.fromkeys(post.organisation.name for post in person.posts)),
    )
