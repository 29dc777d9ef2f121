"""Random walks through the life cycle, by random people, on both databases."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete, select

from app.catalogue.snapshots import forget_snapshots
from app.kernel.db import Base, db, unit_of_work
from app.people.models import ROLE_LABELS, AccessToken, Role
from app.tickets.workflow import Action
from config.settings import Settings
from tests.people.posts import add_post, give
from tests.tickets.life import OPENINGS, LifeOfTickets
from tests.tickets.replaying import check_legs, check_replay
from tests.tickets.stories import COMPANY, Json, Stories, at
from tests.towns import cheap_settings

WALKS = hypothesis_settings(
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    # Making a walk that failed shorter takes minutes: add Phase.shrink when one is looked into.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)

WALKS_FROM_EACH = {"sqlite": 4, "postgresql": 1}
"""The rules are the same on either database: on the second a few walks look at its statements."""

Posts = dict[str, dict[str, str]]


@pytest.fixture
def settings(database_url: str, photo_folder: Path) -> Settings:
    """Every closure waits for a second look: a share of them would be drawn by ids."""
    return cheap_settings(database_url, photo_folder).model_copy(
        update={"second_look_percent": 100}
    )


@pytest.fixture
def posts(stories: Stories) -> Posts:
    """Who is what where; with somebody of a company who leads a community too, and supervisors of
    two management groups, one of which was given the community of the spot."""
    town = stories.town
    more = [
        ("both", Role.lead, town.community()),
        ("both", Role.property_staff, COMPANY),
        ("group_given", Role.supervisor, f"{town.code}-G1"),
        ("group_other", Role.supervisor, f"{town.code}-G2"),
    ]
    with stories.app.app_context():
        with unit_of_work() as session:
            for username, role, code in more:
                add_post(session, username, role, code, from_on=at("2020-01-01 00:00").date())
            give(session, f"{town.code}-G1", town.community())
        db.session.remove()
    known: Posts = {}
    for post in town.township.posts:
        known.setdefault(post.username, {})[post.organisation] = post.role
    for username, role, code in more:
        known.setdefault(username, {})[code] = ROLE_LABELS[role]
    return known


@pytest.fixture
def emptied(stories: Stories, posts: Posts) -> Callable[[], None]:
    """Empties the tables that a walk fills: those that are empty now. Who is signed in stays so."""
    with stories.app.app_context():
        session = db.session()
        filled = [
            table
            for table in reversed(Base.metadata.sorted_tables)
            if table is not AccessToken.__table__
            and session.execute(select(table).limit(1)).first() is None
        ]
        db.session.remove()

    def empty() -> None:
        stories.change(*(delete(table) for table in filled))
        forget_snapshots()

    return empty


def test_walks_from_everywhere(
    stories: Stories, posts: Posts, emptied: Callable[[], None], backend: str
) -> None:
    """A few walks from each opening: what hypothesis makes of many are mostly small changes."""
    walked: set[tuple[str, str]] = set()
    stories.app.test_client_class = FlaskClient
    stories.client = stories.app.test_client()
    walks = hypothesis_settings(WALKS, max_examples=WALKS_FROM_EACH[backend])
    for number, begun in enumerate(OPENINGS):

        class Walk(LifeOfTickets):
            opening = begun

            def __init__(self) -> None:
                emptied()
                super().__init__(stories, posts, walked)

        run_state_machine_as_test(seed(number)(Walk), settings=walks)
    done = {action for _, action in walked}
    known = {action.value for action in Action} | {"pause", "end of a pause"}
    assert done == known if backend == "sqlite" else len(done) > len(known) // 2


def spoilt(ticket: Json, **changed: Any) -> Json:
    """The ticket with something in it that its timeline does not say."""
    return copy.deepcopy(ticket) | changed


def test_what_a_timeline_does_not_say_is_found(stories: Stories) -> None:
    ticket = stories.act("wuye11", stories.report(), "rectify")
    stories.later(minutes=1)
    ticket = stories.see("ducha1", stories.act("shequ1", ticket, "return", note="没有清干净"))
    check_replay(ticket)
    check_legs(ticket)
    first, second = ticket["legs"]
    gap = {**second, "from": stories.clock().isoformat()}
    for wrong in (
        {"version": 4},
        {"state": "rectified"},
        {"rework_count": 0},
        {"responsible": {"code": "WY299002"}},
        {"timeline": ticket["timeline"][:-1]},
        {"legs": [first]},
        {"legs": [{**first, "to": None}, second]},
        {"legs": [{**first, "outcome": "sent_back"}, second]},
        {"legs": [first, gap | {"from": first["from"]}]},
    ):
        with pytest.raises(AssertionError):
            check_replay(spoilt(ticket, **wrong))
    for legs in ([first], [{**first, "to": None}, second], [{**first, "to": second["to"]}, second]):
        with pytest.raises((AssertionError, TypeError)):
            check_legs(spoilt(ticket, legs=legs))
