"""An installation is moved while it serves, and what arrives is what left."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import create_app
from app.kernel.clock import utc_now
from app.kernel.db import unit_of_work
from app.people.models import Person
from app.photos.models import Photo
from app.photos.store import BlobKind, PhotoStore, blob_key
from app.work.service import enqueue
from config.settings import Settings
from tests.applications import Applications
from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town, cheap_settings

Run = Callable[..., str]


def ticket_of(warden: Phone, name: str) -> Any:
    """A ticket with a photo of its own."""
    photo = warden.send(pictures.photo(software=f"{ord(name)}"))
    return warden.report(photo["id"], compound="340299101001C01", description=f"楼前{name}堆放")


def without_urls(value: Any) -> Any:
    """An answer without its addresses, which are signed anew each time."""
    if isinstance(value, dict):
        return {n: without_urls(v) for n, v in value.items() if n not in ("urls", "cover")}
    return [without_urls(each) for each in value] if isinstance(value, list) else value


def query(settings: Settings, statement: str) -> Any:
    """The first value that a statement gives on the PostgreSQL side."""
    url = settings.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement)  # type: ignore[call-overload]
        return found.fetchone()[0] if found.description else None


def test_a_township_outgrows_its_file_and_goes_on_where_it_was(
    app: Flask, server: LiveServer, warden: Phone, move: Run, big: Settings, bucket: PhotoStore,
    clock: MovableClock,
) -> None:  # fmt: skip
    first, second = ticket_of(warden, "一"), ticket_of(warden, "二")
    unused = warden.send(pictures.photo(software="unused"))
    said = move()
    first_pass = re.search(
        r"第一遍：照片文件 9 个，复制 9 个；数据 (\d+) 行，新增 (\d+)、改 0", said
    )
    assert first_pass and first_pass[1] == first_pass[2]
    assert "第二遍，补上这期间的变化：照片文件 9 个，复制 0 个；" in said
    assert "新增 0、改 0、删 0" in said
    assert "读回照片文件 9 个" in said
    assert said.rstrip().endswith("加 --final 再运行一次。")
    # People work on: a row that changed, a new one, one that is gone.
    lead = server.signed_in("shequ1", PASSWORD)
    changed = lead.post(
        f"/api/v1/tickets/{first['id']}/dispatch",
        json={"version": first["version"], "organisation": "WY299002", "note": "改派"},
    )
    assert changed.status_code == 200, changed.text
    assert warden.delete(f"/photos/{unused['id']}").status_code == 204
    third = ticket_of(warden, "三")
    box = {"x": 8, "y": 8, "width": 40, "height": 40}
    masked = second["photos"][0]["photo"]["id"]
    body = {"version": 0, "decision": "masked", "boxes": [box]}
    assert lead.put(f"/api/v1/photos/{masked}/masks", json=body).status_code == 200
    said = move("--final")
    # The same bytes are there already; only what is new is copied and read back.
    assert "照片文件 11 个，复制 5 个" in said
    assert "可以切换了" in said
    assert "早已迁完" in move()
    with Applications().lent(big, clock) as moved, LiveServer(moved) as there:
        again = Phone(there.signed_in("wangge11", PASSWORD), "wangge11")
        for ticket in (changed.json(), second, third):
            seen = again.get(f"/tickets/{ticket['id']}")
            here = warden.get(f"/tickets/{ticket['id']}")
            assert without_urls(seen) == without_urls(here)
            for kind, url in seen["photos"][0]["photo"]["urls"].items():
                known = here["photos"][0]["photo"]["urls"][kind]
                assert there.client.get(url).content == server.client.get(known).content
        assert {each["id"] for each in again.get("/tickets?q=堆放")["items"]} == {
            first["id"], second["id"], third["id"]
        }  # fmt: skip
        # What counts by itself goes on after what was counted.
        fourth = ticket_of(again, "四")
        assert fourth["number"][-4:] == f"{int(third['number'][-4:]) + 1:04d}"
        check = moved.test_cli_runner().invoke(args=["photos", "check"])
        assert "文件都在，内容无误" in check.output


def test_both_sides_are_closed_until_the_move_is_whole_and_the_old_one_afterwards(
    app: Flask, town: Town, move: Run, settings: Settings, big: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    move()
    with pytest.raises(SystemExit) as ended:
        create_app(big)
    assert (ended.value.code, "还不完整" in capsys.readouterr().err) == (3, True)
    create_app(settings)
    move("--final")
    create_app(big)
    with pytest.raises(SystemExit):
        create_app(settings)
    said = capsys.readouterr().err
    assert "这里的数据已迁到 PostgreSQL" in said
    assert big.database_url not in said
    worker = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert (worker.exit_code, "已迁到" in worker.output) == (1, True)
    reopen = app.test_cli_runner()
    assert reopen.invoke(args=["engine", "reopen"]).exit_code == 1
    assert reopen.invoke(args=["engine", "reopen", "--yes"]).exit_code == 0
    create_app(settings)


def test_the_last_pass_waits_until_nobody_has_the_database_open(
    app: Flask, town: Town, move: Run, settings: Settings
) -> None:
    with closing(sqlite3.connect(str(settings.database_file))) as other:
        other.execute("SELECT count(*) FROM people").fetchone()
        assert "先停下网页服务" in move("--final", status=1)
    assert "可以切换了" in move("--final")


def test_an_altered_or_missing_file_in_the_target_is_found_and_copied_again(
    warden: Phone, move: Run, bucket: PhotoStore
) -> None:
    photo = ticket_of(warden, "一")["photos"][0]["photo"]
    move()
    altered = blob_key(photo["sha256"], BlobKind.RECEIVED)
    whole = bucket.open(altered).read()
    bucket.put(altered, BytesIO(whole[:-1] + b"x"), media_type="image/jpeg")
    bucket.delete(blob_key(photo["sha256"], BlobKind.THUMB))
    said = move("--final")
    assert "复制 1 个" in said
    assert "其中 1 个与原件不同，已重新复制" in said
    assert bucket.open(altered).read() == whole


def test_a_file_that_the_old_store_has_lost_is_named_and_stops_nothing(
    warden: Phone, move: Run, photo_folder: Path
) -> None:
    photo = ticket_of(warden, "一")["photos"][0]["photo"]
    lost = blob_key(photo["sha256"], BlobKind.DISPLAY)
    (photo_folder / lost).write_bytes(b"not what it was")
    said = move("--final")
    assert f"没有复制：{lost}" in said
    assert "可以切换了" in said


def test_a_row_that_was_changed_in_the_target_is_made_what_it_was(
    app: Flask, warden: Phone, move: Run, big: Settings
) -> None:
    ticket_of(warden, "一")
    move()
    query(big, "UPDATE tickets SET number = 'altered'")
    query(big, "DELETE FROM ticket_photos")
    said = move("--final")
    assert "新增 1、改 1、删 0" in said


def test_values_that_went_from_row_to_row_find_their_place(
    app: Flask, town: Town, move: Run, big: Settings
) -> None:
    names = ("wangge11", "wangge12", "wangge21")
    ids = {}
    with app.app_context(), unit_of_work() as session:
        for name in names:
            ids[name] = session.scalar(select(Person.id).where(Person.username == name))
    move()
    with app.app_context(), unit_of_work() as session:
        for name, other in (
            ("wangge21", "new"),
            ("wangge12", "wangge21"),
            ("wangge11", "wangge12"),
        ):
            session.execute(update(Person).where(Person.id == ids[name]).values(username=other))
    assert "改 3、" in move("--final")
    assert query(big, "SELECT count(*) FROM people WHERE username = 'new'") == 1


def test_a_target_of_somebody_elses_is_refused_and_left_alone(
    app: Flask, town: Town, warden: Phone, move: Run, settings: Settings, big: Settings,
    bucket: PhotoStore, tmp_path: Path,
) -> None:  # fmt: skip
    query(big, "CREATE TABLE accounts (name text)")
    assert "目标数据库里已经有别的数据" in move(status=1)
    query(big, "DROP TABLE accounts")
    bucket.put("somebody/else", BytesIO(b"1"), media_type="text/plain")
    assert "目标照片存储里已经有别的文件" in move(status=1)
    bucket.delete("somebody/else")
    move()
    (tmp_path / "photos").mkdir()
    other = cheap_settings(f"sqlite:///{tmp_path}/other.db", tmp_path / "photos")
    keys = {n: v for n, v in settings.model_dump(exclude_unset=True).items() if n.startswith("s3_")}
    other = Settings(_env_file=None, **other.model_dump(exclude_unset=True), **keys)
    with Applications().lent(other, utc_now) as stranger:
        stranger.test_cli_runner().invoke(args=["db", "upgrade"])
        assert "已经有别的数据" in move(of=stranger, status=1)
    assert query(big, "SELECT count(*) FROM people") > 0
    same = settings.model_copy(update={"photo_store": big.photo_store})
    assert "同一个" in move(to=same, status=1)
    nowhere = big.model_copy(update={"database_url": f"{big.database_url}_none"})
    assert "连不上" in move(to=nowhere, status=1)
    wrong = big.model_copy(update={"database_url": "mysql://nowhere/x"})
    assert "目标地址不能用" in move(to=wrong, status=1)


def test_the_way_back_is_the_same(
    app: Flask, warden: Phone, move: Run, big: Settings, tmp_path: Path, clock: MovableClock
) -> None:
    ticket = ticket_of(warden, "一")
    move("--final")
    (tmp_path / "photos").mkdir()
    small = big.model_copy(
        update={
            "database_url": f"sqlite:///{tmp_path}/back.db",
            "photo_store": f"file://{tmp_path}/photos",
        }
    )
    with Applications().lent(big, clock) as moved:
        with moved.app_context(), unit_of_work() as session:
            enqueue(session, "housekeeping", {}, now=utc_now())
        move(of=moved, to=small)
        with LiveServer(moved) as there:
            again = Phone(there.signed_in("wangge11", PASSWORD), "wangge11")
            later = ticket_of(again, "二")
        with moved.app_context(), unit_of_work() as session:
            photos = session.scalar(select(func.count()).select_from(Photo))
        assert photos == 2
        assert "可以切换了" in move("--final", of=moved, to=small)
    with Applications().lent(small, clock) as back, LiveServer(back) as here:
        home = Phone(here.signed_in("wangge11", PASSWORD), "wangge11")
        assert {each["id"] for each in home.get("/tickets?q=堆放")["items"]} == {
            ticket["id"], later["id"]
        }  # fmt: skip
        clock.move(timedelta(minutes=1))
        assert ticket_of(home, "三")["number"][-4:] == "0003"
