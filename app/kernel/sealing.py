"""Short texts that leave this program, or lie in the database, so that only it can read them."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Sealer:
    """Seals by the first of some secrets for one purpose, and opens what any of them sealed: what
    is sealed for one purpose is nothing to another."""

    def __init__(self, secrets: Sequence[str], *, purpose: str) -> None:
        keys = [hashlib.sha256(f"{purpose}\n{each}".encode()).digest() for each in secrets]
        self._fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in keys]

    def seal(self, text: str, *, now: datetime) -> str:
        """The sealed text, letters and digits fit for an address; another one each time."""
        return self._fernets[0].encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def opened(self, sealed: str, *, now: datetime, within: timedelta | None = None) -> str | None:
        """What was sealed, at most so long ago; None for anything else."""
        token = sealed.encode("utf-8", "replace")
        try:
            if within is None:
                return MultiFernet(self._fernets).decrypt(token).decode()
            ttl, at = int(within.total_seconds()), int(now.timestamp())
            return MultiFernet(self._fernets).decrypt_at_time(token, ttl, at).decode()
        except InvalidToken:
            return None
