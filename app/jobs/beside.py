"""The background worker that `make run` keeps beside gunicorn: begun with it, ended with it."""

import os
import signal
import subprocess
import sys
import time

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from config.settings import ROOT

BEGUN_AGAIN_AFTER_S = 5.0
ENDS_WITHIN_S = 30.0
HURRIES_AFTER_S = 3.0


class BackgroundWorker:
    """One `worker` process, a child of this one, begun again when it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._begun_at = 0.0
        self._ending = False

    def keep(self) -> None:
        """Begins the process, or begins it again, unless it runs or was begun just now."""
        if self._ending or self._runs():
            return
        if self._process is not None and time.monotonic() - self._begun_at < BEGUN_AGAIN_AFTER_S:
            return
        command = ["-m", "flask", "--app", "wsgi", "worker", "--beside", str(os.getpid())]
        # A process group of its own: Ctrl-C is for the server, which tells its children.
        self._process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL, process_group=0
        )
        self._begun_at = time.monotonic()

    def ask_to_end(self) -> None:
        """It finishes its job and ends."""
        if not self._ending and self._process is not None:
            self._process.send_signal(signal.SIGTERM)
        self._ending = True

    def wait(self, *, patiently: bool) -> None:
        """Until it has ended; in a hurry it is asked a second time, and puts its job back."""
        if self._process is None:
            return
        if not patiently and not self._ended_within(HURRIES_AFTER_S):
            self._process.send_signal(signal.SIGTERM)
        if not self._ended_within(ENDS_WITHIN_S):
            self._process.kill()
            self._process.wait()

    def _ended_within(self, seconds: float) -> bool:
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _runs(self) -> bool:
        # gunicorn reaps every child; Popen then finds none and says that it has ended.
        return self._process is not None and self._process.poll() is None


class ArbiterBeside(Arbiter):
    """gunicorn's arbiter, which looks after the background worker as after its own."""

    def __init__(self, app: BaseApplication) -> None:
        self.beside = BackgroundWorker()
        super().__init__(app)

    def manage_workers(self) -> None:
        """Called at the start and every second."""
        super().manage_workers()
        self.beside.keep()

    def stop(self, graceful: bool = True) -> None:
        """Both kinds of worker end at the same time."""
        self.beside.ask_to_end()
        super().stop(graceful)
        self.beside.wait(patiently=graceful)
