"""One writer at a time on SQLite, for as long as it writes and no longer."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from app.kernel.errors import Unavailable
from app.kernel.sqlite import WriterTurn, prepare_sqlite

WRITES = {"writes": True}
PATIENCE_S = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database's file."""
    return tmp_path / "a.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """A database with one table."""
    made = create_engine(f"sqlite:///{path}")
    prepare_sqlite(made)
    with made.connect().execution_options(writes=True) as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        connection.commit()
    yield made
    made.dispose()


def write(engine: Engine, number: int = 1) -> None:
    """One writing transaction."""
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
        connection.commit()


def ends(work: Callable[[], None]) -> bool:
    """Whether work that needs the turn comes to its end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    return not thread.is_alive()


def test_the_turn_ends_with_the_transaction(engine: Engine) -> None:
    """Not with the connection, which may go on reading for a long time."""
    with engine.connect().execution_options(writes=True) as connection:
        for finish in (connection.commit, connection.rollback):
            connection.execute(text("INSERT INTO t VALUES (1)"))
            finish()
            assert ends(lambda: write(engine))


def test_readers_wait_for_nobody(engine: Engine) -> None:
    with engine.connect().execution_options(writes=True) as writer:
        writer.execute(text("INSERT INTO t VALUES (1)"))

        def read() -> None:
            with engine.connect() as reader:
                assert reader.execute(text("SELECT count(*) FROM t")).scalar_one() == 0

        assert ends(read)


def test_an_error_inside_gives_the_turn_back(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        connection.execution_options(writes=True)
        raise ZeroDivisionError
    with (
        pytest.raises(OperationalError),
        engine.connect().execution_options(writes=True) as connection,
    ):
        connection.execute(text("INSERT INTO nothing VALUES (1)"))
    assert ends(lambda: write(engine))


def test_a_begin_that_fails_gives_the_turn_back(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        connection.rollback()
        stranger = sqlite3.connect(path, isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            connection.execution_options(writes=True).execute(text("INSERT INTO t VALUES (1)"))
        stranger.close()
        assert ends(lambda: write(engine))


def test_a_connection_thrown_away_gives_the_turn_back(engine: Engine) -> None:
    connection = engine.connect().execution_options(writes=True)
    connection.execute(text("INSERT INTO t VALUES (1)"))
    connection.invalidate()
    assert ends(lambda: write(engine))
    connection.close()


def test_a_process_that_dies_gives_the_turn_back(engine: Engine, path: Path) -> None:
    holder = f"""
import sys, time
from app.kernel.sqlite import WriterTurn
handle = WriterTurn({str(path) + ".lock"!r}).take()
print("held", flush=True)
time.sleep(60)
"""
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", holder], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    waiting = threading.Thread(target=lambda: write(engine), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive(), "the other process has the turn"
    process.send_signal(signal.SIGKILL)
    process.wait()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()
    process.stdout.close()


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    turn = WriterTurn(str(tmp_path / "no" / "folder.lock"))
    for _ in range(2):
        with pytest.raises(Unavailable):
            turn.take()


def test_writers_take_turns(engine: Engine) -> None:
    """Read, then write what was read plus one, from eight threads: nothing is lost."""
    write(engine, 0)

    def count_up() -> None:
        for _ in range(20):
            with engine.connect().execution_options(writes=True) as connection:
                number = connection.execute(text("SELECT max(n) FROM t")).scalar_one()
                connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number + 1})
                connection.commit()

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT max(n) FROM t")).scalar_one() == 160


def test_the_files_are_for_their_owner_only(engine: Engine, path: Path) -> None:
    with engine.connect() as reader:
        reader.execute(text("SELECT n FROM t"))
        write(engine)
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("a.db", "a.db-shm", "a.db-wal", "a.db.lock"), 0o600)


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    path.touch()
    path.chmod(0o640)
    made = create_engine(f"sqlite:///{path}")
    prepare_sqlite(made)
    with made.connect() as connection:
        connection.execute(text("SELECT 1"))
    made.dispose()
    assert path.stat().st_mode & 0o777 == 0o640
