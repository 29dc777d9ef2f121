"""`python -m tests.bench.pipeline [FOLDER]`: the CPU of one upload's pictures beside the limit.

The limit is what nobody can do without: SHA-256, a decode at a quarter of the scale, a hash of
32 × 32 levels, and an encode. Both are measured in turn, so that the machine's mood is the same.
"""

import hashlib
import io
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from app.photos.evidence import PhotoFacts
from app.photos.findings import findings_of_photo
from app.photos.imaging.examine import examine
from app.photos.likeness.hashing import hashes_of
from tests.bench.pictures import SHARED, large_photos
from tests.bench.sizes import FULL

LEAST_PIXELS = 7_500_000
RECEIVED_AT = datetime(2026, 11, 27, 10, tzinfo=UTC)


def measure_pipeline(folder: Path | None = SHARED.parent, rounds: int = FULL.rounds) -> None:
    """Prints milliseconds of CPU of each large JPEG of a folder, and of one that is drawn."""
    files = sorted(folder.glob("*.jp*g")) if folder else []
    photos = {path.name: path.read_bytes() for path in files}
    photos = {name: data for name, data in photos.items() if _is_large(data)}
    photos["12 MP, re-encoded"] = next(iter(large_photos(1)))
    ratios = []
    for name, data in photos.items():
        both = [(_cpu_ms(_pipeline, data), _cpu_ms(_limit, data)) for _ in range(rounds)]
        whole, least = (median(each) for each in zip(*both, strict=True))
        ratios.append(whole / least)
        print(f"pipeline of {name}: {whole:.1f} ms, limit {least:.1f} ms, {whole / least:.2f} x")
    print(f"pipeline: median {median(ratios):.2f} x the limit, worst {max(ratios):.2f} x\n")


def _is_large(data: bytes) -> bool:
    try:
        picture = Image.open(io.BytesIO(data), formats=["JPEG"])
        picture.load()
    except (OSError, SyntaxError):
        return False
    return picture.width * picture.height >= LEAST_PIXELS


def _pipeline(data: bytes) -> object:
    """All that an upload does with the picture: both renditions, EXIF, hashes, findings."""
    digest = hashlib.sha256(data).hexdigest()
    examined = examine(data)
    renditions = [hashlib.sha256(each).hexdigest() for each in (examined.display, examined.thumb)]
    looks = hashes_of(examined.grey)
    facts = PhotoFacts(RECEIVED_AT, exif_taken_at=examined.exif.taken_at)
    return digest, renditions, looks, findings_of_photo(facts)


def _limit(data: bytes) -> object:
    digest = hashlib.sha256(data).hexdigest()
    picture = Image.open(io.BytesIO(data), formats=["JPEG"])
    picture.draft(picture.mode, (picture.width // 4, picture.height // 4))
    picture.load()
    square = np.asarray(picture.convert("L").resize((32, 32)), np.float32)
    few = (_COSINES @ square @ _COSINES.T).ravel()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    return digest, few > np.median(few), out.getvalue()


_COSINES = np.cos(np.arange(8)[:, None] * (2 * np.arange(32) + 1) * np.pi / 64).astype(np.float32)


def _cpu_ms(work: Callable[[bytes], object], data: bytes) -> float:
    began = time.process_time()
    work(data)
    return (time.process_time() - began) * 1000


def main(arguments: Iterable[str]) -> None:
    """Measures the folders named, else the camera files beside the clone."""
    for folder in [Path(each) for each in arguments] or [SHARED.parent]:
        measure_pipeline(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
