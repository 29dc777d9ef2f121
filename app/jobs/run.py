"""`make run`: from a fresh clone to a server on this machine, in one command.

It looks whether the port is free, makes the secret and the database once, loads the demonstration
where that is allowed, and serves. Each thing that can stop it is said in one sentence.
"""

import errno
import os
import socket
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import OperationalError

from app.demo.allowed import Place, refusal
from app.jobs.embedded import ACCOUNTS_FILE, provide_embedded_defaults, quick_look
from app.jobs.prepare import prepare
from config.settings import Settings, SettingsError, load_settings

WORKERS, THREADS = 2, 16


class CannotStart(Exception):
    """The server does not start; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """As gunicorn and urls write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Server(BaseApplication):
    """gunicorn in this process, so that the application is imported once for all workers."""

    def __init__(self, address: Address, greeting: str) -> None:
        self.address = address
        self.greeting = greeting
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told: threads, no control socket, a greeting when it listens."""
        chosen: dict[str, Any] = {
            "bind": self.address.bind,
            "worker_class": "gthread",
            "workers": WORKERS,
            "threads": THREADS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: print(self.greeting, flush=True),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made anew in each worker."""
        from wsgi import app

        return app


def main() -> None:
    """Start, or say in one sentence why not."""
    try:
        server = ready_server(os.environ)
    except (CannotStart, SettingsError) as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        sys.exit(f"数据库打不开或连不上，请检查 GEXUN_DATABASE_URL：{problem.orig}")
    except OSError as problem:
        sys.exit(f"写不了 {problem.filename}：{problem.strerror}，请检查文件夹的权限。")
    server.run()


def ready_server(environment: MutableMapping[str, str]) -> Server:
    """Everything before the server listens; raises CannotStart."""
    address = wanted_address(environment)
    ensure_free(address)
    provide_embedded_defaults(environment)
    settings = load_settings()
    place = Place(address.host, settings.embedded, settings.env == "production")
    holdings = quick_look(settings.database_url) or prepare(settings, place)
    refused = refusal(place, holdings)
    if refused:
        raise CannotStart(refused)
    return Server(address, greeting(address, settings, demonstration=holdings.demonstration))


def wanted_address(environment: MutableMapping[str, str]) -> Address:
    """HOST and PORT, by default 127.0.0.1 and 8000; raises CannotStart."""
    port = environment.get("PORT", "").strip() or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise CannotStart(
            f"PORT={port} 不是端口号，请用 1 至 65535 的整数，如 make run PORT=8001。"
        )
    return Address(environment.get("HOST", "").strip() or "127.0.0.1", int(port))


def ensure_free(address: Address) -> None:
    """Raises CannotStart when the address is taken, forbidden or not this machine's."""
    try:
        family, kind, _, _, name = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(name)
    except socket.gaierror as problem:
        raise CannotStart(f"HOST={address.host} 不是这台机器的地址。") from problem
    except OSError as problem:
        raise CannotStart(_why_not(address, problem)) from problem


def _why_not(address: Address, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return f"端口 {address.port} 已被占用，请换一个，如 make run PORT={other}。"
    if problem.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {address.port}，请换一个 1024 以上的，如 make run PORT=8000。"
    return f"HOST={address.host} 不是这台机器的地址。"


def greeting(address: Address, settings: Settings, *, demonstration: bool) -> str:
    """What the terminal says once the server listens."""
    host = "127.0.0.1" if address.host in ("0.0.0.0", "::") else address.bind.rpartition(":")[0]
    lines = [
        "",
        f"格巡已启动，请打开：{settings.public_url or f'http://{host}:{address.port}'}/api/v1/docs",
    ]
    if demonstration and ACCOUNTS_FILE.is_file():
        lines.append(f"演示账号和口令在 {ACCOUNTS_FILE}")
    return "\n".join([*lines, "按 Ctrl-C 结束。"])


if __name__ == "__main__":
    main()
