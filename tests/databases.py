"""Fresh databases for tests: prepared once as templates, then cloned for each test.

A template is made on its first use: "migrated" holds empty tables, "town" the demonstration
township with the catalogue and one password for everybody. A clone costs a file copy on SQLite and
CREATE DATABASE … TEMPLATE on PostgreSQL.
"""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

Prepare = Callable[[str], None]


class Databases:
    """Templates and clones of both engines, in one folder and one PostgreSQL server.

    `preparations` maps a template's name to the template it starts from (None: an empty database)
    and to what fills it, given the database's address.
    """

    def __init__(
        self,
        folder: Path,
        server_url: Callable[[], str],
        preparations: Mapping[str, tuple[str | None, Prepare]],
    ) -> None:
        self._folder = folder
        self._server_url = server_url
        self._preparations = preparations
        self._templates: dict[tuple[str, str], str] = {}
        self._seat = f"gexun_test_{uuid4().hex}"
        self._laid: set[str] = set()

    def clone(self, backend: str, template: str | None) -> str:
        """The address of a fresh database with what the template holds (None: nothing)."""
        source = None if template is None else self._template(backend, template)
        return self._make(backend, source, f"gexun_test_{uuid4().hex}")

    def lay(self, backend: str, template: str) -> str:
        """As `clone`, at the address of the one before, which is gone."""
        source = self._template(backend, template)
        url = self._address(backend, self._seat)
        self.drop(url)
        self._laid.add(url)
        return self._make(backend, source, self._seat)

    def drop(self, url: str) -> None:
        """Remove a database; whoever is still connected is cut off."""
        address = make_url(url)
        if address.drivername.startswith("sqlite"):
            for path in Path(str(address.database)).parent.glob(f"{_file(url).name}*"):
                path.unlink(missing_ok=True)
            return
        self._administer(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(str(address.database))
            )
        )

    def drop_all(self) -> None:
        """Remove what the tests were cloned from, and what the last one left."""
        for url in (*self._templates.values(), *self._laid):
            self.drop(url)
        self._templates.clear()

    def _template(self, backend: str, name: str) -> str:
        if (backend, name) not in self._templates:
            base, prepare = self._preparations[name]
            url = self.clone(backend, base)
            prepare(url)
            self._templates[backend, name] = url
        return self._templates[backend, name]

    def _address(self, backend: str, name: str) -> str:
        if backend == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        server = make_url(self._server_url())
        return server.set(database=name).render_as_string(hide_password=False)

    def _make(self, backend: str, source: str | None, name: str) -> str:
        url = self._address(backend, name)
        if backend == "sqlite":
            if source is not None:
                _settle(_file(source))
                shutil.copyfile(_file(source), _file(url))
            return url
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if source is not None:
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(str(make_url(source).database))
            )
        self._administer(statement)
        return url

    def _administer(self, statement: sql.Composable) -> None:
        url = make_url(self._server_url()).set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _settle(path: Path) -> None:
    """Move what the write-ahead log still holds into the file that is about to be copied."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
