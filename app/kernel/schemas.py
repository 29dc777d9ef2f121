"""Bases of what comes in and goes out as JSON."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from app.kernel.ids import parse_id

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def is_rfc3339(value: Any) -> bool:
    """Whether a value is an instant, or a text that looks like one with its offset."""
    if isinstance(value, datetime):
        return True
    return isinstance(value, str) and _RFC3339.fullmatch(value) is not None


def _rfc3339(value: Any) -> Any:
    if is_rfc3339(value):
        return value
    raise ValueError("须为带时区的 RFC 3339 时间，例如 2026-11-23T09:30:00+08:00")


def _of_our_time(value: datetime) -> datetime:
    """Differences and other offsets of instants far away have no datetime of their own."""
    if not EARLIEST <= value < LATEST:
        raise ValueError("时间须在 1970 年至 2199 年之间")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_of_our_time)]
"""An RFC 3339 instant with offset between 1970 and 2199; one without an offset is refused."""


def _calendar_day(value: Any) -> Any:
    """A number, or a text that is one, would be taken for seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value.strip()):
        raise ValueError("须为日期，例如 2026-11-23")
    if isinstance(value, bool | int | float):
        raise ValueError("须为日期，例如 2026-11-23")
    return value


Day = Annotated[date, BeforeValidator(_calendar_day)]
"""A day as YYYY-MM-DD."""

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
"""The code of an organisation, cell, compound or category."""

KEY = "key:"


def is_key(text: str) -> bool:
    """Whether a text can be an Idempotency-Key: 1–64 printable ASCII characters."""
    return 1 <= len(text) <= 64 and text.isascii() and text.isprintable()


def _reference(text: str) -> str:
    """What can never name anything is refused at once: a phone would send it again for ever."""
    named = is_key(text.removeprefix(KEY)) if text.startswith(KEY) else parse_id(text) is not None
    if not named:
        raise ValueError("须为 UUID，或 key: 加 1 至 64 个可见字符的请求编号")
    return text


Reference = Annotated[
    str, StringConstraints(min_length=1, max_length=80), AfterValidator(_reference)
]
"""A UUID, or `key:` and the Idempotency-Key with which the asker made the thing."""


Flag = Annotated[bool, Field(strict=True)]
"""true or false in JSON, and nothing that looks like it."""


class Input(BaseModel):
    """What a client sends: unknown members are ignored, numbers are finite, text is trimmed."""

    model_config = ConfigDict(allow_inf_nan=False, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _written_plainly(cls, value: Any, said: ValidationInfo) -> Any:
        """Python reads 1_18.33 as a number, nobody else does."""
        if isinstance(value, str) and "_" in value and _is_number(cls, said.field_name):
            raise ValueError("须为数字")
        return value


def _is_number(model: type[BaseModel], name: str | None) -> bool:
    return not {int, float}.isdisjoint(_types_in(model.model_fields[name or ""].annotation))


def _types_in(told: Any) -> set[Any]:
    """An annotation and whatever it is made of."""
    inner = (each for each in get_args(told) if isinstance(each, type) or get_args(each))
    return {told}.union(*map(_types_in, inner))


class Output(BaseModel):
    """What the server answers; used for the document and checked in tests, not on every answer."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Named(Output):
    """An organisation, compound, cell or category inside another object."""

    code: str
    name: str
