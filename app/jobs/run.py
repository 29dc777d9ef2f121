"""`make run`: from a fresh clone to a server on this machine, in one command.

It takes the port, makes the secret and the database once, loads the demonstration where that is
allowed, and serves. Each thing that can stop it is said in one sentence.
"""

import errno
import os
import signal
import socket
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import DatabaseError, OperationalError

from app.demo.allowed import Holdings, Place, refusal
from app.demo.load import MOST_WEEKS, WEEKS
from app.jobs.beside import ArbiterBeside
from app.jobs.demonstration import LoadBrokenOff
from app.jobs.embedded import (
    FOLDER,
    FolderUnusable,
    accounts_file,
    one_at_a_time,
    provide_embedded_defaults,
    quick_look,
    sqlite_file,
)
from app.jobs.prepare import prepare
from config.settings import Settings, SettingsError, load_settings

WORKERS, THREADS = 2, 16
INTERRUPTED = 130
"""The status of a program that Ctrl-C ended before its work was done."""


class CannotStart(Exception):
    """The server does not start; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @property
    def shown(self) -> str:
        """As urls write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class RequestWorker(ThreadWorker):
    """gunicorn's worker, which ends between two requests and never in the middle of a line."""

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Ctrl-C; gunicorn's own raises SystemExit in whatever code the signal meets.

        Where that is a weak reference's callback Python prints a traceback and goes on.
        """
        self.handle_exit(sig, frame)


class Server(BaseApplication):
    """gunicorn in this process, so that the application is imported once for all workers."""

    def __init__(self, listening: socket.socket, greeting: str) -> None:
        self.listening = listening
        self.greeting = greeting
        self.outlives_terminal = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told: the port it has, threads, no control socket, when to greet."""
        chosen: dict[str, Any] = {
            "bind": f"fd://{self.listening.detach()}",
            "worker_class": RequestWorker,
            "workers": WORKERS,
            "threads": THREADS,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self._when_ready,
            "post_fork": _let_itself_be_stopped,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made anew in each worker."""
        from wsgi import app

        return app

    def run(self) -> None:
        """Serves, with a background worker beside, until told to end."""
        ArbiterBeside(self).run()

    def _when_ready(self, _arbiter: Any) -> None:
        # Without this gunicorn reloads when the terminal's window is closed, and keeps the port.
        ignored, ends = signal.SIG_IGN, lambda *_: os.kill(os.getpid(), signal.SIGTERM)
        signal.signal(signal.SIGHUP, ignored if self.outlives_terminal else ends)
        print(self.greeting, flush=True)


STOPS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def _let_itself_be_stopped(arbiter: Any, _worker: Any) -> None:
    """What a new worker does first, so that Ctrl-C always ends it at once.

    It leaves the terminal's process group: gunicorn tells it to stop, and a second signal within
    the handling of the first can lock it up. And until it has handlers of its own it would put
    signals into its copy of gunicorn's queue, which nobody reads: one that came already counts.
    """
    os.setpgid(0, 0)
    for stop in STOPS:
        signal.signal(stop, lambda *_: os._exit(0))
    while not arbiter.SIG_QUEUE.empty():
        if arbiter.SIG_QUEUE.get_nowait() in STOPS:
            os._exit(0)


def main() -> None:
    """Start, or say in one sentence why not."""
    # What it keeps are passwords, people and photos: nobody else on this machine reads them.
    os.umask(0o077)
    try:
        server = ready_server(os.environ)
    except (CannotStart, FolderUnusable, SettingsError) as problem:
        sys.exit(str(problem))
    except LoadBrokenOff as problem:
        print(problem, file=sys.stderr)
        sys.exit(INTERRUPTED)
    except OperationalError as problem:
        sys.exit(f"数据库打不开或连不上，请检查 GEXUN_DATABASE_URL：{problem.orig}")
    except DatabaseError as problem:
        sys.exit(_broken_database(problem))
    except OSError as problem:
        sys.exit(f"写不了 {problem.filename}：{problem.strerror}，请检查文件夹的权限。")
    server.run()


def _broken_database(problem: DatabaseError) -> str:
    return (
        f"数据库文件已损坏，请从备份恢复；只有演示资料时，把 {FOLDER} 里 gexun.db 开头的文件删除后"
        f"再运行一次即可：{problem.orig}"
    )


def ready_server(environment: MutableMapping[str, str]) -> Server:
    """Everything before the server answers; raises CannotStart."""
    address = wanted_address(environment)
    listening = taken_port(address)
    try:
        with one_at_a_time():
            if environment.get("GEXUN_ENV", "").strip() != "production":
                provide_embedded_defaults(environment)
            settings = load_settings()
            place = Place(address.host, settings.embedded, settings.env == "production")
            weeks = wanted_weeks(environment)
            holdings = _permitted_holdings(settings, place, weeks)
    except BaseException:
        listening.close()
        raise
    return Server(listening, greeting(address, settings, demonstration=holdings.demonstration))


def _permitted_holdings(settings: Settings, place: Place, weeks: int) -> Holdings:
    """What the database holds once it is prepared; raises CannotStart where that may not be."""
    holdings, path = quick_look(settings.database_url), sqlite_file(settings.database_url)
    if path is not None and not path.exists():
        # Before the file is made: a start that is refused leaves nothing behind.
        refused = refusal(place, Holdings(filled=False, demonstration=False))
        if refused:
            raise CannotStart(refused)
    if holdings is None or not holdings.filled:
        holdings = prepare(settings, place, weeks=weeks)
    refused = refusal(place, holdings)
    if refused:
        raise CannotStart(refused)
    return holdings


def wanted_address(environment: MutableMapping[str, str]) -> Address:
    """HOST and PORT, by default 127.0.0.1 and 8000; raises CannotStart."""
    port = environment.get("PORT", "").strip() or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise CannotStart(
            f"PORT={port} 不是端口号，请用 1 至 65535 的整数，如 make run PORT=8001。"
        )
    return Address(environment.get("HOST", "").strip() or "127.0.0.1", int(port))


def wanted_weeks(environment: MutableMapping[str, str]) -> int:
    """DEMO_WEEKS, how many weeks a fresh demonstration has, by default 8; raises CannotStart."""
    weeks = environment.get("DEMO_WEEKS", "").strip() or str(WEEKS)
    if not weeks.isdecimal() or int(weeks) > MOST_WEEKS:
        raise CannotStart(f"DEMO_WEEKS={weeks} 不对，请用 0 至 {MOST_WEEKS} 的整数。")
    return int(weeks)


def taken_port(address: Address) -> socket.socket:
    """A socket that listens there already, so that nobody else takes the port meanwhile.

    Raises CannotStart when the address is taken, forbidden or not this machine's.
    """
    try:
        family, kind, _, _, name = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return _listening(socket.socket(family, kind), name)
    except socket.gaierror as problem:
        raise CannotStart(f"HOST={address.host} 不是这台机器的地址。") from problem
    except OSError as problem:
        raise CannotStart(_why_not(address, problem)) from problem


def _listening(opened: socket.socket, name: Any) -> socket.socket:
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(name)
        opened.listen()
    except OSError:
        opened.close()
        raise
    return opened


def _why_not(address: Address, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return f"端口 {address.port} 已被占用，请换一个，如 make run PORT={other}。"
    if problem.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {address.port}，请换一个 1024 以上的，如 make run PORT=8000。"
    return f"HOST={address.host} 不是这台机器的地址。"


def greeting(address: Address, settings: Settings, *, demonstration: bool) -> str:
    """What the terminal says once the server listens."""
    host = "127.0.0.1" if address.host in ("0.0.0.0", "::") else address.shown.rpartition(":")[0]
    lines = [
        "",
        f"格巡已启动，请打开：{settings.public_url or f'http://{host}:{address.port}'}/m",
    ]
    kept = accounts_file(settings.database_url)
    if demonstration and kept.is_file():
        lines.append(f"演示账号和口令在 {kept}")
    return "\n".join([*lines, "按 Ctrl-C 结束。"])


if __name__ == "__main__":
    main()
