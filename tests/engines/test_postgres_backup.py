"""The procedure for PostgreSQL and S3 in docs/operations.md, done for real: what was acknowledged
before the server died is there again, and so is any earlier moment."""

import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from app.kernel.clock import utc_now
from config.settings import Settings
from tests.applications import Applications
from tests.engines.conftest import store_of
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.postgres import ThrowawayCluster
from tests.running import ROOT
from tests.s3_server import BUCKET, S3Address
from tests.servers import LiveServer
from tests.towns import PASSWORD, cheap_settings, prepare_migrated, prepare_town

SCRIPT = ROOT / "config" / "deploy" / "pg-backup.sh"
STREAMS = {"wal_level": "replica", "max_wal_senders": "4", "max_replication_slots": "4"}


class Server:
    """A PostgreSQL server that can be backed up, and the operator beside it."""

    def __init__(self) -> None:
        self.cluster = ThrowawayCluster(STREAMS)
        self.cluster.start()
        self.backup = self.cluster.room("backup")
        # Where the server's user reaches it, wherever this copy lies.
        self.script = self.cluster.room("tools") / SCRIPT.name
        shutil.copy(SCRIPT, self.script)
        self.script.chmod(0o755)

    def sql(self, statement: str) -> Any:
        """The first value of a statement."""
        address = self.cluster.url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            row = found.fetchone() if found.description else None
        return row[0] if row else None

    def begin(self, *words: str) -> Any:
        """The script, begun."""
        url = make_url(self.cluster.url)
        where = {"PGHOST": str(url.host), "PGPORT": str(url.port), "PGUSER": "postgres"}
        return self.cluster.begin(
            "/bin/sh", str(self.script), *words, BACKUP=str(self.backup), KEEP="2", **where
        )

    def run(self, *words: str, status: int = 0) -> str:
        """The script, to its end."""
        process = self.begin(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == status, said
        return str(said)

    def wait_until_kept(self) -> None:
        """Until what is written now is in the backup's log too."""
        wanted = self.sql("SELECT pg_current_wal_insert_lsn()")
        behind = f"SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= '{wanted}'"
        deadline = time.monotonic() + 30
        while not self.sql(behind):
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def postgres() -> Iterator[Server]:
    made = Server()
    yield made
    made.cluster.stop()


def installation(postgres: Server, s3: S3Address, name: str) -> Settings:
    """The big engines, as they are or as they came back."""
    url = make_url(postgres.cluster.url).set(database="gexun")
    known = cheap_settings(url.render_as_string(hide_password=False), Path("/nowhere"))
    return Settings(
        _env_file=None,
        **known.model_dump(exclude_unset=True)
        | {
            "photo_store": f"s3://{BUCKET}/{name}",
            "s3_endpoint": s3.endpoint,
            "s3_access_key": s3.access_key,
            "s3_secret_key": s3.secret_key,
            "s3_addressing_style": "path",
        },
    )


def reported(server: LiveServer, name: str) -> Any:
    """A ticket with a photo, acknowledged."""
    warden = Phone(server.signed_in("wangge11", PASSWORD), "wangge11")
    photo = warden.send(pictures.photo(software=name))
    return warden.report(photo["id"], compound="340299101001C01")


def numbers(app: Flask) -> list[str]:
    """The numbers of the tickets there are, and that each photo can be fetched."""
    with LiveServer(app) as server:
        lead = Phone(server.signed_in("shequ1", PASSWORD), "shequ1")
        items = lead.get("/tickets")["items"]
        for each in items:
            assert server.client.get(each["cover"]).status_code == 200
    return sorted(each["number"] for each in items)


def copied(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["photos", "copy", *words])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_what_was_acknowledged_comes_back_and_so_does_any_earlier_moment(
    postgres: Server, s3: S3Address, tmp_path: Path
) -> None:
    postgres.sql("CREATE DATABASE gexun")
    before = installation(postgres, s3, f"pg/{secrets.token_hex(6)}")
    prepare_migrated(before.database_url)
    prepare_town(tmp_path / "town", None)(before.database_url)
    photos = f"file://{tmp_path}/photos"
    receiving = postgres.begin("receive")
    with Applications().lent(before, utc_now) as app, LiveServer(app) as server:
        assert "核对无误" in postgres.run("base")
        # It is named by the second in which it was done; what can be asked for comes after it.
        time.sleep(1)
        first = reported(server, "first")
        moment: datetime = postgres.sql("SELECT now()")
        second = reported(server, "second")
        assert "复制 6 个" in copied(app, "--to", photos)
        third = reported(server, "third")
        assert "照片文件 9 个，复制 3 个" in copied(app, "--to", photos)
        postgres.wait_until_kept()
    postgres.cluster.kill()
    receiving.kill()
    receiving.communicate()
    wanted = sorted(ticket["number"] for ticket in (first, second, third))

    new = postgres.cluster.room("new")
    assert "重放日志" in postgres.run("restore", str(new))
    postgres.cluster.serve(new)
    after = installation(postgres, s3, f"pg/{secrets.token_hex(6)}")
    with Applications().lent(after, utc_now) as app:
        assert "照片文件 9 个，复制 9 个" in copied(app, "--from", photos)
        assert numbers(app) == wanted
        check = app.test_cli_runner().invoke(args=["photos", "check"])
        assert "内容无误" in check.output
    postgres.cluster.kill()

    earlier = postgres.cluster.room("earlier")
    postgres.run("restore", str(earlier), moment.isoformat(sep=" "))
    postgres.cluster.serve(earlier)
    then = after.model_copy(
        update={"database_url": installation(postgres, s3, "unused").database_url}
    )
    with Applications().lent(then, utc_now) as app:
        assert numbers(app) == [first["number"]]
    assert store_of(after).size("nothing") is None


def test_old_base_backups_go_with_the_log_that_only_they_need(postgres: Server) -> None:
    receiving = postgres.begin("receive")
    try:
        for _ in range(3):
            postgres.sql("CREATE TABLE IF NOT EXISTS t (n int)")
            postgres.sql("SELECT pg_switch_wal()")
            postgres.wait_until_kept()
            postgres.run("base")
            time.sleep(1.1)
        bases = sorted(each.name for each in postgres.backup.glob("base-*"))
        assert len(bases) == 2
        label = (postgres.backup / bases[0] / "backup_label").read_text()
        first = label.partition("(file ")[2].partition(")")[0]
        kept = sorted(each.name[:24] for each in (postgres.backup / "wal").iterdir())
        assert kept and kept[0] >= first
    finally:
        receiving.kill()
        receiving.communicate()


def test_what_cannot_be_restored_is_said(postgres: Server) -> None:
    taken = postgres.cluster.room("taken")
    (taken / "something").write_text("here")
    assert "请给一个空的目录" in postgres.run("restore", str(taken), status=1)
    empty = postgres.cluster.room("empty")
    assert "没有这个时刻以前的基础备份" in postgres.run("restore", str(empty), status=1)
    assert "receive" in postgres.run(status=2)
