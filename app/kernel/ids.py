"""Identifiers: UUID version 7, so that rows made later sort later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from uuid import UUID

import uuid_utils.compat

_source: ContextVar[Callable[[], UUID]] = ContextVar("ids", default=uuid_utils.compat.uuid7)


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562); its first 48 bits are the millisecond it was made."""
    return _source.get()()


@contextmanager
def ids_from(source: Callable[[], UUID]) -> Iterator[None]:
    """Within the block, and in its thread alone, ids come from another source of UUIDv7."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def parse_id(text: str) -> UUID | None:
    """The UUID written in `text`, or None when it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def id_of_before(span: timedelta) -> UUID:
    """What sorts before every id made within the last while, and behind those made earlier."""
    millisecond = (new_id().int >> 80) - int(span.total_seconds() * 1000)
    return UUID(int=max(0, millisecond) << 80)
