"""What the host pushes about photos: its answers, kept until their trace is known here."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.people.hosts.pushes import HostPush, Reaction
from app.photos.safety.models import TRACE_LENGTH, CheckAnswer

RISKY = "risky"
KNOWN = frozenset({"pass", "review", RISKY})
ERROR = "error"


def _answered(session: Session, push: HostPush, now: datetime) -> None:
    """Keeps the first answer to a trace; in JSON and in XML it has the same names."""
    trace_id = str(push.said.get("trace_id", ""))
    if not 1 <= len(trace_id) <= TRACE_LENGTH:
        return
    result = push.said.get("result")
    found: dict[str, Any] = result if isinstance(result, dict) else {}
    failed = str(push.said.get("errcode", "0")) != "0"
    suggest = str(found.get("suggest", ""))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(CheckAnswer).values(
        trace_id=trace_id,
        suggest=suggest if suggest in KNOWN and not failed else ERROR,
        label=_label(found.get("label")),
        received_at=now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["trace_id"]))


def _label(said: Any) -> int | None:
    text = str(said)
    return int(text) if text.isdecimal() and len(text) <= 9 else None


CHECK_REACTIONS: dict[str, Reaction] = {"wxa_media_check": _answered}
