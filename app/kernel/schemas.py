"""Bases of what comes in and goes out as JSON."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _rfc3339(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise ValueError("须为带时区的 RFC 3339 时间，例如 2026-11-23T09:30:00+08:00")


def _of_our_time(value: datetime) -> datetime:
    """Differences and other offsets of instants far away have no datetime of their own."""
    if not EARLIEST <= value < LATEST:
        raise ValueError("时间须在 1970 年至 2199 年之间")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_of_our_time)]
"""An RFC 3339 instant with offset between 1970 and 2199; one without an offset is refused."""

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
"""The code of an organisation, cell, compound or category."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""A UUID, or `key:` and the Idempotency-Key with which the asker made the thing."""


class Input(BaseModel):
    """What a client sends: unknown members are ignored, numbers are finite, text is trimmed."""

    model_config = ConfigDict(allow_inf_nan=False, str_strip_whitespace=True)


class Output(BaseModel):
    """What the server answers; used for the document and checked in tests, not on every answer."""

    model_config = ConfigDict(extra="forbid")


class Named(Output):
    """An organisation, compound, cell or category inside another object."""

    code: str
    name: str
