"""`flask tickets import` and `flask tickets answers`: every fault at once, nothing twice."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.kernel.db import db
from app.tickets.models import Ticket
from tests.clocks import MovableClock
from tests.tickets.importing.sheets import HEADER, SHORT, csv_of, row, xlsx
from tests.tickets.stories import WEDNESDAY, Stories, picture
from tests.towns import Town


@pytest.fixture
def stories(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Stories:
    """The township on a Wednesday morning."""
    clock.set(WEDNESDAY)
    return Stories(app, client, town, clock)


def run(stories: Stories, *words: Any) -> Result:
    """What a command answers."""
    return stories.app.test_cli_runner().invoke(args=["tickets", *map(str, words)])


def count(stories: Stories) -> int:
    with stories.app.app_context():
        found = db.session().scalar(select(func.count()).select_from(Ticket))
        db.session.remove()
    return int(found or 0)


@pytest.fixture
def sheet(stories: Stories, tmp_path: Path) -> Path:
    """A workbook of two rows with a photo beside it."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(picture())
    rows = [
        row(编号="1", 小区=stories.code(), 照片="1.jpg", 期限="2026-11-30"),
        row(编号="2", 类别="99-99", 小区=stories.code("001", 2)),
    ]
    path = tmp_path / "热线.xlsx"
    path.write_bytes(xlsx([HEADER, *rows]))
    return path


def test_it_shows_then_makes_and_then_skips(stories: Stories, sheet: Path) -> None:
    words = ("import", sheet, "--photos", sheet.parent / "photos", "--as", "shequ1")
    shown = run(stories, *words, "--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert "期限 2026-11-26 09:00" in shown.stdout
    assert "将建 2 张，已有 0 张。没有写入。" in shown.stdout
    assert count(stories) == 0
    made = run(stories, *words)
    assert (made.exit_code, count(stories)) == (0, 2), made.stderr
    assert "已建 2 张，已有而跳过 0 张。" in made.stdout
    again = run(stories, *words)
    assert (again.exit_code, count(stories)) == (0, 2)
    assert "已建 0 张，已有而跳过 2 张。" in again.stdout
    tickets = stories.listed("shequ1", sort="external_due")
    assert [(one["external_number"], bool(one["cover"])) for one in tickets] == [("1", True)]


def test_a_folder_with_a_spreadsheet_and_its_photos(stories: Stories, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    none = run(stories, "import", folder, "--as", "shequ1")
    assert (none.exit_code, "现在没有" in none.stderr) == (1, True)
    rows = [HEADER, row(编号="1", 小区=stories.code(), 照片="1.jpg")]
    (folder / "热线.csv").write_bytes(csv_of(rows, "gb18030"))
    (folder / "1.jpg").write_bytes(picture())
    (folder / "~$热线.xlsx").write_bytes(b"open")
    for said in ("已建 1 张，已有而跳过 0 张。", "已建 0 张，已有而跳过 1 张。"):
        made = run(stories, "import", folder, "--as", "shequ1")
        assert (made.exit_code, said in made.stdout, made.stderr) == (0, True, "")
    (folder / "多拍的.jpg").write_bytes(picture())
    more = run(stories, "import", folder, "--as", "shequ1", "--dry-run")
    assert more.stderr == "热线.csv: 照片：表格里没有提到的照片：“多拍的.jpg”\n"
    (folder / "督查.xlsx").write_bytes(xlsx(rows))
    several = run(stories, "import", folder, "--as", "shequ1")
    assert (several.exit_code, "现在有 2 个：" in several.stderr) == (1, True)
    assert count(stories) == 1


def test_every_fault_is_told_with_its_place(stories: Stories, tmp_path: Path) -> None:
    rows = [
        ("热线", "1", "无此类", stories.code()),
        ("热线", "2", "01-36", "无此处"),
        ("", "", "", "x"),
    ]
    book, text = tmp_path / "a.xlsx", tmp_path / "b.csv"
    book.write_bytes(xlsx([SHORT, *rows], title="一"))
    text.write_bytes(csv_of([SHORT, *rows], "gb18030"))
    for path, place in ((book, "a.xlsx:2 (一:2): 类别："), (text, "b.csv:2: 类别：")):
        told = run(stories, "import", path, "--as", "shequ1")
        assert told.exit_code == 1
        assert place in told.stderr
        assert "共 6 处错误，什么都没有写入。" in told.stderr
    assert count(stories) == 0


def test_rows_alike_are_foretold(stories: Stories, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [row(编号=number, 小区=stories.code(), 区域="楼道") for number in "12"]
    path.write_bytes(csv_of([HEADER, *rows]))
    shown = run(stories, "import", path, "--as", "shequ1", "--dry-run")
    first, second, _ = shown.stdout.splitlines()
    assert ("重复" in first, second.endswith("可能与 第 2 行 重复")) == (False, True)


def test_what_stops_it(stories: Stories, sheet: Path, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for words, said in (
        (("import", sheet, "--as", "nobody"), "没有用户 nobody"),
        (("import", sheet, "--as", "wangge11"), "没有这项权限"),
        (("import", tmp_path / "none.xlsx", "--as", "shequ1"), "读不了"),
        (("import", sheet, "--photos", tmp_path / "none", "--as", "shequ1"), "没有"),
        (("import", photos / "1.jpg", "--as", "shequ1"), "不是表格"),
        (("import", sheet, "--as", "shequ1"), "没有这张照片"),
        (("answers", tmp_path / "none" / "x.xlsx", "--as", "shequ1"), "写不了"),
        (
            ("answers", tmp_path / "x.xlsx", "--as", "shequ1", "--organisation", "NO"),
            "没有这个组织",
        ),
        (
            (
                "answers",
                tmp_path / "x.xlsx",
                "--as",
                "shequ1",
                "--from",
                "2026-11-26",
                "--to",
                "2026-11-25",
            ),
            "截止日期早于起始日期",
        ),
    ):
        told = run(stories, *words)
        assert (told.exit_code, said in told.stderr) == (1, True), (words, told.output)
    assert count(stories) == 0


def test_answers(stories: Stories, sheet: Path, tmp_path: Path) -> None:
    run(stories, "import", sheet, "--photos", tmp_path / "photos", "--as", "shequ1")
    out = tmp_path / "回复.xlsx"
    told = run(stories, "answers", out, "--as", "shequ1", "--source", "hotline",
               "--from", "2026-11-25", "--to", "2026-11-25")  # fmt: skip
    assert (told.exit_code, "2 张工单" in told.stdout) == (0, True), told.stderr
    book: Any = load_workbook(out)
    assert [cell.value for cell in book.active["B"]] == ["编号", "1", "2"]
    none = run(stories, "answers", out, "--as", "shequ1", "--to", "2026-11-24")
    assert "0 张工单" in none.stdout
