"""Identifiers: UUID version 7, so that rows made later sort later."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562); its first 48 bits are the millisecond it was made."""
    return uuid_utils.compat.uuid7()


def parse_id(text: str) -> UUID | None:
    """The UUID written in `text`, or None when it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None
