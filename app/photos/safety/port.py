"""What is asked of a host that checks photos: the port that an adapter implements."""

from typing import Protocol


class CheckImpossible(Exception):
    """The host does not check what this person sent, and never will."""


class PhotoChecker(Protocol):
    """Checks photos; it asks another machine, so no transaction may be open."""

    host: str
    tenant: str

    def ask(self, subject: str, url: str) -> str:
        """Asks about a photo at an address that the host can fetch, for somebody at the host; the
        trace by which it pushes its answer. Raises CheckImpossible and HostUnavailable."""
