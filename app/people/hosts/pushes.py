"""What a host pushes by itself: each push is taken once, and handed to who knows its event."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.errors import NotAllowed, Rejected
from app.people.hosts.models import PushMark

log = logging.getLogger("gexun.people")

KEPT = timedelta(days=1)


class PushRefused(NotAllowed):
    """A push that is not the host's, not for this app, not timely, or a replay with other words."""

    code = "push_refused"
    title = "推送的签名不对"


class PushUnreadable(Rejected):
    """The host's push is neither JSON nor XML."""

    code = "push_unreadable"
    title = "推送的内容读不出来"


@dataclass(frozen=True, slots=True)
class HostPush:
    """One push: `signature` is the host's, `content` the SHA-256 (hex) of what was said."""

    host: str
    tenant: str
    signature: str
    content: str
    said: dict[str, Any] = field(repr=False)

    @property
    def event(self) -> str:
        """The name of the event; empty for a message of another kind."""
        return str(self.said.get("Event", ""))


class HostPushes(Protocol):
    """Reads what a host pushes; the port that an adapter implements."""

    def echo(self, query: Mapping[str, str], *, now: datetime) -> str:
        """The answer that the host wants when the address is set; raises PushRefused."""

    def read(self, query: Mapping[str, str], body: bytes, *, now: datetime) -> HostPush:
        """A signed and timely push; raises PushRefused or PushUnreadable."""


Reaction = Callable[[Session, HostPush, datetime], None]
"""What somebody above does about an event."""


def take_push(
    session: Session, push: HostPush, reactions: Mapping[str, Reaction], *, now: datetime
) -> None:
    """Does once what an event asks for; a repetition is taken and does nothing.

    A signature does not cover the words of a plain push: one that comes with other words is
    somebody else's. Raises PushRefused.
    """
    signed, worded = f"s:{push.signature}", f"c:{push.content}"
    known = session.scalars(select(PushMark).where(PushMark.mark.in_((signed, worded)))).all()
    by_mark = {row.mark: row for row in known}
    if signed in by_mark and by_mark[signed].content != push.content:
        raise PushRefused("同一签名的内容不同。")
    for mark in (signed, worded):
        if mark not in by_mark:
            session.add(PushMark(mark=mark, content=push.content, received_at=now))
    session.flush()
    if worded in by_mark:
        return
    reaction = reactions.get(push.event)
    if reaction is not None:
        reaction(session, push, now)
    log.info("push %s: %s", push.host, push.event[:40] if reaction else "nothing to do")


def forget_old_pushes(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes marks older than a day; how many there were."""
    old = select(PushMark.mark).where(PushMark.received_at < now - KEPT).limit(at_most)
    return rows_changed(session, delete(PushMark).where(PushMark.mark.in_(old)))
