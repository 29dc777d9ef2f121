"""`python -m tests.evidence.report [FOLDER ...]`: recall and false positives, as tables.

Each photo is kept as if it had been sent; each change of it goes through a chat and then takes the
way of an upload: examined, hashed, looked up in the database.
"""

import argparse
import io
import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade
from PIL import Image
from sqlalchemy.orm import Session

from app import create_app
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.photos.evidence import Thresholds
from app.photos.imaging.examine import examine
from app.photos.likeness.hashing import Hashes, hashes_of
from app.photos.likeness.keeping import keep_hashes, looks_of
from app.photos.likeness.lookup import Alike, alike_blobs
from app.photos.models import PhotoBlob
from tests.bench.databases import settings_for
from tests.evidence.attacks import ATTACKS, Attack, through_a_chat
from tests.evidence.retouching import report_retouching
from tests.evidence.sources import drawn, drawn_after, drawn_again, of_folder

LIMITS = Thresholds()
DRAWN = 44


@dataclass
class Tried:
    """How a change was met over all photos."""

    found: int = 0
    near: int = 0
    low_detail: int = 0


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(
        prog="make evidence-report", description="照片比对的检出率与误报"
    )
    parser.add_argument("folders", nargs="*", type=Path, help="照片文件夹")
    parser.add_argument("--drawn", type=int, default=DRAWN, help="绘制的照片数")
    told = parser.parse_args()
    if told.drawn:
        photos = [(f"place {place}", image) for place, image in drawn(told.drawn)]
        _report("绘制", photos)
        _report_honest(range(told.drawn))
        report_retouching(photos, drawn=True)
    for folder in told.folders:
        _report(folder.name, of_folder(folder))
        report_retouching(of_folder(folder), drawn=False)


def hashed(image: Image.Image) -> Hashes:
    """The hashes of a picture, by the way of an upload."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return hashes_of(examine(out.getvalue()).grey)


def _report(source: str, photos: Iterable[tuple[str, Image.Image]]) -> None:
    kept: dict[int, tuple[str, Image.Image]] = {}
    with _session() as session:
        low, alike = 0, []
        for name, image in photos:
            looks = hashed(image)
            if looks.shows_little():
                low += 1
                continue
            others = alike_blobs(session, looks, but=0)
            alike += [(name, kept[other.number][0], other) for other in others]
            kept[_keep(session, looks, len(kept) + 1)] = (name, image)
        print(f"\n## {source}：比对 {len(kept)} 张，另有 {low} 张内容过少未比对\n")
        _print_alike(alike, len(kept))
        print("| 处理 | 目标 % | 检出 % | 其中几乎相同 % | 处理后内容过少（张） |")
        print("|---|---|---|---|---|")
        for attack in ATTACKS:
            _print_tried(attack, _tried(session, attack, kept), len(kept))


def _print_alike(alike: list[tuple[str, str, Alike]], count: int) -> None:
    near = sum(_is_near(each) for *_, each in alike)
    pairs = count * (count - 1) // 2
    print(f"这些照片两两 {pairs:,} 对，判为相似的 {len(alike)} 对，其中几乎相同 {near} 对。")
    for one, other, each in alike[:12]:
        print(f"- {one} 与 {other}：{each.distance}/64，{each.fine_distance}/256")
    print()


def _tried(session: Session, attack: Attack, kept: dict[int, tuple[str, Image.Image]]) -> Tried:
    tried = Tried()
    for number, (name, image) in kept.items():
        looks = hashed(through_a_chat(attack.change(image, random.Random(f"{attack.name} {name}"))))
        if looks.shows_little():
            tried.low_detail += 1
            continue
        found = next((a for a in alike_blobs(session, looks, but=0) if a.number == number), None)
        tried.found += found is not None
        tried.near += found is not None and _is_near(found)
    return tried


def _print_tried(attack: Attack, tried: Tried, count: int) -> None:
    found, near = 100 * tried.found / count, 100 * tried.near / count
    expected = "–" if attack.expected is None else f"{attack.expected}"
    missed = attack.expected is not None and found < attack.expected
    mark = "（未达）" if missed else ""
    print(
        f"| {attack.name} | {expected} | {found:.1f}{mark} | {near:.1f} | {tried.low_detail} |",
        flush=True,
    )


def _report_honest(places: Iterable[int]) -> None:
    """Honest re-takes: what they would be told if nothing were known of the place."""
    retakes, repaired = [], []
    with _session() as session:
        for place, image in drawn(len(list(places))):
            number = _keep(session, hashed(image), place + 1)
            for again in drawn_again(place):
                retakes.append(_of(session, number, again))
            repaired.append(_of(session, number, drawn_after(place)))
    print("\n## 绘制：同一位置如实重拍\n")
    print("| 如实的一对 | 对数 | 相似 % | 几乎相同 % | 像素级相同（≤ 12/256）% |")
    print("|---|---|---|---|---|")
    for name, pairs in (("未变，再拍一次", retakes), ("整改前与整改后", repaired)):
        alike = [each for each in pairs if each is not None]
        near = [each for each in alike if _is_near(each)]
        copies = [each for each in near if each.fine_distance <= LIMITS.copy_fine_distance]
        shares = " | ".join(f"{100 * len(some) / len(pairs):.1f}" for some in (alike, near, copies))
        print(f"| {name} | {len(pairs)} | {shares} |", flush=True)


def _of(session: Session, number: int, image: Image.Image) -> Alike | None:
    found = alike_blobs(session, hashed(through_a_chat(image)), but=0)
    return next((each for each in found if each.number == number), None)


def _is_near(alike: Alike) -> bool:
    near = alike.whole_distance <= LIMITS.near_distance
    return near and alike.fine_distance <= LIMITS.near_fine_distance


def _keep(session: Session, looks: Hashes, number: int) -> int:
    blob = PhotoBlob(
        sha256=f"{number:064x}", bytes=1, media_type="image/jpeg", width=1, height=1,
        display_sha256="", thumb_sha256="", stored_at=utc_now(), number=number, **looks_of(looks),
    )  # fmt: skip
    session.add(blob)
    session.flush()
    keep_hashes(session, number, looks)
    return number


@contextmanager
def _session() -> Iterator[Session]:
    """A session on a fresh SQLite database that is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="gexun-evidence-") as name:
        url = f"sqlite:///{Path(name) / 'evidence.db'}"
        with create_app(settings_for(url, Path(name))).app_context():
            upgrade()
            yield db.session()
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
