"""A move that is killed at any moment is run again, and nothing is lost or there twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
from flask import Flask
from sqlalchemy import insert

from app.kernel.clock import utc_now
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.work.models import Job
from config.settings import Settings
from tests.bad_wire import BadWire
from tests.engines.conftest import store_of
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.running import ROOT
from tests.s3_server import S3Address

ROWS = 12_000
PHOTOS = 15


@pytest.fixture
def wire(s3: S3Address) -> Iterator[BadWire]:
    """A slow way to the bucket, so that there is a moment at which to kill."""
    made = BadWire(s3.port)
    yield made
    made.close()


def begun(settings: Settings, to: Settings, endpoint: str) -> subprocess.Popen[str]:
    """The command as an operator runs it, with everything in its environment."""
    access, secret = settings.s3_access_key, settings.s3_secret_key
    assert access is not None and secret is not None
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "GEXUN_DATABASE_URL": settings.database_url,
        "GEXUN_PHOTO_STORE": settings.photo_store,
        "GEXUN_SECRET_KEY": settings.secret_key.get_secret_value(),
        "GEXUN_S3_ENDPOINT": endpoint,
        "GEXUN_S3_ACCESS_KEY": access.get_secret_value(),
        "GEXUN_S3_SECRET_KEY": secret.get_secret_value(),
        "GEXUN_S3_ADDRESSING_STYLE": "path",
        "GEXUN_MOVE_TO_DATABASE": to.database_url,
        "GEXUN_MOVE_TO_STORE": to.photo_store,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "engine", "move"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def killed_when(process: subprocess.Popen[str], reached: Callable[[], bool]) -> None:
    """Kills the command as soon as something is so; it must not end by itself before."""
    try:
        while not reached():
            assert process.poll() is None, process.stdout and process.stdout.read()
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def killed_after(seconds: float, process: subprocess.Popen[str]) -> None:
    """Kills the command after a time, if it has not ended."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.communicate()


def jobs_in(to: Settings) -> int:
    """How many rows of the large table have arrived."""
    with psycopg.connect(to.database_url.replace("+psycopg", "")) as connection:
        try:
            row = connection.execute("SELECT count(*) FROM jobs").fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    return int(row[0]) if row else 0


def test_killed_while_files_and_rows_are_copied_and_at_random(
    app: Flask, warden: Phone, move: Callable[..., str], settings: Settings, big: Settings,
    wire: BadWire,
) -> None:  # fmt: skip
    for number in range(PHOTOS):
        warden.send(pictures.photo(software=f"{number}"))
    job = {"kind": "housekeeping", "payload": {}, "made_at": utc_now(), "run_at": utc_now()}
    with app.app_context(), unit_of_work() as session:
        rows = [
            {**job, "id": new_id(), "attempts": 0, "progress": 0, "progress_text": ""}
            for _ in range(ROWS)
        ]
        session.execute(insert(Job), rows)
    bucket = store_of(big)

    def files() -> int:
        return sum(1 for _ in bucket.entries())

    wire.mend(delay_s=0.02)
    killed_when(begun(settings, big, wire.url), lambda: files() > 6)
    assert 6 < files() < 3 * PHOTOS
    wire.mend()
    killed_when(begun(settings, big, wire.url), lambda: jobs_in(big) > 2000)
    assert 2000 < jobs_in(big) < ROWS
    for _ in range(4):
        killed_after(random.uniform(0.8, 3.5), begun(settings, big, wire.url))
    said = move("--final")
    assert f"照片文件 {3 * PHOTOS} 个，" in said
    assert "行数和内容都一致，外键完好" in said
    assert "可以切换了" in said
    assert jobs_in(big) == ROWS
    assert "早已迁完" in move()


def test_only_one_moves_at_a_time(
    warden: Phone, move: Callable[..., str], settings: Settings, big: Settings, wire: BadWire
) -> None:
    for number in range(PHOTOS):
        warden.send(pictures.photo(software=f"{number}"))
    bucket = store_of(big)
    wire.mend(delay_s=0.02)
    process = begun(settings, big, wire.url)
    refused: list[str] = []

    def is_copying() -> bool:
        if sum(1 for _ in bucket.entries()) < 4:
            return False
        refused.append(move(status=1))
        return True

    killed_when(process, is_copying)
    assert "另一个 engine move" in refused[0]
    assert "第一遍" in move()
