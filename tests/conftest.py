"""What every test may ask for: a database of its own on both engines, the application, a client,
a live server, a clock that moves, and the demonstration township."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from app.kernel.db import db
from config.settings import Settings
from tests.applications import Applications
from tests.clocks import MovableClock
from tests.contract import CheckedClient
from tests.databases import Databases
from tests.network import close_network
from tests.postgres import ClusterUnavailable, ThrowawayCluster, memory_folder
from tests.s3_server import S3Address, S3Unavailable, ThrowawayS3
from tests.servers import LiveServer
from tests.towns import (
    PASSWORD,
    SECOND_TOWN,
    Town,
    cheap_settings,
    prepare_migrated,
    prepare_town,
    standing_token,
)

SERVER_VARIABLE = "GEXUN_TEST_DATABASE_URL"
S3_VARIABLE = "GEXUN_TEST_S3_URL"
BACKENDS = ("sqlite", "postgresql")

_cluster: list[ThrowawayCluster] = []
_s3: list[ThrowawayS3] = []

APPLICATIONS = Applications()
CLOCK = MovableClock()

# How long an example takes says something about the machine, not about the code.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Shut out the caller's settings, and start the servers once when workers will share them."""
    is_worker = hasattr(config, "workerinput")
    kept = {SERVER_VARIABLE, S3_VARIABLE} if is_worker else {SERVER_VARIABLE}
    for name in [name for name in os.environ if name.startswith("GEXUN_")]:
        if name not in kept:
            del os.environ[name]
    # SQLite and the photo store wait for the disk at each commit.
    if (memory := memory_folder()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)
    shares = bool(getattr(config.option, "numprocesses", None)) and not is_worker
    if shares and not config.option.collectonly:
        # S3 gets ready while PostgreSQL starts; where it cannot start, the tests that need it say.
        with suppress(S3Unavailable):
            os.environ[S3_VARIABLE] = _s3_address().url
        os.environ[SERVER_VARIABLE] = _server_url()


def pytest_xdist_auto_num_workers() -> int:
    """Three workers on two cores: a test waits for its servers a third of its time."""
    told = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    # Linux tells how many of the cores are ours.
    ours = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))
    return int(told) if told else -(-3 * len(ours(0)) // 2)


def pytest_unconfigure() -> None:
    """Stop the servers that this process started, after Ctrl-C too."""
    while _s3:
        _s3.pop().stop()
    while _cluster:
        _cluster.pop().stop()


def _s3_address() -> S3Address:
    """The S3 server to test on: the one that the workers share, else a throwaway one of our own."""
    shared = os.environ.get(S3_VARIABLE)
    if shared:
        return S3Address.of(shared)
    if not _s3:
        server = ThrowawayS3()
        server.start()
        _s3.append(server)
    return _s3[0].address


def _server_url() -> str:
    """The PostgreSQL to test on: the caller's, else a throwaway one of our own."""
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        return given
    if not _cluster:
        cluster = ThrowawayCluster()
        try:
            cluster.start()
        except ClusterUnavailable as problem:
            pytest.exit(str(problem), returncode=1)
        _cluster.append(cluster)
    return _cluster[0].url


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> None:
    """Nothing but this machine is reached."""
    close_network()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Templates and clones, one set for each process of the run."""
    folder = tmp_path_factory.mktemp("databases")
    made = Databases(
        folder,
        _server_url,
        {
            "migrated": (None, prepare_migrated),
            "town": ("migrated", prepare_town(folder / "town", None)),
            "two_towns": ("town", prepare_town(folder / "second", SECOND_TOWN)),
        },
    )
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def s3() -> S3Address:
    """A real S3 server, with a bucket; a test that asks for it fails where it cannot be had."""
    try:
        address = _s3_address()
        address.wait_until_ready()
    except S3Unavailable as problem:
        pytest.fail(str(problem), pytrace=False)
    return address


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that needs a database runs on both engines."""
    return str(request.param)


@pytest.fixture
def empty_database_url(databases: Databases, backend: str) -> Iterator[str]:
    """A database without tables."""
    url = databases.clone(backend, None)
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases, backend: str) -> str:
    """A database of this test's own: migrated, and with townships when it asks for them."""
    names = request.fixturenames
    template = next((name for name in ("two_towns", "town") if name in names), "migrated")
    return databases.lay(backend, template)


@pytest.fixture
def town() -> Town:
    """The demonstration township, loaded; everybody in it has the password `town.password`."""
    return Town(None, PASSWORD)


@pytest.fixture
def two_towns() -> tuple[Town, Town]:
    """Two townships of one county, loaded."""
    return Town(None, PASSWORD), Town(SECOND_TOWN, PASSWORD)


@pytest.fixture
def clock() -> MovableClock:
    """The clock the application reads: real until moved."""
    CLOCK.reset()
    return CLOCK


@pytest.fixture
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the photos of this test lie."""
    folder = tmp_path_factory.getbasetemp() / "photos"
    yield folder
    shutil.rmtree(f"{folder}-backups", ignore_errors=True)
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


@pytest.fixture
def settings(database_url: str, photo_folder: Path) -> Settings:
    """The application's settings; a test overrides this fixture to change some."""
    return cheap_settings(database_url, photo_folder)


@pytest.fixture
def app(settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """The application on this test's database and photo store."""
    with APPLICATIONS.lent(settings, clock) as lent:
        yield lent


@pytest.fixture
def new_app(settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """As `app`, for a test that adds to it what cannot be put back, as routes are."""
    with Applications().lent(settings, clock) as made:
        yield made


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; what is not committed is undone.

    It takes no writer's turn: requests of the same test may write while it is open and clean.
    """
    with app.app_context():
        opened = db.session()
        yield opened
        opened.rollback()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Flask's own client, without a socket; every answer is held against the OpenAPI document."""
    app.test_client_class = CheckedClient
    return app.test_client()


@pytest.fixture
def server(app: Flask) -> Iterator[LiveServer]:
    """The application on a free port, with `server.client` to talk to it over real HTTP."""
    with LiveServer(app) as running:
        yield running


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[str], dict[str, str]]:
    """Signs a person of the township in; gives the headers of the following requests."""
    known: dict[str, dict[str, str]] = {}

    def headers(username: str) -> dict[str, str]:
        if username not in known and (token := standing_token(username)):
            known[username] = {"Authorization": f"Bearer {token}"}
        if username not in known:
            answer: Any = client.post(
                "/api/v1/auth/password", json={"username": username, "password": PASSWORD}
            )
            assert answer.status_code == 200, answer.get_data(as_text=True)
            known[username] = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
        return known[username]

    return headers


@pytest.fixture
def sign_in_over_http(server: LiveServer) -> Callable[[str], httpx.Client]:
    """Signs a person in over real HTTP; gives a client that carries the token."""
    return lambda username: server.signed_in(username, PASSWORD)
