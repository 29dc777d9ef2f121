"""Bases of what comes in and goes out as JSON."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints


def _only_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("须为带时区的 RFC 3339 时间，例如 2026-11-23T09:30:00+08:00")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_only_text)]
"""An RFC 3339 instant with offset; one without is refused."""

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
