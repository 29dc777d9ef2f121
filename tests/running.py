"""The product in a folder of its own, as after a clone, and `make run`'s server started in it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copy_product(folder: Path) -> Path:
    """What the server needs, without data; `.venv` stands for the interpreter of this run."""
    for name in ("app", "config"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "wsgi.py", folder)
    (folder / "uploads").mkdir()
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


class Run:
    """A started server, until it is interrupted."""

    def __init__(self, copy: Path, **variables: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PORT": str(self.port)}
        # The weeks of the demonstration take their time and have tests of their own.
        environment["DEMO_WEEKS"] = "0"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.jobs.run"],
            cwd=copy,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Under nohup the tests ignore it, and what they start would outlive a closed window.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )

    def greeting(self) -> str:
        """What it prints until it listens."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                return "".join(lines)
        raise AssertionError("".join(lines) + self.refusal())

    def refusal(self) -> str:
        """What it says when it does not start."""
        _, said = self.process.communicate(timeout=60)
        return said

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def clear_away(self) -> None:
        """Ends it if it still runs, and closes its pipes."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
