"""`worker`: the process that does background work, and how it is told to end."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.engines.marks import why_not_served
from app.jobs.terminal import plain_refusals, stop
from app.jobs.worker import OutOfTime, Worker
from app.kernel.db import db
from app.kernel.ids import new_id

GRACE_S = 25.0
LAST_RESORT_S = 3.0


@click.command("worker")
@click.option("--once", is_flag=True, help="只做到期的任务，做完就结束")
@click.option("--beside", type=int, hidden=True, help="随这个进程结束")
@with_appcontext
def worker(once: bool, beside: int | None) -> None:
    """后台任务进程：做到期的任务，按时做定期的事；可以同时运行几个。"""
    if refused := why_not_served(db.engine):
        stop(refused)
    made = Worker(
        current_app.extensions["gexun_clock"],
        name=f"{socket.gethostname()}:{os.getpid()}:{new_id().hex[-8:]}",
        wanted=lambda: beside is None or os.getppid() == beside,
    )
    with ending_on_signals(made):
        if once:
            _work_once(made)
        else:
            made.run()


def _work_once(made: Worker) -> None:
    with plain_refusals():
        made.beat_when_due()
        tally = made.work_once(beating=True)
    failed = f"，失败 {tally.failed} 项（稍后再试）" if tally.failed else ""
    click.echo(f"完成 {tally.done} 项到期任务{failed}。")


@contextmanager
def ending_on_signals(made: Worker, *, grace_s: float = GRACE_S) -> Iterator[None]:
    """SIGTERM or Ctrl-C: the present job may take `grace_s` more, then it goes back; a second
    signal ends that grace. Should even giving back hang, the process ends and the lease runs out.
    """

    def end_now(*_: Any) -> None:
        signal.signal(signal.SIGALRM, lambda *_: os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, LAST_RESORT_S)
        raise OutOfTime

    def end_soon(*_: Any) -> None:
        if made.stopping:
            end_now()
        made.stopping = True
        signal.setitimer(signal.ITIMER_REAL, grace_s)

    signal.signal(signal.SIGALRM, end_now)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_soon)
    try:
        yield
    except OutOfTime:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
