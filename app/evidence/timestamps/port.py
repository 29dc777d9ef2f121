"""The port to a timestamp authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class AuthorityUnavailable(Exception):
    """The authority did not answer, or not with a timestamp answer; the message is for a log."""


class TimestampAuthority(Protocol):
    """Somebody who stamps what is sent, over HTTP as RFC 3161, 3.4 has it."""

    def answer(self, query: bytes) -> bytes:
        """The answer (DER) to a query (DER); raises AuthorityUnavailable."""


@dataclass(frozen=True)
class Stamping:
    """The service that is set, and the certificates that its stamps are held against."""

    authority: TimestampAuthority
    roots: Sequence["Certificate"]
