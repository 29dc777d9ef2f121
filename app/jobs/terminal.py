"""What commands share: the instant, the settings, and refusals said plainly without a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

import click
from flask import current_app
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.kernel.errors import DomainError
from app.people.passwords import HashCost
from config.settings import Settings


def present() -> datetime:
    """The present instant by the application's clock."""
    now: datetime = current_app.extensions["gexun_clock"]()
    return now


def hash_cost() -> HashCost:
    """What a password hash costs in this deployment."""
    settings: Settings = current_app.extensions["gexun_settings"]
    return HashCost(settings.argon2_memory_kib, settings.argon2_time_cost)


def public_url() -> str | None:
    """The deployment's address as its people reach it, when it is set."""
    settings: Settings = current_app.extensions["gexun_settings"]
    return settings.public_url


def stop(message: str) -> NoReturn:
    """Say why on standard error and end with status 1."""
    click.echo(message, err=True)
    sys.exit(1)


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Turn broken rules and an unusable database into sentences and status 1."""
    try:
        yield
    except DomainError as refusal:
        stop(f"{refusal.detail or refusal.title}")
    except (OperationalError, ProgrammingError):
        stop("数据库连不上，或还没有建表；请先运行 flask --app wsgi db upgrade。")
    except IntegrityError:
        stop("另一个命令正在写同样的内容，本次没有写入；请稍后再运行一次。")
