"""The port behind which the store itself gives out addresses that take a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

FILE_FIELD = "file"
"""What a form calls its file, ours and S3's alike; it stands after every other field."""


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """Where a form with some fields and one file is to be posted."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


class UploadSigner(Protocol):
    """Lets whoever has an address put one file under one key, without any other right.

    Raises StoreUnavailable when there is nothing to sign with.
    """

    def sign(self, key: str, *, max_bytes: int, lives: timedelta) -> UploadAddress:
        """An address that takes at most `max_bytes` bytes for a key, for a time."""
