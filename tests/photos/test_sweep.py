"""`photos sweep` removes what no row knows and nothing else; `photos check` finds what is amiss."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.kernel.clock import utc_now
from app.photos.store import BlobKind, blob_key
from app.photos.sweeping import remove_orphan
from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.memory_store import MemoryPhotoStore
from tests.photos.phones import Phone
from tests.towns import Town

Phones = Callable[[str], Phone]
Run = Callable[..., str]
LONG_AGO = timedelta(hours=25)
ORPHAN = blob_key("ab" * 32, BlobKind.RECEIVED)


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask photos …`; gives what it says, after checking the exit status."""

    def invoke(*arguments: str, status: int = 0) -> str:
        result: Result = app.test_cli_runner().invoke(args=["photos", *arguments])
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return str(result.output)

    return invoke


def lay(folder: Path, name: str, data: bytes, *, age: timedelta) -> Path:
    """A file in the store as it would lie there after a time."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    put_at = (utc_now() - age).timestamp()
    os.utime(path, (put_at, put_at))
    return path


def make_old(folder: Path) -> None:
    """Everything in the store was put a day and an hour ago."""
    put_at = (utc_now() - LONG_AGO).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (put_at, put_at))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_orphans_of_a_day_and_left_over_parts_go_and_photos_stay(
    town: Town, phone: Phones, run: Run, photo_folder: Path
) -> None:
    photo = phone("wangge11").send(pictures.photo())
    make_old(photo_folder)
    kept = files(photo_folder)
    received = blob_key(photo["sha256"], BlobKind.RECEIVED)
    doomed = [
        lay(photo_folder, ORPHAN, bytes(1000), age=LONG_AGO),
        lay(photo_folder, blob_key("cd" * 32, BlobKind.THUMB), bytes(24), age=LONG_AGO),
        # Of a photo that is there: a put that was killed half way.
        lay(photo_folder, f"{received}.part-0011223344556677", bytes(10), age=LONG_AGO),
    ]
    spared = [
        lay(photo_folder, blob_key("ef" * 32, BlobKind.THUMB), b"x", age=timedelta(hours=23)),
        lay(photo_folder, f"{received}.part-8899aabbccddeeff", b"x", age=timedelta(hours=1)),
        lay(photo_folder, ".gitkeep", b"", age=LONG_AGO),
        lay(photo_folder, "readme.txt", b"somebody's own", age=LONG_AGO),
        lay(photo_folder, f"ab/cd/{'ab' * 32}/thumb", b"not a place of ours", age=LONG_AGO),
    ]
    assert run("sweep", "--dry-run") == "将清理 3 个文件，共 1034 字节；不满一天的不动。\n"
    assert all(path.is_file() for path in doomed)
    assert run("sweep") == "已清理 3 个文件，共 1034 字节；不满一天的不动。\n"
    assert not any(path.exists() for path in doomed)
    assert all(path.is_file() for path in spared)
    assert kept <= files(photo_folder)
    assert run("sweep") == "已清理 0 个文件，共 0 字节；不满一天的不动。\n"
    assert run("check") == "核对了 1 份照片，文件都在，内容无误。\n"


def test_a_removed_photos_bytes_go_a_day_later_unless_another_has_them(
    town: Town, phone: Phones, run: Run, photo_folder: Path, clock: MovableClock,
    left: Callable[[], dict[str, int]],
) -> None:  # fmt: skip
    warden = phone("wangge11")
    alone, shared = pictures.photo(), pictures.photo(software="shared")
    removed = [warden.send(data)["id"] for data in (alone, shared)]
    phone("wangge12").send(shared)
    for photo_id in removed:
        assert warden.delete(f"/photos/{photo_id}").status_code == 204
    assert run("sweep").startswith("已清理 0 个")
    make_old(photo_folder)
    clock.move(LONG_AGO)
    assert run("sweep", "--dry-run").startswith("将清理 3 个")
    assert left() == {"photos": 1, "blobs": 2, "files": 6}
    assert run("sweep").startswith("已清理 3 个")
    assert left() == {"photos": 1, "blobs": 1, "files": 3}
    assert warden.send(alone, status=201)["sha256"]
    assert left() == {"photos": 2, "blobs": 2, "files": 6}


def test_bytes_sent_again_before_the_sweep_are_kept(
    town: Town, phone: Phones, run: Run, photo_folder: Path, clock: MovableClock
) -> None:
    warden, data = phone("wangge11"), pictures.photo()
    first = warden.send(data)
    warden.delete(f"/photos/{first['id']}")
    make_old(photo_folder)
    clock.move(LONG_AGO)
    again = warden.send(data)
    assert run("sweep").startswith("已清理 0 个")
    assert warden.client.get(again["urls"]["received"]).content == data


def test_an_orphan_put_again_between_the_look_and_the_removal_stays() -> None:
    now = utc_now()
    times = iter([now - LONG_AGO, now])
    store = MemoryPhotoStore(clock=lambda: next(times))
    store.put(ORPHAN, io.BytesIO(b"old"), media_type="image/jpeg")
    store.put(ORPHAN, io.BytesIO(b"an upload under way"), media_type="image/jpeg")
    assert remove_orphan(store, ORPHAN, now=now) is None
    assert store.size(ORPHAN) == 19


def test_what_is_missing_or_altered_is_reported(
    town: Town, phone: Phones, run: Run, photo_folder: Path
) -> None:
    warden = phone("wangge11")
    lost, spoilt, sound = (warden.send(pictures.photo(software=f"{n}"))["sha256"] for n in range(3))
    (photo_folder / blob_key(lost, BlobKind.RECEIVED)).unlink()
    (photo_folder / blob_key(spoilt, BlobKind.DISPLAY)).write_bytes(b"spoilt")
    said = run("check", status=1)
    assert f"{lost}\treceived\t缺失\t涉及 1 张照片" in said
    assert f"{spoilt}\tdisplay\t与入库时不同\t涉及 1 张照片" in said
    assert sound not in said
    assert "核对了 3 份照片，2 个文件有问题" in said


def test_a_store_that_does_not_answer_is_said_in_a_sentence(
    town: Town, app: Flask, run: Run
) -> None:
    store = app.extensions["gexun_store"] = MemoryPhotoStore()
    store.down = True
    assert "照片存储没有应答" in run("sweep", status=1)
    assert "核对了 0 份照片" in run("check")


def test_without_any_photo_there_is_nothing_to_do(town: Town, run: Run) -> None:
    assert run("sweep") == "已清理 0 个文件，共 0 字节；不满一天的不动。\n"
    assert run("check") == "核对了 0 份照片，文件都在，内容无误。\n"
