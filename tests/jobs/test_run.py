"""`make run` from a fresh copy: it serves, knows its accounts, and starts again as it was."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from gunicorn.config import Config

from app.jobs.run import Address, CannotStart, RequestWorker, taken_port, wanted_address
from tests.running import Run, copy_product


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product in a folder of its own, as after a clone, without its .venv."""
    return copy_product(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def start(copy: Path, start_in: Callable[..., Run]) -> Callable[..., Run]:
    """Starts a server on the copy."""
    return lambda **variables: start_in(copy, **variables)


@pytest.fixture
def start_in() -> Iterator[Callable[..., Run]]:
    """Starts a server in a folder; whatever still runs at the end is ended."""
    started: list[Run] = []

    def begin(folder: Path, **variables: str) -> Run:
        started.append(Run(folder, **variables))
        return started[-1]

    yield begin
    for run in started:
        run.clear_away()


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
    assert {path.name for path in kept.iterdir()} >= {"env", "accounts.txt", "gexun.db"}
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}
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
        (
            {"GEXUN_ENV": "production"},
            "GEXUN_DATABASE_URL、GEXUN_PHOTO_STORE、GEXUN_SECRET_KEY 没有设置",
        ),
        (
            {
                "GEXUN_ENV": "production",
                "GEXUN_DATABASE_URL": f"sqlite:///{kept}/gexun.db",
                "GEXUN_PHOTO_STORE": f"file://{copy}/uploads",
            },
            "GEXUN_SECRET_KEY 没有设置",
        ),
        (
            {
                "GEXUN_ENV": "production",
                "GEXUN_DATABASE_URL": f"sqlite:///{kept}/gexun.db",
                "GEXUN_PHOTO_STORE": f"file://{copy}/uploads",
                "GEXUN_SECRET_KEY": "s" * 32,
            },
            "GEXUN_ENV=production",
        ),
        (
            {
                "GEXUN_ENV": "production",
                "GEXUN_DATABASE_URL": f"sqlite:///{kept}/new.db",
                "GEXUN_PHOTO_STORE": f"file://{copy}/uploads",
                "GEXUN_SECRET_KEY": "s" * 32,
            },
            "是空的",
        ),
        ({"HOST": "0.0.0.0", "GEXUN_DATABASE_URL": f"sqlite:///{kept}/other.db"}, "是空的"),
    ):
        refused = start(**variables)
        said = refused.refusal()
        assert says in said
        assert said.count("\n") == 1
        assert refused.process.returncode == 1
    assert not {"new.db", "other.db"} & {path.name for path in kept.iterdir()}

    third = start(GEXUN_DATABASE_URL=f"sqlite:///{kept}/second.db")
    printed = third.greeting()
    (sheet,) = kept.glob("accounts-second-*.txt")
    assert str(sheet) in printed
    assert accounts(sheet.read_text(encoding="utf-8")) == accounts(printed) != known
    assert accounts((kept / "accounts.txt").read_text(encoding="utf-8")) == known
    assert third.interrupt() == 0


def test_ctrl_c_while_the_demonstration_loads_leaves_nothing(
    tmp_path: Path, start_in: Callable[..., Run]
) -> None:
    clone = copy_product(tmp_path)
    run = start_in(clone, DEMO_WEEKS="4")
    while not any(path.is_file() for path in (clone / "uploads").rglob("*")):
        assert run.process.poll() is None
        time.sleep(0.05)
    run.process.send_signal(signal.SIGINT)
    assert run.refusal() == "已中断，什么都没有装入；再运行一次即可。\n"
    assert run.process.returncode == 130
    assert not [path for path in (clone / "uploads").rglob("*") if path.is_file()]


def test_a_wrong_setting_is_one_sentence(start: Callable[..., Run]) -> None:
    refused = start(GEXUN_DATABASE_URL="mysql://nowhere")
    said = refused.refusal()
    assert "GEXUN_DATABASE_URL" in said
    assert said.count("\n") == 1


