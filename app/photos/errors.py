"""Why a photo is not taken. Every title is fit to show; every detail says what to do."""

from datetime import datetime
from typing import ClassVar

from app.kernel.clock import shanghai_day
from app.kernel.errors import Conflict, NotThere, Rejected, TooLarge, Unavailable, UnsupportedMedia


class PhotoTooLarge(TooLarge):
    """The file has more bytes than the cap; `max_bytes` in `extra`."""

    code: ClassVar[str] = "photo_too_large"
    title: ClassVar[str] = "照片文件过大"


class UnsupportedPhoto(UnsupportedMedia):
    """The content, whatever its name, is not a JPEG, PNG, WebP or HEIC."""

    code: ClassVar[str] = "unsupported_media_type"
    title: ClassVar[str] = "不支持这种文件，只收照片"


class PhotoUnreadable(Rejected):
    """The file claims to be a photo, but its pixels cannot be decoded."""

    code: ClassVar[str] = "photo_unreadable"
    title: ClassVar[str] = "照片已损坏，无法打开"


class PhotoTooManyPixels(Rejected):
    """The header announces more pixels than are decoded."""

    code: ClassVar[str] = "photo_too_many_pixels"
    title: ClassVar[str] = "照片像素过高"


class PhotoHostile(Rejected):
    """The file is built to exhaust whoever opens it."""

    code: ClassVar[str] = "photo_hostile"
    title: ClassVar[str] = "照片文件结构异常，已拒收"


class BadPosition(Rejected):
    """Degrees, datum or accuracy that cannot be a position."""

    code: ClassVar[str] = "bad_position"
    title: ClassVar[str] = "定位数据有误"


class PhotoPurged(Conflict):
    """The period for which the photo may be kept is over: its files are gone, its hash stays."""

    code: ClassVar[str] = "photo_purged"
    title: ClassVar[str] = "照片已按保存期限清除"


def purged(at: datetime) -> PhotoPurged:
    """The refusal for a photo that was purged at an instant."""
    day = shanghai_day(at)
    return PhotoPurged(
        f"照片已于 {day:%Y-%m-%d} 按保存期限清除，只保留了校验值和结论；请重新拍照上传。"
    )


class BytesMissing(NotThere):
    """The store has nothing under this key."""


class StoreUnavailable(Unavailable):
    """The photo store does not answer or has no room; the same request may succeed later."""

    code: ClassVar[str] = "photo_store_unavailable"
    title: ClassVar[str] = "照片存储暂时不可用，请稍后再试"
