"""Families of refusal. A package names its own broken rules below one of these; none knows HTTP.

Each class has a stable `code` for programs and a Chinese `title` for people; an instance adds
`detail` (what was wrong and what to do), `fields` (field → messages) and `extra` members.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A request that breaks a rule; nothing it asked for has happened."""

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "系统出错"

    def __init__(
        self,
        detail: str = "",
        *,
        fields: Mapping[str, list[str]] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = dict(fields or {})
        self.extra = extra


class NotSignedIn(DomainError):
    """Nobody is known to be asking."""

    code = "not_signed_in"
    title = "请先登录"


class NotThere(DomainError):
    """The thing does not exist, or the asker may not know that it does."""

    code = "not_found"
    title = "没有找到，或无权查看"


class NotAllowed(DomainError):
    """The asker sees the thing but may not do this to it."""

    code = "not_allowed"
    title = "无权进行此操作"


class Conflict(DomainError):
    """What is asked does not fit the present state."""

    code = "conflict"
    title = "当前状态不能这样操作"


class Rejected(DomainError):
    """The input is understood and breaks a rule."""

    code = "invalid_input"
    title = "填写有误"


class TooLarge(DomainError):
    """More bytes than are taken."""

    code = "request_too_large"
    title = "内容过大"


class UnsupportedMedia(DomainError):
    """A kind of content that is not taken."""

    code = "unsupported_media_type"
    title = "不支持的内容类型"


class TooMany(DomainError):
    """Asked too often; `retry_after` seconds in `extra` say when to come back."""

    code = "too_many_requests"
    title = "操作过于频繁，请稍后再试"


class Unavailable(DomainError):
    """Something the work needs does not answer; the same request may succeed later."""

    code = "unavailable"
    title = "系统暂时不可用，请稍后再试"


class PreparedInVain(Unavailable):
    """What was prepared before the transaction does not hold in it; to be prepared once more."""
