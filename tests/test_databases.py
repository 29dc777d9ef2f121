"""What the other tests stand on: clones that do not see one another, and a server that is gone."""

from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from app.people.models import Person
from tests.databases import Databases
from tests.postgres import ClusterUnavailable, ThrowawayCluster
from tests.towns import Town


def test_clones_hold_the_template_and_nothing_of_one_another(
    databases: Databases, backend: str
) -> None:
    urls = [databases.clone(backend, "town") for _ in range(2)]
    engines = [create_engine(url) for url in urls]
    for engine in engines:
        with engine.begin() as connection:
            assert connection.scalar(text("SELECT count(*) FROM people")) == 16
            connection.execute(text("DELETE FROM posts"))
        engine.dispose()
    for url in urls:
        databases.drop(url)


def test_a_dropped_database_is_gone(databases: Databases, backend: str) -> None:
    url = databases.clone(backend, "migrated")
    databases.drop(url)
    engine = create_engine(url)
    if backend == "sqlite":
        assert inspect(engine).get_table_names() == []
    else:
        with pytest.raises(Exception, match="does not exist"):
            engine.connect()
    engine.dispose()
    databases.drop(url)


def test_everybody_in_the_town_can_sign_in(
    client: FlaskClient, town: Town, session: Session
) -> None:
    names = {post.username for post in town.township.posts}
    assert session.scalar(select(func.count()).select_from(Person)) == len(names)
    for name in ("guanli", "ducha1", "shequ4", "wangge11", "wuye21", "zhifa1"):
        answer = client.post(
            "/api/v1/auth/password", json={"username": name, "password": town.password}
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_cluster_of_our_own_starts_and_leaves_nothing() -> None:
    cluster = ThrowawayCluster()
    address = cluster.start().replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)


class WithoutPrograms(ThrowawayCluster):
    """A cluster whose wheel holds no server."""

    def _binaries(self) -> Path:
        return self._folder / "nowhere"


def test_a_cluster_that_cannot_start_says_what_to_do() -> None:
    with pytest.raises(ClusterUnavailable, match="GEXUN_TEST_DATABASE_URL"):
        WithoutPrograms().start()
