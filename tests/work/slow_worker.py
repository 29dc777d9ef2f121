"""A worker in a process of its own that knows two slow jobs and a quick one, to be killed.

`python -m tests.work.slow_worker DATABASE_URL FOLDER GRACE_S` says "ready" and begins at a line on
its standard input. The slow jobs say "begun" in the middle and go on for a minute.
"""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import create_app
from app.jobs.handlers import Handler, LongHandler, Progress, ShortHandler
from app.jobs.worker import Worker
from app.jobs.worker_command import ending_on_signals
from app.kernel.clock import utc_now
from app.kernel.facts import DeploymentFact
from tests.towns import cheap_settings

SLEEPS_S = 60.0


def write_fact(session: Session, payload: dict[str, Any], _now: datetime) -> None:
    """An effect that cannot happen twice unnoticed."""
    session.add(DeploymentFact(name=payload["fact"], value="written"))
    session.flush()


def _slow_short(session: Session, payload: dict[str, Any], now: datetime) -> None:
    write_fact(session, payload, now)
    print("begun", flush=True)
    time.sleep(payload.get("sleeps_s", SLEEPS_S))


def _slow_long(payload: dict[str, Any], progress: Progress) -> None:
    progress(40, "做到一半")
    print("begun", flush=True)
    time.sleep(payload.get("sleeps_s", SLEEPS_S))


SLOW: dict[str, Handler] = {
    "quick": ShortHandler("快的", write_fact),
    "slow_short": ShortHandler("慢的", _slow_short),
    "slow_long": LongHandler("很慢的", _slow_long),
}


def main(url: str, folder: str, grace_s: str) -> None:
    """Works until it is ended."""
    app = create_app(cheap_settings(url, Path(folder)))
    worker = Worker(utc_now, name="slow", handlers=SLOW, periodic=())
    with app.app_context(), ending_on_signals(worker, grace_s=float(grace_s)):
        print("ready", flush=True)
        sys.stdin.readline()
        worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
