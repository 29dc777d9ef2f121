"""A HEIC cut off on its way is refused, though libheif would still open it."""

import io
from collections.abc import Callable

import pillow_heif
import pytest

from app.kernel.errors import DomainError
from app.photos.errors import PhotoHostile, PhotoUnreadable
from app.photos.imaging.examine import examine
from app.photos.imaging.heic import MAX_BOXES, MAX_EXTENTS, refuse_cut_off
from tests.photos import pictures
from tests.photos.imaging.test_examine import UPRIGHT
from tests.photos.pictures import SAMPLES

REAL = SAMPLES / "iphone_13_pro_max.HEIC"


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def with_a_thumbnail() -> bytes:
    """A HEIC whose last bytes are a thumbnail's, which a decoder of the picture never asks for."""
    heif = pillow_heif.from_pillow(pictures.quadrants(640, 480))
    heif[0].info["thumbnails"] = [128]
    out = io.BytesIO()
    heif.save(out, quality=90)
    return out.getvalue()


def open_ended(data: bytes) -> bytes:
    """The same file with the box of pixels said to reach to the end of the file."""
    at = data.index(b"mdat") - 4
    return data[:at] + bytes(4) + data[at + 4 :]


def wide(data: bytes) -> bytes:
    """The same file with a 64-bit size of the box of pixels.

    The pixels stay where they are: two of the compatible brands make room for it.
    """
    brands = int.from_bytes(data[:4], "big")
    assert brands >= 16 + 8
    at = data.index(b"mdat") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    head = (1).to_bytes(4, "big") + b"mdat" + (size + 8).to_bytes(8, "big")
    moved = data[4 : brands - 8] + data[brands:at]
    return (brands - 8).to_bytes(4, "big") + moved + head + data[at + 8 :]


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as written": lambda data: data,
    "to the end of the file": open_ended,
    "64-bit": wide,
}


@pytest.mark.parametrize("form", FORMS)
def test_whole_files_are_taken_and_cut_ones_are_not(form: str) -> None:
    data = FORMS[form](with_a_thumbnail())
    shown = pictures.decoded(examine(data).display)
    assert pictures.close(pictures.corners(shown), UPRIGHT)
    for cut in (data[:-1], data[:-300]):
        pillow_heif.open_heif(cut).to_pillow()
        with pytest.raises(PhotoUnreadable):
            examine(cut)


@pytest.mark.parametrize("trailer", [bytes(100), b"\x00", b"a trailer of a phone", b"\xff" * 40])
def test_bytes_behind_the_last_box_do_no_harm(trailer: bytes) -> None:
    refuse_cut_off(with_a_thumbnail() + trailer)


def test_a_file_that_ends_before_its_pixels_begin() -> None:
    data = with_a_thumbnail()
    with pytest.raises(PhotoUnreadable):
        refuse_cut_off(data[: data.index(b"mdat") - 4])


def test_endless_boxes_and_extents() -> None:
    with pytest.raises(PhotoHostile):
        refuse_cut_off(box(b"free", b"") * (MAX_BOXES + 1))
    item = b"\x00\x01" + b"\x00\x00" + (0xFFFF).to_bytes(2, "big")
    iloc = bytes(4) + b"\x00\x00" + b"\x00\x01" + item
    assert MAX_EXTENTS < 0xFFFF
    with pytest.raises(PhotoHostile):
        refuse_cut_off(box(b"meta", bytes(4) + box(b"iloc", iloc)))


def test_a_flood_of_items_ends() -> None:
    items = bytes(6) * (MAX_EXTENTS + 1)
    iloc = b"\x02\x00\x00\x00" + b"\x00\x00" + (0xFFFFFFFF).to_bytes(4, "big") + items
    with pytest.raises(DomainError):
        refuse_cut_off(box(b"meta", bytes(4) + box(b"iloc", iloc)))


@pytest.mark.skipif(not REAL.is_file(), reason="the sample photos are not here")
@pytest.mark.parametrize("size", [300_000, 2_000_000, -1])
def test_a_real_photo_cut_off(size: int) -> None:
    with pytest.raises(PhotoUnreadable):
        examine(REAL.read_bytes()[:size])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photos are not here")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_other_kinds_cut_off(form: str, share: float) -> None:
    data = (SAMPLES / "DSCN0010.jpg").read_bytes()
    if form != "JPEG":
        data = pictures.encoded(pictures.decoded(data), form)
    with pytest.raises(PhotoUnreadable):
        examine(data[: int(len(data) * share)])
