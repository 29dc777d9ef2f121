"""`worker --once`, `jobs list`, `jobs retry` and `jobs cancel`, as an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.jobs.handlers import PERIODIC
from app.kernel.db import unit_of_work
from app.photos.store import BlobKind, blob_key
from app.work.leases import ATTEMPTS, fail_job, report_progress, take_due_job
from app.work.queries import last_beat
from tests.clocks import MovableClock
from tests.photos.memory_store import MemoryPhotoStore
from tests.photos.test_sweep import LONG_AGO, lay
from tests.work.conftest import MONDAY

Ask = Callable[..., UUID]
Run = Callable[..., str]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask …`; gives what it says, after checking the exit status."""

    def invoke(*arguments: str, status: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == status, result.output
        return str(result.output)

    return invoke


def fail_to_death(clock: MovableClock) -> None:
    for _ in range(ATTEMPTS):
        with unit_of_work() as session:
            taken = take_due_job(session, frozenset({"photo_sweep"}), now=clock())
            assert taken is not None
            fail_job(session, taken, "Unavailable：照片存储没有应答。", now=clock())
        clock.move(timedelta(hours=2))


def test_once_does_what_is_due_and_ends(run: Run, ask: Ask, photo_folder: Path) -> None:
    orphan = lay(photo_folder, blob_key("ab" * 32, BlobKind.RECEIVED), b"x", age=LONG_AGO)
    put_at = (MONDAY - LONG_AGO).timestamp()
    os.utime(orphan, (put_at, put_at))
    ask("housekeeping")
    assert run("worker", "--once") == f"完成 {len(PERIODIC) + 1} 项到期任务。\n"
    assert run("worker", "--once") == "完成 0 项到期任务。\n"
    assert run("jobs", "list") == "没有未完成的任务。\n"
    assert not orphan.exists()
    with unit_of_work() as session:
        assert last_beat(session) == MONDAY


def test_once_says_what_failed(app: Flask, run: Run, clock: MovableClock, inside: None) -> None:
    store = app.extensions["gexun_store"] = MemoryPhotoStore()
    store.down = True
    assert (
        run("worker", "--once") == f"完成 {len(PERIODIC) - 1} 项到期任务，失败 1 项（稍后再试）。\n"
    )
    said = run("jobs", "list")
    assert "清理无主照片文件\t等待中" in said
    assert "做过 1 次" in said
    assert "照片存储没有应答" in said
    store.down = False
    clock.move(timedelta(seconds=31))
    assert run("worker", "--once") == "完成 1 项到期任务。\n"


def test_the_list_shows_what_is_open_or_dead(run: Run, ask: Ask, clock: MovableClock) -> None:
    dead = ask("photo_sweep")
    fail_to_death(clock)
    running, waiting = ask("housekeeping"), ask("newer", run_at=clock() + timedelta(hours=1))
    with unit_of_work() as session:
        taken = take_due_job(session, frozenset({"housekeeping"}), now=clock())
        assert taken is not None
        report_progress(session, taken, 30, "清理请求记录", now=clock())
    lines = {line.split("\t")[0]: line for line in run("jobs", "list").splitlines()}
    assert lines.keys() == {str(dead), str(running), str(waiting)}
    assert "失败，待处理" in lines[str(dead)]
    assert "照片存储没有应答" in lines[str(dead)]
    assert lines[str(running)].endswith("进行中\t2026-11-24 01:30:00\t做过 1 次\t清理请求记录")
    assert "newer\t等待中" in lines[str(waiting)]
    assert run("jobs", "list", "--dead").splitlines() == [lines[str(dead)]]


def test_a_dead_job_is_tried_again(run: Run, ask: Ask, clock: MovableClock) -> None:
    dead = ask("photo_sweep")
    fail_to_death(clock)
    assert run("jobs", "retry", str(dead)) == "已重新排队。\n"
    assert run("jobs", "list", "--dead") == "没有失败待处理的任务。\n"
    assert "失败待处理" in run("jobs", "retry", str(dead), status=1)
    assert run("worker", "--once") == f"完成 {len(PERIODIC) + 1} 项到期任务。\n"


def test_cancelling(run: Run, ask: Ask, clock: MovableClock) -> None:
    dead = ask("photo_sweep")
    fail_to_death(clock)
    waiting, running = ask("newer"), ask("housekeeping")
    with unit_of_work() as session:
        take_due_job(session, frozenset({"housekeeping"}), now=clock())
    assert run("jobs", "cancel", str(dead)) == "已取消。\n"
    assert run("jobs", "cancel", str(waiting)) == "已取消。\n"
    assert run("jobs", "cancel", str(running)) == "正在取消。\n"
    assert run("jobs", "list").count("\n") == 1
    assert "没有这项任务" in run("jobs", "cancel", str(uuid4()), status=1)
    assert "没有这项任务" in run("jobs", "retry", str(uuid4()), status=1)
    assert "Invalid value" in run("jobs", "cancel", "x", status=2)


def test_without_tables_it_is_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "GEXUN_DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
            "GEXUN_PHOTO_STORE": f"file://{tmp_path}/photos",
            "GEXUN_SECRET_KEY": "0" * 40,
            "GEXUN_ENV": "production",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == ("数据库连不上，或还没有建表；请先运行 flask --app wsgi db upgrade。\n")
