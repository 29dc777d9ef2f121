"""A half year's dossier: made by the worker, whole, masked, the same again, and checkable."""

import hashlib
import io
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.jobs.dossiers import dossier_made
from app.kernel.clock import SHANGHAI
from app.kernel.db import db
from app.photos.masking.models import PURPOSE_LABELS, Purpose
from app.reports.dossiers.files import named
from app.reports.dossiers.periods import term_of
from tests.campaigns.test_campaigns import carried_out, planned
from tests.duties.office import Office
from tests.reports.test_documents import act, begun, closed_ticket, done, put, work
from tests.tickets.stories import Json, Stories, code_of

HALF = "2026H2"


def asked_for(stories: Stories, who: str = "ducha1", **said: str) -> Json:
    body = {"organisation": stories.town.code, "term": HALF, **said}
    return done(stories.post(who, "/dossiers", body))


def made(stories: Stories, who: str = "ducha1", **said: str) -> Json:
    dossier = asked_for(stories, who, **said)
    work(stories)
    return done(stories.get(who, f"/dossiers/{dossier['id']}"))


def package(stories: Stories, dossier: Json, who: str = "ducha1") -> bytes:
    answer = stories.get(who, f"/dossiers/{dossier['id']}/package.zip")
    assert answer.status_code == 200, answer.text
    data = bytes(answer.data)
    told = dossier["package"]
    assert (len(data), hashlib.sha256(data).hexdigest()) == (told["bytes"], told["sha256"])
    return data


