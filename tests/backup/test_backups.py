"""Backups of the embedded default: made while people work, thinned out, brought back whole."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.adapters.local_store import LocalPhotoStore
from app.backup.errors import BackupRefused
from app.backup.service import bring_back, make_backup, thin_out
from app.backup.shelf import Shelf
from app.kernel.clock import day_start, shanghai_day, utc_now
from app.photos.store import BlobKind, blob_key
from config.settings import Settings
from tests.applications import Applications
from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town, cheap_settings

Run = Callable[..., str]


@pytest.fixture
def backend() -> str:
    """Backups are for the embedded default."""
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def settings(database_url: str, photo_folder: Path, folder: Path) -> Settings:
    known = cheap_settings(database_url, photo_folder)
    return known.model_copy(update={"backup_folder": str(folder)})


@pytest.fixture
def warden(server: LiveServer, town: Town) -> Phone:
    return Phone(server.signed_in("wangge11", PASSWORD), "wangge11")


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask backup …`; gives what it says, after checking the exit status."""

    def invoke(*arguments: Any, status: int = 0, of: Flask = app) -> str:
        result: Result = of.test_cli_runner().invoke(args=["backup", *map(str, arguments)])
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return str(result.output)

    return invoke


@pytest.fixture
def elsewhere(tmp_path: Path, folder: Path) -> Settings:
    """A new machine: no database and no photos yet."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    known = cheap_settings(f"sqlite:///{place}/gexun.db", place / "photos")
    return known.model_copy(update={"backup_folder": str(folder)})


def fetched(client: Any, photo: dict[str, Any]) -> bytes:
    answer = client.get(photo["urls"]["received"])
    assert answer.status_code == 200
    return bytes(answer.content)


def test_what_was_there_comes_back_and_what_came_later_does_not(
    server: LiveServer, warden: Phone, run: Run, elsewhere: Settings, clock: MovableClock
) -> None:
    data = pictures.photo()
    photo = warden.send(data)
    ticket = warden.report(photo["id"], compound="340299101001C01")
    lead = server.signed_in("shequ1", PASSWORD)
    box = {"x": 8, "y": 8, "width": 40, "height": 40}
    body = {"version": 0, "decision": "masked", "boxes": [box]}
    assert lead.put(f"/api/v1/photos/{photo['id']}/masks", json=body).status_code == 200
    masked = lead.get(photo["urls"]["display"]).content
    said = run("create")
    assert "有 1 张照片" in said
    name = said.split()[1]
    later = warden.report(
        warden.send(pictures.photo(software="later"))["id"], **{"cell": ticket["cell"]["code"]}
    )
    assert name in run("list")
    with Applications().lent(elsewhere, clock) as other:
        assert f"的备份 {name}，有 1 张照片" in run("restore", "latest", of=other)
        with LiveServer(other) as server:
            client = server.signed_in("wangge11", PASSWORD)
            found = client.get(f"/api/v1/tickets/{ticket['id']}").json()
            assert found["number"] == ticket["number"]
            back = found["photos"][0]["photo"]
            assert fetched(client, back) == data
            assert client.get(back["urls"]["display"]).content == masked
            assert client.get(f"/api/v1/tickets/{later['id']}").status_code == 404
        assert "已经有数据" in run("restore", name, status=1, of=other)
        checked = other.test_cli_runner().invoke(args=["photos", "check"])
        assert checked.exit_code == 0, checked.output


def test_a_backup_made_while_people_send_photos_is_whole(
    server: LiveServer, town: Town, run: Run, elsewhere: Settings, clock: MovableClock
) -> None:
    over = threading.Event()
    sent: list[str] = []

    def send(name: str) -> None:
        phone = Phone(server.signed_in(name, PASSWORD), name)
        while not over.is_set():
            photo = phone.send(pictures.photo(software=f"{name} {len(sent)}"))
            sent.append(photo["id"])

    people = [threading.Thread(target=send, args=(name,)) for name in ("wangge11", "wangge12")]
    for each in people:
        each.start()
    while len(sent) < 3:
        over.wait(0.01)
    names = {run("create").split()[1], *()}
    over.set()
    for each in people:
        each.join()
    with Applications().lent(elsewhere, clock) as other:
        run("restore", names.pop(), of=other)
        checked = other.test_cli_runner().invoke(args=["photos", "check"])
        assert checked.exit_code == 0, checked.output
        assert "文件都在" in checked.output


class Ended(Exception):
    """The power goes."""


def test_one_that_is_ended_half_way_is_none(
    warden: Phone, settings: Settings, folder: Path, photo_folder: Path, run: Run
) -> None:
    def end(_done: int) -> None:
        raise Ended

    warden.send(pictures.photo())
    store, shelf = LocalPhotoStore(photo_folder), Shelf(folder)
    assert settings.database_file is not None
    with pytest.raises(Ended):
        make_backup(
            settings.database_file, store, shelf, LocalPhotoStore(shelf.photos), now=utc_now(),
            said=end,
        )  # fmt: skip
    assert shelf.backups() == []
    assert list(folder.glob("*.part"))
    assert "还没有备份" in run("list")
    run("create")
    assert not list(folder.glob("*.part"))
    assert len(shelf.backups()) == 1


def test_bringing_back_goes_on_after_an_interruption(
    warden: Phone, run: Run, folder: Path, tmp_path: Path
) -> None:
    def end(_done: int) -> None:
        raise Ended

    warden.send(pictures.photo())
    run("create")
    shelf = Shelf(folder)
    found, kept = shelf.backup("latest"), LocalPhotoStore(shelf.photos)
    database, store = tmp_path / "new.db", LocalPhotoStore(tmp_path / "new")
    with pytest.raises(Ended):
        bring_back(found, kept, database=database, store=store, said=end)
    assert not database.exists()
    assert bring_back(found, kept, database=database, store=store) == []
    assert database.is_file()
    assert len([key for key, _ in store.entries()]) == 3
    with pytest.raises(BackupRefused):
        bring_back(found, kept, database=database, store=store)


@pytest.mark.parametrize("altered", ["gexun.db", "manifest.json"])
def test_an_altered_backup_is_refused(
    warden: Phone, run: Run, folder: Path, elsewhere: Settings, clock: MovableClock, altered: str
) -> None:
    run("create")
    path = Shelf(folder).backup("latest").folder / altered
    path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    assert "不能用" in run("check", "latest", status=1)
    with Applications().lent(elsewhere, clock) as other:
        assert "不能用" in run("restore", "latest", status=1, of=other)
    assert elsewhere.database_file is not None
    assert not elsewhere.database_file.exists() or not elsewhere.database_file.stat().st_size


def test_lost_bytes_are_named_and_the_rest_is_kept(
    warden: Phone, run: Run, photo_folder: Path, folder: Path
) -> None:
    lost, altered, whole = (
        warden.send(pictures.photo(software=str(n)))["sha256"] for n in range(3)
    )
    gone, changed = (blob_key(each, BlobKind.RECEIVED) for each in (lost, altered))
    (photo_folder / gone).unlink()
    (photo_folder / changed).write_bytes(b"somebody was here")
    said = run("create", status=1)
    assert gone in said and changed in said and "2 个照片文件" in said
    made = Shelf(folder).backup("latest")
    assert json.loads((made.folder / "manifest.json").read_text())["missing"] == sorted(
        [gone, changed]
    )
    assert (folder / "photos" / blob_key(whole, BlobKind.RECEIVED)).is_file()
    assert "完好" in run("check", "latest")


def test_thinned_out_with_the_photos_that_no_other_has(
    warden: Phone,
    run: Run,
    folder: Path,
    clock: MovableClock,
    settings: Settings,
    photo_folder: Path,
) -> None:
    # Which backups stay is asked of days: these two are of one.
    clock.set(day_start(shanghai_day(utc_now())) + timedelta(hours=12))
    first = warden.send(pictures.photo())
    run("create")
    assert warden.delete(f"/photos/{first['id']}").status_code == 204
    second = warden.send(pictures.photo(software="second"))
    clock.move(timedelta(hours=1))
    assert "删去旧的 1 份" in run("create")
    kept = {path.parent.name for path in (folder / "photos").rglob("received")}
    assert kept == {second["sha256"]}
    assert len(Shelf(folder).backups()) == 1
    assert thin_out(Shelf(folder), LocalPhotoStore(folder / "photos")) == []


def test_two_in_one_second_are_refused(warden: Phone, run: Run, clock: MovableClock) -> None:
    clock.set(utc_now())
    run("create")
    assert "这一秒已经有一份" in run("create", status=1)
    assert len(run("list").splitlines()) == 1


def test_only_the_owner_reads_them(warden: Phone, run: Run, folder: Path) -> None:
    run("create")
    made = Shelf(folder).backup("latest")
    assert folder.stat().st_mode & 0o077 == 0
    assert made.folder.stat().st_mode & 0o077 == 0
    assert made.database.stat().st_mode & 0o077 == 0


def test_the_worker_makes_one_a_day(warden: Phone, app: Flask, folder: Path) -> None:
    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert result.exit_code == 0, result.output
    assert len(Shelf(folder).backups()) == 1


def test_one_that_is_late_is_told(
    warden: Phone, run: Run, server: LiveServer, clock: MovableClock
) -> None:
    def ready() -> tuple[int, str]:
        answer = server.client.get("/readyz")
        return answer.status_code, answer.json()["checks"]["backup"]

    assert ready() == (200, "ok")
    run("create")
    clock.move(timedelta(hours=49))
    assert ready() == (200, "ok")
    clock.move(timedelta(hours=2))
    status, said = ready()
    assert status == 200 and said.startswith("late: ")
    assert server.client.get("/readyz").json()["status"] == "degraded"
    run("create")
    assert ready() == (200, "ok")


class TestTheDiskIsNearlyFull:
    """Told before it is full."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"disk_alarm_mb": 1 << 40})

    def test_is_told(self, server: LiveServer, photo_folder: Path) -> None:
        answer = server.client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert "low: " in answer.json()["checks"]["disk"]


def test_an_unknown_name(run: Run, town: Town) -> None:
    assert "里没有备份" in run("restore", "20200101T000000Z", status=1)


class TestAnotherEngine:
    """PostgreSQL has its own tools."""

    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_is_told_so(self, run: Run, town: Town, folder: Path) -> None:
        assert "pg_dump" in run("create", status=1)
        assert not folder.exists()
