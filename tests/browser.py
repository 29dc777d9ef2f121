"""A real browser: an installed chromium, else playwright's own, else Debian's, else what to do."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

WITHOUT_WINDOWS = "chromium-headless-shell"
"""The same browser built to have no windows: a fifth quicker through the journeys."""
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DEBIAN = ("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk")
PLAIN_HOST = "gexun.test"
"""A name of this machine that browsers do not trust as they trust localhost."""
ARGUMENTS = (
    # In a container there is no user namespace to build the sandbox of.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


class BrowserUnavailable(Exception):
    """No browser is here and none could be had; the message says what to type."""


@contextmanager
def a_browser(*, as_people_have: bool = True) -> Iterator[Browser]:
    """A headless chromium, of the build that people have or of any; raises BrowserUnavailable."""
    with sync_playwright() as driver:
        light = None if as_people_have else shutil.which(WITHOUT_WINDOWS)
        path = light or _executable(driver)
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _executable(driver: Playwright) -> str:
    """Where a browser is, got once for all processes of a run."""
    with open(Path(tempfile.gettempdir()) / "gexun-browser.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own = Path(driver.chromium.executable_path)
        for get in (None, _from_playwright, _from_debian):
            if get is not None:
                get()
            found = _installed() or (str(own) if own.exists() else None)
            if found:
                return found
    raise BrowserUnavailable(
        "没有浏览器，也没能自动装上。请任选一行执行后再试：\n"
        f"  {sys.executable} -m playwright install chromium\n"
        "  sudo apt-get install -y chromium fonts-noto-cjk"
    )


def _installed() -> str | None:
    on_path = next((path for name in INSTALLED if (path := shutil.which(name))), None)
    return on_path or (str(MAC) if MAC.exists() else None)


def _from_playwright() -> None:
    """Its own download, which may be out of reach."""
    _try([sys.executable, "-m", "playwright", "install", "chromium"], timeout=240)


def _from_debian() -> None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        _try(["apt-get", "update"], timeout=240)
        _try(DEBIAN, timeout=600)


def _try(command: list[str] | tuple[str, ...], *, timeout: int) -> None:
    try:
        subprocess.run(command, capture_output=True, check=False, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired):
        return
