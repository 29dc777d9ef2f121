"""Databases to measure on, one of each engine, gone when the measuring is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from tests.databases import Databases
from tests.postgres import ThrowawayCluster

ENGINES = ("sqlite", "postgresql")
AS_OPERATED = {"shared_buffers": "2GB", "jit": "off"}
"""What docs/operations.md tells an operator to set, with 8 GB."""


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone when the block ends."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    cluster = ThrowawayCluster(AS_OPERATED)
    try:
        server = cluster.start()
        yield Databases(folder, lambda: server, {}).clone("postgresql", None)
    finally:
        cluster.stop()


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of an application on that database, with its photos in the folder."""
    return Settings(
        _env_file=None,
        database_url=url,
        photo_store=f"file://{folder / 'photos'}",
        secret_key="known to everybody who reads how the measuring is done",
        limit_requests=1_000_000_000,
    )
