"""What is handed over of a ticket, opened by somebody who has nothing of ours."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from app.photos.masking.covering import Box
from tests.evidence.conftest import Office
from tests.evidence.test_masking import data_at, is_covered, mask, urls_of
from tests.tickets.stories import Json, at, code_of


def unpacked(office: Office, who: str, ticket: Json, folder: Path, **query: str) -> Path:
    """The folder in the package of a ticket."""
    answer = office.get(who, f"/tickets/{ticket['id']}/package.zip", **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def ran(*command: str, at: Path) -> subprocess.CompletedProcess[str]:
    """A program run in a folder."""
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)


def signed_ticket(office: Office) -> Json:
    """A closed ticket of yesterday, signed."""
    ticket = office.closed_ticket()
    other = office.report(description="别处的事", category="01-10")
    office.worker()
    office.now(at("11-26 08:00"))
    office.worker()
    assert other["id"] != ticket["id"]
    return ticket


def check(bag: Path) -> None:
    """Everything that how-to-check.txt asks for without openssl."""
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        said = ran("sha256sum", "--strict", "-c", manifest, at=bag)
        assert said.returncode == 0, said.stdout + said.stderr
    listed = {line[66:] for line in (bag / "manifest-sha256.txt").read_text().splitlines()}
    files = {str(p.relative_to(bag)) for p in (bag / "data").rglob("*") if p.is_file()}
    assert listed == files
    stretches = sorted(str(p) for p in (bag / "data" / "record").glob("*/*.jsonl"))
    assert stretches != []
    said = ran(sys.executable, "-I", "-S", "data/check_record.py", *stretches, at=bag)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count(" OK\n") == len(stretches)


def texts(bag: Path) -> str:
    """All that can be read in a package."""
    kinds = (".json", ".html", ".jsonl", ".txt", ".pem")
    files = [p for p in sorted(bag.rglob("*")) if p.suffix in kinds]
    return "\n".join(p.read_text("utf-8") for p in files)


def test_a_supervisor_gets_a_package_that_anybody_can_check(office: Office, tmp_path: Path) -> None:
    ticket = signed_ticket(office)
    bag = unpacked(office, "ducha1", ticket, tmp_path)
    assert bag.name == ticket["number"]
    check(bag)
    own = bag / "data" / "tickets" / ticket["number"]
    photos = sorted(path.name for path in (own / "photos").iterdir())
    assert photos == [
        f"{number:02d}-{kind}.jpg" for number in (1, 2) for kind in ("display", "received", "thumb")
    ]
    said = json.loads((own / "ticket.json").read_text("utf-8"))
    assert [step["note"] for step in said["server"]["timeline"]] == [
        "楼前堆放杂物",
        "已经清走",
        "现场已复核",
    ]
    assert all(step["record"] for step in said["server"]["timeline"])
    assert all(photo["record"] for photo in said["server"]["photos"])
    assert all(day["signed"] for day in said["record"])
    assert said["device"]["photos"][0]["position"]["datum"] == "wgs84"
    page = (own / "report.html").read_text("utf-8")
    assert page.index("服务器可以证明的") < page.index("设备自报的")
    assert "楼前堆放杂物" in page and "photos/01-display.jpg" in page
    assert "别处的事" not in texts(bag)
    for signature in (bag / "data" / "record").glob("*/*.signature.bin"):
        assert signature.stat().st_size == 64
    assert "工单" in (bag / "data" / "index.html").read_text("utf-8")


def test_the_chain_in_it_holds_what_the_page_says(office: Office, tmp_path: Path) -> None:
    ticket = signed_ticket(office)
    bag = unpacked(office, "guanli", ticket, tmp_path)
    said = json.loads((bag / "data/tickets" / ticket["number"] / "ticket.json").read_text("utf-8"))
    lines = [
        json.loads(line)
        for path in (bag / "data" / "record").glob("*/*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    facts = [json.loads(line["body"])["facts"] for line in lines if "body" in line]
    steps = {one["sequence"]: one for one in facts if "event" in one}
    assert {n: step["note_sha256"] for n, step in steps.items()} == {
        step["sequence"]: step["note_sha256"] for step in said["server"]["timeline"]
    }
    received = {one["sha256"] for one in facts if "bytes" in one}
    assert received == {photo["sha256"] for photo in said["server"]["photos"]}
    assert any("leaf" in line for line in lines)
    altered = next((bag / "data" / "record").glob("*/*.jsonl"))
    altered.write_text(altered.read_text().replace('"leaf":"', '"leaf":"00', 1))
    altered.write_text(altered.read_text().replace("received_at", "received_on", 1))
    assert ran("sha256sum", "-c", "manifest-sha256.txt", at=bag).returncode == 1


def test_outside_there_are_masked_pictures_and_no_names_or_words(
    office: Office, tmp_path: Path
) -> None:
    ticket = signed_ticket(office)
    path = f"/tickets/{ticket['id']}/package.zip"
    refused = office.get("ducha1", path, **{"for": "outside"})
    assert code_of(refused) == (409, "masks_pending")
    (named,) = refused.get_json()["tickets"]
    assert (named["number"], len(named["photos"])) == (ticket["number"], 2)
    assert office.get("ducha1", path).status_code == 200, "inside nothing waits"
    waiting = office.get("ducha1", "/photos/to-mask").get_json()
    assert [one["photo"]["id"] for one in waiting["items"]] == sorted(named["photos"])
    before, after = (use["photo"]["id"] for use in ticket["photos"])
    mask(office, before, Box(2, 2, 20, 20))
    assert code_of(office.get("ducha1", path, **{"for": "outside"}))[0] == 409
    mask(office, after)
    bag = unpacked(office, "ducha1", ticket, tmp_path, **{"for": "outside"})
    check(bag)
    pictures = sorted(p for p in bag.rglob("*") if p.suffix in (".jpg", ".png", ".webp", ".heic"))
    assert [p.name for p in pictures] == ["01-display.jpg", "02-display.jpg"]
    for photo_id, picture in zip((before, after), pictures, strict=True):
        shown = urls_of(office, "wuye11", photo_id)["display"]
        assert picture.read_bytes() == data_at(office, shown)
    assert is_covered(pictures[0].read_bytes(), Box(2, 2, 20, 20))
    read = texts(bag)
    people = {step["actor"]["name"] for step in office.see("ducha1", ticket)["timeline"]}
    assert len(people) == 3
    assert [name for name in people if name in read] == []
    words = ("楼前堆放杂物", "已经清走", "现场已复核")
    assert [each for each in words if each in read] == []
    page = (bag / "data/tickets" / ticket["number"] / "report.html").read_text("utf-8")
    assert "照片是显示图" in page and "示例甲物业公司 物业人员" in page
    assert all(photo["photo"]["sha256"] in page for photo in ticket["photos"])


def test_what_is_not_on_the_record_yet_is_said(office: Office, tmp_path: Path) -> None:
    ticket = office.closed_ticket()
    bag = unpacked(office, "ducha1", ticket, tmp_path)
    page = (bag / "data/tickets" / ticket["number"] / "report.html").read_text("utf-8")
    assert page.count("待入链</td>") == 5
    office.worker()
    bag = unpacked(office, "ducha1", ticket, tmp_path / "later")
    page = (bag / "data/tickets" / ticket["number"] / "report.html").read_text("utf-8")
    assert "待入链</td>" not in page and "还没有签名" in page
    check(bag)


def test_bytes_that_changed_in_the_store_are_found_by_the_manifest(
    office: Office, tmp_path: Path, photo_folder: Path
) -> None:
    ticket = signed_ticket(office)
    (received,) = photo_folder.rglob(f"{ticket['photos'][0]['photo']['sha256']}/received")
    received.write_bytes(received.read_bytes()[:-1] + b"?")
    (thumb,) = photo_folder.rglob(f"{ticket['photos'][1]['photo']['sha256']}/thumb")
    thumb.unlink()
    bag = unpacked(office, "ducha1", ticket, tmp_path)
    said = ran("sha256sum", "--quiet", "-c", "manifest-sha256.txt", at=bag)
    assert said.returncode == 1
    assert said.stdout.count("FAILED") == 1 and "01-received.jpg" in said.stdout
    assert not [*bag.rglob("02-thumb.jpg")]


def test_who_may_not_have_it(office: Office) -> None:
    ticket = office.closed_ticket()
    path = f"/tickets/{ticket['id']}/package.zip"
    assert office.get("wangge11", path).status_code == 403
    assert office.get("wuye11", path).status_code == 403
    assert office.get("wuye21", path).status_code == 404
    assert office.get("ducha1", path, **{"for": "everybody"}).status_code == 422


def test_the_command_writes_a_folder_or_a_zip_of_some_days(office: Office, tmp_path: Path) -> None:
    ticket = signed_ticket(office)
    one = tmp_path / "one"
    said = office.run("evidence", "package", "--ticket", ticket["number"], str(one))
    assert "1 张工单" in said
    check(one)
    days = ("--from", "2026-11-25", "--to", "2026-11-25")
    place = ("--organisation", office.town.community())
    every = tmp_path / "every.zip"
    outside = ("evidence", "package", *place, *days, "--for", "outside", str(every))
    assert "还没有人看过要不要遮盖" in office.run(*outside, status=1)
    assert not every.exists()
    for each in office.listed("ducha1"):
        office.look_over(each)
    said = office.run(*outside)
    assert "2 张工单" in said
    with zipfile.ZipFile(every) as archive:
        archive.extractall(tmp_path / "unpacked")
    check(tmp_path / "unpacked" / "every")
    again = office.run("evidence", "package", *place, *days, str(every), status=1)
    assert "已经有了" in again
    nothing = tmp_path / "nothing"
    for wrong in (
        ("--ticket", "none"),
        place,
        (*place, "--from", "2026-11-01", "--to", "2026-11-02"),
        ("--organisation", "none", *days),
    ):
        office.run("evidence", "package", *wrong, str(nothing), status=1)
    office.run("evidence", "package", "--as", "nobody", *place, *days, str(nothing), status=1)
    assert not nothing.exists()
    _what_a_command_takes_is_noted(office, ticket, tmp_path)


def _what_a_command_takes_is_noted(office: Office, ticket: Json, folder: Path) -> None:
    """Once without a name, not for what goes outside, and then with one."""
    named = office.get("ducha1", "/me").get_json()["name"]
    taken = ("evidence", "package", "--ticket", ticket["number"])
    office.run(*taken, "--as", "ducha1", str(folder / "two"))
    for use in ticket["photos"]:
        looks = office.get("ducha1", f"/photos/{use['photo']['id']}/looks").get_json()["items"]
        assert [(each["kind"], each["person"]) for each in looks] == [
            ("received", named),
            ("received", "系统"),
        ]


def test_who_takes_received_files_is_noted_and_what_is_in_quarantine_stays_out(
    office: Office, tmp_path: Path
) -> None:
    ticket = signed_ticket(office)
    before, after = (use["photo"] for use in ticket["photos"])
    office.sql(
        "UPDATE blobs SET quarantined_at = stored_at WHERE sha256 = :sha256",
        sha256=before["sha256"],
    )
    bag = unpacked(office, "ducha1", ticket, tmp_path)
    check(bag)
    own = bag / "data" / "tickets" / ticket["number"]
    assert {path.name[:2] for path in (own / "photos").iterdir()} == {"02"}
    said = json.loads((own / "ticket.json").read_text("utf-8"))["server"]["photos"]
    assert [one["withheld"] for one in said] == ["待人工审核", None]
    assert "没有照片文件：待人工审核" in (own / "report.html").read_text("utf-8")
    for photo, kinds in ((before, []), (after, ["received"])):
        looks = office.get("ducha1", f"/photos/{photo['id']}/looks").get_json()["items"]
        assert [each["kind"] for each in looks] == kinds
