"""What a file is by its content, and what its header says, before any decoder sees it.

A container module (`jpeg`, `png`, `webp`, `heic`) walks the file's own structure under bounds and
gives back only what is needed: metadata apart, and a stream of nothing but pixels for the decoder.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.photos.errors import PhotoTooManyPixels, PhotoUnreadable, UnsupportedPhoto

MAX_EXIF_BYTES = 1 << 20
MAX_ICC_BYTES = 1 << 22

_HEVC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_ZIP_TAIL = _ZIP_END_BYTES + 0xFFFF


class MediaType(StrEnum):
    """The kinds of photo that are taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most pixels that are decoded (width x height as stored)."""

    jpeg_pixels: int = 200_000_000
    other_pixels: int = 50_000_000

    def check(self, media_type: MediaType, width: int, height: int) -> None:
        """PhotoUnreadable without any pixel, PhotoTooManyPixels beyond the limit."""
        if width < 1 or height < 1:
            raise PhotoUnreadable("照片没有画面，请重新拍摄后上传。")
        most = self.jpeg_pixels if media_type is MediaType.JPEG else self.other_pixels
        if width * height > most:
            raise PhotoTooManyPixels(
                f"照片为 {width}×{height}，超过 {most // 1_000_000} 百万像素，"
                "请在相机设置中调低分辨率后重新拍摄。"
            )


@dataclass(frozen=True, slots=True)
class Container:
    """A photo taken apart: its stored size, its metadata, and the bytes for the decoder.

    `exif` is the TIFF block without a prefix. `oriented` says that the decoder already turns the
    pixels upright (HEIC), so that the EXIF orientation no longer counts.
    """

    media_type: MediaType
    width: int
    height: int
    pixels: bytes
    exif: bytes | None = None
    icc: bytes | None = None
    oriented: bool = False


def media_type_of(data: bytes) -> MediaType:
    """The media type by content; UnsupportedPhoto for anything else and for two files in one."""
    media_type = _sniffed(data)
    if media_type is None or _is_archive_or_document(data):
        raise UnsupportedPhoto("只支持 JPEG、PNG、WebP、HEIC 照片，请用手机相机拍摄后上传。")
    return media_type


def unprefixed_exif(block: bytes | None) -> bytes | None:
    """An EXIF block as a bare TIFF structure; None when there is none."""
    if not block:
        return None
    return block[6:] if block.startswith(b"Exif\x00") else block


def _sniffed(data: bytes) -> MediaType | None:
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return MediaType.WEBP
    return MediaType.HEIC if data[4:8] == b"ftyp" and _brands(data) & _HEVC_BRANDS else None


def _brands(data: bytes) -> set[bytes]:
    size = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}


def _is_archive_or_document(data: bytes) -> bool:
    """Whether a ZIP or PDF reader would open these bytes too (motion photos' trailers are fine)."""
    if b"%PDF-" in data[:1024]:
        return True
    at = data.rfind(_ZIP_END, max(0, len(data) - _ZIP_TAIL))
    if at < 0 or at + _ZIP_END_BYTES > len(data):
        return False
    comment = int.from_bytes(data[at + 20 : at + 22], "little")
    return at + _ZIP_END_BYTES + comment <= len(data)
