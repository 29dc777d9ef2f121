"""The application that is broken: as `wsgi:app`, on a clock that runs faster.

A key whose process was killed is free after a minute, a job after five: here after seconds.
"""

import os
import time
from datetime import UTC, datetime, timedelta

from app import create_app
from config.settings import load_settings
from tests.chaos import BEGAN, FASTER


def clock() -> datetime:
    """The instant on the faster clock, the same in every process that was told when it began."""
    began = float(os.environ[BEGAN])
    gone = (time.time() - began) * float(os.environ[FASTER])
    return datetime.fromtimestamp(began, UTC) + timedelta(seconds=gone)


app = create_app(load_settings(), clock=clock)
