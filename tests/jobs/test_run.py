"""`make run` from a fresh copy: it serves, knows its accounts, and starts again as it was."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.jobs.run import Address, CannotStart, ensure_free, wanted_address

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product in a folder of its own, as after a clone, without its .venv."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("app", "config"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "wsgi.py", folder)
    (folder / "uploads").mkdir()
    return folder


class Run:
    """A started server, until it is interrupted."""

    def __init__(self, copy: Path, **variables: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.jobs.run"],
            cwd=copy,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
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
        return self.process.wait(30)


@pytest.fixture
def start(copy: Path) -> Iterator[Callable[..., Run]]:
    """Starts a server on the copy; whatever still runs at the end is ended."""
    started: list[Run] = []

    def begin(**variables: str) -> Run:
        started.append(Run(copy, **variables))
        return started[-1]

    yield begin
    for run in started:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()
        for stream in (run.process.stdout, run.process.stderr):
            if stream is not None:
                stream.close()


def accounts(sheet: str) -> dict[str, str]:
    """Username and password out of the printed table."""
    rows = [line.split() for line in sheet.splitlines()]
    begin = rows.index(next(row for row in rows if row[:2] == ["用户名", "口令"]))
    table = rows[begin + 1 :]
    end = next((n for n, row in enumerate(table) if len(row) < 3), len(table))
    return {row[0]: row[1] for row in table[:end]}


def sign_in(run: Run, username: str, password: str) -> httpx.Response:
    return httpx.post(
        f"http://127.0.0.1:{run.port}/api/v1/auth/password",
        json={"username": username, "password": password},
        timeout=30,
        trust_env=False,
    )


def test_first_start_second_start_and_refusals(copy: Path, start: Callable[..., Run]) -> None:
    first = start()
    printed = first.greeting()
    known = accounts(printed)
    assert {"guanli", "ducha1", "shequ1", "wangge11", "wuye11", "zhifa1"} <= set(known)
    assert sign_in(first, "wangge11", known["wangge11"]).status_code == 200
    assert sign_in(first, "wangge11", known["shequ1"]).status_code == 401
    assert f"http://127.0.0.1:{first.port}" in printed
    assert first.interrupt() == 0
    assert first.process.stderr is not None
    assert "Traceback" not in first.process.stderr.read()

    kept = copy / ".gexun"
    assert kept.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in (kept / "env", kept / "accounts.txt")} == {
        0o600
    }
    secret = (kept / "env").read_text(encoding="utf-8")
    assert accounts((kept / "accounts.txt").read_text(encoding="utf-8")) == known

    second = start()
    printed = second.greeting()
    assert "accounts.txt" in printed
    assert known["wangge11"] not in printed
    assert sign_in(second, "wangge11", known["wangge11"]).status_code == 200
    assert (kept / "env").read_text(encoding="utf-8") == secret

    taken = start(PORT=str(second.port))
    assert f"端口 {second.port} 已被占用" in taken.refusal()
    assert taken.process.returncode == 1
    assert second.interrupt() == 0

    for variables, says in (
        ({"HOST": "0.0.0.0"}, "HOST=0.0.0.0"),
        ({"GEXUN_ENV": "production"}, "GEXUN_ENV=production"),
        ({"HOST": "0.0.0.0", "GEXUN_DATABASE_URL": f"sqlite:///{kept}/other.db"}, "是空的"),
    ):
        refused = start(**variables)
        said = refused.refusal()
        assert says in said
        assert said.count("\n") == 1
        assert refused.process.returncode == 1


def test_a_wrong_setting_is_one_sentence(start: Callable[..., Run]) -> None:
    refused = start(GEXUN_DATABASE_URL="mysql://nowhere")
    said = refused.refusal()
    assert "GEXUN_DATABASE_URL" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "-1", "八千", "80.5", "http"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(CannotStart, match="PORT="):
        wanted_address({"PORT": port})


def test_where_it_listens() -> None:
    assert wanted_address({}) == Address("127.0.0.1", 8000)
    assert wanted_address({"HOST": "::1", "PORT": "9000"}).bind == "[::1]:9000"


def test_an_address_of_another_machine() -> None:
    with pytest.raises(CannotStart, match="不是这台机器的地址"):
        ensure_free(Address("192.0.2.1", 8000))
