"""What is broken, and on what: each disaster goes on while people work."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.databases import ENGINES
from tests.chaos.stand import Stand
from tests.databases import Databases
from tests.postgres import ThrowawayCluster
from tests.s3_server import ThrowawayS3
from tests.towns import cheap_settings, prepare_migrated, prepare_town

KEEPS_ITS_WORD = dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "on")
"""As an operator's PostgreSQL: what it acknowledged outlives its end."""
DOWN_S, UP_S = 2.0, 2.0
ASLEEP_S = 6.0
"""Longer than a request may wait for the store."""
SMALL_DISK = "160m"


@dataclass(frozen=True)
class Place:
    """An installation that is about to suffer: a town's database, a store, and who keeps them."""

    folder: Path
    variables: dict[str, str]
    cluster: ThrowawayCluster | None
    s3: ThrowawayS3 | None


Strike = Callable[[Place, Stand], None]


def kill(place: Place, stand: Stand) -> None:
    """SIGKILL to somebody."""
    stand.kill_something()


def stop_database(place: Place, stand: Stand) -> None:
    """PostgreSQL loses its power for some seconds."""
    assert place.cluster is not None
    place.cluster.kill()
    time.sleep(DOWN_S)
    place.cluster.again()


def stop_store(place: Place, stand: Stand) -> None:
    """The S3 server loses its power for some seconds."""
    assert place.s3 is not None
    place.s3.kill()
    time.sleep(DOWN_S)
    place.s3.start().wait_until_ready()


def slow_store(place: Place, stand: Stand) -> None:
    """The S3 server takes connections and answers nobody for some seconds."""
    assert place.s3 is not None
    with place.s3.asleep():
        time.sleep(ASLEEP_S)


def fill_disk(place: Place, stand: Stand) -> None:
    """Not a byte is left on the disk for some seconds."""
    filler = place.folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 65_536):
            pass
    time.sleep(DOWN_S)
    filler.unlink()


def jump(place: Place, stand: Stand) -> None:
    """The clocks of all processes jump, and one of them dies of it."""
    stand.jump()
    stand.kill_something()


@dataclass(frozen=True)
class Disaster:
    """Something that strikes again and again, on some engines, with pauses between."""

    name: str
    strike: Strike
    every_s: float
    at_least: int
    engines: tuple[str, ...] = ENGINES
    on_small_disk: bool = False
    """Whether what is kept (of PostgreSQL's place the S3 server's data) lies on a disk of its own,
    which takes root to make."""


DISASTERS = (
    Disaster("killed", kill, 1.0, 50),
    Disaster("database stopped", stop_database, UP_S, 5, ("postgresql",)),
    Disaster("store stopped", stop_store, UP_S, 5, ("postgresql",)),
    Disaster("store slow", slow_store, ASLEEP_S, 5, ("postgresql",)),
    # SeaweedFS looks at its disk once a minute, and takes nothing until the next look when full.
    Disaster("store full", fill_disk, 15.0, 4, ("postgresql",), on_small_disk=True),
    Disaster("disk full", fill_disk, UP_S, 10, ("sqlite",), on_small_disk=True),
    Disaster("clocks jump", jump, 3.0, 10),
)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 160 MB in memory, gone when the block ends."""
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "gexun-chaos", str(folder)]
    subprocess.run(mounted, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def a_place(engine: str, folder: Path) -> Iterator[Place]:
    """SQLite and a folder, or PostgreSQL and an S3 server, with the demonstration's first town."""
    cluster = ThrowawayCluster(KEEPS_ITS_WORD) if engine == "postgresql" else None
    s3 = ThrowawayS3(data=folder / "s3") if engine == "postgresql" else None
    try:
        server = cluster.start() if cluster else ""
        prepared = {
            "migrated": (None, prepare_migrated),
            "town": ("migrated", prepare_town(folder / "town", None)),
        }
        url = Databases(folder, lambda: server, prepared).clone(engine, "town")
        yield Place(folder, _variables(url, folder, s3), cluster, s3)
    finally:
        if s3:
            s3.stop()
        if cluster:
            cluster.stop()


def _variables(url: str, folder: Path, s3: ThrowawayS3 | None) -> dict[str, str]:
    known = cheap_settings(url, folder / "photos")
    variables = {
        "GEXUN_ENV": "production",
        "GEXUN_DATABASE_URL": url,
        "GEXUN_PHOTO_STORE": known.photo_store,
        "GEXUN_SECRET_KEY": known.secret_key.get_secret_value(),
        "GEXUN_LIMIT_REQUESTS": "1000000",
        "GEXUN_LIMIT_SIGN_INS": "1000000",
        "GEXUN_DISK_ALARM_MB": "4",
    }
    if s3 is None:
        return variables
    address = s3.start()
    address.wait_until_ready()
    return variables | {
        "GEXUN_PHOTO_STORE": "s3://gexun-tests/chaos",
        "GEXUN_S3_ENDPOINT": address.endpoint,
        "GEXUN_S3_ACCESS_KEY": address.access_key,
        "GEXUN_S3_SECRET_KEY": address.secret_key,
        "GEXUN_S3_ADDRESSING_STYLE": "path",
    }