def test_two_first_starts_at_once_fill_the_database_once(
    tmp_path: Path, start_in: Callable[..., Run]
) -> None:
    clone = copy_product(tmp_path)
    both = [start_in(clone), start_in(clone)]
    printed = [run.greeting() for run in both]
    assert sum("以后启动不再显示口令" in said for said in printed) == 1
    known = accounts((clone / ".gexun" / "accounts.txt").read_text(encoding="utf-8"))
    for run in both:
        assert sign_in(run, "wangge11", known["wangge11"]).status_code == 200


def test_an_unreadable_settings_file_is_one_sentence(
    tmp_path: Path, start_in: Callable[..., Run]
) -> None:
    clone = copy_product(tmp_path)
    (clone / ".gexun").mkdir()
    (clone / ".gexun" / "env").write_bytes(b"\xff\xfe\x00")
    said = start_in(clone).refusal()
    assert "已损坏" in said
    assert said.count("\n") == 1


def test_a_broken_database_is_one_sentence(tmp_path: Path, start_in: Callable[..., Run]) -> None:
    clone = copy_product(tmp_path)
    (clone / ".gexun").mkdir()
    (clone / ".gexun" / "gexun.db").write_bytes(bytes(range(256)) * 40)
    said = start_in(clone).refusal()
    assert "数据库文件已损坏" in said
    assert said.count("\n") == 1


def test_a_closed_window_ends_it(start: Callable[..., Run]) -> None:
    run = start()
    run.greeting()
    run.process.send_signal(signal.SIGHUP)
    assert run.process.wait(60) == 0


@pytest.mark.skipif(shutil.which("ps") is None, reason="no ps to ask")
def test_ctrl_c_reaches_the_server_alone(start: Callable[..., Run]) -> None:
    run = start()
    run.greeting()
    the_connection_outlives_a_refusal(run)
    assert sign_in(run, "nobody", "nothing").status_code == 401
    own = os.getpgid(run.process.pid)
    groups = {os.getpgid(worker) for worker in children_of(run.process.pid)}
    assert groups
    assert own not in groups


def test_ctrl_c_while_the_workers_start_ends_it(start: Callable[..., Run]) -> None:
    for _ in range(3):
        run = start()
        run.greeting()
        assert run.interrupt() == 0
        assert run.process.stderr is not None
        assert run.process.stderr.read() == ""


def test_ctrl_c_in_the_middle_of_a_callback_raises_nothing_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    worker = RequestWorker(1, os.getppid(), [], None, 30, Config(), None)
    worker.tpool = worker.get_thread_pool()
    worker.method_queue.init()
    before = signal.signal(signal.SIGQUIT, worker.handle_quit)
    try:
        target = type("Target", (), {})()
        kept = weakref.ref(target, lambda _: os.kill(os.getpid(), signal.SIGQUIT))
        del target
        assert kept() is None
    finally:
        signal.signal(signal.SIGQUIT, before)
        worker.method_queue.close()
    assert not worker.alive
    assert printed == []


def the_connection_outlives_a_refusal(run: Run) -> None:
    """What was refused unread does not cost a client the next request on its connection."""
    # httpx would notice a closed connection now and then, and open another.
    client = http.client.HTTPConnection("127.0.0.1", run.port, timeout=30)
    for path, status in (("/api/v1/photos", 401), ("/api/v1/nope", 404)):
        for body in (b"x" * 2_000_000, iter([b"x" * 1_000_000] * 2)):
            for method, asked, answered in (("POST", path, status), ("GET", "/healthz", 200)):
                client.request(method, asked, body=body if method == "POST" else None)
                answer = client.getresponse()
                answer.read()
                assert answer.status == answered
    client.close()


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in rows if int(parent) == pid]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "八千", "80.5", "http"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(CannotStart, match="PORT="):
        wanted_address({"PORT": port})


def test_where_it_listens() -> None:
    assert wanted_address({}) == Address("127.0.0.1", 8000)
    assert wanted_address({"HOST": "::1", "PORT": "9000"}).shown == "[::1]:9000"


def test_an_address_of_another_machine() -> None:
    with pytest.raises(CannotStart, match="不是这台机器的地址"):
        taken_port(Address("192.0.2.1", 8000))
