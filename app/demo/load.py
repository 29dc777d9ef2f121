"""Loads the demonstration into an empty database: a county with two townships, and their weeks."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.queries import has_catalogue
from app.catalogue.service import load_catalogue
from app.demo.appointing import appoint_groups
from app.demo.files import write_township
from app.demo.plans import COUNTY, LARGE, SMALL, Plan
from app.demo.seeded_ids import SeededIds
from app.demo.township import TOWN, Township
from app.demo.weeks.cast import cast_of
from app.demo.weeks.desk import tell_desk
from app.demo.weeks.living import tell_week, weeks_of
from app.demo.weeks.office import tell_offices, tell_spot_checks
from app.demo.weeks.papers import tell_last_papers, tell_week_of_papers
from app.demo.weeks.pieces import tell_pieces
from app.demo.weeks.world import Shares, World
from app.demo.weeks.zones import tell_zones
from app.grid.township.loading import load_township
from app.kernel.clock import day_start, shanghai_day
from app.kernel.facts import DEMONSTRATION, record_fact
from app.kernel.ids import ids_from
from app.notices.service import mark_older_read
from app.people.administration import readable_password
from app.people.models import ROLE_LABELS, Person
from app.people.passwords import HashCost
from app.people.service import set_password
from app.photos.store import PhotoStore
from app.tickets.models import Ticket
from app.tickets.telling.steps import tell_steps
from config.settings import ROOT


@dataclass(frozen=True)
class Account:
    """Who may sign in to the demonstration, and how."""

    username: str
    password: str
    name: str
    roles: str
    organisations: str


TOWNS: tuple[tuple[str, Plan], ...] = ((TOWN, SMALL), (f"{COUNTY}102", LARGE))
WEEKS, MOST_WEEKS, SEED = 8, 12, 1


@dataclass(frozen=True)
class Wish:
    """What to load: how many weeks up to now (0: none), and the seed of everything by chance."""

    weeks: int = WEEKS
    seed: int = SEED


def load_demo(
    session: Session,
    store: PhotoStore,
    wish: Wish,
    *,
    cost: HashCost,
    shares: Shares,
    now: datetime,
    say: Callable[[str], None] = lambda line: None,
) -> list[Account]:
    """Write the demonstration's county and its weeks, and mark the database as holding one.

    What is chosen by the id of a thing, as closures for a second look are, is chosen by the
    product's own rule: the ids follow from the seed, so that a load gives the same figures again.

    The weeks end now: the last one is as far as this week is. `say` is told of each as it is done.
    Returns the accounts with their fresh passwords, of which only the hashes are kept. Photos are
    put into the store at once, the rows wait for the caller's commit.
    """
    begins = beginning(now, wish.weeks)
    ids = SeededIds(wish.seed, lambda: begins)
    with ids_from(ids):
        townships = _load_places(session, begins)
        record_fact(session, DEMONSTRATION, now.isoformat())
        people = session.scalars(select(Person).order_by(Person.id)).all()
        accounts = [_account(session, person, cost=cost, now=begins) for person in people]
        if wish.weeks:
            cast = cast_of(session, townships, day=shanghai_day(begins))
            world = World(session, store, cast, begins, now, wish.seed, shares)
            ids.at = lambda: world.now
            live_weeks(world, say)
        session.flush()
    return accounts


def beginning(now: datetime, weeks: int) -> datetime:
    """The Monday with which so many weeks up to now begin; now itself for none."""
    if not weeks:
        return now
    today = shanghai_day(now)
    return day_start(today - timedelta(days=today.weekday(), weeks=weeks - 1))


def _load_places(session: Session, now: datetime) -> list[Township]:
    """Both townships, as their offices would load them."""
    townships = []
    for town, plan in TOWNS:
        with tempfile.TemporaryDirectory(prefix="gexun-demo-") as folder:
            townships.append(write_township(Path(folder), town=town, plan=plan))
            load_with_catalogue(session, Path(folder), now=now)
    appoint_groups(session, townships[-1], now=now)
    return townships


def live_weeks(world: World, say: Callable[[str], None]) -> None:
    """Lives through the weeks of a world, one after the other, and tells of each."""
    mondays = list(weeks_of(world))
    for monday in mondays:
        tell_week(world, monday)
        tell_week_of_papers(world, monday)
        tell_spot_checks(world, monday)
    tell_pieces(world)
    tell_offices(world)
    tell_desk(world)
    tell_zones(world)
    tell_last_papers(world)
    for number, monday in enumerate(mondays, 1):
        last = world.at(monday + timedelta(days=7), 0)
        world.live(until=min(last, world.ends))
        tickets = world.session.scalar(select(func.count()).select_from(Ticket))
        say(
            f"  第 {number}/{len(mondays)} 周（{monday:%m-%d} 起）："
            f"累计工单 {tickets}，照片 {world.photographs}"
        )
    while tell_steps(world.session, world.ends):
        pass
    mark_older_read(world.session, before=world.ends - timedelta(days=3), now=world.ends)


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
