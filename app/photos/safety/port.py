"""What is asked of a host that checks photos: the port that an adapter implements."""

from typing import Protocol


class CheckImpossible(Exception):
    """The host does not check what this person sent, and never will."""


class CheckRefused(Exception):
    """The host does not check this photo now, for a reason of its own; others it may."""


class PhotoChecker(Protocol):
    """Checks photos; it asks another machine, so no transaction may be open."""

    host: str
    tenant: str

    def ask(self, subject: str, url: str) -> str:
        """Asks about a photo at an address that the host can fetch, for somebody at the host; the
        trace by which it pushes its answer. Raises CheckImpossible,
        CheckRefused, and HostUnavailable while it checks nothing."""
