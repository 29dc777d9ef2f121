"""Photos whose period is over go, what is needed or held stays, and the record says so."""

import io
import zipfile
from pathlib import Path

from app.photos.store import BlobKind, blob_key
from tests.evidence.conftest import Office
from tests.tickets.stories import Json, code_of, picture


def files_of(folder: Path, sha256: str) -> list[str]:
    """What lies in the store of a blob."""
    found = (folder / blob_key(sha256, kind) for kind in BlobKind)
    return [path.name for path in found if path.exists()]


def purge(office: Office, *options: str) -> str:
    return office.run("photos", "purge", *options)


def seen(office: Office, who: str, photo_id: str) -> Json:
    answer = office.get(who, f"/photos/{photo_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_what_is_over_goes_and_what_is_open_stays(office: Office, photo_folder: Path) -> None:
    closed, still_open = office.closed_ticket(), office.report(category="01-10")
    shot = picture()
    unused = seen(office, "wangge11", office.photo("wangge11", data=shot))
    office.photo("wuye11", data=shot)
    office.worker()
    assert "将清除 0 张" in purge(office, "--dry-run")

    office.later(days=91)
    assert "将清除 2 张（没有用过的 2 张）" in purge(office, "--dry-run")
    assert len(files_of(photo_folder, unused["sha256"])) == 3
    assert "已清除 2 张（没有用过的 2 张），删去文件 3 个" in purge(office)
    assert files_of(photo_folder, unused["sha256"]) == []
    assert "已清除 0 张" in purge(office)

    office.later(days=3 * 366)
    before, after = (use["photo"] for use in closed["photos"])
    # The worker links, but purges only where that is switched on.
    office.worker()
    assert len(files_of(photo_folder, before["sha256"])) == 3
    assert "已清除 2 张（工单的 2 张）" in purge(office)
    assert files_of(photo_folder, before["sha256"]) == files_of(photo_folder, after["sha256"]) == []
    kept = still_open["photos"][0]["photo"]
    assert len(files_of(photo_folder, kept["sha256"])) == 3
    office.worker()
    assert "没有发现问题" in office.verify("--with-files")
    removals = [entry for entry in office.entries() if entry.kind == "photo_removed"]
    assert len(removals) == 4
    assert '"use":"ticket"' in removals[-1].body
    assert "内容无误" in office.run("photos", "check")
    _a_purged_photo_answers_calmly(office, closed, before, unused)
    _files_that_went_unlawfully_are_told(office, photo_folder, kept["sha256"])


def _a_purged_photo_answers_calmly(
    office: Office, ticket: Json, before: Json, unused: Json
) -> None:
    """Its facts stay, its picture says that it went, and nothing new can be made of it."""
    now = office.see("shequ1", ticket)
    photo = now["photos"][0]["photo"]
    assert photo["purged_at"] is not None
    assert (photo["sha256"], photo["verdict"]) == (before["sha256"], before["verdict"])
    for kind in ("thumb", "display"):
        answer = office.client.get(photo["urls"][kind])
        assert (answer.status_code, answer.mimetype) == (410, "image/svg+xml")
        assert "照片已按保存期限清除" in answer.text
    again = office.try_report(photo_ids=[unused["id"]])
    assert code_of(again) == (409, "photo_purged")
    deleted = office.client.delete(
        f"/api/v1/photos/{unused['id']}", headers=office.headers("wangge11")
    )
    assert code_of(deleted) == (409, "photo_purged")
    package = office.get("ducha1", f"/tickets/{ticket['id']}/package.zip")
    assert package.status_code == 200
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        (page,) = (name for name in archive.namelist() if name.endswith("report.html"))
        said = archive.read(page).decode()
        assert not [name for name in archive.namelist() if name.endswith(".jpg")]
    assert said.count("保存期满清除（工单的照片保存 1095 天）") == 4, (
        "both photos, in the table and in place of the picture"
    )
    outside = office.get("ducha1", f"/tickets/{ticket['id']}/package.zip", **{"for": "outside"})
    assert outside.status_code == 200, "nothing is left that could wait"
    sheet = office.get("ducha1", f"/tickets/{ticket['id']}/sheet.pdf")
    assert sheet.status_code == 200
    assert photo["sha256"] in office.get("ducha1", f"/tickets/{ticket['id']}").text


def _files_that_went_unlawfully_are_told(office: Office, folder: Path, sha256: str) -> None:
    (folder / blob_key(sha256, BlobKind.RECEIVED)).unlink()
    office.sql("UPDATE photos SET purged_at = received_at WHERE sha256 = :sha256", sha256=sha256)
    assert "原图文件缺失" in office.verify("--with-files", faults=True)


def test_who_sends_the_same_bytes_again_keeps_them(office: Office, photo_folder: Path) -> None:
    shot = picture()
    first = seen(office, "wangge11", office.photo("wangge11", data=shot))
    office.later(days=100)
    purge(office)
    again = seen(office, "wangge11", office.photo("wangge11", data=shot))
    assert (again["id"], again["purged_at"] is not None) == (first["id"], True)
    other = seen(office, "shequ1", office.photo("shequ1", data=shot))
    assert other["purged_at"] is None
    assert len(files_of(photo_folder, first["sha256"])) == 3
    assert office.client.get(other["urls"]["thumb"]).status_code == 200
    assert office.client.get(again["urls"]["thumb"]).status_code == 410
    assert "已清除 0 张" in purge(office)
    office.later(days=100)
    assert "已清除 1 张（没有用过的 1 张），删去文件 3 个" in purge(office)
    assert files_of(photo_folder, first["sha256"]) == []


def test_a_run_that_was_killed_is_gone_on_with(office: Office, photo_folder: Path) -> None:
    photo = seen(office, "wangge11", office.photo("wangge11"))
    office.later(days=100)
    kept = {path: path.read_bytes() for path in photo_folder.rglob("*") if path.is_file()}
    purge(office)
    # As if it had been killed between the rows and the files.
    for path, data in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    office.sql("UPDATE blobs SET files_gone = false")
    assert office.client.get(photo["urls"]["thumb"]).status_code in (403, 410)
    assert "删去文件 3 个" in purge(office)
    assert files_of(photo_folder, photo["sha256"]) == []


def test_a_single_photo_is_held(office: Office, photo_folder: Path) -> None:
    held, other = office.photo("wangge11"), office.photo("wangge11")
    path = f"/photos/{held}/holds"
    assert code_of(office.post("shequ1", path, {"reason": "信访"})) == (403, "not_allowed")
    made = office.post("ducha1", path, {"reason": "信访〔2026〕3号"})
    assert made.status_code == 201, made.text
    assert code_of(office.post("ducha1", path, {"reason": "再一次"})) == (409, "held_already")
    office.later(days=100)
    said = purge(office)
    assert "已清除 1 张" in said
    assert "照片本身保全" in said
    assert "信访〔2026〕3号" in said
    assert seen(office, "wangge11", held)["purged_at"] is None
    late = office.post("ducha1", f"/photos/{other}/holds", {"reason": "晚了"})
    assert code_of(late) == (409, "photo_purged")
    removal = office.client.delete(f"/api/v1/photos/{held}", headers=office.headers("wangge11"))
    assert code_of(removal) == (409, "photo_once_held")
    assert office.post("ducha1", f"{path}/release", {"reason": "已答复"}).status_code == 200
    (told,) = office.get("ducha1", path).get_json()["items"]
    assert (told["holds"], told["release_reason"]) == (False, "已答复")
    logged = office.sql(
        "SELECT subject_code, action FROM audit_entries WHERE subject_kind = 'hold' ORDER BY id"
    )
    assert [tuple(entry) for entry in logged] == [(held, "give"), (held, "end")]
    assert "已清除 1 张" in purge(office)
    assert not any(photo_folder.rglob("received"))


def test_a_hold_is_released_by_its_place_or_above(office: Office) -> None:
    path = f"/photos/{office.report()['photos'][0]['photo']['id']}/holds"
    assert office.post("guanli", path, {"reason": "县里调查"}).status_code == 201
    refused = office.post("ducha1", f"{path}/release", {"reason": "不用了"})
    assert code_of(refused) == (403, "held_by_others")
    assert office.get("ducha1", path).get_json()["items"][0]["holds"]
    office.later(minutes=1)
    assert office.post("guanli", f"{path}/release", {"reason": "查完了"}).status_code == 200
    assert office.post("ducha1", path, {"reason": "信访"}).status_code == 201
    office.later(minutes=1)
    assert office.post("guanli", f"{path}/release", {"reason": "已答复"}).status_code == 200


def test_what_is_held_stays_until_it_is_released(office: Office, photo_folder: Path) -> None:
    ticket = office.closed_ticket()
    path = f"/tickets/{ticket['id']}/holds"
    assert code_of(office.post("shequ1", path, {"reason": "行政复议"})) == (403, "not_allowed")
    held = office.post("ducha1", path, {"reason": "行政复议〔2026〕8号"})
    assert held.status_code == 201, held.text
    assert code_of(office.post("ducha1", path, {"reason": "再一次"})) == (409, "held_already")
    office.later(days=3 * 366)
    said = purge(office)
    assert "已清除 0 张" in said
    assert "因保全留下 2 张" in said
    assert "行政复议〔2026〕8号" in said
    early = {"reason": "诉讼", "until": "2026-11-25T00:00:00Z"}
    assert code_of(office.post("ducha1", path, early))[0] == 422
    released = office.post("ducha1", f"{path}/release", {"reason": "已经审结"})
    assert released.status_code == 200, released.text
    again = office.post("ducha1", f"{path}/release", {"reason": "已经审结"})
    assert code_of(again) == (409, "not_held")
    (told,) = office.get("ducha1", path).get_json()["items"]
    assert (told["holds"], told["release_reason"]) == (False, "已经审结")
    logged = office.sql("SELECT action FROM audit_entries WHERE subject_kind = 'hold' ORDER BY id")
    assert [entry.action for entry in logged] == ["give", "end"]
    assert "已清除 2 张（工单的 2 张）" in purge(office)
    assert not any(photo_folder.rglob("received"))
