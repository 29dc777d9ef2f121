"""Whose a target is, how far a move is, and which database is served no more.

All is written down in the two databases themselves, so a move knows its target again after it was
killed, and a target knows that it is not whole yet.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, Table, delete, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from app.engines.errors import MoveRefused
from app.engines.rows import writing
from app.engines.tables import moving_tables
from app.kernel.clock import parse_instant, rfc3339
from app.kernel.facts import INSTALLATION, MOVED_TO, MOVING, DeploymentFact
from app.kernel.ids import new_id
from app.photos.store import PhotoStore

_FACTS = cast(Table, DeploymentFact.__table__)


@dataclass(frozen=True)
class Mark:
    """What a target says while it is filled: whose rows, and up to which time of the store its
    files were read back."""

    installation: str
    checked: datetime | None = None

    @classmethod
    def of(cls, text: str) -> "Mark":
        """From what is kept."""
        said = json.loads(text)
        checked = said["checked"]
        return cls(said["installation"], parse_instant(checked) if checked else None)

    def __str__(self) -> str:
        checked = rfc3339(self.checked) if self.checked else None
        return json.dumps({"installation": self.installation, "checked": checked})


def fact(connection: Connection, name: str) -> str | None:
    """What is recorded under a name, or None."""
    asked = select(DeploymentFact.value).where(DeploymentFact.name == name)
    return connection.scalar(asked)


def record(connection: Connection, name: str, value: str) -> None:
    """Records a fact, in place of what was recorded under the name before."""
    forget(connection, name)
    connection.execute(insert(_FACTS).values(name=name, value=value))


def forget(connection: Connection, name: str) -> None:
    """Removes a fact."""
    connection.execute(delete(_FACTS).where(_FACTS.c.name == name))


def installation_of(source: Engine) -> str:
    """What tells an installation from every other; made at the first asking."""
    with writing(source) as connection:
        known = fact(connection, INSTALLATION)
        if known is None:
            known = str(new_id())
            record(connection, INSTALLATION, known)
    return known


def is_moved(target: Engine, installation: str) -> bool:
    """Whether an installation has been moved into a database, wholly."""
    if not _has_facts(target):
        return False
    with target.connect() as connection:
        done = fact(connection, MOVING) is None
        return done and fact(connection, INSTALLATION) == installation


def refuse_strangers(target: Engine, store: PhotoStore, installation: str) -> None:
    """Raises MoveRefused unless the target is empty, or this installation's move filled it."""
    if not _is_ours(target, installation) and _has_rows(target):
        raise MoveRefused("目标数据库里已经有别的数据；请换一个空的数据库。")
    if store.size(_store_key(installation)) is None and _has_files(store):
        raise MoveRefused("目标照片存储里已经有别的文件；请换一个空的桶、前缀或文件夹。")


def _is_ours(target: Engine, installation: str) -> bool:
    if not _has_facts(target):
        return False
    with target.connect() as connection:
        said = fact(connection, MOVING)
        return said is not None and Mark.of(said).installation == installation


def _has_facts(target: Engine) -> bool:
    return inspect(target).has_table(DeploymentFact.__tablename__)


def _has_rows(target: Engine) -> bool:
    """Whether there are tables that are not ours, or rows in any of ours."""
    known = {table.name for table in moving_tables()}
    there = set(inspect(target).get_table_names())
    if there and not known & there:
        return True
    with target.connect() as connection:
        return any(
            connection.execute(select(1).select_from(table).limit(1)).first() is not None
            for table in moving_tables()
            if table.name in there
        )


def _has_files(store: PhotoStore) -> bool:
    return next(iter(store.entries()), None) is not None


def mark_target(target: Engine, store: PhotoStore, installation: str) -> Mark:
    """Writes down that the target is this move's; how far it is, when it was before."""
    store.put(_store_key(installation), BytesIO(b""), media_type="application/octet-stream")
    with writing(target) as connection:
        said = fact(connection, MOVING)
        mark = Mark.of(said) if said else Mark(installation)
        record(connection, MOVING, str(mark))
    return mark


def mark_checked(target: Engine, mark: Mark, checked: datetime | None) -> None:
    """Writes down up to when the target's files were read back."""
    with writing(target) as connection:
        record(connection, MOVING, str(replace(mark, checked=checked)))


def mark_whole(target: Engine, installation: str) -> None:
    """Writes down that the target is the installation from now on."""
    with writing(target) as connection:
        record(connection, INSTALLATION, installation)
        forget(connection, MOVING)


def why_not_served(engine: Engine) -> str | None:
    """Why nobody may be served from a database, in one sentence; None: anybody may.

    One that does not answer is /readyz's to report. Leaves no connection to fork.
    """
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).is_file():
        # To look would make it.
        return None
    try:
        if not _has_facts(engine):
            return None
        with engine.connect() as connection:
            moved, moving = fact(connection, MOVED_TO), fact(connection, MOVING)
    except DBAPIError:
        return None
    finally:
        engine.dispose()
    if moving is not None:
        return "这个数据库正在迁入，还不完整；请先把 flask --app wsgi engine move 做完。"
    if moved is not None:
        return (
            f"这里的数据已迁到 {moved}，请改用那里的设置；"
            "确要继续用这里的，运行 flask --app wsgi engine reopen。"
        )
    return None


def _store_key(installation: str) -> str:
    return f"moves/{installation}"
