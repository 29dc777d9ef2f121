"""A township that outgrows its file and its folder, and where it goes."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.adapters import open_store
from app.adapters.s3_store import S3Options, S3PhotoStore
from app.photos.store import PhotoStore
from config.settings import Settings
from tests.databases import Databases
from tests.photos.phones import Phone
from tests.s3_server import BUCKET, S3Address
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town, cheap_settings

Run = Callable[..., str]


@pytest.fixture
def backend() -> str:
    """It begins with the embedded default."""
    return "sqlite"


@pytest.fixture
def settings(database_url: str, photo_folder: Path, s3: S3Address) -> Settings:
    """Those of the small installation, which knows the keys of the bucket already."""
    keys = {
        "s3_endpoint": s3.endpoint,
        "s3_access_key": s3.access_key,
        "s3_secret_key": s3.secret_key,
        "s3_addressing_style": "path",
    }
    known = cheap_settings(database_url, photo_folder).model_dump(exclude_unset=True)
    return Settings(_env_file=None, **known, **keys)


@pytest.fixture
def big(databases: Databases, settings: Settings) -> Iterator[Settings]:
    """Where it goes: an empty PostgreSQL database and an empty prefix of a bucket."""
    url = databases.clone("postgresql", None)
    store = f"s3://{BUCKET}/moved/{secrets.token_hex(8)}"
    known = settings.model_dump(exclude_unset=True)
    yield Settings(_env_file=None, **known | {"database_url": url, "photo_store": store})
    databases.drop(url)


@pytest.fixture
def bucket(big: Settings) -> PhotoStore:
    """The store it goes to."""
    return store_of(big)


def store_of(settings: Settings) -> PhotoStore:
    """The store of some settings."""
    if settings.photo_store.startswith("file:"):
        return open_store(settings.photo_store)
    keys = (settings.s3_access_key, settings.s3_secret_key)
    access, secret = (key.get_secret_value() if key else None for key in keys)
    options = S3Options(settings.s3_endpoint, access, secret, addressing_style="path")
    bucket, _, prefix = settings.photo_store.removeprefix("s3://").partition("/")
    return S3PhotoStore(bucket, prefix, options)


@pytest.fixture
def move(app: Flask, big: Settings) -> Run:
    """Runs `engine move` to where it goes; gives what it says, after checking the exit status."""

    def run(*options: str, of: Flask = app, to: Settings = big, status: int = 0) -> str:
        where = ["--to-database", to.database_url, "--to-store", to.photo_store]
        arguments: list[Any] = ["engine", "move", *where, *options]
        result: Result = of.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return str(result.output)

    return run


@pytest.fixture
def warden(server: LiveServer, town: Town) -> Phone:
    """A person who is served all the while."""
    return Phone(server.signed_in("wangge11", PASSWORD), "wangge11")
