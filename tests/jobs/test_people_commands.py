"""The commands of a first week: townships, catalogue, passwords, accounts, groups."""

import json
import re
import stat
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from app.catalogue.models import CatalogueVersion
from app.demo.files import write_township
from app.grid.models import Compound
from app.jobs.password_sheet import html_sheet, xlsx_sheet
from app.kernel.db import unit_of_work
from app.people.administration import FirstPassword
from app.people.models import GroupScope, Organisation, Person
from tests.towns import Town

Run = Callable[..., Result]
PASSWORD_FORM = r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}"


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask …`; the exit status must be the one expected."""

    def invoke(*arguments: str, status: int = 0, given: str | None = None) -> Result:
        result = app.test_cli_runner().invoke(args=list(arguments), input=given)
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    return invoke


def sign_in_status(client: FlaskClient, username: str, password: str) -> int:
    answer = client.post("/api/v1/auth/password", json={"username": username, "password": password})
    return answer.status_code


def forget_passwords(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Person).values(password_hash=None, password_set_at=None))


def scalar(app: Flask, asked: Any) -> Any:
    with app.app_context(), unit_of_work() as session:
        return session.scalar(asked)


def test_a_township_is_loaded_with_the_shipped_catalogue(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    write_township(tmp_path)
    said = run("township", "load", str(tmp_path)).output
    assert "网格 16" in said
    assert "事项字典" in said
    again = run("township", "load", str(tmp_path)).output
    assert "没有改动" in again
    assert scalar(app, select(func.count()).select_from(CatalogueVersion)) == 1


def test_faults_are_told_and_nothing_is_written(app: Flask, run: Run, tmp_path: Path) -> None:
    write_township(tmp_path)
    (tmp_path / "people.csv").unlink()
    (tmp_path / "cells.geojson").write_text("[", encoding="utf-8")
    for command in ("load", "check"):
        said = run("township", command, str(tmp_path), status=1).output
        assert "people.csv: 缺少这个文件\ncells.geojson:1: 不是正确的 JSON" in said
        assert "共 2 处错误，什么都没有写入。" in said
    assert scalar(app, select(func.count()).select_from(Organisation)) == 0
    assert scalar(app, select(func.count()).select_from(CatalogueVersion)) == 0


def test_check_says_so_and_writes_nothing(app: Flask, run: Run, tmp_path: Path) -> None:
    write_township(tmp_path)
    assert "没有发现错误" in run("township", "check", str(tmp_path)).output
    assert scalar(app, select(func.count()).select_from(Organisation)) == 0


def test_check_lists_what_load_would_do(app: Flask, run: Run, tmp_path: Path) -> None:
    write_township(tmp_path)
    run("township", "load", str(tmp_path))
    table = tmp_path / "people.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    dropped = next(n for n, line in enumerate(lines) if line.startswith("ducha1,"))
    table.write_text("".join(lines[:dropped] + lines[dropped + 1 :]), encoding="utf-8-sig")
    rehearsed = run("township", "check", str(tmp_path), "--retire-missing").output
    assert "将停用：岗位 1" in rehearsed
    assert "五分之一" not in rehearsed
    assert "将停用" not in run("township", "check", str(tmp_path)).output
    done = run("township", "load", str(tmp_path), "--retire-missing").output
    listed = [line for line in rehearsed.splitlines() if line.startswith("  ")]
    assert listed == [line for line in done.splitlines() if line.startswith("  ")] != []
    assert "停用：岗位 1" in done


def test_a_sweep_is_refused_until_it_is_confirmed(app: Flask, run: Run, tmp_path: Path) -> None:
    write_township(tmp_path)
    run("township", "load", str(tmp_path))
    table = tmp_path / "compounds.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    gone = lines[-1].split(",")[0]
    keep = lines[: len(lines) * 2 // 3]
    codes = {line.split(",")[0] for line in lines} - {line.split(",")[0] for line in keep}
    assert gone in codes
    table.write_text("".join(keep), encoding="utf-8-sig")
    for name in ("checkpoints.csv",):
        rows = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines(keepends=True)
        left = [row for row in rows if row.split(",")[0] not in codes]
        (tmp_path / name).write_text("".join(left), encoding="utf-8-sig")
    map_ = tmp_path / "compounds.geojson"
    document = json.loads(map_.read_text(encoding="utf-8"))
    document["features"] = [
        one for one in document["features"] if one["properties"]["code"] not in codes
    ]
    map_.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    in_use = select(func.count()).select_from(Compound).where(Compound.retired_on.is_(None))
    before = scalar(app, in_use)
    assert "五分之一" in run("township", "check", str(tmp_path), "--retire-missing").output
    refused = run("township", "load", str(tmp_path), "--retire-missing", status=1).output
    assert "什么都没有写入" in refused
    assert f"小区 {len(codes)}（共 {before}）" in refused
    assert scalar(app, in_use) == before
    run("township", "load", str(tmp_path), "--retire-missing", "--confirm")
    assert scalar(app, in_use) == before - len(codes)


def test_the_only_administrator_stays(town: Town, app: Flask, run: Run) -> None:
    said = run("people", "deactivate", "guanli", status=1).output
    assert "guanli 是唯一在用的管理员" in said
    active = select(Person.deactivated_at).where(Person.username == "guanli")
    assert scalar(app, active) is None


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert "没有这个文件夹" in run("township", "load", str(tmp_path / "没有"), status=1).output


def test_the_catalogue_is_loaded_and_then_unchanged(run: Run) -> None:
    assert "已装入第 1 版" in run("catalogue", "load").output
    assert "没有改动" in run("catalogue", "load").output
    assert run("catalogue", "load", "--town", "X9", status=1).output.startswith("没有编码为 X9")


def test_a_password_is_read_from_standard_input(town: Town, client: FlaskClient, run: Run) -> None:
    run("people", "set-password", "wangge11", given="新的口令一二三四\n多余的一行\n")
    assert sign_in_status(client, "wangge11", "新的口令一二三四") == 200
    assert sign_in_status(client, "wangge11", town.password) == 401


@pytest.mark.parametrize("given", ["", "\n", "\n第二行的口令一二三\n"])
def test_no_password_is_told_as_such(town: Town, client: FlaskClient, run: Run, given: str) -> None:
    said = run("people", "set-password", "wangge11", given=given, status=1).output
    assert said.startswith("没有读到口令")
    assert sign_in_status(client, "wangge11", town.password) == 200


def test_an_account_that_is_closed_or_open_already_is_told_as_such(town: Town, run: Run) -> None:
    assert "没有停用，没有改动" in run("people", "activate", "wangge11").output
    assert "已停用，登录都已失效" in run("people", "deactivate", "wangge11").output
    said = run("people", "deactivate", "wangge11").output
    assert re.fullmatch(r"wangge11 早在 \d{4}-\d\d-\d\d 就已停用，没有改动。\n", said)
    assert "已恢复" in run("people", "activate", "wangge11").output


@pytest.mark.parametrize("given", ["short\n", "wangge11\n", "13110100007\n"])
def test_a_weak_password_is_refused(
    town: Town, app: Flask, client: FlaskClient, run: Run, given: str
) -> None:
    if given.startswith("131"):
        given = scalar(app, select(Person.phone).where(Person.username == "wangge11"))
    assert "口令" in run("people", "set-password", "wangge11", given=given, status=1).output
    assert sign_in_status(client, "wangge11", town.password) == 200


@pytest.mark.parametrize("command", ["set-password", "deactivate", "activate", "sign-out"])
def test_an_unknown_person_is_told(run: Run, command: str) -> None:
    said = run("people", command, "nobody", status=1, given="long enough 1\n").output
    assert said == "没有用户名为 nobody 的人员。\n"


def test_a_set_password_ends_earlier_sign_ins(
    town: Town, client: FlaskClient, run: Run, sign_in: Callable[[str], dict[str, str]]
) -> None:
    headers = sign_in("wangge11")
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    run("people", "set-password", "wangge11", given="another password\n")
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_sign_out_and_deactivate(
    town: Town, client: FlaskClient, run: Run, sign_in: Callable[[str], dict[str, str]]
) -> None:
    headers = sign_in("wangge11")
    run("people", "sign-out", "wangge11")
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert sign_in_status(client, "wangge11", town.password) == 200
    run("people", "deactivate", "wangge11")
    assert sign_in_status(client, "wangge11", town.password) == 401
    assert "wangge11\t第一社区网格员1\t示例镇第一社区网格员\t已停用" in run("people", "list").output
    run("people", "activate", "wangge11")
    assert sign_in_status(client, "wangge11", town.password) == 200


def test_people_are_listed_by_organisation(town: Town, run: Run) -> None:
    everybody = run("people", "list").output
    community = run("people", "list", "--organisation", town.community()).output
    assert "guanli\t系统管理员\t示例县管理员\t可登录" in everybody
    assert [line.split("\t")[0] for line in community.splitlines()[:-1]] == [
        "shequ1",
        "wangge11",
        "wangge12",
    ]
    assert community.splitlines()[-1] == "共 3 人。"


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_first_passwords_open_their_accounts(
    two_towns: tuple[Town, Town], app: Flask, client: FlaskClient, run: Run, tmp_path: Path,
    ending: str,
) -> None:  # fmt: skip
    first = two_towns[0]
    forget_passwords(app)
    sheet = tmp_path / f"口令.{ending}"
    said = run("people", "first-passwords", "--town", first.code, "--out", str(sheet)).output
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    slips = read_html(sheet) if ending == "html" else read_xlsx(sheet)
    staff = {"wuye11", "wuye12", "wuye21"}
    own = {p.username for p in first.township.posts if p.organisation.startswith(first.code)}
    assert set(slips) == own | staff
    assert f"已给 {len(slips)} 人设了口令" in said
    assert len(set(slips.values())) == len(slips)
    assert all(re.fullmatch(PASSWORD_FORM, password) for password in slips.values())
    assert sign_in_status(client, "wangge11", slips["wangge11"]) == 200
    assert sign_in_status(client, "wuye21", slips["wuye21"]) == 200
    assert slips["wangge11"] not in said
    assert said.endswith("--organisation：340299、340299-CWB\n")


def read_html(sheet: Path) -> dict[str, str]:
    text = sheet.read_text(encoding="utf-8")
    assert "第一社区网格员1" in text
    slips = re.findall(r"用户名</dt><dd[^>]*>([^<]+)<.*?password\">([^<]+)<", text)
    assert text.count("<section>") == text.count("请妥善保管") == len(slips)
    return dict(slips)


def read_xlsx(sheet: Path) -> dict[str, str]:
    rows = list(load_workbook(sheet).worksheets[0].iter_rows(values_only=True))
    assert set(rows[0::4]) == {("姓名", "用户名", "单位", "初始口令")}
    assert all("请妥善保管" in str(advice) for advice, *_ in rows[2::4])
    return {str(username): str(password) for _, username, _, password in rows[1::4]}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://gexun.example.gov.cn/a", "登录地址：https://gexun.example.gov.cn/a。"),
        (None, "登录地址以管理员的通知为准。"),
    ],
)
def test_a_slip_says_where_to_sign_in(address: str | None, says: str) -> None:
    one = FirstPassword(Person(username="wangge11", name="甲", posts=[]), "abcd")
    day = date(2026, 11, 23)
    assert says in html_sheet([one], day, address).decode()
    workbook = load_workbook(BytesIO(xlsx_sheet([one], day, address)))
    assert str(workbook.worksheets[0]["A3"].value).startswith(says)


def test_first_passwords_leave_known_ones_alone(
    town: Town, app: Flask, client: FlaskClient, run: Run, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.html"
    said = run("people", "first-passwords", "--town", town.code, "--out", str(sheet)).output
    assert "没有还未设口令的人" in said
    assert not sheet.exists()
    assert sign_in_status(client, "wangge11", town.password) == 200


def test_first_passwords_of_one_organisation(
    town: Town, app: Flask, run: Run, tmp_path: Path
) -> None:
    forget_passwords(app)
    sheet = tmp_path / "sheet.html"
    county = town.code[:6]
    run("people", "first-passwords", "--organisation", county, "--out", str(sheet))
    assert set(re.findall(r"用户名</dt><dd[^>]*>([^<]+)<", sheet.read_text("utf-8"))) == {"guanli"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--out", "x.html"),
        ("--town", "340299101", "--organisation", "340299", "--out", "x.html"),
        ("--town", "340299101", "--out", "x.pdf"),
        ("--town", "340299101001", "--out", "x.html"),
        ("--town", "X9", "--out", "x.html"),
        ("--town", "340299101", "--out", "no/such/folder/x.html"),
        ("--town", "340299101", "--out", "there.html"),
    ],
)
def test_first_passwords_refuses_plainly_and_sets_none(
    town: Town,
    app: Flask,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    forget_passwords(app)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.html").write_text("kept", encoding="utf-8")
    run("people", "first-passwords", *arguments, status=1)
    having = select(func.count()).select_from(Person).where(Person.password_hash.is_not(None))
    assert scalar(app, having) == 0
    assert (tmp_path / "there.html").read_text(encoding="utf-8") == "kept"


def test_a_name_is_text_on_both_sheets(town: Town, app: Flask, run: Run, tmp_path: Path) -> None:
    forget_passwords(app)
    with app.app_context(), unit_of_work() as session:
        session.execute(
            update(Person).where(Person.username == "wangge11").values(name="=1+<b>1</b>")
        )
    for ending in ("html", "xlsx"):
        sheet = tmp_path / f"sheet.{ending}"
        run("people", "first-passwords", "--organisation", town.community(), "--out", str(sheet))
        forget_passwords(app)
    assert "=1+&lt;b&gt;1&lt;/b&gt;" in (tmp_path / "sheet.html").read_text("utf-8")
    cells = [c for row in load_workbook(tmp_path / "sheet.xlsx").worksheets[0].rows for c in row]
    assert {c.data_type for c in cells if c.value == "=1+<b>1</b>"} == {"s"}


def test_a_group_is_given_communities_and_loses_them(
    two_towns: tuple[Town, Town], app: Flask, run: Run
) -> None:
    first, second = two_towns
    group = f"{first.code}-G1"
    one, two = first.community("001"), first.community("002")
    assert "新增分管 2 个" in run("organisations", "give", group, one, two).output
    assert "新增分管 0 个" in run("organisations", "give", group, one).output
    for wrong in ([group, second.community()], [group, first.code], [one, two], [group, "X9"]):
        run("organisations", "give", *wrong, status=1)
    open_scopes = select(func.count()).select_from(GroupScope).where(GroupScope.to_on.is_(None))
    assert scalar(app, open_scopes) == 2
    assert "不再分管 1 个" in run("organisations", "take-back", group, one).output
    assert scalar(app, open_scopes) == 1
    assert scalar(app, select(func.count()).select_from(GroupScope)) == 2


def test_an_empty_database_is_told_plainly(empty_database_url: str, tmp_path: Path) -> None:
    from app import create_app
    from tests.towns import cheap_settings

    app = create_app(cheap_settings(empty_database_url, tmp_path))
    result = app.test_cli_runner().invoke(args=["people", "list"])
    assert result.exit_code == 1
    assert "db upgrade" in result.output
