"""What is asked of a host that checks texts: the port that an adapter implements."""

from dataclasses import dataclass
from typing import Protocol

PASS = "pass"
RISKY = "risky"


@dataclass(frozen=True)
class TextAnswer:
    """What a host says of a text: pass, risky, or that somebody should look (review)."""

    suggest: str
    label: int | None
    trace_id: str | None


class TextChecker(Protocol):
    """Checks texts; it asks another machine, so no transaction may be open."""

    host: str
    tenant: str

    def look_at(self, subject: str, text: str) -> TextAnswer:
        """What is said of a text that somebody at the host wrote. Raises CheckImpossible and
        CheckRefused (app/photos/safety/port.py), and HostUnavailable while it checks nothing."""
