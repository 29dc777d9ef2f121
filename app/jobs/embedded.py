"""The embedded default: a folder of our own with the secret and the SQLite database.

A second start must look and go, so what is there is read without the database layer.
"""

import fcntl
import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path

from app.demo.allowed import Holdings
from app.kernel.facts import DEMONSTRATION
from config.settings import EMBEDDED_ENV_FILE, ROOT

FOLDER = EMBEDDED_ENV_FILE.parent
DATABASE_FILE = FOLDER / "gexun.db"
ACCOUNTS_FILE = FOLDER / "accounts.txt"
EVIDENCE_KEY_FILE = FOLDER / "evidence-key.pem"
MIGRATIONS = ROOT / "app" / "migrations" / "versions"
HEADING = "# 由 make run 生成，只供本机使用；请勿提交或外传\n"


class FolderUnusable(Exception):
    """What is kept in the folder cannot be used; the message is one sentence."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no other process prepares the folder: two first starts would both fill it."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with open(FOLDER / "start.lock", "ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def provide_embedded_defaults(environment: MutableMapping[str, str]) -> None:
    """Make the ignored folder with its settings once, and fill in what the environment lacks.

    The secret is made once and kept; the addresses follow the folder when it is moved. Raises
    FolderUnusable when the file kept is no text.
    """
    kept = _read_settings(EMBEDDED_ENV_FILE)
    wanted = {
        "GEXUN_SECRET_KEY": kept.get("GEXUN_SECRET_KEY") or secrets.token_urlsafe(48),
        "GEXUN_DATABASE_URL": f"sqlite:///{DATABASE_FILE}",
        "GEXUN_PHOTO_STORE": f"file://{ROOT / 'uploads'}",
        "GEXUN_EVIDENCE_KEY_FILE": str(EVIDENCE_KEY_FILE),
    }
    if not EVIDENCE_KEY_FILE.exists():
        write_private(EVIDENCE_KEY_FILE, _new_key())
    if any(kept.get(name) != value for name, value in wanted.items()):
        lines = [f"{name}={value}\n" for name, value in {**kept, **wanted}.items()]
        write_private(EMBEDDED_ENV_FILE, HEADING + "".join(lines))
    for name, value in wanted.items():
        environment.setdefault(name, value)


def _new_key() -> str:
    from app.evidence.keys import new_key_pem

    return new_key_pem()


def write_private(path: Path, text: str) -> None:
    """Put a file in place that only its owner may read; half a file is never seen."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def sqlite_file(database_url: str) -> Path | None:
    """The file of an SQLite database; None for any other database."""
    if not database_url.startswith("sqlite:///"):
        return None
    return Path(database_url.removeprefix("sqlite:///"))


def accounts_file(database_url: str) -> Path:
    """Where the accounts of a database's demonstration are kept: each database has its own."""
    path = sqlite_file(database_url)
    if path is None or path.resolve() == DATABASE_FILE.resolve():
        return ACCOUNTS_FILE
    mark = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:6]
    return FOLDER / f"accounts-{path.stem}-{mark}.txt"


def quick_look(database_url: str) -> Holdings | None:
    """What an SQLite database holds when its schema is the present one; None when unknown, or when
    there is something to do first."""
    path = sqlite_file(database_url)
    if path is None or not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return _holdings(connection)
    except sqlite3.Error:
        return None


def _holdings(connection: sqlite3.Connection) -> Holdings | None:
    versions = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    if not versions or versions != _newest_revisions():
        return None
    filled = connection.execute("SELECT 1 FROM organisations LIMIT 1").fetchone() is not None
    mark = connection.execute("SELECT 1 FROM deployment_facts WHERE name = ?", (DEMONSTRATION,))
    return Holdings(filled, mark.fetchone() is not None)


def _newest_revisions() -> set[str]:
    """The revisions that no other one follows, read from the files without running them."""
    made: set[str] = set()
    followed: set[str] = set()
    for path in MIGRATIONS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        made.update(re.findall(r"^revision\b[^=\n]*= *[\"'](\w+)[\"']", text, re.MULTILINE))
        for line in re.findall(r"^down_revision\b[^=\n]*=(.*)$", text, re.MULTILINE):
            followed.update(re.findall(r"[\"'](\w+)[\"']", line))
    return made - followed


def _read_settings(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as problem:
        raise FolderUnusable(f"{path} 已损坏；请把它删除后再运行一次，会重新生成。") from problem
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
