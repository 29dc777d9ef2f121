"""A township is exported, loaded again, and closed: nothing is lost, nothing else is touched."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from app.demo.files import write_township
from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import unit_of_work
from app.people.models import Organisation, Person, Post
from app.people.queries import person_by_username
from config.settings import Settings
from tests.applications import Applications
from tests.clocks import MovableClock
from tests.databases import Databases
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town

Run = Callable[..., str]
FILES = ("organisations.csv", "people.csv", "compounds.csv", "checkpoints.csv",
         "cells.geojson", "compounds.geojson")  # fmt: skip


def invoked(app: Flask, *words: object, status: int = 0) -> str:
    """What `flask township …` says."""
    result = app.test_cli_runner().invoke(args=["township", *map(str, words)])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return str(result.output)


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words, status=0: invoked(app, *words, status=status)


@contextmanager
def fresh(
    databases: Databases, backend: str, settings: Settings, clock: MovableClock
) -> Iterator[Flask]:
    """Another deployment of the same engine, which knows nothing yet."""
    url = databases.clone(backend, "migrated")
    try:
        other = settings.model_copy(update={"database_url": url})
        with Applications().lent(other, clock) as made:
            yield made
    finally:
        databases.drop(url)


def texts(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def test_the_export_loads_into_the_same_township_anywhere(
    two_towns: tuple[Town, Town], app: Flask, run: Run, tmp_path: Path, databases: Databases,
    backend: str, settings: Settings, clock: MovableClock,
) -> None:  # fmt: skip
    town = two_towns[0]
    with app.app_context(), unit_of_work() as session:
        person = person_by_username(session, "wangge21")
        assert person is not None
        person.phone = None
    run("export", town.code, "--to", tmp_path / "out")
    assert ",无," in (tmp_path / "out" / "people.csv").read_text("utf-8-sig")
    assert "与系统中的一致，没有改动" in run("load", tmp_path / "out")
    with fresh(databases, backend, settings, clock) as other:
        invoked(other, "load", tmp_path / "out")
        invoked(other, "export", town.code, "--to", tmp_path / "again")
    assert texts(tmp_path / "again") == texts(tmp_path / "out")
    # What the demonstration was loaded from says the same, but for the county's own people.
    write_township(tmp_path / "demo", town=town.code)
    for name in ("compounds.csv", "checkpoints.csv", "organisations.csv"):
        lines = [sorted((tmp_path / place / name).read_text("utf-8-sig").splitlines())
                 for place in ("demo", "out")]  # fmt: skip
        assert lines[0] == lines[1], name
    assert "请给一个空的文件夹" in run("export", town.code, "--to", tmp_path / "out", status=1)
    assert "没有编码为" in run("export", "340299", "--to", tmp_path / "no", status=1)


def test_who_has_left_is_not_made_again_elsewhere(
    town: Town, app: Flask, run: Run, tmp_path: Path, databases: Databases, backend: str,
    settings: Settings, clock: MovableClock,
) -> None:  # fmt: skip
    with app.app_context(), unit_of_work() as session:
        gone = update(Person).where(Person.username == "wangge12")
        session.execute(gone.values(deactivated_at=utc_now()))
    said = run("export", town.code, "--to", tmp_path / "out")
    assert "wangge12" in said and "账号已停用，没有写入" in said
    with fresh(databases, backend, settings, clock) as other:
        invoked(other, "load", tmp_path / "out")
        with other.app_context(), unit_of_work() as session:
            assert person_by_username(session, "wangge11") is not None
            assert person_by_username(session, "wangge12") is None


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    sheet = load_workbook(path, read_only=True).worksheets[0]
    return list(sheet.iter_rows(values_only=True))[1:]


def test_tickets_photos_and_rounds_go_along_as_ledgers(
    two_towns: tuple[Town, Town], server: LiveServer, run: Run, tmp_path: Path
) -> None:
    town, other = two_towns
    warden = Phone(server.signed_in("wangge11", PASSWORD), "wangge11")
    data = pictures.photo(software="one")
    photo = warden.send(data)
    compound = town.compound().code
    ticket = warden.report(photo["id"], compound=compound, description="=1+1 楼前堆放")
    unused = warden.send(pictures.photo(software="two"))
    warden.post("/rounds", {"compound": compound, "all_fine": True}, status=201)
    stranger = Phone(server.signed_in(other.who("wangge11"), PASSWORD), "stranger")
    stranger.send(pictures.photo(software="three"))
    said = run("export", town.code, "--to", tmp_path / "out")
    assert "工单 1，经过 1，照片 2；照片文件 2 个" in said
    ledgers, year = tmp_path / "out" / "台账", shanghai_day(utc_now()).year
    (kept,) = rows_of(ledgers / f"工单-{year}.xlsx")
    assert (kept[0], kept[1], kept[8]) == (ticket["number"], "待整改", "=1+1 楼前堆放")
    photos = {row[0] or "": row for row in rows_of(ledgers / f"照片-{year}.xlsx")}
    assert (ledgers / photos[ticket["number"]][3]).read_bytes() == data
    assert photos[""][3].endswith(f"{unused['sha256']}.jpg")
    rounds = rows_of(ledgers / f"巡查-{year}.xlsx")
    assert {row[1] for row in rounds} == {compound}
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path / "out", check=False).returncode == 0
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    bare = run("export", town.code, "--to", tmp_path / "bare", "--without-photos")
    assert "照片文件 0 个" in bare


def test_a_closed_township_stays_readable_and_its_neighbour_goes_on(
    two_towns: tuple[Town, Town], server: LiveServer, run: Run, clock: MovableClock,
    tmp_path: Path, app: Flask,
) -> None:  # fmt: skip
    town, other = two_towns
    warden = Phone(server.signed_in("wangge11", PASSWORD), "wangge11")
    photo = warden.send(pictures.photo(software="one"))
    ticket = warden.report(photo["id"], compound=town.compound().code)
    run("export", town.code, "--to", tmp_path / "out")
    assert "还有 1 张工单没有办结" in run("close", town.code, status=1)
    assert "不能早于今天" in run("close", town.code, "--on", "2020-01-01", "--confirm", status=1)
    today = shanghai_day(utc_now())
    last = today + timedelta(days=3)
    before = counted(app)
    said = run("close", town.code, "--on", f"{last}", "--confirm")
    assert f"从{last}起停用：小区 " in said
    assert counted(app) == before
    # Until the day all goes on.
    warden.get(f"/tickets/{ticket['id']}")
    clock.move(timedelta(days=4))
    # Whoever had only this township has nothing there any more; the county sees what was.
    assert warden.client.get(f"/api/v1/tickets/{ticket['id']}").status_code in (403, 404)
    county = Phone(server.signed_in("guanli", PASSWORD), "guanli")
    seen = county.get(f"/tickets/{ticket['id']}")
    assert (seen["number"], len(seen["photos"])) == (ticket["number"], 1)
    week = f"{today.isocalendar().year}-W{today.isocalendar().week:02d}"
    assert county.get(f"/coverage?organisation={town.code}&week={week}")["due"] > 0
    assert ticket["id"] in {each["id"] for each in county.get("/tickets")["items"]}
    neighbour = Phone(server.signed_in(other.who("wangge11"), PASSWORD), "neighbour")
    lng, lat = other.cell().centre
    assert neighbour.send(pictures.photo(software="n"), lng=lng, lat=lat)["cell"]["code"]
    assert "已于" in run("close", town.code, "--confirm", status=1)
    # Coming back is loading what was exported.
    assert "新建" in run("load", tmp_path / "out")
    assert warden.get(f"/tickets/{ticket['id']}")["number"] == ticket["number"]
    assert warden.send(pictures.photo(software="again"))["verdict"]


def counted(app: Flask) -> tuple[int, ...]:
    """How many organisations and posts there are: none goes."""
    with app.app_context(), unit_of_work() as session:
        kinds = (Organisation, Post)
        return tuple(session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)
