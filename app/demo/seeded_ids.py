"""Ids of a made-up past: the same again for the same seed, and sorted as its days went by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

_VERSION, _VARIANT = 7 << 76, 0b10 << 62
_COUNTED, _LEFT = 1 << 12, 62
"""How many ids there are in a millisecond, and the bits behind the counter."""


@dataclass
class SeededIds:
    """Each call is the next UUIDv7 (RFC 9562, with a counter in `rand_a`) of the instant `at`.

    The bits behind follow from the seed, so that what another seed made, or the application itself,
    is not met again.
    """

    seed: int
    at: Callable[[], datetime]
    _last: tuple[int, int] = field(default=(0, -1), init=False)

    def __call__(self) -> UUID:
        millisecond, number = int(self.at().timestamp() * 1000), 0
        if (millisecond, number) <= self._last:
            millisecond, number = self._last[0], self._last[1] + 1
        if number == _COUNTED:
            millisecond, number = millisecond + 1, 0
        self._last = millisecond, number
        drawn = sha256(f"{self.seed} {millisecond} {number}".encode()).digest()
        bits = int.from_bytes(drawn[:8]) >> 64 - _LEFT
        return UUID(int=millisecond << 80 | _VERSION | number << 64 | _VARIANT | bits)
