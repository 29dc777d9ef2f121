"""What is not taken, over real HTTP: each refusal with its code, and nothing left but a count."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from config.settings import Settings
from tests.photos import pictures
from tests.photos.hostile import REFUSED, TAKEN
from tests.photos.phones import BASE, Phone
from tests.photos.pictures import SAMPLES
from tests.servers import LiveServer
from tests.towns import Town

Phones = Callable[[str], Phone]
NOTHING = {"photos": 0, "blobs": 0, "files": 0}
STATUS = {
    "photo_unreadable": 422,
    "photo_hostile": 422,
    "photo_too_many_pixels": 422,
    "unsupported_media_type": 415,
}


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """The folder that temporary files are made in while the test runs."""
    before, folder = tempfile.tempdir, tmp_path / "temporary"
    folder.mkdir()
    tempfile.tempdir = str(folder)
    yield folder
    tempfile.tempdir = before


def refusals_counted(server: LiveServer) -> dict[str, int]:
    """How often each reason was counted."""
    text = server.client.get("/metrics").text
    found = re.findall(r'^gexun_refusals_total\{code="(\w+)"\} (\d+)', text, re.MULTILINE)
    return {code: int(count) for code, count in found}


def test_every_hostile_file_is_refused_with_its_code_and_leaves_only_a_count(
    town: Town,
    phone: Phones,
    server: LiveServer,
    temporary: Path,
    left: Callable[[], dict[str, int]],
) -> None:
    warden, seen = phone("wangge11"), {}
    for name, (made, _) in REFUSED.items():
        answer = warden.upload(made())
        assert answer.headers["Content-Type"] == "application/problem+json", name
        seen[name] = (answer.status_code, answer.json()["code"])
    assert seen == {name: (STATUS[code], code) for name, (_, code) in REFUSED.items()}
    assert left() == NOTHING
    assert list(temporary.iterdir()) == []
    wanted = [code for _, code in REFUSED.values()]
    counted = refusals_counted(server)
    assert {code: counted[code] for code in set(wanted)} == {
        code: wanted.count(code) for code in set(wanted)
    }


def test_odd_files_that_show_a_picture_are_taken(
    town: Town, phone: Phones, temporary: Path
) -> None:
    warden = phone("wangge11")
    for name, made in TAKEN.items():
        answer = warden.upload(made())
        assert answer.status_code == 201, (name, answer.text)
        assert answer.json()["positions"]["exif"] is None, name
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample photos beside this clone")
def test_photos_of_real_cameras_are_taken(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix.lower() not in (".jpg", ".heic"):
            continue
        answer = warden.upload(path.read_bytes(), name=path.name)
        # Decoders differ in what they still make of its damaged data.
        wanted = (201, 422) if path.name == "corrupted.jpg" else (201,)
        assert answer.status_code in wanted, (path.name, answer.text)


class TestWithASmallCap:
    """The cap in bytes, set low."""

    CAP = 200_000

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """A cap of 200 kB on photos."""
        return settings.model_copy(update={"photo_max_bytes": self.CAP})

    @pytest.mark.parametrize("size", [CAP + 1, CAP + 64 * 1024, 8_000_000])
    def test_a_file_beyond_the_cap_is_refused(
        self,
        town: Town,
        phone: Phones,
        server: LiveServer,
        temporary: Path,
        left: Callable[[], dict[str, int]],
        size: int,
    ) -> None:
        problem = phone("wangge11").send(pictures.photo().ljust(size, b"\x00"), status=413)
        assert problem["code"] == "photo_too_large"
        assert (left(), list(temporary.iterdir())) == (NOTHING, [])
        assert refusals_counted(server)["photo_too_large"] == 1

    def test_a_file_of_exactly_the_cap_is_taken(self, town: Town, phone: Phones) -> None:
        photo = phone("wangge11").send(pictures.photo().ljust(self.CAP, b"\x00"))
        assert photo["bytes"] == self.CAP

    def test_the_cap_holds_without_a_length_announced(self, town: Town, phone: Phones) -> None:
        def chunks() -> Iterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(100):
                yield bytes(10_000)
            yield b"\r\n--b--\r\n"

        answer = phone("wangge11").client.post(
            f"{BASE}/photos",
            content=chunks(),
            headers={
                "Content-Type": "multipart/form-data; boundary=b",
                "Idempotency-Key": str(uuid4()),
            },
        )
        assert answer.status_code in (413, 422), answer.text


def test_a_file_is_needed_under_its_own_name_and_only_one(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden = phone("wangge11")
    one, two = ("a.jpg", pictures.photo()), ("b.jpg", pictures.photo(software="b"))
    refused = {
        "none": {"lng": (None, "118.3"), "lat": (None, "30.9")},
        "another name": {"photo": one},
        "no file name": {"file": (None, "pixels")},
        "twice": [("file", one), ("file", two)],
        "one more": [("file", one), ("extra", two)],
    }
    for name, files in refused.items():
        answer = warden.client.post(
            f"{BASE}/photos", files=files, headers={"Idempotency-Key": str(uuid4())}
        )
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "invalid_input"), name
        assert list(problem["errors"]) == ["file"], name
    assert left() == NOTHING


NAMES = ["../../etc/passwd", "..\\..\\x.jpg", "/etc/cron.d/x", "a\x00.jpg", "x" * 10_000 + ".jpg",
         "照片.jpg", "a;rm -rf.jpg", "CON", " ", "a\r\nX-Evil: 1"]  # fmt: skip


def test_the_name_of_a_file_is_never_used(town: Town, phone: Phones, photo_folder: Path) -> None:
    warden = phone("wangge11")
    for number, name in enumerate(NAMES):
        data = pictures.photo(software=f"n{number}")
        warden.send(data, name=name)
    ours = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}/(received|display|thumb)")
    kept = [p.relative_to(photo_folder).as_posix() for p in photo_folder.rglob("*") if p.is_file()]
    assert len(kept) == 3 * len(NAMES)
    assert all(ours.fullmatch(path) for path in kept)


def test_a_refusal_frees_the_key(town: Town, phone: Phones) -> None:
    warden, key = phone("wangge11"), str(uuid4())
    assert warden.upload(b"no photo", key=key).status_code == 415
    assert warden.upload(pictures.photo(), key=key).status_code == 201
    reused = warden.upload(pictures.photo(software="x"), key=key)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_means_only_what_its_own_person_made(town: Town, phone: Phones) -> None:
    key = str(uuid4())
    mine = phone("wangge11").upload(pictures.photo(), key=key).json()
    unknown = phone("wangge12").get(f"/photos/key:{key}", status=422)
    assert unknown["code"] == "reference_unknown"
    assert phone("wangge12").get(f"/photos/{mine['id']}")["id"] == mine["id"]
    assert phone("wangge11").get("/photos/nonsense", status=404)["code"] == "not_found"
