"""`photos rehash`: photos from before, or of an older version, are brought along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.kernel.db import unit_of_work
from app.photos.evidence import Verdict
from app.photos.judgements import JudgedFor, PhotoJudgement
from app.photos.likeness.hashing import HASH_VERSION
from app.photos.likeness.models import AlikePair, PictureHash
from app.photos.models import Photo, PhotoBlob
from app.photos.store import BlobKind, blob_key
from tests.photos.likeness.test_noticing import likes, sent
from tests.photos.phones import Phone
from tests.tickets.stories import Json
from tests.towns import Town

Phones = Callable[[str], Phone]
Run = Callable[..., str]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask photos rehash`; gives what it says, after checking the exit status."""

    def invoke(*, status: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=["photos", "rehash"])
        assert result.exit_code == status, result.output
        return str(result.output)

    return invoke


def unhash(app: Flask, *shas: str, version: int | None = None) -> None:
    """Puts blobs back to how they were before there were hashes, or to another version's."""
    with app.app_context(), unit_of_work() as session:
        numbers = list(session.scalars(select(PhotoBlob.number).where(PhotoBlob.sha256.in_(shas))))
        blobs = update(PhotoBlob).where(PhotoBlob.number.in_(numbers))
        session.execute(blobs.values(hash_version=version))
        if version is None:
            session.execute(delete(PictureHash).where(PictureHash.number.in_(numbers)))
            session.execute(delete(AlikePair).where(AlikePair.number.in_(numbers)))
            session.execute(delete(AlikePair).where(AlikePair.other.in_(numbers)))


def counted(app: Flask) -> tuple[int, int, int]:
    """How many blobs are of this version, how many hashes and how many pairs there are."""
    with app.app_context(), unit_of_work() as session:
        blobs = session.scalars(select(PhotoBlob).where(PhotoBlob.hash_version == HASH_VERSION))
        hashes, pairs = session.scalars(select(PictureHash)), session.scalars(select(AlikePair))
        return len(blobs.all()), len(hashes.all()), len(pairs.all())


def test_old_photos_are_compared_with_what_came_before_they_had_hashes(
    app: Flask, town: Town, phone: Phones, run: Run
) -> None:
    old = phone("wangge11").send(sent())
    unhash(app, old["sha256"])
    new = phone("wangge12").send(sent(quality=60))
    alone = phone("wangge12").send(sent(2))
    assert likes(new) == []
    assert "1 份" in run()
    seen = phone("ducha1").get(f"/photos/{new['id']}")
    assert likes(seen) == [("photo_near_identical", "contradicts", old["id"])]
    assert seen["verdict"] == "needs_review"
    _what_was_thought_before_is_kept(app, new)
    for photo in (old, alone):
        untouched = phone("ducha1").get(f"/photos/{photo['id']}")
        assert (untouched["verdict"], likes(untouched)) == ("consistent", [])
    assert counted(app) == (3, 30, 1)
    assert "0 份" in run()
    later = phone("wangge21").send(sent(quality=75))
    assert len(likes(later)) == 2


def _what_was_thought_before_is_kept(app: Flask, photo: Json) -> None:
    with app.app_context(), unit_of_work() as session:
        (kept,) = session.scalars(select(PhotoJudgement)).all()
        assert (str(kept.photo_id), kept.judged_for) == (photo["id"], JudgedFor.rehashed)
        assert (kept.verdict_before, kept.verdict) == (Verdict.CONSISTENT, Verdict.NEEDS_REVIEW)
        assert kept.findings[: len(kept.findings_before)] == kept.findings_before
        assert len(kept.findings) == len(kept.findings_before) + 1


def test_another_version_takes_the_place_of_the_older_one(
    app: Flask, town: Town, phone: Phones, run: Run
) -> None:
    photos = [phone("wangge11").send(sent()), phone("wangge12").send(sent(quality=60))]
    shas = [photo["sha256"] for photo in photos]
    before = [phone("ducha1").get(f"/photos/{photo['id']}")["findings"] for photo in photos]
    unhash(app, *shas, version=HASH_VERSION + 1)
    unhash(app, shas[0])
    assert "2 份" in run()
    assert counted(app) == (2, 20, 1)
    after = [phone("ducha1").get(f"/photos/{photo['id']}")["findings"] for photo in photos]
    assert after == before, "what was known is not said twice"


def test_a_missing_thumb_is_told_and_the_others_go_on(
    app: Flask, town: Town, phone: Phones, run: Run, photo_folder: Path
) -> None:
    photos = [phone("wangge11").send(sent(number)) for number in (1, 2, 3)]
    unhash(app, *(photo["sha256"] for photo in photos))
    thumbs = [photo_folder / blob_key(photo["sha256"], BlobKind.THUMB) for photo in photos]
    kept = thumbs[0].read_bytes()
    thumbs[0].unlink()
    thumbs[1].write_bytes(b"no picture")
    assert "2 份" in run(status=1)
    assert counted(app) == (1, 10, 0)
    thumbs[0].write_bytes(kept)
    thumbs[1].write_bytes(kept)
    assert "2 份" in run()


def test_a_removed_photo_leaves_no_hashes_once_it_is_swept(
    app: Flask, town: Town, phone: Phones
) -> None:
    phone("wangge11").send(sent())
    phone("wangge12").send(sent(quality=60))
    assert counted(app) == (2, 20, 1)
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(Photo))
        session.execute(delete(PhotoBlob))
    assert counted(app) == (0, 0, 0)
