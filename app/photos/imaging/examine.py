"""From bytes as they came to facts and renditions, or one typed refusal."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.kernel.errors import DomainError, Unavailable
from app.photos.errors import PhotoUnreadable
from app.photos.imaging import jpeg, png, webp
from app.photos.imaging.containers import Container, Limits, MediaType, media_type_of
from app.photos.imaging.exif import ExifFacts, read_exif
from app.photos.imaging.renditions import RENDITIONS_MEDIA_TYPE, heic_taken_apart, render

log = logging.getLogger("gexun.photos")

_HEAVY_PIXELS = {MediaType.JPEG: 60_000_000}
_HEAVY_OTHER_PIXELS = 16_000_000
# Memory grows with every picture in flight, and more decodes than cores gain nothing.
_turns = threading.BoundedSemaphore(os.cpu_count() or 1)
_heavy_turn = threading.Lock()

_TAKE_APART: dict[MediaType, Callable[[bytes, Limits], Container]] = {
    MediaType.JPEG: jpeg.take_apart,
    MediaType.PNG: png.take_apart,
    MediaType.WEBP: webp.take_apart,
    MediaType.HEIC: heic_taken_apart,
}


@dataclass(frozen=True, slots=True)
class Examined:
    """A photo that may be kept: what it is, what its EXIF says, and its two renditions (JPEG).

    `width` and `height` are pixels as shown upright; `size` counts the bytes received; `grey` is a
    square of its grey levels, to make hashes of.
    """

    media_type: MediaType
    width: int
    height: int
    size: int
    exif: ExifFacts
    display: bytes
    thumb: bytes
    grey: bytes
    renditions_media_type: str = RENDITIONS_MEDIA_TYPE


def bound_decodes(count: int) -> None:
    """How many pictures this process decodes at once; as many as there are cores until said."""
    global _turns
    _turns = threading.BoundedSemaphore(count)


def examine(source: Path | bytes, *, limits: Limits | None = None) -> Examined:
    """Look at a received file without trusting it.

    The order is: kind by content, header and pixel limit, EXIF under bounds, and only then pixels.
    Raises UnsupportedPhoto, PhotoTooManyPixels, PhotoHostile or PhotoUnreadable and nothing else
    for the file's sake (OSError when `source` itself cannot be read). Waits while as many decodes
    are under way as `bound_decodes` allows.
    """
    with _turns:
        data = source if isinstance(source, bytes) else source.read_bytes()
        if not data:
            raise PhotoUnreadable("文件是空的，请重新选择照片上传。")
        with decoders_fail_in_our_words():
            return _examined(data, limits or Limits())


def _examined(data: bytes, limits: Limits) -> Examined:
    media_type = media_type_of(data)
    container = _TAKE_APART[media_type](data, limits)
    exif = read_exif(container.exif)
    if container.oriented:
        exif = replace(exif, orientation=1)
    with _heavy_turn_when_needed(container):
        display, thumb, grey = render(container, exif.orientation)
    width, height = container.width, container.height
    if exif.orientation >= 5:
        width, height = height, width
    return Examined(media_type, width, height, len(data), exif, display, thumb, grey)


@contextmanager
def _heavy_turn_when_needed(container: Container) -> Iterator[None]:
    """One very large picture at a time: each may need some hundreds of megabytes."""
    most = _HEAVY_PIXELS.get(container.media_type, _HEAVY_OTHER_PIXELS)
    if container.width * container.height <= most:
        yield
        return
    with _heavy_turn:
        yield


@contextmanager
def decoders_fail_in_our_words() -> Iterator[None]:
    """Decoders answer a broken file with whatever exception they fall into; people get one.

    What is wrong with this machine is no fault of the file: the phone shall try again later.
    """
    try:
        yield
    except DomainError:
        raise
    except Exception as error:
        if _is_our_fault(error):
            log.exception("a photo could not be examined")
            raise Unavailable("照片暂时无法处理，请稍后重试。", retry_after=30) from error
        raise PhotoUnreadable("照片数据已损坏，请重新拍摄后上传。") from error


def _is_our_fault(error: Exception) -> bool:
    """A missing module, no memory, or an error of the system; Pillow's own have no errno."""
    of_the_system = isinstance(error, OSError) and error.errno is not None
    return of_the_system or isinstance(error, (ImportError, MemoryError))
