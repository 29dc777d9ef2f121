"""The application that is broken: as `wsgi:app`, on a clock that runs faster and may jump.

A key whose process was killed is free after a minute, a job after five: here after seconds.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import create_app
from config.settings import load_settings
from tests.chaos import BEGAN, FASTER, JUMP


def clock() -> datetime:
    """The instant on the faster clock, the same in every process that was told when it began; off
    by the seconds in a file, where there is one."""
    began = float(os.environ[BEGAN])
    gone = (time.time() - began) * float(os.environ[FASTER])
    return datetime.fromtimestamp(began, UTC) + timedelta(seconds=gone + _jump())


def _jump() -> float:
    try:
        return float(Path(os.environ[JUMP]).read_text())
    except (OSError, ValueError):
        return 0.0


app = create_app(load_settings(), clock=clock)
