"""What is asked of a host that makes codes of its own: the port that an adapter implements."""

from typing import Protocol


class CodeMaker(Protocol):
    """Makes the codes that open the mini-program; it asks another machine."""

    def place_code(self, scene: str) -> bytes:
        """A PNG or JPEG that opens the mini-program at a place; raises HostUnavailable."""