def held(data: bytes) -> dict[str, bytes]:
    """The files below data/, by their paths there."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = (name.partition("/data/") for name in packed.namelist())
        return {name: packed.read(f"{top}/data/{name}") for top, _, name in names if name}


def rows(data: bytes) -> list[Json]:
    heading, *found = load_workbook(io.BytesIO(data)).active.iter_rows(min_row=3, values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in found]


def decide(stories: Stories, photo: str, who: str = "ducha1") -> None:
    """Somebody looked at a photo: there is nothing to cover."""
    done(
        put(
            stories, who, f"/photos/{photo}/masks", {"decision": "clear", "boxes": [], "version": 0}
        )
    )


def half_a_year(stories: Stories) -> Json:
    """A campaign with its tickets, a record with a photo, an issued work report, frozen scores;
    the ids of the photos in it."""
    office = Office(stories)
    campaign = carried_out(stories, planned(stories))
    ticket = closed_ticket(stories)
    record = office.record(photo_ids=[stories.photo("shequ1")], subject="科普 ../进社区")
    done(stories.post("guanli", "/assessments/switch", {"on": True, "document": "示例"}))
    stories.now(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    report = begun(stories, kind="work_report")
    work(stories)
    for action in ("submit", "issue"):
        done(act(stories, report, action))
    said = {"organisation": stories.town.code, "period": "2026-11", "scheme": "community_month"}
    done(stories.post("ducha1", "/assessments/freezes", said))
    steps = [step for part in campaign["parts"] for step in part["steps"]]
    return {
        "campaign": [photo for step in steps for photo in step["photo_ids"]],
        "ticket": ticket,
        "record": [one["id"] for one in record["photos"]],
    }


def test_the_half_year_of_a_town(stories: Stories, tmp_path: Path) -> None:
    there = half_a_year(stories)
    first = made(stories)
    assert (first["term"]["label"], first["job"]["state"]) == ("2026年下半年", "done")
    photos = {*there["campaign"], *there["record"]}
    assert first["package"]["photos_waiting"] == len(photos) + 2
    waiting = done(stories.get("ducha1", "/photos/to-mask"))
    assert {one["wanted"][0]["purpose"] for one in waiting["items"]} == {"dossier"}
    assert waiting["photos"] == 2, "those of the ticket, before and after"
    assert not any(name.endswith(".jpg") for name in held(package(stories, first)))
    for photo in {*photos, *(one["photo"]["id"] for one in waiting["items"])}:
        decide(stories, photo)
    dossier = made(stories)
    data = package(stories, dossier)
    with stories.app.app_context():
        dossier_made({"dossier": dossier["id"]}, lambda _percent, _said: None)
        db.session.remove()
    assert package(stories, dossier) == data, "run again after it was made, it stays"
    again = package(stories, made(stories))
    assert again == data, "the same data make the same bytes"
    assert dossier["package"]["photos_waiting"] == 0
    _can_be_checked(data, tmp_path)
    files = held(data)
    assert len(files) == dossier["package"]["files"]
    assert {name.split("/")[0] for name in files} == {
        "台账", "指标", "公文", "一月一区", "记录照片", "考核参考分", "目录.pdf",
    }  # fmt: skip
    (picture,) = [name for name in files if name.endswith(".jpg")]
    assert picture.startswith("记录照片/2026-11-25 ") and ".." not in picture
    (campaign,) = [name for name in files if name.endswith(".pdf") and name != "目录.pdf"]
    assert files[campaign].count(b"/Subtype /Image") == len({*there["campaign"]}) + 2
    (problem,) = rows(files["台账/问题整改台账.xlsx"])
    assert problem["工单号"] == there["ticket"]["number"]
    (scores,) = [name for name in files if name.startswith("考核参考分/2026-11")]
    assert {row["单位"] for row in rows(files[scores])} >= {"示例镇第一社区"}
    reached = [row for name in files if "候选" in name for row in rows(files[name])]
    assert {row["够不够"] for row in reached} <= {"够", "不够", "没有数据"} and reached
    duties = rows(files["指标/指标完成情况.xlsx"])
    assert any(row["完成"] and row["单位"] == "示例镇第一社区" for row in duties)

    _outdated_by_a_new_mask(stories, dossier, there["record"][0])


def _outdated_by_a_new_mask(stories: Stories, dossier: Json, photo: str) -> None:
    """What is covered otherwise now is not given out as it was."""
    boxes = [{"x": 10, "y": 10, "width": 40, "height": 40}]
    covered = {"decision": "masked", "boxes": boxes, "version": 1}
    done(put(stories, "ducha1", f"/photos/{photo}/masks", covered))
    path = f"/dossiers/{dossier['id']}"
    refused = stories.get("ducha1", f"{path}/package.zip")
    assert code_of(refused) == (409, "dossier_outdated")
    assert done(stories.get("ducha1", path))["package"]["is_outdated"] is True
    assert package(stories, made(stories)) != b""


def _can_be_checked(data: bytes, folder: Path) -> None:
    """By the program that everybody has, and it says so of a file that was changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(folder)
    (bag,) = folder.iterdir()
    said = ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"]
    assert subprocess.run(said, cwd=bag, capture_output=True, check=False).returncode == 0
    with (bag / "data" / "目录.pdf").open("ab") as file:
        file.write(b" ")
    assert subprocess.run(said, cwd=bag, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_asks_for_what(stories: Stories) -> None:
    community = stories.town.community()
    wrong = {"organisation": community, "term": "2027H1"}
    assert code_of(stories.post("shequ1", "/dossiers", wrong)) == (422, "dossier_unsuitable")
    wide = {"organisation": community, "term": "20２６"}
    assert code_of(stories.post("shequ1", "/dossiers", wide)) == (422, "invalid_input")
    county = {"organisation": "340299", "term": HALF}
    assert code_of(stories.post("guanli", "/dossiers", county)) == (422, "dossier_unsuitable")
    body = {"organisation": community, "term": HALF}
    assert code_of(stories.post("shequ2", "/dossiers", body))[0] in (403, 404)
    dossier = asked_for(stories, "shequ1", organisation=community)
    assert code_of(stories.post("ducha1", "/dossiers", body)) == (409, "dossier_under_way")
    path = f"/dossiers/{dossier['id']}"
    assert code_of(stories.get("shequ1", f"{path}/package.zip")) == (404, "not_found")
    cancelled = stories.post("shequ1", f"/jobs/{dossier['job']['id']}/cancel", {})
    assert done(cancelled)["state"] == "cancelled"
    whole = made(stories, "shequ1", organisation=community, term="2026")
    assert whole["term"]["label"] == "2026年"
    files = held(package(stories, whole, "shequ1"))
    assert not any(name.startswith("考核") for name in files), "it is not switched on"
    listed = done(stories.get("ducha1", "/dossiers"))["items"]
    assert [one["id"] for one in listed] == [whole["id"], dossier["id"]]
    assert done(stories.get("shequ2", "/dossiers"))["items"] == []
    assert code_of(stories.get("shequ2", path)) == (404, "not_found")
    stories.later(days=31)
    done_housekeeping(stories)
    assert done(stories.get("ducha1", "/dossiers"))["items"] == []


def done_housekeeping(stories: Stories) -> None:
    runner = stories.app.test_cli_runner()
    assert runner.invoke(args=["housekeeping"]).exit_code == 0


def test_terms_and_names() -> None:
    assert term_of("2026H1").days.last.isoformat() == "2026-06-30"
    assert term_of("2026").months[-1] == "2026-12"
    for wrong in ("2026H3", "2026-11", "26", "2026H1\n"):
        with pytest.raises(ValueError, match=r"."):
            term_of(wrong)
    assert named("a/../b\n%", None, "2026-11") == "a b 2026-11"
    assert named("../") == ""
    assert set(PURPOSE_LABELS) == set(Purpose)
